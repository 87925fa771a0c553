"""Units that a number may be written in, and their conversion to the declared one."""

import re

_SPANS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_SAME = {"probability": "", "chance": "", "%": "percent"}
_SYMBOLS = {"£": "GBP", "€": "EUR", "$": "USD"}
_CURRENCY = re.compile(r"[A-Z]{3}")


class UnitError(ValueError):
    """Two units that cannot be converted."""


def _singular(word: str) -> str:
    word = word.strip().lower()
    word = {"hrs": "hour", "h": "hour", "min": "minute", "d": "day", "w": "week"}.get(word, word)
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _parts(unit: str) -> tuple[str, str]:
    """What is counted, and for how long: "hours a week per clinician" → ("hour", "week")."""
    words = re.split(r"\s+(?:per|an?)\s+|^(?:per|an?)\s+|,", unit.strip().lower())
    top = words[0] if words else ""
    for name in ("share", "points"):
        if top.startswith(name) or top.endswith(" " + name):
            top = name
    measured = [word for word in map(_singular, top.split()) if word in _SPANS or word in ("hour", "minute")]
    top = measured[0] if measured else _singular(top)
    below = _singular(words[1]) if len(words) > 1 else ""
    return _SAME.get(top, top), below if below in _SPANS else ""


def currency(unit: str) -> str:
    """The currency that a unit names, such as GBP of "GBP per year"; "" where it names none."""
    first = (unit.split() or [""])[0].rstrip(",")
    first = first.upper() if first.upper() in _SYMBOLS.values() else first
    return _SYMBOLS.get(first, first if is_currency(first) else "")


def in_currency(declared: str, currency: str) -> str:
    """A declared unit with the currency in the place of money."""
    return declared.replace("money", currency, 1) if declared.startswith("money") else declared


def is_currency(text: str) -> bool:
    """Whether a text is the code of a currency: three capital letters."""
    return _CURRENCY.fullmatch(text) is not None


def convert(value: float, given: str, declared: str) -> float:
    """A value in its declared unit. Raises UnitError where the two do not measure the same."""
    if not given or given == declared:
        return value
    (top, below), (want, want_below) = _parts(given), _parts(declared)
    if want == "money" and currency(given):
        top = want  # whether it is the scenario's own shows where that is built
    if top == "percent" and want in ("share", ""):
        value, top = value / 100.0, want
    if top in _SPANS and want in _SPANS and not below and not want_below:
        return value * _SPANS[top] / _SPANS[want]
    if top == "minute" and want == "hour":
        value, top = value / 60.0, "hour"
    if {top, want} <= {"share", ""} or top == want or (top == "standard deviation of log day" and want == "log day"):
        if below == want_below:
            return value
        if below and want_below:
            return value * _SPANS[want_below] / _SPANS[below]
    raise UnitError(f"{given!r} cannot be converted to {declared!r}")


def span(text: str, declared: str) -> float | None:
    """A span written as text, such as "26 weeks", in the declared unit; None where it is not one."""
    match = re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*([a-zA-Z%]+)\s*", text)
    if match is None or not (_singular(match[2]) in _SPANS or match[2] in ("%", "hours", "hour", "minutes", "minute")):
        return None
    return convert(float(match[1]), match[2], declared)

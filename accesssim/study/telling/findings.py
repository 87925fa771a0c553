"""What a result answers, in sentences with intervals, and figures as people write them."""

import math

from accesssim.study.measuring import statistics
from accesssim.study.measuring.compare import Difference, NothingShared, paired
from accesssim.study.measuring.measures import MEASURES, ungrouped
from accesssim.study.result import Result
from accesssim.study.telling import words
from accesssim.study.telling.columns import NO_ONE
from accesssim.world.calendar import DAYS_PER_WEEK

LEVER_TELLS = (
    (words.WAIT, "the mean wait"),
    ("still_waiting", "people still waiting at the end"),
    ("exhaustion_mean", "mean exhaustion"),
    ("cost_total", "the cost in total"),
)
"""What is said of a lever, and in which words."""


def answers(result: Result, reference: int) -> list[str]:
    """What it answers, in sentences with intervals."""
    plan = result.plan
    result.read_ahead([name for name, _ in LEVER_TELLS])
    told = [_at_reference(result, reference)]
    told += [sentence for axis in plan.axes if (sentence := _lever(result, axis))]
    others = [point.number for point in plan.points if point.number != reference]
    waits = {
        number: mean
        for number, mean, _, _ in words.means(result, words.WAIT)
        if number in others and not math.isnan(mean)
    }
    if waits:
        told.append(_best(result, reference, min(waits, key=lambda number: waits[number])))
    return told


def _at_reference(result: Result, reference: int) -> str:
    plan = result.plan
    values = {row.measure: row for row in result.at(reference).means()}
    wait = values.get(words.WAIT)
    name = "the reference, " if reference == plan.compare_to else ""
    where = (
        f"At {name}{words.label(plan, reference)}" if plan.axes else f"In {plan.title or words.plain(plan.scenario)}"
    )
    if wait is None or math.isnan(wait.mean):
        return f"{where}, no one started therapy."
    sentence = f"{where}, those who start therapy have waited {_weeks(wait.mean)} weeks on average"
    if not math.isnan(wait.low):
        sentence += f" (95 % confidence interval of the mean: {_weeks(wait.low)} to {_weeks(wait.high)})"
    more = [
        f"{values[name].mean:,.0f} {told}"
        for name, told in (("still_waiting", "people still wait at the end"), ("gave_up_waiting", "gave up waiting"))
        if name in values and not math.isnan(values[name].mean)
    ]
    return sentence + ("; " + " and ".join(more) if more else "") + "."


def _lever(result: Result, axis: str) -> str | None:
    """What an axis does from its first to its last value with all else equal, paired by replication and averaged over the rest."""
    import pandas as pd

    plan = result.plan
    values = list(dict.fromkeys(plan.setting(point, axis) for point in plan.points))
    if len(values) < 2:
        return None
    rest: dict[tuple[object, ...], dict[object, int]] = {}
    for point in plan.points:
        rest.setdefault(tuple(plan.setting(point, path) for path in plan.axes if path != axis), {}).setdefault(
            plan.setting(point, axis), point.number
        )
    pairs = [
        (group[values[0]], group[values[-1]]) for group in rest.values() if values[0] in group and values[-1] in group
    ]
    if not pairs:
        return None
    told = []
    for name, noun in LEVER_TELLS:
        if name in result.measures:
            by_point = result.values(name)
            held = [(first, last) for first, last in pairs if first in by_point and last in by_point]
            if held:
                changes = pd.concat([by_point[last] - by_point[first] for first, last in held], axis=1).mean(
                    axis=1, skipna=False
                )
                told.append(_moved(plan.currency, name, noun, *statistics.interval(changes.dropna().to_numpy())))
    start, end = (words.axis_value(plan, axis, value) for value in (values[0], values[-1]))
    sentence = "; ".join(part for part in told if part) or "nothing to tell, as no replication is in common"
    return f"{words.axis(axis).capitalize()} from {start} to {end}, all else equal: {sentence}."


def _moved(currency: str, name: str, noun: str, mean: float, low: float, high: float) -> str:
    if math.isnan(mean):
        return ""
    if low == high == 0:
        return f"{noun} unchanged"
    if mean == 0 and math.isnan(low):
        return f"{noun} unchanged (one replication: luck is not ruled out)"
    if low <= 0 <= high:
        return f"no clear change of {noun} ({span(currency, name, low, high, signed=True)})"
    direction = "up" if mean > 0 else "down"
    if math.isnan(low):
        return f"{noun} {direction} by {amount(currency, name, abs(mean))} (one replication: luck is not ruled out)"
    nearest, farthest = sorted((abs(low), abs(high)))
    return f"{noun} {direction} by {amount(currency, name, abs(mean), high - low)} ({span(currency, name, nearest, farthest)})"


def _best(result: Result, reference: int, best: int) -> str:
    rows = {row.measure: row for row in differences(result, reference, best)}
    if words.WAIT not in rows:
        return (
            f"The shortest mean wait so far is at {words.label(result.plan, best)}, which has no replication in "
            f"common with {words.called(result.plan, reference)}."
        )
    wait = rows[words.WAIT]
    currency = result.plan.currency
    if math.isnan(wait.difference):
        return (
            f"The shortest mean wait is at {words.label(result.plan, best)}: {_weeks(wait.b)} weeks. In no future "
            f"did anybody start therapy both there and at {words.called(result.plan, reference)}: there is nothing "
            "to compare it with."
        )
    if not wait.is_clear or wait.difference >= 0:
        return f"No point has a clearly shorter mean wait than {words.called(result.plan, reference)}."
    sentence = (
        f"The shortest mean wait is at {words.label(result.plan, best)}: {_weeks(-wait.difference)} weeks "
        f"shorter than at {words.called(result.plan, reference)} "
        f"({_weeks(-wait.high)} to {_weeks(-wait.low)}; shorter in {100 * (wait.better or 0):.0f} % of {wait.replications} futures)"
    )
    also = [
        _moved(currency, name, noun, rows[name].difference, rows[name].low, rows[name].high)
        for name, noun in (
            ("gave_up_waiting", "people who gave up waiting"),
            ("exhaustion_mean", "mean exhaustion"),
            ("cost_total", "the cost in total"),
        )
        if name in rows
    ]
    return f"{sentence}. There, {'; '.join(part for part in also if part)}."


def differences(result: Result, a: int, b: int) -> list[Difference]:
    """Point b against point a; empty if they have no replication in common."""
    try:
        return paired(*(result.at(number).runs for number in (a, b)))
    except NothingShared:
        return []


def amount(currency: str, name: str, value: float, width: float = 0.0, *, signed: bool = False) -> str:
    """A figure in prose: waits in weeks, money with its currency, shares as percentages, people whole, anything else with its unit.

    The width of its interval decides the digits of money.
    """
    unit = MEASURES[ungrouped(name)].unit
    if math.isnan(value):
        return NO_ONE
    size = abs(value)
    if unit == "days":
        return _with_sign(value, f"{_weeks(size)} weeks", signed=signed)
    if unit.startswith("money") and width >= 2:
        size = round(size, -math.floor(math.log10(width / 2)))
    rest = f" {unit}" if unit not in ("share", "people", "") and not unit.startswith("money") else ""
    return _with_sign(value, _figure(currency, name, unit, size) + rest, signed=signed)


def span(currency: str, name: str, low: float, high: float, *, signed: bool = False) -> str:
    """An interval in prose."""
    told = [amount(currency, name, bound, high - low, signed=signed) for bound in (low, high)]
    return f"{told[0].removesuffix(' weeks')} to {told[1]}"


def table_amount(currency: str, name: str, value: float) -> str:
    """A figure in a table: waits stay in days."""
    return NO_ONE if math.isnan(value) else _with_sign(value, _figure(currency, name, MEASURES[name].unit, abs(value)))


def table_difference(currency: str, name: str, difference: float, low: float, high: float) -> str:
    """A difference in a table with its interval, if it has one.

    Of shares it is in percentage points, as a percentage would be taken for one of the other share.
    """
    half = 0.0 if math.isnan(low) else (high - low) / 2
    unit = MEASURES[name].unit
    told, *bounds = (
        _with_sign(value, _figure(currency, name, unit, abs(value), half).removesuffix(" %"), signed=True)
        for value in (difference, low, high)
    )
    points = " points" if _is_percentage(name, unit) else ""
    return f"{told}{points}{'' if math.isnan(low) else f' ({bounds[0]} to {bounds[1]})'}"


def _with_sign(value: float, told: str, *, signed: bool = False) -> str:
    """A figure with its sign; one that is told as nothing has none."""
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    return sign + told if any(digit in told for digit in "123456789") else told


def _is_percentage(name: str, unit: str) -> bool:
    return unit == "share" and not name.startswith("exhaustion")


def _figure(currency: str, name: str, unit: str, value: float, half: float = 0.0) -> str:
    """`half` of an interval that is narrower than the last digit asks for more of them."""
    if unit.startswith("money"):
        return words.money(currency, value)
    if _is_percentage(name, unit):
        return f"{100 * value:.{_digits(100 * half, 1)}f} %"
    if unit == "share":
        return f"{value:.{_digits(half, 3)}f}"
    return (
        f"{value:,.{_digits(half, 1)}f}" if unit == "days" else f"{value:,.0f}" if unit == "people" else f"{value:,.3g}"
    )


def _digits(half: float, least: int) -> int:
    return least if not 0.0 < half < 10.0**-least else min(1 - math.floor(math.log10(half)), 6)


def _weeks(days: float) -> str:
    return f"{days / DAYS_PER_WEEK:.1f}"

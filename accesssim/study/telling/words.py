"""A result in words: names of points and axes, means, and which points tell most."""

import math
from typing import Any

from accesssim.study.result import Result
from accesssim.study.running.plan import Plan, Value, written

WAIT = "wait_to_therapy_mean"
"""The wait that the page speaks of: to the first session of therapy. Where an assessment counts as the first treatment contact,
the official wait ends there and says little of the list."""

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$"}


def money(currency: str, amount: float) -> str:
    """An amount with its currency, whole."""
    sign, symbol = "-" if amount < 0 else "", SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{abs(amount):,.0f}"


def plain(name: str) -> str:
    """A name without underscores."""
    return name.replace("_", " ")


def axis(path: str) -> str:
    """A dotted path in words.

    `workforce.high_intensity.posts` is `high intensity posts`, `bureaucracy.level` keeps its section, `scenario` has none.
    """
    section, _, rest = path.partition(".")
    return plain(rest.replace(".", " ") if "_" in rest or "." in rest else f"{section} {rest}".rstrip())


def axis_value(plan: Plan, path: str, value: Value | tuple[Any, ...]) -> str:
    """A value on an axis, with its currency if it is money."""
    unit = next((assumption.unit for assumption in plan.assumptions if assumption.path == path), "")
    if unit.startswith("money") and isinstance(value, int | float):
        return money(plan.currency, value)
    return written(value)


def label(plan: Plan, number: int) -> str:
    """A point in words: its settings, or the scenario's name."""
    point = next(point for point in plan.points if point.number == number)
    return ", ".join(
        f"{axis(path)} {axis_value(plan, path, value)}" for path, value in point.settings.items()
    ) or plain(plan.scenario)


def called(plan: Plan, number: int) -> str:
    """A point in a sentence: the reference is called that."""
    return "the reference" if number == plan.compare_to else label(plan, number)


def short_label(plan: Plan, number: int) -> str:
    """The values alone, where a picture's axis says of what."""
    point = next(point for point in plan.points if point.number == number)
    return " · ".join(axis_value(plan, path, plan.setting(point, path)) for path in plan.axes) or plain(plan.scenario)


def axes_label(plan: Plan) -> str:
    """What the values of `short_label` are of."""
    return " · ".join(axis(path) for path in plan.axes)


def means(result: Result, measure: str) -> list[tuple[int, float, float, float]]:
    """Point, mean and 95 % confidence interval of a measure, a row a point."""
    return [(point, *told) for point, told in result.means_of(measure).items()]


def telling_points(result: Result, most: int) -> list[int]:
    """The point of reference first, then those that differ most from each other; all of them if they are few."""
    numbers = [point.number for point in result.plan.points if point.number in result.counts]
    reference = result.plan.compare_to if result.plan.compare_to in numbers else numbers[0]
    others = [number for number in numbers if number != reference]
    if len(numbers) > most:
        waits = {
            number: mean for number, mean, _, _ in means(result, WAIT) if number != reference and not math.isnan(mean)
        }
        others = (
            [min(waits, key=lambda number: waits[number]), max(waits, key=lambda number: waits[number])]
            if len(waits) > 1
            else others[:1]
        )
    return [reference, *others]

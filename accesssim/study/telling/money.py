"""Money in words: what was granted, spent, left and overspent, year by year and in all, and what the budget pays for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from accesssim.clinic.budget import Budget, budgets
from accesssim.study.measuring.measures import OF_YEARS
from accesssim.study.telling import words
from accesssim.study.telling.columns import aligned
from accesssim.world.errors import AccessSimError
from accesssim.world.notebook import counted

if TYPE_CHECKING:
    from accesssim.study.measuring.compare import Mean
    from accesssim.study.result import Result

COLUMNS = (*OF_YEARS, "money_lost")
"""What is told of each point; all but what is lost also of each year."""


def budgets_at(result: "Result", point: int) -> list[Budget]:
    """What the budget of a point pays for; empty where nobody is wished for, or the scenario cannot be made again by this code."""
    position = [one.number for one in result.plan.points].index(point)
    try:
        told = budgets(result.plan.scenario_at(position))
    except (AccessSimError, ValueError, KeyError):  # of a folder that another version has made
        return []
    return [budget for budget in told if budget.wished]


def sentences(told: Sequence[Budget]) -> list[str]:
    """What budgets pay for, a sentence a date."""
    return [str(budget) for budget in told]


def years(means: Mapping[str, "Mean"]) -> list[str]:
    """The years of the run that are told of, in order, as they stand behind a measure's name."""
    return [name[len("money_spent[") : -1] for name in means if name.startswith("money_spent[")]


def by_year(result: "Result", point: int) -> list[tuple[str, list[str]]]:
    """Means over replications of each year and in all: its name, and granted, spent, unspent and overspent as amounts."""
    means = {row.measure: row for row in result.at(point).means()}
    told = [(words.plain(year).capitalize(), [f"{name}[{year}]" for name in OF_YEARS]) for year in years(means)]
    told.append(("In all", list(OF_YEARS)))
    return [
        (year, [words.money(result.plan.currency, means[name].mean) for name in names])
        for year, names in told
        if all(name in means for name in names)
    ]


def table(result: "Result") -> str:
    """The same of the first point as lines of text."""
    point = result.plan.points[0].number
    heads = (f"money (mean of {counted(result.count, 'run')})", "granted", "spent", "unspent", "overspent")
    lines = [(year, *amounts) for year, amounts in by_year(result, point)]
    return "\n".join([aligned(heads, lines), *sentences(budgets_at(result, point))])


def by_point(result: "Result") -> list[tuple[str, list[str]]]:
    """Each point and its amounts, as `COLUMNS` name them."""
    return [
        (
            words.label(result.plan, point.number),
            [
                words.money(result.plan.currency, mean) if mean == mean else "none"  # noqa: PLR0124  NaN of no runs
                for mean in (result.means_of(name)[point.number][0] for name in COLUMNS)
            ],
        )
        for point in result.plan.points
    ]


def in_json(told: Sequence[Budget]) -> list[dict[str, Any]]:
    """Budgets as JSON holds them."""
    return [{**asdict(budget), "binds": budget.binds, "told": str(budget)} for budget in told]

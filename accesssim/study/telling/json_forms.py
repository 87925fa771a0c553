"""What commands print with --json."""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from accesssim.study.asking.diagnosis import SHARES, Diagnosis
from accesssim.study.asking.solve import Solution
from accesssim.study.measuring.compare import Against, Difference
from accesssim.study.running.folder import State
from accesssim.study.running.plan import Plan
from accesssim.study.running.selection import Selected
from accesssim.study.telling import money
from accesssim.study.telling.text import unpaired
from accesssim.study.telling.trace import Step
from accesssim.world import results_digest
from accesssim.world.sections.units import in_currency

if TYPE_CHECKING:
    from accesssim.clinic.budget import Budget
    from accesssim.study.asking.experiment_files import Search
    from accesssim.study.measuring.compare import Mean
    from accesssim.study.result import Result
    from accesssim.study.verifying.verify import Verified


def result(result: "Result") -> dict[str, Any]:
    """As `run --json` and `sweep --json` print it."""
    plan = result.plan
    means = result.means()
    head = {
        "scenario": plan.scenario,
        "digest": plan.points[0].digest,
        "seed": plan.seed,
        "replications": plan.replications,
        "engine": plan.engine,
    }
    if len(plan.points) == 1 and not plan.axes:
        return {
            **head,
            "weeks": _whole(plan.points[0].weeks),
            "budget": money.in_json(money.budgets_at(result, plan.points[0].number)),
            "measures": _measures(means, plan.currency),
        }
    points = []
    for point in plan.points:
        here = [row for row in means if row.point == point.number]
        points.append(
            {
                "point": point.number,
                "settings": point.settings,
                "digest": point.digest,
                "measures": _measures(here, plan.currency),
            }
        )
    del head["digest"]
    found = result.selected()
    best = {"best": None if found is None else selection(found)} if "budget" in (plan.stopping or {}) else {}
    return {
        "title": plan.title,
        **head,
        "weeks": _whole(plan.points[0].weeks),
        "compare_to": plan.compare_to,
        "budget": money.in_json(
            money.budgets_at(result, plan.points[0].number if plan.compare_to is None else plan.compare_to)
        ),
        **best,
        "points": points,
    }


def _measures(rows: Sequence["Mean"], currency: str) -> dict[str, dict[str, Any]]:
    return {
        row.measure: {
            "mean": known(row.mean),
            "low": known(row.low),
            "high": known(row.high),
            "unit": in_currency(row.unit, currency),
            "of": row.of,
        }
        for row in rows
    }


def against(result: "Result", reference: int, found: Mapping[str, Sequence[Against]]) -> dict[str, Any]:
    """As `compare DIR --json` prints it."""
    measures = {
        measure: [
            {
                "point": row.point,
                "settings": result.plan.points[row.point].settings,
                "difference": known(row.difference.difference),
                "low": known(row.difference.low),
                "high": known(row.difference.high),
                "replications": row.difference.replications,
                "p": known(row.difference.p),
                "p_holm": known(row.adjusted),
            }
            for row in rows
        ]
        for measure, rows in found.items()
    }
    return {
        "reference": reference,
        "seed": result.plan.seed,
        "adjusted": "Holm over the points of each measure",
        "measures": measures,
        "unpaired": unpaired(result, reference, found),
    }


def differences(
    a: str, b: str, ours: "Result", theirs: "Result", rows: Sequence[Difference], persons: Sequence["Mean"] = ()
) -> dict[str, Any]:
    """As `compare --json` prints it."""
    sides = {
        side: {
            "name": name,
            "scenario": result.plan.scenario,
            "digest": result.plan.points[0].digest,
            "settings": result.plan.points[0].settings,
            "engine": result.plan.engine,
            "budget": money.in_json(money.budgets_at(result, result.plan.points[0].number)),
        }
        for side, name, result in (("a", a, ours), ("b", b, theirs))
    }
    measures = {
        row.measure: {
            "a": known(row.a),
            "b": known(row.b),
            "difference": known(row.difference),
            "low": known(row.low),
            "high": known(row.high),
            "better": row.better,
            "tied": row.tied,
            "replications": row.replications,
            "unit": in_currency(row.unit, theirs.plan.currency),
            "p": known(row.p),
        }
        for row in rows
    }
    return {**sides, "seed": ours.plan.seed, "measures": measures, "people": _measures(persons, theirs.plan.currency)}


def plan(plan: Plan, workers: int) -> dict[str, Any]:
    """As `sweep --dry-run --json` prints it."""
    return {
        "title": plan.title,
        "points": [{"point": point.number, "settings": point.settings} for point in plan.points],
        "replications": plan.replications,
        "runs": plan.runs,
        "at_most": plan.stopping is not None,  # then a point, and the whole, may have fewer
        "seed": plan.seed,
        "compare_to": plan.compare_to,
        "workers": workers,
        "estimated_seconds": round(plan.seconds / workers, 1),
    }


def state(now: State) -> dict[str, Any]:
    """As `status --json` prints it."""
    return asdict(now) | {"left": now.left}


def selection(found: Selected) -> dict[str, Any]:
    """As `sweep --json` adds it."""
    rivals = [
        {name: known(value) if isinstance(value, float) else value for name, value in asdict(rival).items()}
        for rival in found.rivals
    ]
    return {
        "point": found.point,
        "replications": found.replications,
        "chance": known(found.chance),
        "rivals": rivals,
        "unknown": list(found.unknown),
    }


def search(wanted: "Search", values: int, seconds: float, workers: int) -> dict[str, Any]:
    """As `sweep --dry-run --json` prints a search."""
    return {
        "title": wanted.title,
        "lever": wanted.lever,
        "between": list(wanted.between),
        "target": str(wanted.target),
        "chance": wanted.chance,
        "values": values,
        "replications": wanted.replications,
        "runs": values * wanted.replications,
        "seed": wanted.scenario.parameters.run.seed if wanted.seed is None else wanted.seed,
        "workers": workers,
        "estimated_seconds": round(seconds / workers, 1),
    }


def solution(found: Solution, told: "Sequence[Budget]" = ()) -> dict[str, Any]:
    """As `solve --json` prints it; `told`: what the budget pays for where the lever is as found."""
    tried = [
        {
            name: known(value) if isinstance(value, float) else value
            for name, value in (asdict(one) | {"share": one.share}).items()
        }
        for one in found.tried
    ]
    return {
        "lever": found.lever,
        "between": list(found.between),
        "target": str(found.target),
        "chance": found.chance,
        "value": found.value,
        "budget": money.in_json(told),
        "runs": found.runs,
        "failed": found.failed,
        "open": [one.value for one in found.open],
        "tried": tried,
    }


def diagnosis(found: Diagnosis, sentences: Sequence[str]) -> dict[str, Any]:
    """As `run --diagnose --json` prints it."""
    return {
        "findings": list(sentences),
        "warm_up_weeks": found.warm_up,
        "replications": found.runs,
        "series": [
            {
                "series": row.name,
                "mser5_weeks": row.cut,
                "mean": known(row.mean),
                "drift_per_year": known(row.drift),
                "low": known(row.low),
                "high": known(row.high),
                "in_balance": row.is_level,
            }
            for row in found.courses
        ],
        "replications_for": {
            row.measure: {
                "mean": known(row.mean),
                "half_width": known(row.half),
                **{f"{share:.0%}": needed or None for share, needed in zip(SHARES, row.replications, strict=True)},
            }
            for row in found.enough
        },
    }


def verified(found: "Verified") -> dict[str, Any]:
    """As `verify --json` prints it."""
    answers = [
        {
            "known_answer": one.case,
            "figure": one.figure,
            "formula": one.known.value,
            "mean": known(one.mean),
            "low": known(one.low),
            "high": known(one.high),
            "allowance": one.known.allowance,
            "met": one.met,
        }
        for one in found.answers
    ]
    journals = [
        {
            "scenario": name,
            "engine": engine,
            "digest": journal.digest,
            "as_it_should_be": (name, engine) not in found.differing,
            "everybody_in_one_state": not journal.impossible,
        }
        for (name, engine), journal in found.journals.items()
    ]
    return {
        "met": found.met,
        "code": results_digest.of_results(),
        "engine": found.engine,
        "replications": found.replications,
        "level": found.level,
        "known_answers": answers,
        "journals": journals,
    }


def life(person: int, steps: list[Step], other: list[Step] | None, start: datetime.date) -> dict[str, Any]:
    """As `trace --json` prints it."""

    def told(life: list[Step]) -> list[dict[str, Any]]:
        return [
            {"day": step.day, "date": step.date(start).isoformat(), "event": step.event, "words": step.words}
            for step in life
        ]

    return {"person": person, "steps": told(steps)} | ({} if other is None else {"against": told(other)})


def known(value: float) -> float | None:
    """A number, or None where there is none: JSON knows no NaN."""
    return float(value) if math.isfinite(value) else None


def _whole(weeks: float) -> float | int:
    return int(weeks) if float(weeks).is_integer() else round(weeks, 3)

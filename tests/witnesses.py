"""Small scenarios in which each parameter can matter, and other values for it: made from the conditions that are declared beside the parameters.

Two scenarios in which nearly everything happens within weeks stand in `witness_clinic.yaml` and `witness_places.yaml`; what a parameter needs besides
is set by its condition. The few that need more time, or other values, than that are named here.
"""

import datetime
import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from accesssim.clinic import engines
from accesssim.study.measuring import statistics
from accesssim.world.checking.declared import Declaration, declaration, known_paths, leaves
from accesssim.world.checking.heard import holds, met, to_matter, unmet, value_for, ways
from accesssim.world.checking.values import Setting, settle
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.journal import Journal
from accesssim.world.reading.files import load_text
from accesssim.world.scenario import Scenario

SEED = 1
DECLARED = known_paths({})
#: Values that no file may give beside the law that is chosen there, so that another law can be chosen.
ASIDE = {
    "clinic": {},
    "places": {
        f"pathways.flat.{law}.{value}": number
        for law in ("stay", "arrivals.gap")
        for value, number in {
            "values.5": 1.0,
            "values.11": 2.0,
            "parts.short.share": 0.4,
            "parts.short.mean_days": 3.0,
            "parts.long.share": 0.6,
            "parts.long.mean_days": 15.0,
        }.items()
    },
}
#: What else must be so for a change to be heard within the run.
BESIDES: dict[str, dict[str, Any]] = {
    "funding.carry_underspend": {"run.weeks": 54, "funding.annual_budget": 1_200_000.0},
    "pathways.NAME.least_to_begin": {"initial.caseload_share": 0.0},
}
#: Dated changes without which it is not heard.
DATED: dict[str, tuple[int, dict[str, Any]]] = {"workforce.NAME.reduction": (35, {"workforce.high_intensity.posts": 1})}
#: Where a change is heard of some that are declared together.
HERE = {
    "pathways.NAME.patience": "pathways.ward.patience",
    "pathways.NAME.from_score": "pathways.talking.from_score",
    "pathways.NAME.stay.parts.NAME.most_days": "pathways.house.stay.parts.long.most_days",
    "pathways.NAME.stay.parts.NAME.least_days": "pathways.house.stay.parts.short.least_days",
    "pathways.NAME.arrivals.gap.parts.NAME.most_days": "pathways.house.arrivals.gap.parts.short.most_days",
    "pathways.NAME.after_withdrawal.NAME": "pathways.guided.after_withdrawal.day",
    "pathways.NAME.arrivals.gap.most_days": "pathways.house.arrivals.gap.most_days",
    "pathways.NAME.stay.parts.NAME.share": "pathways.house.stay.parts.short.share",
    "pathways.NAME.arrivals.gap.parts.NAME.share": "pathways.house.arrivals.gap.parts.short.share",
    "teams.NAME.share": "teams.north.share",
    "pathways.NAME.takes_from": "pathways.day.takes_from",
    "pathways.NAME.step_up_to": "pathways.guided.step_up_to",
}
#: Other values where bounds and choices do not give one: names that refer to something, and shares that make a whole.
OTHERS: dict[str, dict[str, Any]] = {
    "pathways.NAME.group": {"pathways.guided.group": "high_intensity"},
    "pathways.NAME.step_up_to": {"pathways.guided.step_up_to": "circle"},
    "pathways.NAME.takes_from": {"pathways.day.takes_from": []},
    "pathways.NAME.stay.parts.NAME.share": {
        "pathways.house.stay.parts.short.share": 0.2,
        "pathways.house.stay.parts.long.share": 0.4,
    },
    "pathways.NAME.arrivals.gap.parts.NAME.share": {
        "pathways.house.arrivals.gap.parts.short.share": 0.3,
        "pathways.house.arrivals.gap.parts.long.share": 0.5,
    },
    "teams.NAME.share": {"teams.north.share": 0.4, "teams.south.share": 0.6},
    "pools.NAME.teams": {"pools.all.teams": ["north"]},
    "funding.currency": {"funding.currency": "EUR"},
}


def _witness(name: str) -> Scenario:
    text = (Path(__file__).parent / f"witness_{name}.yaml").read_text(encoding="utf-8")
    loaded = load_text(text, name)
    aside = {path: settle(path, value, "test", [path]) for path, value in ASIDE[name].items()}
    given = {path: setting for path, setting in aside.items() if isinstance(setting, Setting)}
    return Scenario(name, loaded.title, {**loaded.settings, **given})


SCENARIOS = {name: _witness(name) for name in ASIDE}


def declared_of(path: str) -> Declaration:
    found = declaration(path)
    assert found is not None, path
    return found


def paths_of(declared: str, scenario: Scenario) -> list[str]:
    """The paths of a scenario that are declared as this one, with names in the place of NAME."""
    pattern = re.compile(re.escape(declared).replace("NAME", r"[^.]+"))
    found = [path for path, _ in leaves(scenario.parameters) if pattern.fullmatch(path)]
    return [HERE[declared]] if HERE.get(declared) in found else found


def replaced(scenario: Scenario, values: Mapping[str, Any]) -> Scenario | None:
    """The scenario with other values; None where they do not fit."""
    try:
        return scenario.replace(values) if values else scenario
    except ScenarioError:
        return None


@functools.lru_cache(maxsize=16)
def witness(declared: str) -> tuple[Scenario, str]:
    """A scenario in which a parameter can matter, with the fewest changes, and the parameter's path there."""
    candidates = [
        (values, scenario, path)
        for scenario in SCENARIOS.values()
        for path in paths_of(declared, scenario)
        for values in to_matter(scenario.parameters, path)
    ]
    for values, scenario, path in sorted(candidates, key=lambda candidate: len(candidate[0])):
        made = replaced(scenario, values | BESIDES.get(declared, {}))
        if made is not None and holds(made.parameters, path) and next(others(made, path, declared), None):
            return _dated(made, *DATED[declared]) if declared in DATED else made, path
    raise AssertionError(f"{declared} has no witness")


def _dated(scenario: Scenario, day: int, values: Mapping[str, Any]) -> Scenario:
    """The scenario with a change by date."""
    settled = {path: settle(path, value, "test", [path]) for path, value in values.items()}
    given = {path: setting for path, setting in settled.items() if isinstance(setting, Setting)}
    return Scenario(scenario.name, scenario.title, scenario.settings, ((day, given),))


def others(scenario: Scenario, path: str, declared: str) -> Iterator[Scenario]:
    """The same scenario with other values at a path: each other choice; of numbers a few that are far from the present one."""
    now = dict(leaves(scenario.parameters))[path]
    alone = ({path: value} for value in _other_values(declared_of(path), now))
    for values in [OTHERS[declared]] if declared in OTHERS else alone:
        made = replaced(scenario, values)
        if made is not None and made != scenario:
            yield made


def _other_values(one: Declaration, now: Any) -> Iterator[Any]:
    if one.choices:
        yield from (choice for choice in one.choices if choice != now)
    elif one.type is bool:
        yield not now
    elif one.type is datetime.date:
        yield now + datetime.timedelta(weeks=26)
    elif one.type in (int, float):
        value = now if now is not None else one.default or 0
        low = one.low if one.low is not None else one.above if one.above is not None else -10
        high = min(one.high if one.high is not None else value * 3 + 10, value * 3 + 10)
        yield from (one.type(other) for other in ((value + high) / 2, (value + low) / 2, high, low, value + 1))


@functools.lru_cache(maxsize=32)
def journal(scenario: Scenario, engine: engines.Engine = "simpy") -> Journal:
    """A scenario's journal."""
    return engines.simulate(scenario, seed=SEED, engine=engine)


def told(scenario: Scenario, engine: engines.Engine = "simpy") -> str:
    """The digest of a scenario's journal."""
    return journal(scenario, engine).digest()


def measured(scenario: Scenario, engine: engines.Engine = "simpy") -> str:
    """A scenario's measures, to the last digit."""
    return repr(statistics.measure(journal(scenario, engine)))


def same(one: Scenario, other: Scenario, engine: engines.Engine) -> bool:
    """Whether two scenarios have the same journal and the same measures, which follow from the rows and what is told of the run."""
    if told(one, engine) != told(other, engine):
        return False
    heads = [replace(journal(each, engine).header, scenario_digest="") for each in (one, other)]
    return heads[0] == heads[1] or measured(one, engine) == measured(other, engine)


def deaf(declared: str) -> Iterator[tuple[str, Scenario, str]]:
    """Scenarios in which a parameter cannot matter by its condition: what of that does not hold, the scenario, and the parameter's path in it."""
    for scenario in SCENARIOS.values():
        for path in paths_of(declared, scenario):
            if lacking := unmet(scenario.parameters, path):
                yield " and ".join(term.told() for term in lacking), scenario, path
                break
    scenario, path = witness(declared)
    yield from _each_term_broken(scenario, path)


def _each_term_broken(scenario: Scenario, path: str) -> Iterator[tuple[str, Scenario, str]]:
    """The scenario with each comparison of the condition broken in turn, and with it all other ways in which the parameter could matter."""
    for broken in next(
        (way for way in ways(scenario.parameters, path) if all(met(scenario.parameters, term) for term in way)), ()
    ):
        made: Scenario | None = scenario
        term, told_of = broken, broken.told()
        for _ in range(20):
            assert made is not None
            made = replaced(made, {term.path: value_for(made.parameters, term, met=False)})
            if made is None:
                break
            still = [way for way in ways(made.parameters, path) if all(met(made.parameters, one) for one in way)]
            if not still:
                yield told_of, made, path
                break
            last = broken.path.rpartition(".")[2]
            term = next((one for one in still[0] if one.path.rpartition(".")[2] == last), still[0][0])


HEARD = [path for path in DECLARED if declared_of(path).of in ("journal", "measures")]


def pairs(one: str, other: str, choice: int) -> Iterator[tuple[Scenario, Scenario]]:
    """A scenario in which two parameters can matter, and the same with other values of both; none where they do not go together."""
    scenario, first = witness(one)
    for second in paths_of(other, scenario):
        for values in to_matter(scenario.parameters, second):
            made = replaced(scenario, values | BESIDES.get(other, {}))
            if made is None or not all(holds(made.parameters, path) for path in (first, second)):
                continue
            choices = list(others(made, first, one))
            for changed in choices[choice:] + choices[:choice]:
                for both in others(changed, second, other):
                    if holds(both.parameters, first) and holds(both.parameters, second):
                        yield made, both
            return


def unlike(one: str, other: str, choice: int) -> str | None:
    """What is wrong once two parameters are changed: engines that differ, or a journal as before. None where neither is so, or they do not fit."""
    unheard = None
    for before, after in itertools.islice(pairs(one, other, choice), 4):
        change = f"{one} and {other}: {after.differences(before)}"
        if told(after) != told(after, "fast"):
            return f"the engines differ after {change}"
        if told(after) != told(before) or all(declared_of(path).of == "measures" for path in (one, other)):
            return None
        unheard = f"nobody hears of {change}"
    return unheard

"""The pages about the model say what the code does: each parameter, switch, event, rule and state; and their pandas gives the measures."""

import importlib
import inspect
import math
import pkgutil
import re
from pathlib import Path

import pytest

import accesssim
from accesssim.clinic import rules
from accesssim.study.measuring.measures import MEASURES
from accesssim.study.measuring.statistics import measure
from accesssim.world.checking.declared import known_paths
from accesssim.world.journal import codes
from accesssim.world.journal.events import Account, Cancellation, Event, Phase, Route, Urgency
from accesssim.world.sections.loops import Loops
from tests.clinics import small
from tests.documents import PARTS, page

ROOT = Path(__file__).parent.parent
MODEL, CODEBOOK, PARAMETERS = (
    (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("model", "codebook", "parameters")
)


def _words(page: str) -> set[str]:
    """Every name in a page, in its prose and in its equations; of a dotted path all parts."""
    return set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", page))


@pytest.mark.parametrize("part", PARTS)
def test_what_is_written_from_the_code_is_up_to_date(part: str) -> None:
    """Tables of moves, measures and parameters are as `python -m tests.documents --write` writes them."""
    path, text, wanted = page(part)
    assert text == wanted, f"{path.name} is out of date; run: python -m tests.documents --write"


def test_every_parameter_is_told_of() -> None:
    """In the list of parameters by its whole path, and in the model's story by its name."""
    assert [path for path in known_paths({}) if f"`{path}`" not in PARAMETERS] == []
    names = {[part for part in path.split(".") if part != "NAME"][-1] for path in known_paths({})}
    assert sorted(names - _words(MODEL)) == []


def test_every_switch_is_told_of() -> None:
    """With its whole path, among the loops."""
    assert [name for name in Loops.model_fields if f"`loops.{name}`" not in MODEL] == []


def test_every_rule_is_told_of() -> None:
    """Each public function of the rules is named where the model is told."""
    names = set()
    for module in pkgutil.iter_modules(rules.__path__):
        rule = importlib.import_module(f"{rules.__name__}.{module.name}")
        names |= {
            name
            for name, function in inspect.getmembers(rule, inspect.isfunction)
            if function.__module__ == rule.__name__ and not name.startswith("_")
        }
    assert names
    assert sorted(names - _words(MODEL)) == []


def test_every_phase_is_told_of_in_its_order() -> None:
    """The day of the model is the day of the code."""
    told = re.findall(r"^\| `([A-Z]+)` \|", MODEL, re.MULTILINE)
    assert told == [phase.name for phase in Phase]


def test_the_codebook_has_every_event_with_its_code_and_phase() -> None:
    """And no other."""
    told = re.findall(r"^\| (\d+) \| (\w+) \| (\w+) \|", CODEBOOK, re.MULTILINE)
    assert told == [(str(int(event)), event.name, event.phase.name.lower()) for event in Event]


@pytest.mark.parametrize("numbers", [Account, Cancellation, Route, Urgency])
def test_the_codebook_has_every_code(numbers: type) -> None:
    """Accounts, reasons, routes and classes, each with its number."""
    assert [one.name for one in numbers if f"{one.name} {int(one)}" not in " ".join(CODEBOOK.split())] == []


def test_the_codebook_names_the_functions_that_read_a_row() -> None:
    """Whatever it says is packed by a function is, and no function that reads a row's post or value is left out."""
    left_out = {name for name in vars(codes) if name.endswith(("_of_row", "_of_person")) or name.startswith("_")}
    told = _words(CODEBOOK)
    readers = {"depression", "anxiety", "natural_depression", "natural_anxiety", "is_complex", "has_decided"}
    readers |= {"team_of_referral", "route_of_referral", "list_joined", "class_of", "team_of_list", "pathway_of_list"}
    readers |= {"scores", "need", "referred_as", "listed", "list_of", "staff_of", "group_of_staff", "row"}
    assert readers <= set(vars(codes)) - left_out
    assert readers <= told


@pytest.mark.parametrize(
    "scenario",
    [
        small(run__weeks=30, demand__referrals_per_week=12.0),
        small("buy_places", run__weeks=40, run__warm_up_weeks=6, pathways__elsewhere__places=3),
        small(run__weeks=40, funding__annual_budget=470_000.0, workforce__low_intensity__career_leaving_per_year=2.0),
    ],
    ids=["baseline", "places, and a warm-up", "posts held in part"],
)
def test_its_pandas_gives_the_measures(scenario: accesssim.Scenario) -> None:
    """What the codebook works out from rows with pandas alone is what the measures say."""
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", CODEBOOK, re.MULTILINE | re.DOTALL))
    assert 'accesssim.load("baseline")' in code
    known: dict[str, object] = {"scenario": scenario}
    exec(compile(code.replace('accesssim.load("baseline")', "scenario"), "codebook.md", "exec"), known)
    journal, found = known["journal"], known["found"]
    measured = measure(journal)
    assert len(found) >= 45
    assert set(found) <= set(MEASURES)
    for name, value in found.items():
        assert math.isclose(value, measured[name], rel_tol=1e-9, abs_tol=1e-12) or (
            math.isnan(value) and math.isnan(measured[name])
        ), (name, value, measured[name])

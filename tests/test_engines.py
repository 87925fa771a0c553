"""The compiled engine leaves the same journal as SimPy's, row by row, of whatever a scenario file can say."""

import math
import os
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import accesssim
from accesssim.clinic import engines, service
from accesssim.clinic.arrivals import TooMuchDemand
from accesssim.clinic.compiled import aside, cache, readiness
from accesssim.clinic.compiled import engine as compiled
from accesssim.clinic.stays import HardlyAny
from accesssim.study.measuring import statistics
from accesssim.study.verifying.goldens import GOLDENS, looked_at
from accesssim.world.checking.declared import declaration
from accesssim.world.checking.values import Setting, settle
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.events import Event, Route
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.clinics import QUEUE, SHIPPED, small, written
from tests.test_invariants import BASES, changes, paths, values
from tests.test_networks import MIXED, network

REFUSED = (TooMuchDemand, HardlyAny)


def same(scenario: Scenario, seed: int = 1, replication: int = 0) -> Journal:
    """Both journals, held to be equal; one of them."""
    told, ours = (engine.simulate(scenario, seed=seed, replication=replication) for engine in (service, compiled))
    assert ours.digest() == told.digest()
    return ours


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name: str) -> None:
    """Each shipped scenario, for 30 weeks: the rows that SimPy is held to by the same digest."""
    assert looked_at(name, "fast").digest == GOLDENS[name]


@pytest.mark.parametrize("replication", range(3))
def test_the_baseline_to_its_end(replication: int) -> None:
    """The whole of two years."""
    same(accesssim.load("baseline"), seed=7, replication=replication)


def dated(base: Scenario) -> st.SearchStrategy[dict[int, dict[str, object]]]:
    """Up to three dates, on each of which some values change."""
    some = st.lists(st.sampled_from(paths(base)), min_size=1, max_size=6, unique=True)
    settings_of = some.flatmap(
        lambda chosen: st.fixed_dictionaries({path: values(declaration(path)) for path in chosen})
    )
    return st.dictionaries(st.integers(0, 40), settings_of, max_size=3)


@pytest.mark.parametrize("name", BASES)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 2**63 - 1))
def test_random_scenarios(name: str, data: st.DataObject, seed: int) -> None:
    """Random valid scenarios, bounds and ties among them, with changes by date; what one engine refuses the other does, in the same words."""
    base = BASES[name]
    changed, dates = data.draw(changes(base)), data.draw(dated(base))
    try:
        scenario = base.replace(changed)
        settled = [
            (day, {path: settle(path, value, "test", [path]) for path, value in given_.items()})
            for day, given_ in sorted(dates.items())
        ]
        scenario = Scenario(
            scenario.name,
            scenario.title,
            scenario.settings,
            tuple((day, {p: s for p, s in found.items() if isinstance(s, Setting)}) for day, found in settled),
        )
    except ScenarioError:
        return
    try:
        told = service.simulate(scenario, seed=seed)
    except REFUSED as refusal:
        with pytest.raises(type(refusal)) as ours:
            compiled.simulate(scenario, seed=seed)
        assert str(ours.value) == str(refusal)
        return
    assert compiled.simulate(scenario, seed=seed).digest() == told.digest()


@pytest.mark.parametrize("before", ["fifo", "priority", "severity", "accumulating_priority"])
@pytest.mark.parametrize("after", ["fifo", "priority", "severity", "accumulating_priority"])
def test_orders_that_change(before: str, after: str) -> None:
    """Another order comes into force while people wait."""
    change = f"changes: [{{from: day 60, set: {{waiting.order: {after}}}}}]\n"
    same(network("  place: {places: 1, stay: {law: fixed, mean_days: 10}}\n", change, waiting__order=before, **MIXED))


def test_rules_of_returning_are_those_of_the_day_of_relapse() -> None:
    """Not those of the day on which therapy ended: from a date on nobody returns."""
    text = (
        "extends: baseline\n"
        "therapy: {relapse_12_months: 0.9, return_share: 1, return_delay_days: 0}\n"
        "run: {weeks: 60}\n"
        "changes:\n"
        "  - {from: day 200, set: {therapy.return_share: 0}}\n"
    )
    journal = same(written(text))
    relapsed, returned = (
        journal.day[(journal.event == event) & here]
        for event, here in ((Event.RELAPSED, True), (Event.REFERRED, journal.post % 4 == Route.RETURNING))
    )
    assert (relapsed > 250).any()
    assert (returned > 150).any()
    assert not (returned > 201).any()  # who relapses on day 199 asks on the next day but one at most


@pytest.mark.parametrize(("urgent", "routine"), [(1e-8, 1.0), (1e-300, 1e6)])
def test_priority_that_is_hardly_gained(urgent: float, routine: float) -> None:
    """Where priority accumulates next to never for urgent people, whoever has a crisis would count from a day before all calendars."""
    crises = {
        **MIXED,
        "triage__urgent_from": 100.0,
        "waiting__crisis_per_month": 0.05,
        "waiting__order": "accumulating_priority",
    }
    rates = {"waiting__accumulation__urgent": urgent, "waiting__accumulation__routine": routine}
    same(network("  place: {places: 1, stay: {law: fixed, mean_days: 10}}\n", **crises, **rates))


@pytest.mark.parametrize(
    "law", ["fixed", "exponential", "lognormal", "gamma", "generalised_pareto", "discrete", "mixture"]
)
def test_laws_of_days(law: str) -> None:
    """Stays and gaps by every law, also as they are found on day 0."""
    more = {
        "discrete": ", values: {5: 1, 40: 2}",
        "mixture": ", parts: {a: {share: 0.4, law: gamma, mean_days: 9, most_days: 30}, b: {share: 0.6, law: exponential, mean_days: 50}}",
    }
    span = f"{{law: {law}, shift_days: 1.5{more.get(law, ', shape: 0.2' if law == 'generalised_pareto' else '')}}}"
    text = QUEUE
    start, end = text.index("pathways:"), text.index("initial:")
    pathways = f"pathways:\n  place: {{places: 20, stay: {span}, arrivals: {{law: renewal, gap: {span}}}}}\n"
    same(written(text[:start] + pathways + text[end:].replace("state: empty", "state: steady")))


@pytest.mark.parametrize("rate", [3.5e-108, 1e-320])
def test_hardly_any_demand(rate: float) -> None:
    """So few ask that nobody's past is long enough to be behind the assessments of day 0."""
    same(
        accesssim.load("baseline").replace(
            {"demand.referrals_per_week": rate, "run.days": 30, "initial.state": "steady"}
        )
    )


def test_a_long_run_in_little_room() -> None:
    """Arrays grow between days: a service that begins with hardly anybody and is swamped."""
    journal = same(small(demand__growth_per_year=3.0, demand__peak_multiple=30.0, run__weeks=60))
    assert (journal.event == Event.REFERRED).sum() > 1000


def test_therapy_in_places_found_at_work() -> None:
    """Those who are found in a place may recover there, relapse, step up or go on, as those who come later do."""
    pathways = (
        "  unit: {places: 60, sessions_per_week: 1, stay: {law: fixed, mean_days: 70}, step_up_to: more, step_up_share: 0.5, then: {more: 0.3}}\n"
        "  more: {places: 20, from_score: 28, sessions_per_week: 2, stay: {law: exponential, mean_days: 50}}\n"
        "  shut: {places: 0, from_score: 12, stay: {mean_days: 9}, then: {more: 0.9}}\n"
    )
    found = same(
        network(
            pathways,
            initial="{state: steady, caseload_share: 1}",
            demand__referrals_per_week=10.0,
            demand__history_days=1000,
            demand__peak_multiple=2.0,
        )
    )
    began = set(found.person[(found.event == Event.STARTED) & (found.day < 0)].tolist())
    assert began & set(found.person[found.event == Event.RELAPSED].tolist())
    assert (found.post[found.event == Event.LISTED] // 4 == 1).sum() > 100


@pytest.mark.parametrize("days", [1, 8, 13, 20])
def test_a_run_may_end_within_a_week(days: int) -> None:
    """And its last days are paid for."""
    same(small(run__days=days, waiting__check_in_weeks=3))


def test_rows_come_in_pieces() -> None:
    """A run that is read week by week leaves the rows of one that is read at its end."""
    whole = compiled.rows(small(), seed=3)
    engine = compiled.Engine(small(), 3, 0)
    pieces = [tuple(column.copy() for column in engine.rows()) for _ in engine.days(7)]
    assert len(pieces) == math.ceil(engine.tables.days / 7)
    joined = compiled.Rows(whole.header, *(np.concatenate([piece[column] for piece in pieces]) for column in range(2)))
    kept, packed = Journal([whole]), Journal(compiled.pieces(small(), seed=3, most=100))
    assert Journal([joined]) == kept == packed
    assert packed.digest() == kept.digest()
    assert len(packed) == len(kept)


def test_measures_do_not_hang_on_the_engine() -> None:
    """From a packed journal or from rows, by either engine: the same measures, to the last bit."""
    found = [
        statistics.measure(made)
        for made in (service.simulate(small(), seed=2), service.rows(small(), seed=2), compiled.rows(small(), seed=2))
    ]
    assert all(repr(other) == repr(found[0]) for other in found)


@pytest.fixture
def unnamed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nobody names an engine, and the compiled one is not ready; a list of what would be started in the background."""
    for name in ("ACCESSSIM_ENGINE", "CI"):
        monkeypatch.delenv(name, raising=False)
    started: list[str] = []
    monkeypatch.setattr(engines, "_found_ready", [])
    monkeypatch.setattr(readiness, "is_ready", lambda: False)
    monkeypatch.setattr(aside, "started", lambda: not started and not started.append("ready"))
    return started


def test_which_engine_runs(unnamed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is named; else the compiled one where it is ready, or sooner; one that is not there is refused with what to type."""
    assert engines.chosen(None) == "simpy"
    assert engines.chosen(None, {"simpy": 20.0, "fast": 2.0}.__getitem__) == "simpy"
    assert engines.chosen(None, {"simpy": 200.0, "fast": 2.0}.__getitem__) == "fast"
    assert engines.for_parts(None) == "fast"
    assert engines.chosen("simpy") == engines.for_parts("simpy") == "simpy"
    with pytest.raises(engines.NoSuchEngine, match="not one of simpy, fast"):
        engines.chosen("turbo")
    monkeypatch.setattr(engines, "version", lambda _: "0.67.9")
    assert engines.chosen(None) == engines.for_parts(None) == "simpy"
    with pytest.raises(engines.NoSuchEngine, match=r"needs numba 0\.68, and 0\.67\.9 is installed; type: pip install"):
        engines.chosen("fast")

    def nowhere(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(engines, "version", nowhere)
    assert engines.chosen(None) == engines.for_parts(None) == "simpy"
    with pytest.raises(
        engines.NoSuchEngine, match=r"numba, which is not installed; type: pip install 'accesssim\[fast\]'"
    ):
        engines.chosen("fast")
    monkeypatch.setenv("ACCESSSIM_ENGINE", "fast")
    with pytest.raises(engines.NoSuchEngine):
        engines.chosen(None)


def test_an_engine_that_is_ready_is_taken_and_looked_at_once(
    unnamed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As to see whether files are whole takes as long as a short run."""
    looked: list[bool] = []
    monkeypatch.setattr(readiness, "is_ready", lambda: not looked.append(True))
    assert [engines.chosen(None, {"simpy": 1.0, "fast": 1.0}.__getitem__), engines.taken(None)] == ["fast", "fast"]
    assert (looked, unnamed) == ([True], [])
    assert engines.chosen("simpy") == "simpy"


def test_sooner() -> None:
    """Compiling counts where it is still to be done."""
    limit = engines.COMPILING_SECONDS
    assert engines.sooner(0.1, 5.0, ready=True) == "fast"
    assert engines.sooner(limit, 1.0, ready=False) == "simpy"
    assert engines.sooner(limit + 2.0, 1.0, ready=False) == "fast"


def test_simpy_answers_while_the_other_is_made_ready(
    unnamed: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture
) -> None:
    """By every call from Python, said once on the log and nowhere else; not where an engine is named, nor in continuous integration."""
    for variable in ("CI", "ACCESSSIM_ENGINE"):
        with monkeypatch.context() as named:
            named.setenv(variable, "simpy")
            accesssim.simulate(small(), seed=1)
    accesssim.simulate(small(), seed=1, engine="simpy")
    assert (unnamed, caplog.records) == ([], [])
    assert accesssim.simulate(small(), seed=1).header.engine == "simpy"
    assert unnamed == ["ready"]
    assert accesssim.run(small(), replications=2).plan.engine == "simpy"
    accesssim.single_run(small())
    assert (unnamed, [record.getMessage() for record in caplog.records]) == (["ready"], [aside.STARTED])
    assert capfd.readouterr().out == ""


def test_it_is_started_once_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not beside somebody who compiles, nor again within the hour, nor where it could not be kept."""
    begun: list[list[str]] = []

    class Child:
        pid = -1

        def __init__(self, command, **_) -> None:
            begun.append(command[1:])

    folder, again = tmp_path / "state", aside.started.__wrapped__
    monkeypatch.setattr(cache, "place", lambda: cache.Place(folder, None))
    monkeypatch.setattr(aside, "_kept", [])
    monkeypatch.setattr(aside.subprocess, "Popen", Child)
    with cache.alone(folder, lambda: None):
        assert not again()
    assert again()
    assert not again()
    assert begun == [["-m", "accesssim", "ready"]]
    os.utime(tmp_path / ".state.begun", (0, 0))
    assert again()
    monkeypatch.setattr(cache, "place", lambda: cache.Place(folder, "it cannot be written to"))
    assert not again()
    assert len(begun) == 2

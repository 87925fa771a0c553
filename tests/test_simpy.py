"""SimPy's engine is a SimPy model: whoever knows SimPy can step through it, watch it, and extend it."""

import ast
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import simpy

from accesssim.clinic.clock import Called, Clock, Duty
from accesssim.clinic.pathway import Journeys
from accesssim.clinic.person import Person
from accesssim.clinic.service import Service, simulate
from accesssim.world.chance import Chance
from accesssim.world.journal.events import Event, Phase
from accesssim.world.journal.journal import Journal
from tests.clinics import small

ROOT = Path(__file__).parent.parent


class Somebody:
    """A number, and a journey."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.called: Called | None = None
        self.journey: simpy.Process


def test_the_page_runs() -> None:
    """Every block of docs/simpy.md, one after the other."""
    page = (ROOT / "docs" / "simpy.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        exec(compile(block, "simpy.md", "exec"), names)
    assert names["seen"][1][0] == 7
    assert len(names["later"]) != len(names["rows"])


def test_stepping_and_watching_change_nothing() -> None:
    """A run that is stopped every few days, with a process beside it, leaves the same rows."""
    scenario, seen = small(), []

    def watch(env: simpy.Environment) -> Generator[simpy.Event, None, None]:
        while True:
            seen.append(env.now)
            yield env.timeout(5)

    service = Service(scenario, Chance(3, 0))
    service.env.process(watch(service.env))
    for day in range(3, service.state.days, 11):
        service.env.run(until=day)
        assert service.env.day == service.env.now == day
    assert Journal([service.run()]) == simulate(scenario, seed=3)
    assert len(service.run()) == len(service.state.journal)  # which is over
    assert seen == list(range(0, service.state.days, 5))


def test_the_order_of_a_day() -> None:
    """Dawn, SimPy's own, then phase by phase the duties and after them people by number.

    Whoever is called goes on at once, in the order of the calls.
    """
    clock, order = Clock(3), []
    first, second, third = Somebody(1), Somebody(2), Somebody(3)

    def tell(what: str) -> None:
        order.append((clock.day, what))

    def sleeper(who: Somebody) -> Generator[simpy.Event, Any, None]:
        yield clock.until(who, 1, Phase.SESSIONS)
        tell(f"{who.number} wakes")
        word = yield clock.called(who)
        tell(f"{who.number} hears {word}")
        yield clock.until(who, 3, Phase.CHANGES)  # after the run
        tell("never")

    def watch() -> Generator[simpy.Event, Any, None]:
        tell("watcher begins")
        yield clock.timeout(1)
        tell("timeout")
        clock.process(ends())

    def ends() -> Generator[simpy.Event, Any, None]:
        tell("process begins")
        yield clock.timeout(0)

    def starts(day: int) -> None:
        tell("starts")
        if day == 1:
            clock.call_each([third, first], "a word")
            tell("all called")
            clock.call(second)

    clock.process(
        clock.keep(
            [
                Duty(Phase.CHANGES, lambda _: tell("changes"), lambda day: day == 1),
                Duty(Phase.SESSIONS, lambda _: tell("sessions")),
                Duty(Phase.STARTS, starts),
            ]
        )
    )
    for who in (third, first, second):
        clock.begin(who, sleeper(who))
    clock.process(watch())
    clock.run()
    assert order == [
        *[(0, what) for what in ("watcher begins", "sessions", "starts")],
        *[(1, what) for what in ("timeout", "process begins", "changes", "sessions", "1 wakes", "2 wakes", "3 wakes")],
        *[(1, what) for what in ("starts", "3 hears a word", "1 hears a word", "all called", "2 hears None")],
        *[(2, what) for what in ("sessions", "starts")],
    ]
    assert clock.now == 2
    assert all(who.journey.is_alive for who in (first, second, third))


def test_journeys_begin_in_their_turn() -> None:
    """Those who begin in a phase do so by number among those who are due in it."""
    clock, order = Clock(2), []
    one, other, sleeps = Somebody(7), Somebody(3), Somebody(5)

    def journey(who: Somebody) -> Generator[simpy.Event, Any, None]:
        order.append(who.number)
        yield clock.until(who, 1, Phase.CLOSE)

    def sleeper() -> Generator[simpy.Event, Any, None]:
        yield clock.until(sleeps, 1, Phase.REFERRALS)
        order.append(sleeps.number)

    def referrals(day: int) -> None:
        if day == 1:
            for who in (one, other):
                clock.begin(who, journey(who), Phase.REFERRALS)

    clock.begin(sleeps, sleeper())
    clock.process(clock.keep([Duty(Phase.REFERRALS, referrals)]))
    clock.run()
    assert order == [3, 5, 7]


def test_whoever_does_not_wait_cannot_be_called() -> None:
    """A word that nobody hears is a mistake in the story, and is not lost in silence."""
    clock, who = Clock(2), Somebody(1)

    def journey() -> Generator[simpy.Event, Any, None]:
        yield clock.called(who)
        yield clock.until(who, 1, Phase.CLOSE)

    clock.begin(who, journey())
    clock.step()
    clock.call(who)
    with pytest.raises(TypeError):
        clock.call(who)


def test_a_journey_may_wait_for_either() -> None:
    """The service's word or a date, by SimPy's own `|`."""
    clock, heard = Clock(9), []

    def journey(who: Somebody) -> Generator[simpy.Event, Any, None]:
        called, date = clock.called(who), clock.until(who, 4, Phase.SESSIONS)
        found = yield called | date
        heard.append((clock.day, called in found, date in found))

    one, other = Somebody(1), Somebody(2)
    for who in (one, other):
        clock.begin(who, journey(who))
    clock.process(clock.keep([Duty(Phase.STARTS, lambda day: clock.call(one) if day == 2 else None)]))
    clock.run()
    assert heard == [(2, True, False), (4, False, True)]


def test_a_step_more() -> None:
    """A subclass of journeys puts three weeks of reading before the list: nobody is listed sooner, and they are the same people."""

    class WithReading(Journeys):
        def assessment(self, person: Person) -> Any:
            stays = yield from super().assessment(person)
            if stays:
                yield self.clock.timeout(21)
            return stays

    def listed(journal: Any) -> dict[int, int]:
        """Days from assessment to the list, of those who were assessed in the run."""
        assessed, found = {}, {}
        for day, event, person in zip(
            journal.day.tolist(), journal.event.tolist(), journal.person.tolist(), strict=True
        ):
            if event == Event.ASSESSED and day >= 0:
                assessed[person] = day
            elif event == Event.LISTED and person in assessed:
                found.setdefault(person, day - assessed[person])
        return found

    scenario = small(run__weeks=30)
    plain = listed(Service(scenario, Chance(2, 0)).run())
    reading = listed(Service(scenario, Chance(2, 0), journeys=WithReading).run())
    assert set(plain.values()) == {0}
    assert set(reading.values()) == {21}
    assert set(reading) <= set(plain)


def test_nothing_private_of_simpy_is_used() -> None:
    """Public names only, and only the clock schedules. What a class calls its own is its own, but in the clock, whose classes are SimPy's."""
    source = Path(str(simpy.__file__)).parent
    text = (source / "core.py").read_text(encoding="utf-8") + (source / "events.py").read_text(encoding="utf-8")
    private = set(re.findall(r"\.(_[a-z]\w*)\b", text))
    assert {"_ok", "_value", "_queue", "_resume"} <= private
    for path in sorted((ROOT / "accesssim" / "clinic").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                own = isinstance(node.value, ast.Name) and node.value.id == "self" and path.name != "clock.py"
                assert own or node.attr not in private, (path.name, node.lineno)
                assert path.name == "clock.py" or node.attr not in {"timeout", "Timeout", "schedule", "succeed"}, (
                    path.name
                )

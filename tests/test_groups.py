"""Group therapy: seats that share a slot of a therapist's week, with open or closed starts."""

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

import accesssim
from accesssim.clinic.service import Service, simulate
from accesssim.study.measuring.lives import lives
from accesssim.world.chance import Chance
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.clinics import small, written
from tests.test_invariants import hold

by_either_engine = pytest.mark.usefixtures("either_engine")

CORE = (Path(__file__).parent / "benchmarks" / "clinic_core_pressed.yaml").read_text(encoding="utf-8")
BARE = "{group: therapist, session_hours: 1, cap: 20, minimum_sessions: 1, good_enough_share: 0.125, cap_cut_by_target: 0, first_session_days: 7}"


def clinic(seats: str, **settings: object) -> Scenario:
    """The reference clinic giving groups: everybody comes to all of eight meetings, and nobody gives up waiting."""
    text = CORE.replace(
        BARE,
        f"{{group: therapist, session_hours: 1, cap: 8, minimum_sessions: 8, good_enough_share: 0, cap_cut_by_target: 0, {seats}}}",
    )
    assert text != CORE
    certain = {
        "therapy.did_not_attend_log_odds": -40.0,
        "therapy.dropout_per_session": 0.0,
        "waiting.patience": "none",
        "run.weeks": 60,
    }
    return written(text).replace(certain | {path.replace("__", "."): value for path, value in settings.items()})


def meetings(journal: Journal) -> dict[tuple[int, int], int]:
    """People at each meeting, by post and day."""
    at = journal.event == Event.SESSION
    return Counter(zip(journal.post[at].tolist(), journal.day[at].tolist(), strict=True))


@by_either_engine
def test_a_slot_carries_its_seats() -> None:
    """One therapist with one slot: a closed group of five begins when five wait, meets eight times, and the next begins when it has ended.

    Nobody else starts.
    """
    journal = simulate(
        clinic("seats: 5, starts: closed", workforce__therapist__posts=1, workforce__therapist__hours_per_week=1.0),
        seed=1,
    )
    started = journal.day[journal.event == Event.STARTED]
    days, people = np.unique(started, return_counts=True)
    assert set(people.tolist()) == {5}
    assert (np.diff(days) >= 56).all()
    assert len(days) >= 6
    assert set(meetings(journal).values()) == {5}
    assert (
        lives(journal).number_of(Event.SESSION)[lives(journal).first(Event.CAPPED) < journal.header.days] == 8
    ).all()


def test_a_meeting_weighs_on_its_therapist_once() -> None:
    """A group of complex people is one complex session a week, also in the week in which it ends and its people go one after the other."""
    service = Service(
        clinic(
            "seats: 5, starts: closed",
            workforce__therapist__posts=1,
            workforce__therapist__hours_per_week=1.0,
            demand__complex_share=1.0,
        ),
        Chance(1, 0),
    )
    close, weighed = service.workforce.week.close, []

    def watched(day: int) -> None:
        weighed.extend((therapist.sessions, therapist.complex_sessions) for therapist in service.state.therapists)
        close(day)

    service.workforce.week.close = watched  # type: ignore[method-assign]
    service.run()
    assert sum(sessions for sessions, _ in weighed) > 40
    # But for the rounding of sums of a third or a fifth.
    assert [complex_sessions for _, complex_sessions in weighed] == pytest.approx([sessions for sessions, _ in weighed])


@by_either_engine
def test_open_groups_are_joined_when_a_seat_is_free() -> None:
    """The same slot with open starts: people begin on more days, never more than five meet, and no meeting takes more than an hour."""
    journal = simulate(
        clinic(
            "seats: 5, starts: open",
            workforce__therapist__posts=1,
            workforce__therapist__hours_per_week=1.0,
            demand__referrals_per_week=0.5,
        ),
        seed=1,
    )
    started = np.unique(journal.day[journal.event == Event.STARTED])
    assert len(started) > 10
    assert (np.diff(started) < 56).any()
    met = meetings(journal)
    assert max(met.values()) == 5
    assert journal.value[journal.event == Event.CONTACT].sum() == len(met)


@by_either_engine
def test_a_group_waits_for_its_people() -> None:
    """Closed, with four to begin: nobody starts while fewer wait."""
    journal = simulate(clinic("seats: 6, starts: closed, least_to_begin: 4", demand__referrals_per_week=1.0), seed=2)
    began: dict[tuple[int, int], int] = defaultdict(int)
    at = journal.event == Event.STARTED
    for post, day in zip(journal.post[at].tolist(), journal.day[at].tolist(), strict=True):
        began[post, day] += 1
    assert began
    assert min(began.values()) >= 4
    assert max(began.values()) <= 6


def test_a_long_meeting_takes_more_slots() -> None:
    """Beside individual sessions of an hour a group of two and a half takes three of a therapist's eight slots."""
    text = CORE.replace(
        "pathways:\n",
        "pathways:\n  course: {group: therapist, seats: 4, session_hours: 2.5, cap: 8, from_score: 13, cap_cut_by_target: 0}\n",
    )
    scenario = written(text).replace({"run.weeks": 30, "demand.severity_sd": 6.0})
    service = Service(scenario, Chance(1, 0))
    held = []
    close = service.close

    def watched(day: int) -> None:
        close(day)
        for therapist in service.state.therapists:
            alone = sum(person.group is None for person in therapist.patients())
            held.append((therapist.caseload, therapist.slots, alone + 3 * len(therapist.groups)))

    service.close = watched  # type: ignore[method-assign]
    service.run()
    assert all(caseload == counted <= slots for caseload, slots, counted in held)
    assert max(caseload for caseload, _, _ in held) == 8


@pytest.mark.parametrize("starts", ["open", "closed"])
def test_nobody_is_lost_between_groups(starts: str) -> None:
    """In a service of groups and individual therapy where therapists leave often: everybody in one state, no session without a therapist."""
    settings = {
        "pathways__group_course__starts": starts,
        "workforce__high_intensity__career_leaving_per_year": 3.0,
        "workforce__high_intensity__notice_weeks": 1,
    }
    journal = hold(
        small(
            "groups_first",
            run__weeks=80,
            workforce__high_intensity__posts=4,
            demand__referrals_per_week=20.0,
            **settings,
        )
    )
    assert (journal.event == Event.TRANSFERRED).sum() > 5
    group = journal.person[(journal.event == Event.LISTED) & (journal.post // 4 == 2)]
    assert np.isin(journal.person[journal.event == Event.TRANSFERRED], group).any()


def test_groups_are_found_at_work_on_day_0() -> None:
    """A steady service that gives groups opens with groups; those of a closed group began together."""
    service = Service(accesssim.load("groups_first"), Chance(1, 0))
    service.open()
    groups = [group for therapist in service.state.therapists for group in therapist.groups]
    assert len(groups) > 5
    for therapist in service.state.therapists:
        assert therapist.caseload <= therapist.slots
        for group in therapist.groups:
            together = [person for person in therapist.patients() if person.group is group]
            assert len(together) == group.members <= group.seats
            assert len({person.first_day for person in together}) == 1


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("{group: high_intensity, seats: 0}", "pathways.course.seats = 0 must be between 1 and 100 (people)."),
        ("{group: high_intensity, seats: 4, least_to_begin: 6}", "begins with 6 people and has 4 seats"),
        ("{places: 10, seats: 4}", "has seats of a group, which staff give"),
        ("{group: high_intensity, starts: weekly}", "pathways.course.starts = weekly must be one of open, closed."),
    ],
)
def test_what_makes_no_sense_is_refused(path: str, told: str) -> None:
    """One clear line each, with the place."""
    with pytest.raises(ScenarioError) as refused:
        written(f"extends: baseline\npathways:\n  course: {path}\n")
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)
    assert "written.yaml:" in str(refused.value)

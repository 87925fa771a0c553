"""Whatever the scenario: nobody is lost, money adds up, no session without a therapist at work."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accesssim.clinic.arrivals import TooMuchDemand
from accesssim.clinic.compiled import engine as compiled
from accesssim.clinic.service import Service
from accesssim.clinic.stays import HardlyAny
from accesssim.study.measuring.statistics import measure
from accesssim.study.measuring.weeks import weekly
from accesssim.study.verifying.states import State, states
from accesssim.world.chance import Chance
from accesssim.world.checking.declared import Declaration, declaration, leaves
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.events import Account, Event, Phase, Urgency
from accesssim.world.journal.journal import Journal
from accesssim.world.limits import MOST_MONEY, MOST_POSTS
from accesssim.world.scenario import Scenario
from tests.clinics import small, written

BASES = {
    "baseline": small(),
    "pooled_sites": small(
        "pooled_sites",
        pools__county__shares="both",
        teams__north__posts__low_intensity=1,
        teams__middle__posts__high_intensity=1,
    ),
    "groups_first": small("groups_first"),
    "buy_places": small("buy_places", pathways__elsewhere__places=3),
}


def paths(base: Scenario) -> list[str]:
    """Everything that a scenario can say, but for names, lengths of run and what fixes who is drawn."""
    fixed = ("run.", "initial.", "demand.history", "demand.peak", "demand.growth_per", "teams.")
    names = (
        ".group",
        ".places",
        ".step_up_to",
        ".takes_from",
        "county.teams",
        "currency",
        "gap.mean_days",
        "gap.scale_days",
    )
    return [path for path, _ in leaves(base.parameters) if not path.startswith(fixed) and not path.endswith(names)]


#: Kept small so that a run takes a fraction of a second; nothing else depends on it.
LARGEST = {
    "posts": 6,
    "referrals_per_week": 20,
    "needs_per_week": 20,
    "per_week": 20,
    "growth_per_year": 1,
    "crisis_contacts_per_day": 10,
    "slots_limit": 10,
}


def values(declared: Declaration) -> st.SearchStrategy[object]:
    """Valid values of a parameter, both bounds often among them."""
    if declared.choices:
        return st.sampled_from(declared.choices)
    if declared.type is bool:
        return st.booleans()
    low = declared.low if declared.low is not None else (declared.above or 0.0) + (1 if declared.type is int else 0.01)
    high = declared.high if declared.high is not None else max(low, 1.0) * 10
    high = min(high, LARGEST.get(declared.path.rsplit(".", 1)[-1], high))
    ends = st.sampled_from([low, high])
    inside = st.floats(low, high) if declared.type is float else st.integers(math.ceil(low), math.floor(high))
    number = (ends | inside).map(declared.type)
    return number | st.none() if declared.optional else number


def changes(base: Scenario) -> st.SearchStrategy[dict[str, object]]:
    """Some values changed, and the length of the run."""
    always = {"run.days": st.sampled_from([1, 6, 7, 20, 56]), "initial.state": st.sampled_from(["steady", "empty"])}
    some = st.lists(st.sampled_from(paths(base)), min_size=1, max_size=15, unique=True)
    return some.flatmap(
        lambda chosen: st.fixed_dictionaries({path: values(declaration(path)) for path in chosen} | always)
    )


def run(scenario: Scenario, seed: int) -> tuple[Service, Journal]:
    """One replication, and the service that it leaves behind.

    The compiled engine leaves the same journal, so that what holds for one holds for both.
    """
    service = Service(scenario, Chance(seed, 0))
    journal = Journal([service.run()])
    assert compiled.simulate(scenario, seed=seed) == journal
    return service, journal


def hold(scenario: Scenario, seed: int = 1) -> Journal:
    """Run a scenario and hold it to every promise."""
    service, journal = run(scenario, seed)
    everyone, impossible = states(journal)
    assert impossible == []
    assert len(everyone) == (journal.event == Event.NEED).sum()
    counted = Counter(everyone.values())
    assert counted[State.WAITING] == sum(waiting.length for waiting in service.state.lists)
    assert counted[State.AWAITING_TRANSFER] == sum(waiting.length for waiting in service.state.transfers)
    held = sum(len(therapist.patients()) for therapist in (*service.state.therapists, *service.state.leaving)) + sum(
        service.state.in_places
    )
    assert counted[State.IN_THERAPY] == held
    _money_adds_up(service, journal)
    _sessions_have_a_therapist(journal)
    assert journal.day.max(initial=0) < journal.header.days
    for name, value in measure(journal).items():
        assert not math.isinf(value), name
    assert len(weekly(journal)) == math.ceil(journal.header.days / 7)
    return journal


def _money_adds_up(service: Service, journal: Journal) -> None:
    """Granted is spent, lost or at hand; spent is what the accounts hold. Doubles are summed in another order, hence the pence."""
    accounts = service.state.accounts
    spent = journal.event == Event.SPENT
    lost = spent & (journal.post == Account.LOST)
    assert math.isclose(journal.value[spent & ~lost].sum(), accounts.spent, rel_tol=1e-9, abs_tol=0.01)
    assert math.isclose(journal.value[lost].sum(), accounts.lost, rel_tol=1e-9, abs_tol=0.01)
    assert math.isclose(
        journal.value[journal.event == Event.GRANTED].sum(),
        accounts.spent + accounts.lost + accounts.balance,
        rel_tol=1e-9,
        abs_tol=0.01,
    )


def _sessions_have_a_therapist(journal: Journal) -> None:
    """Each session from day 0 on is on a working day, of a post that is held, by somebody neither sick nor on leave that week."""
    frame = journal.to_frame()
    frame = frame[frame["day"] >= 0]
    sessions = frame[frame["event"] == "session"]
    assert (sessions["day"] % 7 < 5).all()
    away = {
        (post, day // 7)
        for post, day in frame.loc[frame["event"] == "on_leave", ["post", "day"]].itertuples(index=False)
    }
    for post, day, weeks in frame.loc[frame["event"] == "absent", ["post", "day", "value"]].itertuples(index=False):
        away |= {(post, day // 7 + week) for week in range(int(weeks))}
    changes: dict[int, list[tuple[int, int]]] = {}
    for event, post, day in frame.loc[frame["event"].isin(["hired", "left"]), ["event", "post", "day"]].itertuples(
        index=False
    ):
        changes.setdefault(post, []).append((day, 1 if event == "hired" else -1))
    left_in_week = {(post, day // 7) for post, moves in changes.items() for day, change in moves if change < 0}
    for post, day in sessions[["post", "day"]].drop_duplicates().itertuples(index=False):
        assert sum(change for when, change in changes.get(post, ()) if when <= day) == 1, (post, day)
        assert (post, day // 7) not in away or (post, day // 7) in left_in_week, (post, day)


@pytest.mark.parametrize("name", BASES)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 2**63 - 1))
def test_nobody_is_lost_whatever_the_scenario(name: str, data: st.DataObject, seed: int) -> None:
    """Random valid scenarios, bounds included, keep every promise of `hold`; agency staff have their own test."""
    changed = data.draw(changes(BASES[name]))
    changed.pop("funding.agency_share", None)
    try:
        hold(BASES[name].replace(changed), seed)
    except (ScenarioError, HardlyAny, TooMuchDemand):
        return  # an impossible combination, refused by name


ABSURD = {
    "no therapists": {"workforce.low_intensity.posts": 0, "workforce.high_intensity.posts": 0},
    "no demand": {"demand.referrals_per_week": 0.0},
    "no need at all": {"demand.needs_per_week": 0.0},
    "a budget of zero": {"funding.annual_budget": 0.0},
    "everyone traumatised": {"demand.complex_share": 1.0},
    "nobody asks": {"demand.seek_share": 0.0},
    "everybody asks at once": {"demand.seek_share": 1.0, "demand.delay_median_days": 0.0},
    "one day": {"run.days": 1},
    "one day, empty": {"run.days": 1, "initial.state": "empty"},
    "all red tape": {"bureaucracy.level": 20.0, "bureaucracy.steps.eligibility.sent_back_share": 1.0},
    "nobody is approved": {"bureaucracy.steps.eligibility.approval_share": 0.0},
    "nobody attends": {"therapy.did_not_attend_log_odds": 40.0},
    "everybody drops out": {"therapy.dropout_per_session": 1.0},
    "everybody remits": {"waiting.remission_early_per_week": 5.0, "waiting.remission_per_week": 5.0},
    "nobody remits": {"waiting.remission_early_per_week": 0.0, "waiting.remission_per_week": 0.0},
    "no patience": {"waiting.patience": "daily", "waiting.patience_daily": 1.0},
    "all in crisis": {"waiting.crisis_per_month": 30.0},
    "all an emergency": {"triage.urgent_from": 0.0, "triage.emergency_share": 1.0},
    "paperwork fills the week": {"bureaucracy.fixed_hours_per_week": 40.0},
    "everybody resigns": {
        "workforce.low_intensity.career_leaving_per_year": 20.0,
        "workforce.high_intensity.career_leaving_per_year": 20.0,
    },
    "always sick": {"wellbeing.short_absence_per_year": 50.0, "wellbeing.long_absence_per_year": 50.0},
    "no assessment": {"triage.assess": False},
    "as much money as there may be": {
        "workforce.low_intensity.salary": MOST_MONEY,
        "funding.admin_salary": MOST_MONEY,
        "funding.fixed_cost": MOST_MONEY,
        "funding.crisis_contact_cost": MOST_MONEY,
        "funding.session_cost": MOST_MONEY,
        "bureaucracy.admin_posts": float(MOST_POSTS),
        "workforce.low_intensity.posts": 200,
    },
    "a huge list": {"initial.waiting.low_intensity": 5_000},
}


@pytest.mark.parametrize("name", ABSURD)
def test_absurd_services_run(name: str) -> None:
    """A service that makes no sense still runs, loses nobody and measures without a warning."""
    hold(small(**{path.replace(".", "__"): value for path, value in ABSURD[name].items()}))


def test_agency_staff_hold_sessions_and_cost_money() -> None:
    """Agency staff fill vacancies until the recruit starts, and are paid for from their own account."""
    leaving = {f"workforce__{group}__career_leaving_per_year": 4.0 for group in ("low_intensity", "high_intensity")}
    service, journal = run(small(funding__agency_share=1.0, run__weeks=52, **leaving), 1)
    assert states(journal)[1] == []
    _money_adds_up(service, journal)
    assert measure(journal)["cost_total[agency]"] > 0


QUIET = """
demand: {referrals_per_week: 8, history_days: 100, peak_multiple: 4}
bureaucracy: {hours_per_session: 1.0}
pathways: {talking: {group: therapist}}
workforce:
  therapist:
    posts: 6
    salary: 50000
    career_leaving_per_year: 0
    exhaustion_leaving_per_year: 0
    recruitment_weeks: 10
    leave_days: 0
    assessment_share: 0.2
wellbeing: {short_absence_per_year: 0, long_absence_per_year: 0}
funding: {on_cost_share: 0}
initial: {state: empty}
run: {weeks: 20}
"""
"""Six therapists who are never away and never leave."""


def told_weekly(journal: Journal, event: Event) -> list[float]:
    """What is written at the close of each week of the first staff group."""
    value: list[float] = journal.value[(journal.event == event) & (journal.post == 0)].tolist()
    return value


@pytest.mark.parametrize(("agency_share", "meanwhile"), [(0.0, 2), (1.0, 6)])
def test_a_cut_closes_vacancies_that_agency_staff_fill(agency_share: float, meanwhile: int) -> None:
    """Money for two posts, for six, and for two again before four recruits start: they are not taken on.

    Agency staff go on the Monday after the money.
    """
    cut = "changes: [{from: 7, set: {funding.annual_budget: 300000}}, {from: 31, set: {funding.annual_budget: 100000}}]"
    _, journal = run(
        written(QUIET + cut).replace({"funding.annual_budget": 100_000.0, "funding.agency_share": agency_share}), 1
    )
    assert [hours / 37.5 for hours in told_weekly(journal, Event.CONTRACTED)] == [2] + [meanwhile] * 4 + [2] * 15
    assert told_weekly(journal, Event.FILLED) == [2] * 20


def test_a_recruit_who_takes_no_time_starts_as_the_other_leaves() -> None:
    """No weeks from vacancy to the first day: no week without a holder, however many leave."""
    _, journal = run(
        written(QUIET).replace(
            {
                "workforce.therapist.career_leaving_per_year": 5.0,
                "workforce.therapist.notice_weeks": 1,
                "workforce.therapist.recruitment_weeks": 0,
            }
        ),
        1,
    )
    assert (journal.event == Event.LEFT).sum() > 3
    assert told_weekly(journal, Event.FILLED) == [6] * 20


def test_leave_follows_the_days_in_force() -> None:
    """More days or none from a date on: until then leave is as it was, afterwards the same weeks and more, or none."""

    def weeks_away(text: str) -> set[tuple[int, int]]:
        journal = run(written(QUIET + text).replace({"workforce.therapist.leave_days": 40.0}), 1)[1]
        at = journal.event == Event.ON_LEAVE
        return set(zip(journal.post[at].tolist(), (journal.day[at] // 7).tolist(), strict=True))

    usual, none, more = (
        weeks_away(f"changes: [{{from: week 8, set: {{workforce.therapist.leave_days: {days}}}}}]")
        for days in (40, 0, 120)
    )
    assert none == {(post, week) for post, week in usual if week < 8} < usual
    assert none == {(post, week) for post, week in more if week < 8}
    assert usual < more


def test_administrators_may_take_all_the_paperwork() -> None:
    """Enough of them, and no limit: from the second week on nothing is left for therapists, week after week."""
    _, journal = run(written(QUIET).replace({"bureaucracy.admin_posts": 50.0, "bureaucracy.relief_limit": 1.0}), 1)
    paperwork = told_weekly(journal, Event.PAPERWORK)
    assert paperwork[0] > 0.0
    assert paperwork[1:] == [0.0] * 19


def test_no_red_tape_takes_no_hours() -> None:
    """At a level of 0 there is no paperwork from the first week on, whatever the steps would take at a level of 1."""
    text = QUIET.replace("bureaucracy: {", "bureaucracy: {level: 0, steps: {panel: {delay_days: 5, staff_hours: 2}}, ")
    assert told_weekly(run(written(text), 1)[1], Event.PAPERWORK) == [0.0] * 20


def test_the_diary_opens_further_from_a_date_on() -> None:
    """Open for one week, then for twenty: only then does anybody hold an appointment more than a week ahead."""
    short = written(
        QUIET.replace("referrals_per_week: 8", "referrals_per_week: 60")
        + "changes: [{from: week 6, set: {triage.booking_horizon_days: 140}}]"
    )
    service = Service(short.replace({"triage.booking_horizon_days": 7}), Chance(1, 0))
    close, furthest = service.close, []

    def watched(day: int) -> None:
        furthest.append(
            max((booked for booked, people in service.assessments._expected.items() if people), default=day) - day
        )
        close(day)

    service.close = watched  # type: ignore[method-assign]
    journal = Journal([service.run()])
    assert max(furthest[:42]) <= 7
    assert 7 < max(furthest[42:]) <= 140
    assert compiled.simulate(short.replace({"triage.booking_horizon_days": 7}), seed=1) == journal


def test_urgent_referrals_do_not_queue_behind_routine_ones() -> None:
    """Far more are referred than can be assessed: at no close of a day is a place open to an urgent referral that queues.

    Each class is booked in the order in which it came.
    """
    crowded = (
        QUIET.replace("referrals_per_week: 8", "referrals_per_week: 30, severity_sd: 5")
        + "triage: {urgent_from: 18, urgent_reserve_share: 0.3, booking_horizon_days: 14}\n"
    )
    service = Service(written(crowded), Chance(1, 0))
    close, queued = service.close, []

    def watched(day: int) -> None:
        urgent, routine = (
            [entry for queue in queues.values() for entry in queue if entry.person.spell == entry.spell]
            for queues in service.assessments._unbooked
        )
        queued.append(len(routine))
        assert {entry.person.urgency for entry in urgent} <= {Urgency.URGENT}
        assert {entry.person.urgency for entry in routine} <= {Urgency.ROUTINE}
        assert urgent == sorted(urgent, key=lambda entry: entry[:2])
        assert not urgent or service.state.diaries[0].first_free(day, 1, urgent=True) is None
        close(day)

    service.close = watched  # type: ignore[method-assign]
    journal = Journal([service.run()])
    assert queued[-1] > 100
    assert compiled.simulate(written(crowded), seed=1) == journal


def test_nobody_starts_above_the_slots() -> None:
    """No therapist takes a patient while holding as many as the week has slots."""
    service = Service(small(run__weeks=26), Chance(3, 0))
    taken = []
    openings = service.starts.openings

    def watched(group: int):
        for therapist in openings(group):
            taken.append(therapist.slots - therapist.caseload)
            yield therapist

    service.starts.openings = watched  # type: ignore[method-assign]
    service.run()
    assert taken
    assert min(taken) >= 1


def test_each_day_everybody_is_somewhere() -> None:
    """At the close of any day the people with a state are all whose need has arisen by then."""
    journal = hold(small(run__weeks=4))
    for day in range(-1, journal.header.days):
        everyone, impossible = states(journal, day)
        assert impossible == []
        assert len(everyone) == ((journal.event == Event.NEED) & (journal.day <= day)).sum()


@pytest.mark.parametrize(
    "settings", [{}, {"triage__assess": False}, {"waiting__crisis_per_month": 2.0}, {"bureaucracy__level": 4.0}]
)
def test_rows_stand_in_the_order_of_the_day(settings: dict[str, object]) -> None:
    """From day 0 on, rows stand by day, and within a day by the phase that their event belongs to."""
    journal = hold(small(run__weeks=60, **settings))
    frame = journal.to_frame()
    frame = frame[frame["day"] >= 0]
    phases = frame["phase"].map({phase.name.lower(): int(phase) for phase in Phase}).astype(int)
    moments = (frame["day"] * 8 + phases).to_numpy()
    # The opening tells who holds the posts before the first day begins.
    opened = int((frame["event"] == "hired").to_numpy().argmin())
    assert (np.diff(moments[opened:]) >= 0).all()


def test_waiting_lists_recounted() -> None:
    """The weekly list, counted from joinings and leavings, is what the states say on the same day."""
    journal = hold(small(run__weeks=6))
    table = weekly(journal)
    for week, waiting in table[["week", "waiting"]].itertuples(index=False):
        everyone, _ = states(journal, 7 * week + 6)
        assert waiting == np.sum([state is State.WAITING for state in everyone.values()])

"""Luck is addressed: each draw hangs on seed, replication, entity, purpose and count, and on nothing that policy does."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy import stats

from accesssim.clinic.person import Person
from accesssim.clinic.population import Population
from accesssim.clinic.service import simulate
from accesssim.world.chance import Chance, Purpose, addresses, draw, holder, mix, named, normal, normals
from accesssim.world.errors import AccessSimError
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.scenario import Scenario
from tests.clinics import small


def test_mix_is_splitmix64() -> None:
    """The first outputs of splitmix64 seeded with 0 (Vigna's reference code)."""
    assert mix(0) == 0xE220A8397B1DCDAF
    assert mix(0x9E3779B97F4A7C15) == 0x6E789E6AA1B965F4


def test_one_by_one_or_in_blocks_the_numbers_are_the_same() -> None:
    """A table, a key and a single call give the same bits."""
    chance = Chance(7, 3)
    people, pairs = [0, 1, 4217, 2**25], [(Purpose.SEVERITY, 0), (Purpose.ATTENDANCE, codes.occasion(5, 0))]
    table = chance.table(people, addresses(pairs))
    for row, person, key in zip(table.tolist(), people, chance.keys(people), strict=True):
        assert row == [chance.uniform(person, *pair) for pair in pairs] == [draw(key, *pair) for pair in pairs]


def test_another_address_is_another_number() -> None:
    """Seed, replication, entity, purpose and count each matter."""
    numbers = {
        Chance(1, 0).uniform(5, Purpose.GAP, 0),
        Chance(2, 0).uniform(5, Purpose.GAP, 0),
        Chance(1, 1).uniform(5, Purpose.GAP, 0),
    }
    numbers |= {
        Chance(1, 0).uniform(6, Purpose.GAP, 0),
        Chance(1, 0).uniform(5, Purpose.DEMAND, 0),
        Chance(1, 0).uniform(5, Purpose.GAP, 1),
    }
    assert len(numbers) == 6
    assert holder("counsellor", 1, 0) != holder("counsellor", 0, 1) != holder("adviser", 0, 1)
    assert named("panel", 0) != named("panel", 1) != named("eligibility", 1)


def test_draws_are_uniform_and_unrelated() -> None:
    """Kolmogorov-Smirnov and rank correlations of 50,000 people, seed 11.

    At p = 0.001 a true hypothesis fails once in a thousand, and the seed is fixed.
    """
    table = Chance(11, 0).table(
        range(50_000),
        addresses([(Purpose.SEVERITY, 0), (Purpose.STIGMA, 0), (Purpose.ATTENDANCE, 0), (Purpose.ATTENDANCE, 1)]),
    )
    for column in table.T:
        assert stats.kstest(column, "uniform").pvalue > 0.001
    for one in range(4):
        for other in range(one):
            assert stats.spearmanr(table[:, one], table[:, other]).pvalue > 0.001


def test_normal_is_the_quantile() -> None:
    """Within 1e-14 of scipy's quantile relative to its size, in the centre and far in the tails; blocks give the same bits."""
    u = np.concatenate(
        [
            Chance(1, 0).table(range(3000), addresses([(Purpose.DELAY, 0)]))[:, 0],
            [1e-300, 1e-20, 1e-9, 0.075, 0.925, 1 - 1e-12],
        ]
    )
    ours = np.array([normal(one) for one in u.tolist()])
    assert ours == pytest.approx(stats.norm.ppf(u), rel=1e-13, abs=1e-14)
    assert normals(u).tolist() == ours.tolist() == [normals(u[place : place + 1])[0] for place in range(len(u))]


# -- luck apart from policy


def people(scenario: Scenario, seed: int) -> dict[int, Person]:
    """Everybody who asks, as they come, by number."""
    days = scenario.parameters.run.weeks * 7
    population = Population(scenario, Chance(seed, 0), days)
    return {person.number: person for day in range(days) for person in population.ask(day)}


def carried(person: Person, steps: int) -> tuple[object, ...]:
    """All that a person carries, and their draws of the first `steps` steps of red tape and of the first course."""
    first = person.drawn_at
    return (
        person.onset,
        person.asked,
        person.severity,
        person.complex,
        person.drift,
        person.remission,
        person.key,
        person.luck,
        person.tape[: 3 * steps],
        person.draws[first : first + 34].tolist(),
    )


STEP = "bureaucracy:\n  steps:\n    panel: {delay_days: 14, delay_sd_days: 5, approval_share: 0.9}\n"


def with_a_step(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """The small service with one more step of red tape, and a change by date."""
    from pathlib import Path

    from accesssim.world.reading.files import load
    from tests.clinics import SMALL

    folder = Path(str(tmp_path))
    (folder / "more.yaml").write_text(
        "extends: baseline\n"
        + STEP
        + "changes:\n  - from: week 4\n    set: {bureaucracy.level: 2, therapy.reminders: 0.7}\n"
    )
    monkeypatch.chdir(folder)
    return load("more.yaml").replace(SMALL)


def test_a_post_a_step_or_a_change_moves_nobodys_luck(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under every policy the same people come with the same luck."""
    ours = {number: carried(person, 1) for number, person in people(small(), 5).items()}
    assert ours
    for other in (
        small(workforce__low_intensity__posts=3),
        small(bureaucracy__level=3.0),
        small(funding__annual_budget=100_000.0),
        with_a_step(tmp_path, monkeypatch),
        small(therapy__dropout_per_session=0.5),
    ):
        assert {number: carried(person, 1) for number, person in people(other, 5).items()} == ours


def test_more_demand_keeps_everybody(tmp_path: object) -> None:
    """With more need, everybody who came before still comes, the same; others are added."""
    fewer, more = people(small(), 5), people(small(demand__referrals_per_week=9.0), 5)
    assert fewer.keys() < more.keys()
    assert all(carried(more[number], 1) == carried(person, 1) for number, person in fewer.items())


def test_less_stigma_adds_people_and_removes_none() -> None:
    """Whoever asks under the observed stigma asks under less of it too, and no later."""
    before, after = people(small(), 5), people(small(demand__stigma=0.1), 5)
    assert before.keys() <= after.keys()
    assert len(after) > len(before)
    assert all(after[number].asked <= person.asked for number, person in before.items())


def test_holders_of_posts_keep_their_luck() -> None:
    """One more post in one group leaves those who hold the others as they were."""

    def holders(scenario: Scenario) -> list[tuple[float, float]]:
        from accesssim.clinic.service import Service

        service = Service(scenario, Chance(5, 0))
        service.run()
        return [
            (post.holder.skill, post.holder.susceptibility)
            for post in service.state.posts
            if service.state.staff[post.staff].group == "high_intensity" and post.holder and post.turns == 1
        ]

    calm = {f"workforce__{group}__career_leaving_per_year": 0.0 for group in ("low_intensity", "high_intensity")}
    assert holders(small(**calm)) == holders(small(workforce__low_intensity__posts=5, **calm)) != []


def test_luck_is_counted_by_what_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Therapists lost are counted within a course, assessments by those missed, crises by the wait.

    So reminders, or appointments that the service cancels, leave them as they are.
    """
    from accesssim.clinic import course, crises, pathway, scores, service, stay, triage, waiting

    drawn: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))

    def watched(key: int, purpose: int, n: int = 0) -> float:
        drawn[purpose][key].append(n)
        return draw(key, purpose, n)

    for module in (course, crises, pathway, scores, stay, triage, waiting):
        monkeypatch.setattr(module, "draw", watched)
    service.simulate(
        small(
            workforce__high_intensity__career_leaving_per_year=8.0,
            workforce__low_intensity__career_leaving_per_year=8.0,
            wellbeing__short_absence_per_year=6.0,
            therapy__did_not_attend_log_odds=0.5,
            triage__rebooked_times=3,
            triage__emergency_share=0.5,
            waiting__crisis_per_month=0.2,
            workforce__high_intensity__recruitment_weeks=1,
            workforce__low_intensity__recruitment_weeks=1,
            run__weeks=60,
        ),
        seed=3,
    )
    for asked in drawn[Purpose.TRANSFER_PATIENCE].values():
        courses = Counter(codes.course_of(n) for n in asked)
        assert sorted(asked) == [
            codes.occasion(course, nth) for course, often in sorted(courses.items()) for nth in range(often)
        ]
    for asked in drawn[Purpose.ASSESSMENT_ATTENDED].values():
        episodes = Counter(codes.nth_of(n) for n in asked)
        assert sorted(asked) == sorted(
            codes.occasion(nth + 1, episode) for episode, often in episodes.items() for nth in range(often)
        )
    for asked in drawn[Purpose.CRISIS_HOURS].values():
        assert len(set(asked)) == len(asked)
    assert max(len(asked) for asked in drawn[Purpose.TRANSFER_PATIENCE].values()) > 1
    assert max(len(asked) for asked in drawn[Purpose.ASSESSMENT_ATTENDED].values()) > 1
    assert drawn[Purpose.CRISIS_HOURS] and drawn[Purpose.EMERGENCY_HOURS]


def test_needs_are_the_same_in_the_journal() -> None:
    """What the journal tells of needs does not depend on what the service does."""

    def needs(scenario: Scenario) -> list[tuple[int, ...]]:
        journal = simulate(scenario, seed=5)
        at = (journal.event == Event.NEED) & (journal.day >= 0)
        return list(
            zip(
                journal.day[at].tolist(),
                journal.person[at].tolist(),
                journal.post[at].tolist(),
                journal.value[at].tolist(),
                strict=True,
            )
        )

    assert needs(small()) == needs(small(workforce__low_intensity__posts=0, bureaucracy__level=4.0))


@pytest.mark.parametrize(
    ("seed", "replication"),
    [("1", 0), (1.5, 0), (None, 0), (True, 0), (-1, 0), (2**63, 0), (1, -1), (1, 2**64), (1, "a")],
)
def test_what_is_no_seed_is_refused(seed: object, replication: object) -> None:
    """By name, and not at the first draw."""
    with pytest.raises(
        AccessSimError, match=r"^(seed|replication) = .* must be a whole number between 0 and 9223372036854775807$"
    ):
        Chance(seed, replication)  # type: ignore[arg-type]


def test_whole_numbers_of_numpy_are_seeds() -> None:
    """With the luck of the same number."""
    assert Chance(np.int64(7), np.int64(3)).root == Chance(7, 3).root  # type: ignore[arg-type]

"""Teams: each with its own diary, posts and lists, apart or together; nobody is lost between them."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

import accesssim
from accesssim.clinic.service import simulate
from accesssim.study.measuring.lives import lives
from accesssim.study.measuring.statistics import measure
from accesssim.study.measuring.weeks import weekly
from accesssim.world.errors import ScenarioError
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.limits import FIRST_FOUND
from accesssim.world.scenario import Scenario
from accesssim.world.sections.pools import Pool, partners
from accesssim.world.sections.teams import split
from tests.clinics import QUEUE, small, written
from tests.test_invariants import hold
from tests.test_queues import erlang_c
from tests.test_theory import covers

by_either_engine = pytest.mark.usefixtures("either_engine")
DAYS = 70_000

TOWNS = "teams: {north: {share: 0.5, places: {place: 1}}, south: {share: 0.5, places: {place: 3}}}\n"
SITES = {
    "teams.north.posts.low_intensity": 1,
    "teams.north.posts.high_intensity": 1,
    "teams.middle.posts.low_intensity": 2,
    "teams.middle.posts.high_intensity": 2,
    "teams.south.posts.low_intensity": 1,
    "teams.south.posts.high_intensity": 2,
}


def sites(shares: str, **settings: object) -> Scenario:
    """Three small towns that share nothing, assessment, therapy or both."""
    return small(
        "pooled_sites",
        **{path.replace(".", "__"): value for path, value in SITES.items()},
        pools__county__shares=shares,
        **settings,
    )


def moves(journal: Journal) -> list[tuple[int, int, int]]:
    """Who did what on which day."""
    return list(zip(journal.day.tolist(), journal.event.tolist(), journal.person.tolist(), strict=True))


@by_either_engine
def test_a_pool_is_one_list() -> None:
    """Two towns that share their lists are, person by person and day by day, one service with all the places."""
    one = written(QUEUE).replace({"demand.referrals_per_week": 0.13, "run.days": 20_000})
    two = written(QUEUE + TOWNS + "pools: {county: {shares: both}}\n").replace(
        {"demand.referrals_per_week": 0.13, "run.days": 20_000}
    )
    assert moves(simulate(one, seed=1)) == moves(simulate(two, seed=1))


@pytest.mark.usefixtures("both_engines")
def test_teams_apart_are_queues_of_their_own() -> None:
    """One and three places, each offered 0.7 of what it can do by its share: Erlang's wait for each.

    12 replications of 70,000 days, second half, 99.9 %.
    """
    towns = TOWNS.replace("north: {share: 0.5", "north: {share: 0.25").replace(
        "south: {share: 0.5", "south: {share: 0.75"
    )
    scenario = written(QUEUE + towns).replace({"demand.referrals_per_week": 7 * 0.7 * 4 / 200, "run.days": DAYS})
    waits: dict[int, list[float]] = {0: [], 1: []}
    for number in range(12):
        journal = simulate(scenario, seed=2, replication=number)
        record = lives(journal)
        home = record.posts[record.rows_of(Event.REFERRED)] // 4
        started, listed = record.first(Event.STARTED), record.first(Event.LISTED)
        for team, found in waits.items():
            served = (home == team) & (started >= DAYS // 2) & (started < DAYS)
            found.append(float((started - listed)[served].mean()))
    for team, places in enumerate((1, 3)):
        assert covers(waits[team], erlang_c(places, 0.7 * places) * 200 / (0.3 * places), more=1.0)


@pytest.mark.parametrize("shares", ["nothing", "assessment", "therapy", "both"])
def test_nobody_is_lost_between_teams(shares: str) -> None:
    """Whatever they share, everybody is in one state, money adds up, and sessions have a therapist at work."""
    hold(sites(shares, run__weeks=30))


@by_either_engine
def test_apart_means_apart() -> None:
    """Without a pool nobody is treated by another team; with one, some are."""
    treated = {}
    for shares in ("nothing", "both"):
        journal = simulate(sites(shares, run__weeks=30), seed=1)
        record = lives(journal)
        groups = len(journal.header.groups)
        at = record.rows_of(Event.STARTED)
        home = (record.posts[record.rows_of(Event.REFERRED)] // 4)[record.referral[at]]
        elsewhere = np.array(journal.header.post_staff)[record.posts[at]] // groups
        treated[shares] = int((home != elsewhere).sum())
    assert treated["nothing"] == 0
    assert treated["both"] > 10


@by_either_engine
def test_everybody_has_the_same_home_whatever_is_shared() -> None:
    """Home teams follow the shares, and no policy moves anybody but those who are found in other places on day 0."""
    homes = []
    for shares in ("nothing", "both"):
        journal = simulate(sites(shares, demand__referrals_per_week=40.0), seed=1)
        record = lives(journal)
        teams = (record.posts[record.rows_of(Event.REFERRED)] // 4).tolist()
        homes.append(
            {person: team for person, team in zip(record.person.tolist(), teams, strict=True) if person < FIRST_FOUND}
        )
    assert all(homes[1][person] == team for person, team in homes[0].items() if person in homes[1])
    counted = Counter(homes[0].values())
    for team, share in enumerate((0.4, 0.3, 0.3)):  # middle, north, south
        assert abs(counted[team] / len(homes[0]) - share) < 4 * np.sqrt(0.25 / len(homes[0]))


def test_pools_can_open_and_close_by_date() -> None:
    """From the week in which towns share, people are treated elsewhere; who waits for assessment then keeps the place in the queue."""
    text = (
        "extends: pooled_sites\n"
        "changes:\n"
        "  - from: week 10\n"
        "    set: {pools.county.shares: both}\n"
        "  - from: week 20\n"
        "    set: {pools.county.shares: nothing}\n"
    )
    scenario = written(text).replace(
        {"run.weeks": 30, "demand.referrals_per_week": 20.0, "initial.awaiting_assessment": 60, **SITES}
    )
    journal = hold(scenario)
    record = lives(journal)
    at = record.rows_of(Event.STARTED)
    home = (record.posts[record.rows_of(Event.REFERRED)] // 4)[record.referral[at]]
    elsewhere = record.days[at][
        home != np.array(journal.header.post_staff)[record.posts[at]] // len(journal.header.groups)
    ]
    elsewhere = elsewhere[elsewhere >= 0]
    assert len(elsewhere)
    assert elsewhere.min() >= 70
    assert elsewhere.max() < 140


@by_either_engine
def test_measures_by_team_add_up() -> None:
    """Counts of the teams are those of the service; weekly lists as well."""
    journal = simulate(sites("assessment", run__weeks=30), seed=1)
    found, teams = measure(journal), journal.header.teams
    for name in ("still_waiting", "waiting_list_end", "gave_up_waiting"):
        assert sum(found[f"{name}[{team}]"] for team in teams) == found[name]
    table = weekly(journal)
    assert (sum(table[f"waiting[{team}]"] for team in teams) == table["waiting"]).all()
    assert (table["waiting[low_intensity]"] + table["waiting[high_intensity]"] == table["waiting"]).all()
    lowest, highest = (edge(found[f"exhaustion_mean[{team}]"] for team in teams) for edge in (min, max))
    assert lowest <= found["exhaustion_mean"] <= highest


@by_either_engine
def test_posts_follow_the_budget_in_every_team() -> None:
    """A cut takes the same share everywhere, to the nearest post."""
    rich, poor = (
        simulate(accesssim.load("pooled_sites").replace({"run.days": 1, "funding.annual_budget": money}), seed=1)
        for money in (4.0e6, 1.6e6)
    )
    held = [
        Counter(np.array(journal.header.post_staff)[journal.post[journal.event == Event.HIRED]].tolist())
        for journal in (rich, poor)
    ]
    assert sum(held[1].values()) < sum(held[0].values())
    assert set(held[1]) == set(held[0])


def test_rules_of_teams() -> None:
    """Partners, and shares of posts by largest remainder."""
    pool = Pool(teams=("a", "c"), shares="both")
    assert partners(["a", "b", "c"], [pool], "therapy") == [(0, 2), (1,), (0, 2)]
    assert partners(["a", "b", "c"], [Pool(shares="assessment")], "therapy") == [(0,), (1,), (2,)]
    assert partners([], [], "therapy") == [(0,)]
    assert split(10, [0.5, 0.25, 0.25], [None] * 3) == [5, 3, 2]
    assert split(10, [1.0, 1.0, 1.0], [None, 7, None]) == [4, 7, 3]
    assert all(sum(split(n, [0.3, 0.4, 0.3], [None] * 3)) == n for n in range(40))
    assert all(b >= a for a, b in pairwise(split(n, [0.2, 0.8], [None] * 2)[1] for n in range(40)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "teams: {north: {share: 0.5}, south: {share: 0.5}}\npools: {all: {teams: [north, suoth]}}\n",
            "pools.all.teams = suoth is not a team; did you mean south?",
        ),
        ("pools: {all: {teams: [north]}}\n", "pools.all.teams = north is not a team; there is none"),
        ("teams: {north: {share: 0.5}, south: {share: 0.2}}\n", "teams have shares that add up to 0.7"),
        ("teams: {north: {share: 1.5}}\n", "teams.north.share = 1.5 must be between 0 and 1 (share)."),
        (
            "teams: {north: {share: 1, places: {low_intensity: 3}}}\n",
            "teams.north.places.low_intensity = 3 is of a pathway that a staff group gives; state its posts instead",
        ),
        (
            "workforce: {low_intensity: {posts: 20000}}\n",
            "workforce.low_intensity.posts = 20000 must be between 0 and 16383 (posts).",
        ),
        ("workforce: {low_intensity: {posts: 16380}}\n", "workforce has 16,402 posts; a journal can tell 16,383 apart"),
        ("teams: {north: {share: 1, posts: {low: 3}}}\n", "teams.north.posts.low = low is not a staff group"),
        (
            "teams: {north: {share: 1, posts: {low_intensity: -3}}}\n",
            "teams.north.posts.low_intensity = -3 must be between 0 and 67108864 (posts).",
        ),
        ("teams: {north: {posts: {low_intensity: 3}}}\n", "teams.north.share is missing"),
        ("teams: {north: {}}\n", "teams.north says nothing; give it at least one of posts, places, share…"),
        (
            "teams: {complex: {share: 1}}\n",
            "teams.complex is also what a group of staff or people, or a pathway, is called",
        ),
        (
            "teams: {north: {share: 1}}\npools: {a: {shares: both}, b: {shares: therapy}}\n",
            "pools.b.teams = north shares therapy in pools.a already",
        ),
        (
            "teams: {north: {share: 1}}\npools: {a: {teams: north}}\n",
            "pools.a.teams = north must be a list of names, such as [north, south].",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, told: str) -> None:
    """One clear line each, with the place."""
    with pytest.raises(ScenarioError) as refused:
        written("extends: baseline\n" + text)
    assert len(refused.value.problems) == 1
    assert told in str(refused.value)
    assert "written.yaml:" in str(refused.value)

"""Published models as scenario files, published figures beside ours: `python -m tests.benchmarks.published [--write]`.

The table of `docs/published_cases.md` is what this prints; `--write` puts it there.
"""

import sys
from collections.abc import Iterator

import numpy as np

import accesssim
from accesssim.clinic.compiled.engine import simulate
from accesssim.study.measuring.lives import lives
from accesssim.study.measuring.statistics import interval
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.scenario import Scenario
from tests.benchmarks.tables import show

PAGE = "published_cases.md"
HEADING = (
    "| case | figure | published | ours | 95 % interval | replications | difference |",
    "| --- | --- | ---: | ---: | --- | ---: | ---: |",
)
#: 7 clinicians with 8 half-days each; and courses of seven or eight sessions, so of 7.5, for all of which there are referrals enough.
HALF_DAYS = 56
SHORTER = {
    "pathways.therapy.minimum_sessions": 7,
    "pathways.therapy.cap": 8,
    "pathways.therapy.good_enough_share": 0.5,
    "demand.referrals_per_week": 13.0,
}
MISSED_A_FIFTH = {"therapy.did_not_attend_log_odds": -1.3862943611198906}


def figures(journal: Journal) -> dict[str, float]:
    """Of those who joined from day 0 on: waits of those who started in the window, days.

    Share of leavers who left unserved; people on the list; its change.
    """
    record, start, end = lives(journal), journal.header.warm_up_days, journal.header.days
    started, listed, gone = record.first(Event.STARTED), record.first(Event.LISTED), record.first(Event.WITHDREW)
    served, left = (started >= start) & (started < end) & (listed >= 0), (gone >= start) & (gone < end)
    waits, unserved = (started - listed)[served], (gone - listed)[left]
    days, step, _ = record.list_changes()
    present = _in_service(journal)[start:]
    return {
        "starts": float(served.sum()),
        "mean wait": float(waits.mean()) if len(waits) else np.nan,
        "median wait": float(np.median(waits)) if len(waits) else np.nan,
        "ninth decile of waits": float(np.percentile(waits, 90)) if len(waits) else np.nan,
        "mean wait of all who left": float(np.concatenate([waits, unserved]).mean())
        if len(waits) + len(unserved)
        else np.nan,
        "left unserved": float(left.sum() / max(left.sum() + served.sum(), 1)),
        "people waiting": float(
            np.maximum(np.minimum(np.minimum(started, gone), end) - np.maximum(listed, start), 0).sum() / (end - start)
        ),
        "change of the list a year": float(step[(days >= 0) & (days < end)].sum() / (end / 364)),
        "people waiting at the end": float(step[days < end].sum()),
        "courses a quarter, each half-day": float(
            ((journal.event == Event.STARTED) & (journal.day >= 0)).sum() / (end / 91) / HALF_DAYS
        ),
        "arrivals a year": float(
            ((journal.event == Event.REFERRED) & (journal.day >= start)).sum() / ((end - start) / 365.25)
        ),
        "mean in service": float(present.mean()),
        "median in service": float(np.median(present)),
    }


def _in_service(journal: Journal) -> np.ndarray:
    """People who keep a place at the close of each day."""
    days = journal.header.days
    came, left = (
        np.bincount(np.maximum(journal.day[journal.event == event], 0), minlength=days)[:days]
        for event in (Event.STARTED, Event.STAYED)
    )
    return np.cumsum(came - left)


#: Case 1 of the course project: share of places → starts, mean and median wait, ninth decile.
NATION = {
    1.00: (253_658, 103.6, 85.1, 237.8),
    0.95: (240_968, 122.0, 104.8, 267.0),
    0.90: (228_290, 140.7, 124.8, 296.7),
    0.85: (215_602, 159.7, 145.2, 327.2),
}
NATION_FIGURES = ("starts", "mean wait", "median wait", "ninth decile of waits")


def places(scenario: Scenario, share: float) -> Scenario:
    """The nation with a share of its places."""
    return scenario.replace({"pathways.course.places": round(48_318 * share)})


def cases() -> list[tuple[str, Scenario, int, dict[str, float]]]:
    """Case, scenario, replications, published figures."""
    nation, social, by_hand, outreach, arithmetic = (
        accesssim.load(f"published/{name}")
        for name in (
            "therapy_places_of_a_nation",
            "social_prescribing",
            "demand_and_capacity_by_hand",
            "assertive_outreach",
            "waiting_list_arithmetic",
        )
    )
    return [
        *(
            (f"nation, {share:.2f} of places", places(nation, share), 2, dict(zip(NATION_FIGURES, known, strict=True)))
            for share, known in NATION.items()
        ),
        (
            "nation without growth",
            places(nation.replace({"demand.growth_per_year": 0.0}), 0.9),
            2,
            {"mean wait": 54.7, "ninth decile of waits": 97.6},
        ),
        (
            "social prescribing",
            social,
            20,
            {"people waiting": 274, "mean wait": 22.2, "mean wait of all who left": 20.2, "left unserved": 0.509},
        ),
        ("by hand, all attend", by_hand, 30, {"change of the list a year": -80}),
        ("by hand, a fifth missed", by_hand.replace(MISSED_A_FIFTH), 30, {"change of the list a year": 32}),
        ("by hand, courses of 7.5 sessions", by_hand.replace(SHORTER), 30, {"courses a quarter, each half-day": 3}),
        (
            "outreach, nobody turned away",
            outreach,
            60,
            {"arrivals a year": 50.3, "mean in service": 24.8, "median in service": 24.3},
        ),
        ("list of 1,200, 27 starts a week", arithmetic, 60, {"people waiting at the end": 1278}),
        (
            "list of 1,200, 61.15 starts a week",
            arithmetic.replace({"pathways.care.places": 1223}),
            60,
            {"people waiting at the end": 390},
        ),
    ]


def rows(name: str, scenario: Scenario, replications: int, published: dict[str, float]) -> Iterator[str]:
    """A case's lines of the table."""
    found = [figures(simulate(scenario, seed=1, replication=number)) for number in range(replications)]
    for figure, known in published.items():
        mean, low, high = interval(np.array([one[figure] for one in found]))
        yield f"| {name} | {figure} | {known:,.6g} | {mean:,.6g} | {low:,.6g} to {high:,.6g} | {replications} | {100 * (mean / known - 1):+.1f} % |"


def main() -> None:
    """Print the table as Markdown."""
    show(PAGE, HEADING, (row for case in cases() for row in rows(*case)), write="--write" in sys.argv)


if __name__ == "__main__":
    main()

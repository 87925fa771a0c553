"""Published models as scenario files, published figures beside ours: `python -m tests.benchmarks.published`.

The table of `docs/published_cases.md` is what this prints.
"""

import numpy as np

import accesssim
from accesssim.clinic.service import simulate
from accesssim.study.lives import lives
from accesssim.study.statistics import interval
from accesssim.world.journal import Event, Journal
from accesssim.world.scenario import Scenario

MISSED_A_FIFTH = {"therapy.did_not_attend_log_odds": -1.3862943611198906}


def figures(journal: Journal) -> dict[str, float]:
    """Of those who joined from day 0 on: waits of those who started in the window, days; share of leavers who left unserved; people on the list; its change."""
    record, start, end = lives(journal), journal.header.warm_up_days, journal.header.days
    started, listed, gone = record.first(Event.STARTED), record.first(Event.LISTED), record.first(Event.WITHDREW)
    served, left = (started >= start) & (started < end) & (listed >= 0), (gone >= start) & (gone < end)
    waits = (started - listed)[served]
    days, step, _ = record.list_changes()
    return {
        "starts": float(served.sum()),
        "mean wait": float(waits.mean()),
        "median wait": float(np.median(waits)),
        "ninth decile of waits": float(np.percentile(waits, 90)),
        "left unserved": float(left.sum() / (left.sum() + served.sum())),
        "people waiting": float(np.maximum(np.minimum(np.minimum(started, gone), end) - np.maximum(listed, start), 0).sum() / (end - start)),
        "change of the list a year": float(step[(days >= 0) & (days < end)].sum() / (end / 364)),
    }


def places(scenario: Scenario, share: float) -> Scenario:
    """The nation with a share of its places."""
    return scenario.replace({"pathways.course.places": round(48_318 * share)})


def cases() -> list[tuple[str, Scenario, int, dict[str, float]]]:
    """Case, scenario, replications, published figures."""
    nation, social, by_hand = (
        accesssim.load(f"published/{name}") for name in ("therapy_places_of_a_nation", "social_prescribing", "demand_and_capacity_by_hand")
    )
    return [
        ("nation, all places", nation, 2, {"starts": 253_658, "mean wait": 103.6, "median wait": 85.1, "ninth decile of waits": 237.8}),
        ("nation, 0.90 of them", places(nation, 0.9), 2, {"starts": 228_290, "mean wait": 140.7, "median wait": 124.8, "ninth decile of waits": 296.7}),
        ("social prescribing", social, 20, {"people waiting": 274, "mean wait": 22.2, "left unserved": 0.509}),
        ("by hand, all attend", by_hand, 30, {"change of the list a year": -80}),
        ("by hand, a fifth missed", by_hand.replace(MISSED_A_FIFTH), 30, {"change of the list a year": 32}),
    ]


def main() -> None:
    """Print the table as Markdown."""
    print("| case | figure | published | ours | 95 % interval | replications | difference |")
    print("| --- | --- | ---: | ---: | --- | ---: | ---: |")
    for name, scenario, replications, published in cases():
        found = [figures(simulate(scenario, seed=1, replication=number)) for number in range(replications)]
        for figure, known in published.items():
            mean, low, high = interval(np.array([one[figure] for one in found]))
            print(f"| {name} | {figure} | {known:,.6g} | {mean:,.6g} | {low:,.6g} to {high:,.6g} | {replications} | {100 * (mean / known - 1):+.1f} % |", flush=True)


if __name__ == "__main__":
    main()

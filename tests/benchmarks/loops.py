"""What each feedback loop does to the baseline: `python -m tests.benchmarks.loops`.

On less off, the same people, 95 % intervals over paired replications (10, seed 1, 104 weeks).
"""

import sys

import numpy as np

import accesssim
from accesssim.study.measuring.statistics import interval

LOOPS = {
    "overload_spiral": "R1 overload spiral",
    "broken_trust": "R2 broken trust",
    "waiting_harms": "R3 waiting harms",
    "red_tape": "R4 red tape",
    "giving_up": "B1 giving up",
    "care_for_carers": "B2 care for carers",
    "stigma": "B3 stigma (at the observed stigma less 0.1)",
}
#: The baseline stands at the observed stigma and the usual supervision, where these two loops have nothing to do.
MOVED = {"stigma": {"demand.stigma": -0.1}, "care_for_carers": {"wellbeing.supervision_hours": 1.0}}
MEASURES = (
    "wait_to_therapy_mean",
    "still_waiting",
    "exhaustion_mean",
    "absence_share",
    "turnover_per_year",
    "sessions_delivered",
    "dropped_out_share",
    "recovered_share",
    "gave_up_waiting",
    "referrals",
    "crises_while_waiting",
)


def main(replications: int) -> None:
    """Print the table."""
    baseline = accesssim.load("baseline")
    print(f"On less off, 95 % interval of the mean paired difference, {replications} replications, seed 1, 104 weeks")
    for loop, title in LOOPS.items():
        by = MOVED.get(loop, {})
        moved = baseline.replace({path: baseline.provenance[path].value + step for path, step in by.items()})
        on, off = (
            accesssim.run(
                moved.replace({f"loops.{loop}": switch}), replications=replications, seed=1, workers=2
            ).runs.set_index("replication")
            for switch in (True, False)
        )
        print(f"\n{title}" + (f"; with {', '.join(f'{path} {step:+g}' for path, step in by.items())}" if by else ""))
        for name in MEASURES:
            mean, low, high = interval((on[name] - off[name]).to_numpy())
            clear = "" if np.isnan(low) or low <= 0 <= high else "  *"
            print(
                f"    {name:24}{off[name].mean():12.3f} off {on[name].mean():12.3f} on {mean:+12.3f} ({low:+.3f} to {high:+.3f}){clear}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)

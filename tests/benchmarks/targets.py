"""The baseline beside what English services show: `python -m tests.benchmarks.targets [replications]`."""

import csv
import sys
from pathlib import Path

import accesssim

TABLE = Path(__file__).parent.parent.parent / "scenarios" / "targets.csv"


def main(replications: int) -> None:
    """Print each target, its range, what the baseline shows with its 95 % interval over replications, and whether it lies within."""
    summary = (
        accesssim.run(accesssim.load("baseline"), replications=replications, seed=1, workers=2)
        .summary()
        .set_index("measure")
    )
    print(
        f"{'measure':44}{'target':>8}{'range':>18}{'baseline':>10}  95 % interval       met   ({replications} replications, seed 1)"
    )
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["measure"]:
                continue
            ours, low, high = summary.loc[row["measure"]], float(row["low"]), float(row["high"])
            met = "yes" if low <= ours["mean"] <= high else "NO"
            span = f"{low:g} to {high:g}"
            print(
                f"{row['measure']:44}{float(row['value']):8.3g}{span:>18}{ours['mean']:10.3f}  ({ours['low']:.3f} to {ours['high']:.3f})  {met:>5}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

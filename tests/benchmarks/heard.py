"""Random pairs of parameters changed together, in both engines: `python -m tests.benchmarks.heard --pairs 1000 --seed 1`.

Tells each pair after which the engines differ, or whose journal is as before, and ends with 1 if there is any.
"""

import argparse
import random
import sys

from tests.witnesses import HEARD, unlike


def main() -> int:
    """Try so many pairs."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks.heard", description=__doc__)
    asked.add_argument("--pairs", type=int, default=1000, help="how many pairs")
    asked.add_argument("--seed", type=int, default=1, help="of the choice of pairs")
    chosen = asked.parse_args()
    luck, wrong = random.Random(chosen.seed), 0
    for _ in range(chosen.pairs):
        one, other = luck.sample(HEARD, 2)
        if found := unlike(one, other, luck.randrange(4)):
            wrong += 1
            print(found, flush=True)
    print(f"{chosen.pairs} pairs, {wrong} of them wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

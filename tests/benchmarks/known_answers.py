"""Known answers beside ours, with intervals: `python -m tests.benchmarks.known_answers [--write]`.

The table of `docs/known_answers.md` is what this prints; `accesssim verify` and `tests/test_known_answers.py` hold
shorter runs of the same cases to their intervals.
"""

import sys
from collections.abc import Iterator

from accesssim.study.verifying.cases import CASES
from accesssim.study.verifying.known_answers import Case
from tests.benchmarks.tables import show

PAGE, REPLICATIONS, LEVEL = "known_answers.md", 10, 0.95
HEADING = (
    "| known answer | figure | formula | ours | 95 % interval | replications | allowance for whole days |",
    "| --- | --- | ---: | ---: | --- | ---: | ---: |",
)


def rows(case: Case) -> Iterator[str]:
    """A case's lines of the table."""
    found = [case.found(replication, "fast") for replication in range(REPLICATIONS)]
    for one in case.answers(found, LEVEL):
        yield (
            f"| {one.case} | {one.figure} | {one.known.value:.5g} | {one.mean:.5g} | {one.low:.5g} to "
            f"{one.high:.5g} | {REPLICATIONS} | {one.known.allowance:.2g} |"
        )


def main() -> None:
    """Print the table as Markdown."""
    show(PAGE, HEADING, (row for case in CASES for row in rows(case)), write="--write" in sys.argv)


if __name__ == "__main__":
    main()

"""Other queues of the textbooks than those of `test_queues`: several places, several classes, other laws, networks.

Each within its simulation interval.
"""

import pytest

from accesssim.study.verifying.cases import CASES
from tests.benchmarks.known_answers import PAGE
from tests.benchmarks.tables import rows_of

NAMES = [case.name for case in CASES]
#: The same as in `test_queues`, with more runs there.
ELSEWHERE = (
    "M/M/1, load 0.7",
    "M/M/4, load 0.8",
    "M/D/1, load 0.7",
    "M/G/1, lognormal, cv 0.5",
    "M/D/3, load 0.85",
    "Erlang-A, 4 places, load 1.1",
    "Cobham, 1 place, 3 classes",
    "accumulating priority, 1 place, 3 classes",
)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_known_answers(name: str) -> None:
    """Within intervals of 99.9 %, widened by what whole days may cost.

    Six replications of 8,000 days (withdrawal, found at work: 600), seed 17, the second half.
    """
    case = CASES[NAMES.index(name)]
    for answer in case.answers([case.found(number, "fast", case.brief) for number in range(6)], 0.999):
        assert answer.met, answer


def test_the_page_tells_every_known_answer() -> None:
    """The page has a line for each figure, in order, with the formula's value as it is worked out now."""
    expected = [(case.name, figure, f"{known.value:.5g}") for case in CASES for figure, known in case.known().items()]
    assert [tuple(cell.strip() for cell in line.split("|")[1:4]) for line in rows_of(PAGE)] == expected

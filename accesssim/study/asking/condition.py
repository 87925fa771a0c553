"""A condition on a measure, as it is typed: `wait_to_therapy_mean > 60`."""

import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accesssim.study.measuring.measures import misnamed, out_of_reach

if TYPE_CHECKING:
    from accesssim.world.scenario import Scenario

SIGNS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
"""The longer first: each is looked for in turn."""


@dataclass(frozen=True)
class Condition:
    """A measure, held against a number."""

    measure: str
    sign: str
    bound: float

    def __str__(self) -> str:
        return f"{self.measure} {self.sign} {self.bound:.12g}"

    def holds(self, value: float) -> bool:
        """Whether it is so of a value; of NaN, which is of no one, it never is."""
        return bool(SIGNS[self.sign](value, self.bound))


def condition(text: str) -> Condition | None:
    """A condition as it is typed, its number also in per cent; None for what is none."""
    for sign in SIGNS:
        name, found, bound = text.partition(sign)
        if found:
            try:
                value = float(bound.strip().rstrip("%")) / (100.0 if bound.strip().endswith("%") else 1.0)
            except ValueError:
                return None
            return Condition(name.strip(), sign, value) if math.isfinite(value) else None
    return None


def unfit(measure: str, bound: float, scenario: "Scenario") -> list[str]:
    """What is wrong with holding a measure against a number in a scenario."""
    return [words for words in (misnamed(measure, scenario), out_of_reach(measure, bound)) if words]

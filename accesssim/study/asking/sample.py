"""Points spread over ranges of values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from accesssim.world.checking.declared import declaration, finite
from accesssim.world.checking.values import shown, whole
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.scenario import Scenario

Method = Literal["sobol", "latin_hypercube"]


@dataclass(frozen=True)
class Sample:
    """`n` points spread over ranges: a scrambled Sobol sequence (Sobol 1967, Owen 1998) or a Latin hypercube (McKay, Beckman and Conover 1979).

    `ranges`: dotted path → (low, high), or None for the range that the scenario gives beside the value.
    """

    method: Method
    n: int
    ranges: Mapping[str, tuple[float, float] | None]

    def __post_init__(self) -> None:
        """Raises ScenarioError for what cannot be sampled."""
        n = whole(self.n)
        if n is None or n < 1:
            raise ScenarioError(
                [Problem("sample", f"n = {shown(self.n)} must be a whole number of at least 1: how many points")]
            )
        object.__setattr__(self, "n", n)
        if self.method not in get_args(Method):
            raise ScenarioError(
                [Problem("sample", f"method = {shown(self.method)} must be one of {', '.join(get_args(Method))}")]
            )
        if not isinstance(self.ranges, Mapping) or not self.ranges:
            raise ScenarioError(
                [
                    Problem(
                        "sample",
                        f"ranges = {shown(self.ranges)} must give each dotted path (low, high), or None for the range beside its value",
                    )
                ]
            )
        for path, bounds in self.ranges.items():
            if not (bounds is None or _is_range(bounds)):
                raise ScenarioError(
                    [
                        Problem(
                            "sample",
                            f"{path} must have a range (low, high) of a smaller and a larger number, or None for the range beside its value",
                        )
                    ]
                )

    def points(self, scenario: Scenario, seed: int) -> list[dict[str, Any]]:
        """The points; the same for the same seed. Raises ScenarioError where a value has no range."""
        from scipy.stats import qmc

        bounds = [self._range(scenario, path) for path in self.ranges]
        if self.method == "sobol":
            sampler: Any = qmc.Sobol(len(bounds), seed=seed)
            unit = sampler.random_base2(math.ceil(math.log2(self.n)))[: self.n] if self.n > 1 else sampler.random(1)
        else:
            unit = qmc.LatinHypercube(len(bounds), seed=seed).random(self.n)
        return [
            {
                path: _at(path, low + float(u) * (high - low))
                for path, (low, high), u in zip(self.ranges, bounds, row, strict=True)
            }
            for row in unit
        ]

    def _range(self, scenario: Scenario, path: str) -> tuple[float, float]:
        stated = self.ranges[path]
        if stated is not None:
            return float(stated[0]), float(stated[1])
        held = scenario.provenance.get(path)
        if held is None or held.low is None or held.high is None:
            raise ScenarioError(
                [
                    Problem(
                        "sample",
                        f"{path} has no low and high beside its value in {scenario.name}; state a range: [low, high]",
                    )
                ]
            )
        if held.low == held.high:
            raise ScenarioError(
                [
                    Problem(
                        "sample",
                        f"{path} has {held.low:g} for both low and high beside its value in {scenario.name}; state a range: [low, high]",
                    )
                ]
            )
        return held.low, held.high


def _is_range(bounds: object) -> bool:
    return (
        isinstance(bounds, tuple | list)
        and len(bounds) == 2
        and all(finite(bound) for bound in bounds)
        and bounds[0] < bounds[1]
    )


def _at(path: str, value: float) -> Any:
    """A sampled value as a file would hold it: six digits, whole where it must be."""
    declared = declaration(path)
    return round(value) if declared is not None and declared.type is int else float(f"{value:.6g}")

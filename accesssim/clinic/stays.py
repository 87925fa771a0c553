"""Stays and gaps of a scenario, drawn: parts of mixtures chosen, and what falls outside the bounds drawn again."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from accesssim.clinic.rules import laws_of_days
from accesssim.world.arithmetic import total
from accesssim.world.chance import Purpose, draw, exponential, normal
from accesssim.world.errors import AccessSimError
from accesssim.world.journal import codes
from accesssim.world.sections.laws_of_days import Part, Span

ATTEMPTS = 5000
_GRID = 2000  # quantiles that a mean is taken over, where bounds cut a law


class HardlyAny(AccessSimError):
    """The bounds of a law leave next to nothing of it."""


class Bounded(NamedTuple):
    """A law and the bounds outside which it is drawn again."""

    law: laws_of_days.Law
    least: float
    most: float

    @classmethod
    def of(cls, part: Span | Part) -> "Bounded":
        values = tuple(sorted((float(day), weight) for day, weight in part.values.items()))
        law = laws_of_days.Law(
            laws_of_days.Kind[part.law.upper()] if part.law != "mixture" else laws_of_days.Kind.FIXED,
            part.mean_days,
            part.sd_days,
            part.shape,
            part.scale_days,
            part.shift_days,
            tuple(day for day, _ in values),
            tuple(weight for _, weight in values),
        )
        return cls(law, part.least_days, float("inf") if part.most_days is None else part.most_days)

    def later(self, days: float) -> "Bounded":
        """The same law, so many days on top."""
        return Bounded(self.law._replace(shift=self.law.shift + days), self.least + days, self.most + days)

    def mean(self) -> float:
        """Mean within the bounds."""
        if self._cuts_nothing():
            return self.law.shift + laws_of_days.mean_above_shift(self.law)
        inside = self._inside()
        return total(inside) / len(inside) if inside else 0.0

    def left(self) -> float:
        """Share of the law that lies within the bounds."""
        return 1.0 if self._cuts_nothing() else len(self._inside()) / _GRID

    def _cuts_nothing(self) -> bool:
        return self.least <= self.law.shift and self.most == float("inf")

    def _inside(self) -> list[float]:
        """Days at quantiles of the law, those within the bounds."""
        quantiles = ((i + 0.5) / _GRID for i in range(_GRID))
        return [
            days
            for u in quantiles
            if self.least <= (days := laws_of_days.days(self.law, u, exponential(u), normal(u))) <= self.most
        ]


class Stays:
    """One law of days, ready to be drawn from."""

    def __init__(self, span: Span, path: str = "span") -> None:
        self._span, self._path = span, path
        self.whole = Bounded.of(span)
        mixed = list(span.parts.values()) if span.law == "mixture" else []
        self.parts = [Bounded.of(part).later(span.shift_days) for part in mixed] or [self.whole]
        shares = [part.share for part in mixed] or [1.0]
        means = [part.mean() for part in self.parts]
        self.mean_days = self._mean(shares) if mixed else means[0]
        self.mean_stay = max(self.mean_days, 1.0)
        """In a place: no stay is shorter than a day, however short the law."""
        self.bounds = _shares(shares)
        self.found_bounds = _shares([share * mean for share, mean in zip(shares, means, strict=True)])

    def _mean(self, shares: Sequence[float]) -> float:
        """Mean of a mixture within the bounds of the whole: what of a part lies outside of them makes way for another draw of any part."""
        within = [
            Bounded(part.law, max(part.least, self.whole.least), min(part.most, self.whole.most)) for part in self.parts
        ]
        weights = [
            share * (one.left() / (part.left() or 1.0) if one != part else 1.0)
            for share, one, part in zip(shares, within, self.parts, strict=True)
        ]
        return total(weight * one.mean() for weight, one in zip(weights, within, strict=True)) / (total(weights) or 1.0)

    def days(self, key: int, occasion: int, purpose: Purpose = Purpose.STAY) -> float:
        """Days by the law, of an entity's occasion."""
        part: Bounded | None = None
        for attempt in range(ATTEMPTS):
            here = codes.occasion(attempt, occasion)
            part = part or self._part(self.bounds, key, here)
            u = draw(key, purpose, here)
            days = laws_of_days.days(part.law, u, exponential(u), normal(u))
            if part.least <= days <= part.most:
                if self.whole.least <= days <= self.whole.most:
                    return days
                part = (
                    None  # outside the bounds of the whole the part is chosen again; outside its own it keeps its share
                )
        raise self.hardly_any()

    def rest(self, key: int, occasion: int) -> float:
        """Days that a place found taken at any moment is still kept: a uniform part of a stay, of which long ones are found more often."""
        part: Bounded | None = None
        for attempt in range(ATTEMPTS):
            here = codes.occasion(attempt, occasion)
            part = part or self._part(self.found_bounds, key, here)
            u, which = draw(key, Purpose.STAY, here), draw(key, Purpose.STAY_FOUND, here)
            second = exponential(draw(key, Purpose.CASELOAD_AGE, codes.occasion(attempt, 1)))
            days = laws_of_days.found_days(part.law, u, exponential(u), second, normal(u), which)
            if part.least <= days <= part.most:
                if self.whole.least <= days <= self.whole.most:
                    return draw(key, Purpose.CASELOAD_AGE, 2) * days
                part = None
        raise self.hardly_any()

    def _part(self, bounds: Sequence[float], key: int, here: int) -> Bounded:
        if len(bounds) == 1:
            return self.parts[0]
        u = draw(key, Purpose.STAY_PART, here)
        return self.parts[next((number for number, bound in enumerate(bounds) if u < bound), len(bounds) - 1)]

    def hardly_any(self) -> HardlyAny:
        """What is said where the bounds leave next to nothing."""
        return HardlyAny(
            f"{self._path} is {self._span.law}, and hardly any of that falls within its bounds; widen least_days and most_days"
        )


def _shares(weights: Sequence[float]) -> list[float]:
    whole = total(weights) or 1.0
    return [bound / whole for bound in accumulate(weights)]

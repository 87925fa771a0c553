"""What is assumed of spans of days: how long places are kept, and how people arrive of whom no need is known."""

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator

from accesssim.world.arithmetic import gamma_distribution, log_variance
from accesssim.world.elementary import exp, expm1, log
from accesssim.world.sections.conditions import ALWAYS, Condition, above, other_than, where
from accesssim.world.sections.declare import Misfit, Section, fact, lever, names_of, section, setting

Weight = Annotated[float, Field(ge=0.0)]
_LAWS = Literal["fixed", "exponential", "lognormal", "gamma", "generalised_pareto", "discrete"]
_BOUNDS = ("shift_days", "least_days", "most_days")
_LEAST_SHARE = 0.005  # of a law that its bounds must leave, as spans outside are drawn again until one falls within, and not without end
_LIKE_NORMAL = 1e6  # shape of a gamma law from which on it is next to normal


def _of(*laws: str) -> Condition:
    """The law is one of these."""
    return where(".law", *laws, why="that takes {takes}: leave this out, or choose another law")


_OF_A_MEAN = _of("fixed", "exponential", "lognormal", "gamma")


class _Span(Section):
    """What laws of days have in common."""

    mean_days: float = fact(
        60.0, "days", "mean (fixed, exponential, lognormal, gamma)", above=0, high=100000, matters=_OF_A_MEAN
    )
    sd_days: float = fact(
        30.0, "days", "standard deviation (lognormal, gamma)", low=0, high=100000, matters=_of("lognormal", "gamma")
    )
    shape: float = fact(0.0, "", "shape (generalised_pareto)", low=-5, high=0.99, matters=_of("generalised_pareto"))
    scale_days: float = fact(
        60.0, "days", "scale (generalised_pareto)", above=0, high=100000, matters=_of("generalised_pareto")
    )
    values: dict[str, Weight] = names_of(
        "", "weight", "uncertain", "weight of a whole number of days (discrete)", matters=_of("discrete")
    )
    shift_days: float = fact(
        0.0, "days", "days that come on top of what the law gives", low=0, high=100000, matters=ALWAYS
    )
    least_days: float = fact(
        0.0, "days", "shorter spans are drawn again", low=0, high=100000, matters=other_than(".law", "fixed")
    )
    most_days: float | None = fact(
        None, "days", "longer spans are drawn again", low=0, high=100000, matters=other_than(".law", "fixed")
    )

    @model_validator(mode="after")
    def _can_be_drawn(self) -> "_Span":
        """Spans must be able to fall between the least and the most."""
        if self.most_days is not None and self.most_days < self.least_days:
            raise Misfit(
                "",
                f"has most_days = {self.most_days:g} below least_days = {self.least_days:g}",
                "most_days",
                "least_days",
            )
        whole_days(self.values, "values")
        law = getattr(self, "law", "")
        if law == "discrete" and not sum(self.values.values()) > 0.0:
            raise Misfit(
                "",
                "is discrete and has no values; write values: {14: 0.3, 28: 0.7}, days and their weights",
                "law",
                "values",
            )
        most = math.inf if self.most_days is None else self.most_days
        if law == "fixed" and not self.least_days <= self.mean_days + self.shift_days <= most:
            raise Misfit(
                "",
                f"is always {self.mean_days + self.shift_days:g} days, which is not between least_days and most_days",
                "law",
                "mean_days",
                *_BOUNDS,
            )
        if law == "discrete" and not any(
            weight and self.least_days <= int(day) + self.shift_days <= most for day, weight in self.values.items()
        ):
            raise Misfit("", "has no value between least_days and most_days", "law", "values", *_BOUNDS)
        if self.shift_days > most:
            raise Misfit(
                "",
                f"has shift_days = {self.shift_days:g} above most_days = {most:g}, so that nothing is left of it",
                *_BOUNDS,
            )
        if law != "mixture" and self.within(self.least_days, most) < _LEAST_SHARE:
            raise Misfit(
                "", f"is {law}, and next to nothing of that lies between least_days and most_days; widen them", *_BOUNDS
            )
        return self

    def within(self, least: float, most: float) -> float:
        """Share of the law that lies from `least` to `most` days, whatever its own bounds."""
        least, most = least - self.shift_days, most - self.shift_days
        if getattr(self, "law", "") == "discrete":
            return sum(weight for day, weight in self.values.items() if least <= int(day) <= most) / (
                sum(self.values.values()) or 1.0
            )
        return max(self._below(most, inclusive=True) - self._below(least, inclusive=False), 0.0)

    def _below(self, days: float, *, inclusive: bool) -> float:
        """Share of the law that lies below so many days on top of the shift."""
        law, mean, sd = getattr(self, "law", ""), self.mean_days, self.sd_days
        if law == "fixed" or (law in ("lognormal", "gamma") and sd == 0.0):
            return float(days > mean or (inclusive and days == mean))
        if days <= 0.0 or days == math.inf:
            return float(days > 0.0)
        match law:
            case "lognormal":
                variance = log_variance(mean, sd)
                return (
                    _normal((log(days / mean) + 0.5 * variance) / math.sqrt(variance))
                    if variance > 0.0
                    else float(days > mean)
                )
            case "gamma":
                shape = mean / sd * (mean / sd)
                return (
                    _normal((days - mean) / sd)
                    if shape > _LIKE_NORMAL
                    else gamma_distribution(days / mean * shape, shape)
                )
            case "generalised_pareto" if self.shape != 0.0:
                rest = 1.0 + self.shape * days / self.scale_days
                return 1.0 - exp(-log(rest) / self.shape) if rest > 0.0 else 1.0
            case _:
                return -expm1(-days / (self.scale_days if law == "generalised_pareto" else mean))


class Part(_Span):
    """One part of a mixture."""

    share: float = fact(..., "share", "share of spans that follow this part", low=0, high=1, matters=ALWAYS)
    law: _LAWS = setting("fixed", "", "how days vary", matters=ALWAYS)


class Span(_Span):
    """A law of days."""

    law: Literal["fixed", "exponential", "lognormal", "gamma", "generalised_pareto", "discrete", "mixture"] = setting(
        "fixed", "", "how days vary", matters=ALWAYS
    )
    parts: dict[str, Part] = section(dict, "what a mixture is made of", matters=_of("mixture"))

    @model_validator(mode="after")
    def _parts_make_a_whole(self) -> "Span":
        """The shares of a mixture add up to one."""
        whole = sum(part.share for part in self.parts.values())
        if self.law != "mixture":
            return self
        if abs(whole - 1.0) > 1e-6:
            raise Misfit(
                "",
                f"is a mixture whose parts have shares that add up to {whole:g}; they must add up to 1",
                "law",
                *(f"parts.{name}.share" for name in self.parts),
            )
        draws = sum(
            part.share / (part.within(part.least_days, math.inf if part.most_days is None else part.most_days) or 1.0)
            for part in self.parts.values()
        )
        if (
            sum(part.share * self._left_of(part) for part in self.parts.values()) < _LEAST_SHARE * draws
        ):  # parts are drawn again for their own bounds as well
            raise Misfit(
                "",
                "is a mixture, and next to nothing of it lies between least_days and most_days; widen them",
                *_BOUNDS,
            )
        return self

    def _left_of(self, part: Part) -> float:
        """What the bounds of the whole leave of a part that is within its own."""
        most, its_most = (math.inf if one.most_days is None else one.most_days for one in (self, part))
        least, most = max(part.least_days, self.least_days - self.shift_days), min(its_most, most - self.shift_days)
        return part.within(least, most) / (part.within(part.least_days, its_most) or 1.0) if least <= most else 0.0

    @property
    def lasts(self) -> bool:
        """Whether any span has a length."""
        parts = self.parts.values() if self.law == "mixture" else (self,)
        return self.shift_days > 0.0 or any(
            part.law != "discrete"
            or part.shift_days > 0.0
            or any(weight and int(day) > 0 for day, weight in part.values.items())
            for part in parts
        )


class Arrivals(Section):
    """People who come straight to a pathway, besides those whom the service sends there."""

    law: Literal["none", "poisson", "renewal"] = setting(
        "none", "", "how they come: at random (poisson), or with gaps that follow a law (renewal)", matters=ALWAYS
    )
    per_week: float = lever(
        0.0, "people per week", "arrivals a week on day 0 (poisson)", low=0, matters=where(".law", "poisson")
    )
    growth_per_year: float = fact(
        0.0,
        "share per year",
        "exponential growth of arrivals (poisson)",
        low=-0.99,
        high=10,
        matters=where(".law", "poisson") & above(".per_week", 0),
    )
    gap: Span = section(
        lambda: Span(mean_days=7.0),
        "days between one arrival and the next (renewal)",
        matters=where(".law", "renewal", why="gaps are of law: renewal"),
    )

    @model_validator(mode="after")
    def _says_what_holds(self) -> "Arrivals":
        """A rate is of arrivals at random, and gaps last."""
        if self.per_week > 0.0 and (self.law == "renewal" or "law" not in self.model_fields_set):
            raise Misfit(
                "",
                f"has per_week = {self.per_week:g}, and law = {self.law} knows no rate; write law: poisson, or leave per_week out",
                "per_week",
                "law",
            )
        if self.law == "renewal" and not self.gap.lasts:
            raise Misfit("", "has gaps of no days at all; let some last a day or more", "gap")
        return self


def _normal(z: float) -> float:
    """Distribution of the standard normal law, as near as checks need it: half its square follows a gamma law."""
    half = 0.5 * gamma_distribution(min(0.5 * z * z, 800.0), 0.5)
    return 0.5 + half if z > 0.0 else 0.5 - half


def whole_days(table: dict[str, float], name: str) -> None:
    """Check that a table's names are whole days. Raises Misfit."""
    for day in table:
        if not day.isdigit():
            raise Misfit("", f"has {name}: {{{day}: …}}; the names must be whole numbers of days", name)

"""What is assumed of spans of days: how long places are kept, and how people arrive of whom no need is known."""

import math
from typing import Annotated, Literal

from pydantic import Field, model_validator

from accesssim.world.declare import Section, fact, lever, names_of, setting

Weight = Annotated[float, Field(ge=0.0)]
_LAWS = Literal["fixed", "exponential", "lognormal", "gamma", "generalised_pareto", "discrete"]


class _Span(Section):
    """What laws of days have in common."""

    mean_days: float = fact(60.0, "days", "mean (fixed, exponential, lognormal, gamma)", above=0, high=100000)
    sd_days: float = fact(30.0, "days", "standard deviation (lognormal, gamma)", low=0, high=100000)
    shape: float = fact(0.0, "", "shape (generalised_pareto)", low=-5, high=0.99)
    scale_days: float = fact(60.0, "days", "scale (generalised_pareto)", above=0, high=100000)
    values: dict[str, Weight] = names_of("", "weight", "uncertain", "weight of a whole number of days (discrete)")
    shift_days: float = fact(0.0, "days", "days that come on top of what the law gives", low=0, high=100000)
    least_days: float = fact(0.0, "days", "shorter spans are drawn again", low=0, high=100000)
    most_days: float | None = fact(None, "days", "longer spans are drawn again", low=0, high=100000)

    @model_validator(mode="after")
    def _can_be_drawn(self) -> "_Span":
        """Spans must be able to fall between the least and the most."""
        if self.most_days is not None and self.most_days < self.least_days:
            raise ValueError(f"has most_days = {self.most_days:g} below least_days = {self.least_days:g}")
        whole_days(self.values, "values")
        law = getattr(self, "law", "")
        if law == "discrete" and not sum(self.values.values()) > 0.0:
            raise ValueError("is discrete and has no values; write values: {14: 0.3, 28: 0.7}, days and their weights")
        most = math.inf if self.most_days is None else self.most_days
        if law == "fixed" and not self.least_days <= self.mean_days + self.shift_days <= most:
            raise ValueError(f"is always {self.mean_days + self.shift_days:g} days, which is not between least_days and most_days")
        if law == "discrete" and not any(weight and self.least_days <= int(day) + self.shift_days <= most for day, weight in self.values.items()):
            raise ValueError("has no value between least_days and most_days")
        if self.shift_days > most:
            raise ValueError(f"has shift_days = {self.shift_days:g} above most_days = {most:g}, so that nothing is left of it")
        return self


class Part(_Span):
    """One part of a mixture."""

    share: float = fact(..., "share", "share of spans that follow this part", low=0, high=1)
    law: _LAWS = setting("fixed", "", "how days vary")


class Span(_Span):
    """A law of days."""

    law: Literal["fixed", "exponential", "lognormal", "gamma", "generalised_pareto", "discrete", "mixture"] = setting("fixed", "", "how days vary")
    parts: dict[str, Part] = Field(default_factory=dict, description="what a mixture is made of")

    @model_validator(mode="after")
    def _parts_make_a_whole(self) -> "Span":
        """The shares of a mixture add up to one."""
        whole = sum(part.share for part in self.parts.values())
        if self.law == "mixture" and abs(whole - 1.0) > 1e-6:
            raise ValueError(f"is a mixture whose parts have shares that add up to {whole:g}; they must add up to 1")
        return self


class Arrivals(Section):
    """People who come straight to a pathway, besides those whom the service sends there."""

    law: Literal["none", "poisson", "renewal"] = setting("none", "", "how they come: at random (poisson), or with gaps that follow a law (renewal)")
    per_week: float = lever(0.0, "people per week", "arrivals a week on day 0 (poisson)", low=0)
    growth_per_year: float = fact(0.0, "share per year", "exponential growth of arrivals (poisson)", low=-0.99, high=10)
    gap: Span = Field(default_factory=lambda: Span(mean_days=7.0), description="days between one arrival and the next (renewal)")

    @model_validator(mode="after")
    def _says_what_holds(self) -> "Arrivals":
        """A rate is of arrivals at random, and gaps last."""
        if self.per_week > 0.0 and (self.law == "renewal" or "law" not in self.model_fields_set):
            raise ValueError(f"has per_week = {self.per_week:g}, and law = {self.law} knows no rate; write law: poisson, or leave per_week out")
        if self.law == "renewal" and self.gap.law == "discrete" and not any(weight and int(day) + self.gap.shift_days > 0 for day, weight in self.gap.values.items()):
            raise ValueError("has gaps of no days at all; let some last a day or more")
        return self


def whole_days(table: dict[str, float], name: str) -> None:
    """Check that a table's names are whole days. Raises ValueError."""
    for day in table:
        if not day.isdigit():
            raise ValueError(f"has {name}: {{{day}: …}}; the names must be whole numbers of days")

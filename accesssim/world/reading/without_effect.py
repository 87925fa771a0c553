"""Values that a file gives and nothing looks at, as another choice of the same scenario leaves them without effect."""

import re
from collections.abc import Iterator, Mapping

from accesssim.world.checking.values import Setting
from accesssim.world.errors import Problem
from accesssim.world.sections.parameters import Parameters

#: What each law of days is made of, besides its shift and its bounds.
_OF_LAWS = {
    "fixed": ("mean_days",),
    "exponential": ("mean_days",),
    "lognormal": ("mean_days", "sd_days"),
    "gamma": ("mean_days", "sd_days"),
    "generalised_pareto": ("scale_days", "shape"),
    "discrete": ("values",),
    "mixture": ("parts",),
}
_MEDIAN = ("patience_median_days", "patience_shape")
#: And each law of patience.
_OF_PATIENCE = {
    "none": (),
    "weibull": _MEDIAN,
    "log_logistic": _MEDIAN,
    "daily_weibull": _MEDIAN,
    "daily_log_logistic": _MEDIAN,
    "daily": ("patience_daily",),
    "daily_table": ("patience_table",),
}
_SPAN = re.compile(
    r"(pathways\.[^.]+\.(?:stay|arrivals\.gap)(?:\.parts\.[^.]+)?)\.(mean_days|sd_days|shape|scale_days|values|parts)(?:\..+)?"
)
_PATIENCE = re.compile(
    r"pathways\.([^.]+)\.(patience_median_days|patience_shape|patience_daily|patience_table)(?:\..+)?"
)
_GAP = re.compile(r"(pathways\.[^.]+\.arrivals)\.gap\..+")
_STAY = re.compile(r"pathways\.([^.]+)\.stay\..+")


def without_effect(settings: Mapping[str, Setting], now: Parameters) -> Iterator[Problem]:
    """A line for each such value, unless the choice came after it: a child that chooses otherwise need not take back what its parent said of it."""
    for path, setting in settings.items():
        for choice, chosen, made_of in _choices(path, settings, now):
            decided = settings.get(choice)
            if decided is None or decided.turn <= setting.turn:
                yield Problem(setting.provenance.place, f"{path} does nothing where {choice} = {chosen}; {made_of}")


def _choices(path: str, settings: Mapping[str, Setting], now: Parameters) -> Iterator[tuple[str, str, str]]:
    """The choices that leave a value without effect: path, what is chosen, and what would be right."""
    if match := _SPAN.fullmatch(path):
        law = f"{match[1]}.law"
        chosen = str(settings[law].value) if law in settings else "fixed"
        if match[2] not in _OF_LAWS[chosen]:
            yield law, chosen, f"that takes {' and '.join(_OF_LAWS[chosen])}: leave this out, or choose another law"
    if match := _GAP.fullmatch(path):
        law = f"{match[1]}.law"
        chosen = str(settings[law].value) if law in settings else "none"
        if chosen != "renewal":
            yield law, chosen, "gaps are of law: renewal"
    if (match := _STAY.fullmatch(path)) and (group := now.pathways[match[1]].group) is not None:
        yield f"pathways.{match[1]}.group", group, "places are kept for a stay, and therapists give sessions"
    if match := _PATIENCE.fullmatch(path):
        own = now.pathways[match[1]].patience
        chosen = own or now.waiting.patience
        if match[2] not in _OF_PATIENCE[chosen]:
            rather = next(law for law, made_of in _OF_PATIENCE.items() if match[2] in made_of)
            yield (
                f"pathways.{match[1]}.patience" if own else "waiting.patience",
                chosen,
                f"write patience: {rather}, or leave this out",
            )

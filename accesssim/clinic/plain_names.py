"""What is asked for at every step of a run, where it takes least time to find.

A member that is looked up in its enum, or a value in a checked model, costs Python 3.11 as much as a rule that uses it. So the files of
the clinic take enums from here, as plain namespaces of the same members, and rules in force as plain objects of the same values.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from accesssim.world.sections.declare import Section
from accesssim.world.sections.parameters import Parameters


class Plain:
    """Values by name, and nothing else."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


if TYPE_CHECKING:
    from accesssim.clinic.signals import Signal, Waited
    from accesssim.world.chance import Purpose
    from accesssim.world.journal.events import Cancellation, Event, Phase, Route, Urgency
else:
    from accesssim.clinic import signals
    from accesssim.world import chance
    from accesssim.world.journal import events

    Signal, Waited, Purpose, Cancellation, Event, Phase, Route, Urgency = (
        Plain(enum.__members__)
        for enum in (
            signals.Signal,
            signals.Waited,
            chance.Purpose,
            events.Cancellation,
            events.Event,
            events.Phase,
            events.Route,
            events.Urgency,
        )
    )

__all__ = ["Cancellation", "Event", "Phase", "Purpose", "Route", "Signal", "Urgency", "Waited", "plain"]


def plain(parameters: Parameters) -> Parameters:
    """The same values and properties as objects without any checks."""
    return cast("Parameters", _plain(parameters))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Section):
        kind = type(value)
        properties = [name for name, one in vars(kind).items() if isinstance(one, property)]
        return Plain({name: _plain(getattr(value, name)) for name in [*kind.model_fields, *properties]})
    return value

"""What the service says to somebody who waits for it, and how a wait ends."""

from enum import Enum, auto


class Signal(Enum):
    """What the service says to somebody who waits for it."""

    APPOINTMENT = auto()  # the day of an assessment or session has come
    CANCELLED = auto()  # the service cancels an assessment (a session: the reason itself, a `Cancellation`)
    LEAVE = auto()  # patience is over, or the need remitted
    THERAPIST_LEFT = auto()


class Waited(Enum):
    """How a wait ends."""

    STARTED = auto()
    WITHDREW = auto()
    BETTER = auto()

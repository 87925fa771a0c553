"""Places that people keep for a while, as options beside therapists and their sessions."""

from collections.abc import Sequence

from accesssim.world.nothing import NO_PATHWAY


def whole_days(days: float, u: float) -> int:
    """Days rounded up with the chance of their fraction, so that the mean is kept; at least one."""
    return max(1, int(min(days, 1e8) + u))


def began_on(came: int, rest: float, part: float) -> int:
    """The day on which a stay began of which `rest` days, a `part` of it, are left on day 0: before that day, and not before the person came."""
    return max(came, -max(int(min(rest / part - rest, 1e8)), 1))


def goes_on_to(u: float, shares: Sequence[float]) -> int:
    """Number of the pathway that somebody goes on to, NO_PATHWAY for none; shares in the order of the scenario."""
    for number, share in enumerate(shares):
        if u < share:
            return number
        u -= share
    return NO_PATHWAY

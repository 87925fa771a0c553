"""Shares and log-odds, the way most relations of the model are written."""

import math

from accesssim.world.elementary import exp, log


def logit(share: float) -> float:
    """Log-odds of a share; infinite at 0 and 1."""
    if share <= 0.0:
        return -math.inf
    if share >= 1.0:
        return math.inf
    return log(share / (1.0 - share))


def logistic(log_odds: float) -> float:
    """Share from log-odds, exactly 0 and 1 at the infinities."""
    if log_odds >= 0.0:
        return 1.0 / (1.0 + exp(-log_odds))
    e = exp(log_odds)
    return e / (1.0 + e)

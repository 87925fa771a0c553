"""Stigma as it is felt by those who have come."""

from accesssim.world.sections.parameters import Parameters


def felt_stigma(now: Parameters) -> float:
    """Stigma at the door, against the one at which the service was observed."""
    return now.demand.stigma - now.demand.stigma_observed if now.loops.stigma else 0.0

"""Load → exhaustion → absence and resignation; what care for carers does."""

from accesssim.world.elementary import exp
from accesssim.world.odds import logistic


def felt_workload(
    workload: float,
    hours: float,
    wte: float,
    supervision: float,
    supervision_reference: float,
    protected: float,
    protected_reference: float,
) -> float:
    """Needed over contracted hours as it is felt: care above what is usual takes hours but is no load.

    Counted as load it would eat half of its own effect.
    """
    care = wte * (supervision - supervision_reference + protected - protected_reference)
    return workload - max(care, 0.0) / hours


def emotional_load(crises: int, complex_weight: float, complex_sessions: float) -> float:
    """Emotional load of a week, in crises. Assumed."""
    return crises + complex_weight * complex_sessions


def strain(
    base: float,
    susceptibility: float,
    workload: float,
    workload_slope: float,
    paperwork: float,
    paperwork_slope: float,
    emotional: float,
    emotional_slope: float,
    pressed: float,
    pressure_slope: float,
) -> float:
    """Log-odds side of strain. The load terms are differences from what strains as usual (hours ratio, shares, crises a week).

    Workload: corrected r of .49 with exhaustion between people (Alarcon 2011, recalled), so correlational; paperwork, emotional load and
    pressure: direction supported, sizes assumed. Held within ±50, so that absurd weeks stay finite.
    """
    load = (
        workload_slope * workload + paperwork_slope * paperwork + emotional_slope * emotional + pressure_slope * pressed
    )
    return min(50.0, max(-50.0, base + susceptibility + load))


def recovery(
    supervision: float,
    supervision_slope: float,
    protected: float,
    protected_slope: float,
    peers: float,
    peer_slope: float,
    development: float,
    development_slope: float,
) -> float:
    """Log-odds side of recovery: hours above what is usual, and programmes in place.

    Staff interventions together reach g = 0.13 (Dreison et al. 2018); how that divides is assumed.
    """
    eased = (
        supervision_slope * supervision
        + protected_slope * protected
        + peer_slope * peers
        + development_slope * development
    )
    return min(50.0, max(-50.0, eased))


def resting_point(strain_: float, recovery_: float) -> float:
    """Exhaustion that a constant week leads to."""
    return logistic(strain_ - recovery_)


def worked_week(exhaustion: float, strain_: float, recovery_: float, tempo: float) -> float:
    """Exhaustion after a week at work: moves toward its resting point, stays within [0, 1], exact for a constant week.

    Tempo 0.045 a week is a time scale of about 11 weeks; assumed.
    """
    rest = logistic(strain_ - recovery_)
    return rest + (exhaustion - rest) * exp(-tempo * (exp(strain_) + exp(recovery_)))


def rested_week(exhaustion: float, recovery_: float, tempo: float) -> float:
    """Exhaustion after a week of leave or sickness."""
    return exhaustion * exp(-tempo * exp(recovery_))


def weekly_hazard(per_year: float, slope: float, exhaustion: float, at: float) -> float:
    """Hazard a week of an event whose yearly rate, `per_year` at exhaustion `at`, rises with exhaustion.

    Sickness: 1.21 times per standard deviation (Borritz et al. 2006) is exp(0.95 E), so 1.7 is on the high side. Leaving: odds ratio 1.57
    in primary care (Willard-Grace et al. 2019), none in another study: report results at a slope of 0 too.
    """
    if per_year == 0.0 or slope == 0.0:
        return per_year / 52.17857142857143
    return per_year / 52.17857142857143 * exp(slope * (exhaustion - at))


def weeks_left(u: float, one: float, weeks: int, other: float, other_weeks: int) -> int:
    """Weeks that are left of a spell that somebody is found in at any moment; 0 for who is found in none.

    Spells of two kinds begin with a hazard a week outside of spells, and last so many weeks. `u`: luck.
    """
    in_one, in_other = one * weeks, other * other_weeks
    whole = 1.0 + in_one + in_other
    if u * whole < in_one:
        return 1 + int(u * whole / in_one * weeks)
    left = u * whole - in_one
    return 1 + int(left / in_other * other_weeks) if left < in_other else 0

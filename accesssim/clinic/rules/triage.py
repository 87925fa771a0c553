"""Recorded scores, pathway, and how soon a crisis is seen."""

import math
from collections.abc import Sequence

from accesssim.world.nothing import NO_PATHWAY


def recorded_score(severity: float, slope: float, intercept: float, part: float, error: float, highest: float) -> int:
    """Whole score that a questionnaire shows for a latent severity.

    `part`: the person's own deviation on this scale, `error`: of this occasion, both in points. Error of 2.2 points: retest correlation
    0.84 at a standard deviation of 5.4 (Kroenke et al. 2001, recalled).
    """
    score = math.floor(intercept + slope * severity + part + error + 0.5)
    return 0 if score < 0 else int(highest) if score > highest else int(score)


def choose_pathway(
    score: float, recognised_complex: bool, from_scores: Sequence[float], for_complex: Sequence[bool]
) -> int:
    """Number of the pathway a person is sent to, NO_PATHWAY where there is none.

    A recognised complex person goes to the first pathway meant for complex people; others to the pathway with the highest
    starting score that they reach (the first of equals), or, below all of them, the one with the lowest.
    """
    if recognised_complex:
        for number, takes in enumerate(for_complex):
            if takes:
                return number
    chosen = lowest = NO_PATHWAY
    for number, score_needed in enumerate(from_scores):
        if score >= score_needed and (chosen == NO_PATHWAY or score_needed > from_scores[chosen]):
            chosen = number
        if lowest == NO_PATHWAY or score_needed < from_scores[lowest]:
            lowest = number
    return chosen if chosen != NO_PATHWAY else lowest


def hours_to_contact(u: float, beyond: bool, nobody: bool) -> float:
    """Hours until somebody in a crisis is seen: a few, more where the day's capacity is used up, the day after where nobody is at work. Assumed."""
    if nobody:
        return 24.0 + 24.0 * u
    return 4.0 + 12.0 * u if beyond else 4.0 * u

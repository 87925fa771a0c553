"""How ill somebody is, and what questionnaires show of it."""

from functools import lru_cache

from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Purpose
from accesssim.clinic.rules import illness, triage
from accesssim.clinic.state import State
from accesssim.world.chance import draw, normal
from accesssim.world.journal import codes
from accesssim.world.nothing import UNTREATED

# whole days are few, and asked for at every session
_worsened_share = lru_cache(maxsize=1 << 13)(illness.worsened_share)


# -- latent severity


def severity(state: State, person: Person) -> float:
    """Latent severity today."""
    if person.treated != UNTREATED:
        return person.treated
    if person.seen_on != state.clock.day:  # often asked for twice on a day
        person.seen_on, person.seen = state.clock.day, untreated(state, person)
    return person.seen


def worsened(drift: float, weeks: float, days: int) -> float:
    """`illness.worsening`, which asks for a share of few different days again and again."""
    return drift * weeks * _worsened_share(weeks, days)


def untreated(state: State, person: Person) -> float:
    """What the severity would be today without any treatment."""
    day, remission, now = state.clock.day, person.remission, state.now
    return illness.untreated_severity(
        person.severity,
        worsened(person.drift, now.waiting.drift_weeks, illness.ill_days(day, person.onset, remission)),
        day - remission,
        now.therapy.remitted_severity,
        now.therapy.remitted_half_life_days,
    )


# -- recorded scores


def record(
    state: State, person: Person, severity: float, depression_error: float, anxiety_error: float
) -> tuple[int, int]:
    """Whole recorded scores, depression and anxiety, of a latent severity; errors in standard deviations."""
    rules, luck = state.now.triage, person.luck
    one, two = rules.depression_scale, rules.anxiety_scale
    return (
        triage.recorded_score(
            severity,
            one.slope,
            one.intercept,
            one.part_sd * luck.depression_part,
            one.error_sd * depression_error,
            one.highest,
        ),
        triage.recorded_score(
            severity,
            two.slope,
            two.intercept,
            two.part_sd * luck.anxiety_part,
            two.error_sd * anxiety_error,
            two.highest,
        ),
    )


def referral_depression(state: State, person: Person) -> int:
    """The recorded depression score when referred, which alone decides how soon an assessment is booked."""
    scale, luck = state.now.triage.depression_scale, person.luck
    return triage.recorded_score(
        severity(state, person),
        scale.slope,
        scale.intercept,
        scale.part_sd * luck.depression_part,
        scale.error_sd * luck.referral_depression_error,
        scale.highest,
    )


def referral_scores(state: State, person: Person) -> float:
    """Recorded scores when referred."""
    errors = person.luck.referral_depression_error, person.luck.referral_anxiety_error
    return codes.scores(*record(state, person, severity(state, person), *errors))


def assessment_scores(state: State, person: Person) -> float:
    """Recorded scores when assessed."""
    errors = person.luck.assessment_depression_error, person.luck.assessment_anxiety_error
    return codes.scores(*record(state, person, severity(state, person), *errors))


def recorded_after(state: State, person: Person, severity: float, attended: int) -> tuple[int, int]:
    """Recorded scores after so many sessions of a course."""
    return record(state, person, severity, *_errors_after(person, attended))


def closing(state: State, person: Person, attended: int) -> tuple[tuple[int, int], float]:
    """Closing scores, and the same as the journal writes them: beside those of the same person untreated."""
    errors = _errors_after(person, attended)
    scores = record(state, person, person.treated, *errors)
    return scores, codes.scores(*scores, *record(state, person, untreated(state, person), *errors))


def below_cut_offs(state: State, depression: int, anxiety: int) -> bool:
    """Whether neither score counts as a case."""
    rules = state.now.triage
    return depression < rules.depression_scale.cut_off and anxiety < rules.anxiety_scale.cut_off


def _errors_after(person: Person, attended: int) -> tuple[float, float]:
    """Measurement errors of both scales after so many sessions of a course, in standard deviations."""
    occasion = codes.occasion(person.courses, attended + 2)  # 0 and 1 are referral and assessment
    return (
        normal(draw(person.key, Purpose.DEPRESSION_ERROR, occasion)),
        normal(draw(person.key, Purpose.ANXIETY_ERROR, occasion)),
    )

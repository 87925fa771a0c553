"""What is known of a person (`accesssim.clinic.person`)."""

from accesssim.clinic.compiled.arrays import World, worsened_of
from accesssim.clinic.compiled.codes import depression_score, nth_occasion, pack_scores
from accesssim.clinic.compiled.in_force import stage
from accesssim.clinic.compiled.layout import Key
from accesssim.clinic.compiled.luck import luck_of, two_normals, uniform, z
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import Purpose, ill_days, recorded_score, untreated_severity


@native
def felt_stigma(w: World) -> float:
    """`Courses.felt_stigma`: stigma above that which data were observed under."""
    now = stage(w)
    return now.demand.stigma - now.demand.stigma_observed if now.loops.stigma else 0.0


@native
def worsened_today(w: World, onset: int, remission: int, most: float, at_day_0: int) -> float:
    """`illness.worsening`, by the share of `most` that whole days bring, which stands from `at_day_0` on."""
    return most * worsened_of(w)[at_day_0 + ill_days(w.day, onset, remission)]


@native
def untreated(w: World, p: Person) -> float:
    """Severity today of somebody who has not been treated."""
    now = stage(w)
    so_far = worsened_today(w, p.onset, p.remission, p.drift * now.waiting.drift_weeks, now.worsened_at)
    return untreated_severity(
        p.severity, so_far, w.day - p.remission, now.therapy.remitted_severity, now.therapy.remitted_half_life_days
    )


@native
def severity(w: World, p: Person) -> float:
    """As it is today; that at which a treatment ended stands until a relapse."""
    if not p.treated and p.seen_on != w.day:
        p.seen_on, p.seen = w.day, untreated(w, p)
    return p.seen


@native
def record(w: World, latent: float, parts: tuple[float, float], missed_by: tuple[float, float]) -> tuple[int, int]:
    """The scores of depression and of anxiety that a severity shows in, by the person's part in each and the error of the day."""
    now = stage(w)
    one, two = now.depression, now.anxiety
    return (
        recorded_score(
            latent, one.slope, one.intercept, one.part_sd * parts[0], one.error_sd * missed_by[0], one.highest
        ),
        recorded_score(
            latent, two.slope, two.intercept, two.part_sd * parts[1], two.error_sd * missed_by[1], two.highest
        ),
    )


@native
def score_parts(w: World, key: Key) -> tuple[float, float]:
    """How a person's scores differ from what their severity lets expect, as standard normals."""
    if not w.score_parts:
        return 0.0, 0.0
    return two_normals(uniform(key, Purpose.DEPRESSION_PART, 0), uniform(key, Purpose.ANXIETY_PART, 0))


@native
def errors(w: World, key: Key, occasion: int) -> tuple[float, float]:
    """Of the scores of an occasion, as standard normals."""
    now = stage(w)
    if now.depression.error_sd == 0.0 and now.anxiety.error_sd == 0.0:
        return 0.0, 0.0
    return two_normals(uniform(key, Purpose.DEPRESSION_ERROR, occasion), uniform(key, Purpose.ANXIETY_ERROR, occasion))


@native
def scores_before(w: World, p: Person, occasion: int) -> int:
    """`referral_scores` (occasion 0) and `assessment_scores` (1)."""
    key = luck_of(w, p)
    one, two = record(w, severity(w, p), score_parts(w, key), errors(w, key, nth_occasion(p.episode, occasion)))
    return int(pack_scores(one, two, 0, 0))


@native
def referral_depression(w: World, p: Person) -> int:
    """The depression score alone of `scores_before` at referral."""
    scale, key = stage(w).depression, luck_of(w, p)
    part = z(key, Purpose.DEPRESSION_PART, 0) if w.score_parts else 0.0
    error = z(key, Purpose.DEPRESSION_ERROR, nth_occasion(p.episode, 0))
    return recorded_score(
        severity(w, p), scale.slope, scale.intercept, scale.part_sd * part, scale.error_sd * error, scale.highest
    )


@native
def errors_after(w: World, key: Key, courses: int, attended: int) -> tuple[float, float]:
    """Errors of the scores that close a course, or are taken at a session, by courses before it and sessions attended."""
    return errors(w, key, nth_occasion(courses, attended + 2))


@native
def below_cut_offs(w: World, depression: int, anxiety: int) -> bool:
    """Whether scores count as recovered."""
    now = stage(w)
    return depression < now.depression.cut_off and anxiety < now.anxiety.cut_off


@native
def closing(w: World, p: Person, parts: tuple[float, float], missed_by: tuple[float, float]) -> tuple[bool, float]:
    """Whether below the cut-offs, and the closing scores as the journal writes them."""
    treated = record(w, p.seen, parts, missed_by)
    natural = record(w, untreated(w, p), parts, missed_by)
    return below_cut_offs(w, treated[0], treated[1]), pack_scores(treated[0], treated[1], natural[0], natural[1])


@native
def depression(p: Person) -> int:
    """Recorded when the person was last assessed."""
    return depression_score(p.scores)

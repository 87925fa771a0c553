"""Red tape before assessment (`accesssim.clinic.pathway`)."""

from accesssim.clinic.compiled.arrays import World, stages_of, step_rules_of
from accesssim.clinic.compiled.calendar import REFERRALS, WITHDRAWALS, at
from accesssim.clinic.compiled.codes import attempt_of, nth_attempt
from accesssim.clinic.compiled.in_force import stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import luck_of, uniform, z
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import leave_service, person
from accesssim.clinic.compiled.rules import Event, Purpose, State, exponential, giving_up_days, step_days
from accesssim.clinic.compiled.triage import assessment
from accesssim.world.calendar import NEVER
from accesssim.world.journal.codes import MOST_ATTEMPTS
from accesssim.world.nothing import NOBODY


@native
def red_tape(w: World, i: int) -> None:
    """`Journeys.red_tape`: patience is drawn, and the first step begins."""
    p, rules = person(w, i), stage(w).bureaucracy
    if w.step_count > 0:
        threshold = exponential(uniform(luck_of(w, p), Purpose.RED_TAPE, p.episode))
        p.gives_up = min(
            NEVER, w.day + giving_up_days(threshold, rules.giving_up_per_week, rules.giving_up_complex, p.complex)
        )
    p.step, p.attempt = 0, attempt_of(p.episode, 0)
    next_step(w, i)


@native
def next_step(w: World, i: int) -> None:
    """Step after step, until one takes time."""
    p, key = person(w, i), luck_of(w, person(w, i))
    while p.step < w.step_count:
        p.step_period = w.period
        step, level = step_rules_of(w)[w.period * w.step_count + p.step], stage(w).bureaucracy.level
        again = nth_attempt(p.attempt) > 0
        days = step_days(z(key, step.purpose, p.attempt), step.delay_days, step.variance, level)
        done = w.day + (max(days, 1) if again else days)
        leaves = min(wide(p.gives_up), wide(p.remission))
        if leaves <= done:
            at(w, i, leaves, WITHDRAWALS, State.LEAVES_TAPE)
            return
        if done > w.day:
            at(w, i, done, REFERRALS, State.IN_TAPE)
            return
        if not passed(w, i):
            return
    assessment(w, i)


@native
def passed(w: World, i: int) -> bool:
    """A step of red tape is over; False for somebody who was refused."""
    p, key = person(w, i), luck_of(w, person(w, i))
    step = step_rules_of(w)[p.step_period * w.step_count + p.step]
    w.tape_hours += step.staff_hours * stages_of(w)[p.step_period].bureaucracy.level
    if uniform(key, step.purpose + 1, p.attempt) < step.sent_back_share:
        note(w, w.day, Event.STEP_RETURNED, p.number, p.step, 0.0)
        if nth_attempt(p.attempt) < MOST_ATTEMPTS:
            p.attempt += 1
        return True
    if uniform(key, step.purpose + 2, p.attempt) >= step.approval_share:
        note(w, w.day, Event.REFUSED, p.number, p.step, 0.0)
        leave_service(w, i)
        return False
    note(w, w.day, Event.STEP_PASSED, p.number, p.step, 0.0)
    p.step += 1
    p.attempt = attempt_of(p.episode, 0)
    return True


@native
def leaves_tape(w: World, i: int) -> None:
    """Patience with red tape is over, or the need has remitted."""
    p = person(w, i)
    better = p.remission == min(p.gives_up, p.remission)
    note(w, w.day, Event.BETTER_WAITING if better else Event.GAVE_UP_RED_TAPE, p.number, NOBODY, 0.0)
    leave_service(w, i)

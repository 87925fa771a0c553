"""Red tape: the steps between asking and assessment."""

from accesssim.clinic.clock import Part
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, Phase
from accesssim.clinic.rules import bureaucracy
from accesssim.clinic.state import State
from accesssim.world.chance import draw, exponential, normal
from accesssim.world.journal import codes


def red_tape(state: State, person: Person) -> Part[bool]:
    """Step after step; False for somebody who was refused, gave up or got better on the way."""
    if not state.steps:
        return True
    clock, rules = state.clock, state.now.bureaucracy
    gives_up = clock.day + bureaucracy.giving_up_days(
        exponential(person.luck.red_tape), rules.giving_up_per_week, rules.giving_up_complex, person.complex
    )
    for number, (name, purposes) in enumerate(state.steps.items()):
        nth = 0
        while True:
            rules = state.now.bureaucracy
            step = rules.steps[name]
            again = nth > 0
            if again:
                attempt = codes.attempt(person.episode, nth)
                luck = [draw(person.key, purpose, attempt) for purpose in purposes]
                luck[0] = normal(luck[0])
            else:
                luck = person.tape[3 * number : 3 * number + 3]
            variance = bureaucracy.step_variance(step.delay_days, step.delay_sd_days)
            days = bureaucracy.step_days(luck[0], step.delay_days, variance, rules.level)
            done = clock.day + (max(days, 1) if again else days)  # whatever comes back costs a day at least
            leaves = min(gives_up, person.remission)
            if leaves <= done:
                yield clock.until(person, leaves, Phase.WITHDRAWALS)
                state.note(Event.BETTER_WAITING if person.remission == leaves else Event.GAVE_UP_RED_TAPE, person)
                return False
            if done > clock.day:
                yield clock.until(person, done, Phase.REFERRALS)
            state.hours.tape_hours += step.staff_hours * rules.level
            if luck[1] < step.sent_back_share:
                state.note(Event.STEP_RETURNED, person, number)
                nth = min(nth + 1, codes.MOST_ATTEMPTS)
                continue
            if luck[2] >= step.approval_share:
                state.note(Event.REFUSED, person, number)
                return False
            state.note(Event.STEP_PASSED, person, number)
            break
    return True

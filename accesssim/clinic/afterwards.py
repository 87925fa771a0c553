"""What follows a course or a stay: another pathway, a step up, a relapse."""

from collections.abc import Mapping

from accesssim.clinic.clock import Part
from accesssim.clinic.person import STEP_UP, Person, course_luck, episode_luck
from accesssim.clinic.plain_names import Event, Phase, Purpose
from accesssim.clinic.rules import illness, places, referrals, therapy
from accesssim.clinic.state import State
from accesssim.world.chance import draw, exponential, normal
from accesssim.world.journal import codes
from accesssim.world.nothing import NO_PATHWAY, UNTREATED


def goes_on(state: State, person: Person) -> bool:
    """Whether somebody whose stay, or course, is over goes on to another pathway."""
    # an address that no course uses, whose own is its number:
    # else whoever is handed on would carry the luck of it into the question of a step up
    occasion = codes.occasion(person.courses, 0)
    if not hands_on(state, person, state.paths[person.pathway].then, Purpose.STEP_UP, occasion):
        return False
    course_luck(state.chance, [person])
    return True


def hands_on(state: State, person: Person, shares: Mapping[str, float], purpose: Purpose, occasion: int) -> bool:
    """Send the person on to a pathway by its share; False for somebody who goes to none."""
    chosen = places.goes_on_to(draw(person.key, purpose, occasion), list(shares.values())) if shares else NO_PATHWAY
    if chosen != NO_PATHWAY:
        person.pathway = state.path_names.index(list(shares)[chosen])
    return chosen != NO_PATHWAY


def steps_up(state: State, person: Person) -> bool:
    """Whether somebody who has not recovered goes on to a more intensive pathway."""
    pathway = state.paths[person.pathway]
    if (
        pathway.step_up_to is None
        or person.recovered
        or person.draws[person.drawn_at + STEP_UP] >= pathway.step_up_share
    ):
        return False
    person.pathway = state.path_names.index(pathway.step_up_to)
    course_luck(state.chance, [person])
    return True


def relapse(state: State, person: Person) -> Part[bool]:
    """After recovery: stay well, or relapse and ask again (True)."""
    if not person.recovered:
        return False
    key, clock, rules = person.key, state.clock, state.now.therapy
    days = therapy.relapse_days(
        exponential(draw(key, Purpose.RELAPSE, person.courses)),
        rules.relapse_12_months,
        rules.relapse_shape,
        state.paths[person.pathway].relapse_ratio,
    )
    yield clock.until(person, clock.day + days, Phase.REFERRALS)
    person.episode += 1
    person.onset, person.treated, person.recovered = clock.day, UNTREATED, False
    person.seen, person.seen_on = person.severity, person.onset
    rules, waiting = state.now.therapy, state.now.waiting  # of this day: they may have changed since
    ill = illness.remission_days(
        exponential(draw(key, Purpose.REMISSION, person.episode)),
        waiting.remission_early_per_week,
        waiting.remission_per_week,
        waiting.remission_early_weeks,
    )
    person.remission = person.onset + ill
    state.note(Event.RELAPSED, person, value=person.severity)
    z = normal(draw(key, Purpose.RETURN_DELAY, person.episode))
    delay = 1 + referrals.delay_days(z, rules.return_delay_days, 0.0, 0.0, 0.0, 1.0)
    if draw(key, Purpose.RETURN, person.episode) >= rules.return_share or delay >= ill:
        return False
    yield clock.until(person, clock.day + delay, Phase.REFERRALS)
    episode_luck(state.chance, [person], tuple(purpose for purposes in state.steps.values() for purpose in purposes))
    course_luck(state.chance, [person])
    person.asked = clock.day
    return True

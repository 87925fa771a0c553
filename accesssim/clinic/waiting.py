"""The wait on a list, and where those go who leave it ill."""

from accesssim.clinic import lists
from accesssim.clinic.afterwards import hands_on
from accesssim.clinic.clock import Part
from accesssim.clinic.person import Person
from accesssim.clinic.plain_names import Event, Purpose, Signal, Waited
from accesssim.clinic.rules import illness
from accesssim.clinic.rules.patience import Law, patience_after
from accesssim.clinic.scores import severity
from accesssim.clinic.state import State
from accesssim.world.calendar import NEVER
from accesssim.world.chance import draw, exponential
from accesssim.world.journal import codes
from accesssim.world.nothing import UNTREATED


def wait(state: State, person: Person) -> Part[Waited]:
    """On the list, until a therapist has a slot, patience is over or the need remits."""
    today, rules = state.clock.day, state.now.waiting
    ill = severity(state, person)
    lists.join(state, person)
    state.note(Event.LISTED, person, state.listed_as(person), ill)
    patience, law = NEVER, state.patience[person.pathway]
    if state.now.loops.giving_up and law.law != Law.NONE:
        u = _luck(person, person.luck.patience, Purpose.PATIENCE)
        so_far = -today  # of those who are found on day 0
        patience = patience_after(law, exponential(u), so_far, rules.check_in_weeks, rules.check_in_effect)
    remission = person.remission - today
    if person.treated != UNTREATED and remission <= 0:
        remission = NEVER  # remitted during therapy already: what is left does not go by itself
    stay = max(1, min(patience, remission))
    state.leaves.add(today + stay, person)
    if rules.crisis_per_month > 0.0:
        crisis = _days_to_crisis(state, person, stay)
        if crisis < NEVER:
            state.crises.add(today + crisis, person)
    signal = yield state.clock.called(person)
    if signal is Signal.LEAVE:
        better = remission <= patience
        state.note(
            Event.BETTER_WAITING if better else Event.WITHDREW,
            person,
            value=0.0 if better else severity(state, person),
        )
        return Waited.BETTER if better else Waited.WITHDREW
    return Waited.STARTED


def _days_to_crisis(state: State, person: Person, stay: int) -> int:
    """Days until a crisis, if it comes within the stay on the list; else NEVER."""
    today, rules, treated = state.clock.day, state.now.waiting, person.treated != UNTREATED
    return illness.crisis_days(
        exponential(_luck(person, person.luck.crisis, Purpose.CRISIS)),
        min(stay, state.days - today),
        max(today - person.onset, 0),
        person.treated if treated else person.severity,
        0.0 if treated else person.drift,
        rules.drift_weeks,
        rules.crisis_per_month,
        rules.crisis_severity_slope,
        rules.crisis_complex_ratio,
        person.complex,
        state.now.loops.waiting_harms,
    )


def _luck(person: Person, of_first: float, purpose: Purpose) -> float:
    """A draw of this wait; that of the first wait of an episode is drawn with the episode."""
    if person.courses == person.waits == 0:
        return of_first
    return draw(person.key, purpose, codes.occasion(person.courses, person.waits))


def tries_elsewhere(state: State, person: Person) -> bool:
    """Whether somebody who has left a list ill goes on to another."""
    person.waits += 1
    shares = state.paths[person.pathway].after_withdrawal
    return hands_on(state, person, shares, Purpose.AFTER_WITHDRAWAL, codes.occasion(person.courses, person.waits))

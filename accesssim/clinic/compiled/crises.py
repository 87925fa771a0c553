"""Crises of people who wait."""

from accesssim.clinic.compiled.arrays import World, posts_of, staff_of, therapists_of
from accesssim.clinic.compiled.caseload import cancel_newest
from accesssim.clinic.compiled.hours import hours_of_slot
from accesssim.clinic.compiled.in_force import stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.people import person
from accesssim.clinic.compiled.records import Person
from accesssim.clinic.compiled.rules import (
    Cancellation,
    Event,
    Urgency,
    counts_from,
    hours_to_contact,
    sessions_that_do_not_fit,
)
from accesssim.clinic.compiled.scenario_records import ACCUMULATING, BY_CLASS
from accesssim.clinic.compiled.waiting_list import join, leave_list, listed_as
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS
from accesssim.world.nothing import NOBODY


@native
def on_call(w: World, team: int) -> int:
    """`Workforce.on_call`; -1 where nobody is at work."""
    posts, therapists, staff, chosen = posts_of(w), therapists_of(w), staff_of(w), -1
    for own_team in (True, False):
        for post in range(w.post_count):
            t = posts[post].holder
            if t < 0 or therapists[t].absent:
                continue
            asked = not own_team or w.team_count == 1 or staff[posts[post].staff].team == team
            if asked and (
                chosen < 0
                or therapists[t].crises * therapists[chosen].tenths < therapists[chosen].crises * therapists[t].tenths
            ):
                chosen = t
        if chosen >= 0:
            return chosen
    return chosen


@native
def crisis(w: World, p: Person, u: float) -> None:
    """`Service.crisis`."""
    rules, t = stage(w).triage, on_call(w, p.team)
    beyond = w.crises_today >= rules.crisis_contacts_per_day
    w.crises_today += 1
    if t < 0:
        note(w, w.day, Event.CRISIS_OVER_CAPACITY, p.number, NOBODY, hours_to_contact(u, beyond, True))
        return
    therapist = therapists_of(w)[t]
    w.crises_this_week += 1
    therapist.crises += 1
    note(
        w,
        w.day,
        Event.CRISIS_OVER_CAPACITY if beyond else Event.CRISIS,
        p.number,
        therapist.post,
        hours_to_contact(u, beyond, False),
    )
    if beyond and w.day % DAYS_PER_WEEK < WORKING_DAYS:
        count = sessions_that_do_not_fit(rules.crisis_hours, hours_of_slot(w, therapist.staff))
        cancel_newest(w, t, count, Cancellation.CRISIS, w.day % DAYS_PER_WEEK)


@native
def make_urgent(w: World, i: int) -> None:
    """`Service._make_urgent`."""
    p, now = person(w, i), stage(w)
    if p.urgency == Urgency.ROUTINE:
        p.urgency = Urgency.URGENT
        order = now.order
        if order in BY_CLASS:
            where, since, came, gained = wide(p.list), w.day, wide(p.listed_on), now.accumulation
            if order == ACCUMULATING:
                since = counts_from(w.day, p.joined, gained.routine, gained.urgent)
            leave_list(w, i)
            join(w, where, i, Urgency.URGENT, since, came)
        note(w, w.day, Event.MADE_URGENT, p.number, listed_as(w, p), 0.0)

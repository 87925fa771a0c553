"""Therapists as they are found on day 0: some of them sick, some on notice, as many as at any moment of a service at work.

A spell is found by how often it begins and how long it lasts, and any of its weeks is as likely as another.
"""

from accesssim.clinic.plain_names import Event, Purpose
from accesssim.clinic.rules import burnout
from accesssim.clinic.state import State
from accesssim.clinic.therapist import Therapist
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.sections.workforce import StaffGroup


def find_staff(state: State, therapist: Therapist, group: StaffGroup) -> None:
    """Whether somebody is sick, or on notice, on day 0, and for how many weeks more. Told on that day."""
    rules, day = state.now.wellbeing, state.clock.day
    u = state.chance.uniform(therapist.entity, Purpose.FOUND, 0)
    exhaustion = therapist.exhaustion
    long, short = (
        burnout.weekly_hazard(per_year, rules.absence_slope, exhaustion, 0.45)
        for per_year in (rules.long_absence_per_year, rules.short_absence_per_year)
    )
    weeks = burnout.weeks_left(u, long, rules.long_absence_weeks, short, rules.short_absence_weeks)
    if weeks > 0:
        therapist.sick_until = day + DAYS_PER_WEEK * weeks
        state.write(day, Event.ABSENT, therapist.turn, therapist.post, float(weeks))
    leaves = burnout.weekly_hazard(group.career_leaving_per_year, 0.0, 0.0, 0.0) + burnout.weekly_hazard(
        group.exhaustion_leaving_per_year, rules.leaving_slope, exhaustion, 0.5
    )
    u = state.chance.uniform(therapist.entity, Purpose.FOUND, 1)
    notice = burnout.weeks_left(u, leaves, group.notice_weeks, 0.0, 0)
    if notice > 0:
        therapist.leaves_on = day + DAYS_PER_WEEK * notice
        state.write(day, Event.NOTICE, therapist.turn, therapist.post, exhaustion)

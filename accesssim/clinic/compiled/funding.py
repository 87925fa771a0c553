"""What money pays for (`accesssim.clinic.workforce`, the rules of `funding`)."""

import math

from accesssim.clinic.compiled.arrays import (
    World,
    paths_of,
    places_of,
    posts_of,
    staff_of,
    staffing_of,
    stages_of,
    therapists_of,
)
from accesssim.clinic.compiled.hours import weekly_slots
from accesssim.clinic.compiled.in_force import group_at, list_at
from accesssim.clinic.compiled.layout import floats, ints
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import affordable_tenths, sessions_per_year, unit_cost
from accesssim.world.calendar import DAYS_PER_YEAR
from accesssim.world.limits import TENTHS


@native
def is_vacant(w: World, post: int) -> bool:
    """`Post.is_vacant`."""
    t = posts_of(w)[post].holder
    return t < 0 or therapists_of(w)[t].agency


@native
def money_for_posts(w: World, period: int) -> float:
    """`workforce.money_for_posts`: what a year's budget leaves for posts, in a period."""
    now, bought = stages_of(w)[period], 0.0
    money = now.funding
    if not now.has_budget:
        return math.inf
    for number in range(w.path_count):
        path = paths_of(w)[period * w.path_count + number]
        if path.cost_per_stay != 0.0 and path.has_places:
            here = 0
            for team in range(w.team_count):
                here += places_of(w)[period * w.list_count + list_at(w, team, number)]
            bought += here * path.cost_per_stay * DAYS_PER_YEAR / path.mean_stay
    return (
        now.annual_budget
        - bought
        - money.fixed_cost
        - now.bureaucracy.admin_posts * money.admin_salary * (1.0 + money.on_cost_share)
    )


@native
def post_cost(w: World, period: int, staff: int) -> float:
    """`Workforce.unit_cost`, under the rules of a period."""
    money, rules = stages_of(w)[period].funding, group_at(w, period, staff)
    sessions = 0.0 if money.session_cost == 0.0 else sessions_per_year(weekly_slots(w, staff, 0.0, TENTHS))
    leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
    return unit_cost(
        rules.salary,
        rules.wte,
        money.on_cost_share,
        leavers,
        money.recruitment_share_of_salary,
        money.session_cost,
        sessions,
    )


@native
def pays_for(w: World, period: int, kept: float) -> list[int]:
    """`Workforce.pays_for`: tenths of posts of each staff, under the rules of a period."""
    wished, costs = ints(w.staff_count, 0), floats(w.staff_count)
    for staff in range(w.staff_count):
        wished[staff] = staffing_of(w)[period * w.staff_count + staff].posts
        costs[staff] = post_cost(w, period, staff)
    return affordable_tenths(wished, costs, w.group_count, money_for_posts(w, period) + w.carried - kept)


@native
def kept_beyond_wishes(w: World) -> float:
    """`Workforce._kept_beyond_wishes`."""
    kept, posts = 0.0, posts_of(w)
    for staff in range(w.staff_count):
        held, wished = 0, TENTHS * staffing_of(w)[w.period * w.staff_count + staff].posts
        for post in range(staff_of(w)[staff].first_post, staff_of(w)[staff].last_post):
            held += 0 if is_vacant(w, post) else posts[post].tenths
        if held > wished:
            kept += (held - wished) / TENTHS * post_cost(w, w.period, staff)
    return kept

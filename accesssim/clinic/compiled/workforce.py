"""Posts and who holds them (`accesssim.clinic.workforce`)."""

import math

from accesssim.clinic.compiled.arrays import (
    World,
    entities_of,
    group_rules_of,
    posts_of,
    staff_of,
    stages_of,
    therapists_of,
)
from accesssim.clinic.compiled.funding import is_vacant, kept_beyond_wishes, pays_for
from accesssim.clinic.compiled.in_force import group_of, stage
from accesssim.clinic.compiled.luck import uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import (
    Event,
    Purpose,
    mixed,
    resting_point,
    strain_of,
    vacant_share,
    weekly_hazard,
    weeks_left,
)
from accesssim.clinic.compiled.therapist import (
    falls_sick,
    hire,
    note_hire,
    note_part,
    note_staff,
    on_leave_in,
    recovery,
    resigns,
)
from accesssim.clinic.compiled.week import plan
from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.limits import TENTHS


@native
def list_therapists(w: World) -> None:
    """`Workforce._list_therapists`: hours in contracts."""
    hours = 0.0
    for post in range(w.post_count):
        if posts_of(w)[post].holder >= 0:
            rules = group_of(w, posts_of(w)[post].staff)
            hours += rules.hours_per_week * rules.wte * (therapists_of(w)[posts_of(w)[post].holder].tenths / TENTHS)
    w.contracted = hours


@native
def leaves_post(w: World, post: int, t: int, day: int) -> None:
    """`Workforce._leave`, `_empty`."""
    note_staff(w, Event.LEFT, t, therapists_of(w)[t].exhaustion)
    therapists_of(w)[t].leaving = True
    one = posts_of(w)[post]
    one.holder = -1
    if therapists_of(w)[t].agency:
        return
    one.filled_on = day + DAYS_PER_WEEK * group_of(w, one.staff).recruitment_weeks
    staff, held_posts = staff_of(w)[one.staff], 0
    for other in range(staff.first_post, staff.last_post):
        held_posts += posts_of(w)[other].tenths
    one.tenths -= min(max(held_posts - staff.affordable, 0), one.tenths)


@native
def review(w: World, day: int) -> None:
    """`Workforce.review`."""
    w.beyond = kept_beyond_wishes(w)
    posts, affordable = posts_of(w), pays_for(w, w.period, w.beyond)
    for staff in range(w.staff_count):
        one, rules = staff_of(w)[staff], group_of(w, staff)
        one.affordable = affordable[staff]
        surplus = -one.affordable
        for post in range(one.first_post, one.last_post):
            surplus += posts[post].tenths
        for post in range(one.last_post - 1, one.first_post - 1, -1):
            if surplus > 0 and is_vacant(w, post):
                closed = min(surplus, posts[post].tenths)
                posts[post].tenths -= closed
                surplus -= closed
        if surplus > 0 and rules.gives_notice:
            give_notice(w, staff, surplus, day + DAYS_PER_WEEK * rules.notice_weeks)
        missing = -surplus
        for kind in range(3):  # of holders, vacant, without money
            for post in range(one.first_post, one.last_post):
                this = 2 if posts[post].tenths == 0 else 1 if is_vacant(w, post) else 0
                if missing > 0 and posts[post].tenths < TENTHS and this == kind:
                    if posts[post].tenths == 0:
                        posts[post].filled_on = day + DAYS_PER_WEEK * rules.recruitment_weeks
                    opened = min(missing, TENTHS - posts[post].tenths)
                    posts[post].tenths += opened
                    missing -= opened


@native
def give_notice(w: World, staff: int, surplus: int, leaves_on: int) -> None:
    """`Workforce._give_notice`."""
    one, posts, therapists = staff_of(w)[staff], posts_of(w), therapists_of(w)
    for post in range(one.first_post, one.last_post):
        if not is_vacant(w, post) and 0 <= therapists[posts[post].holder].leaves_on <= leaves_on:
            surplus -= posts[post].tenths
    while True:
        newest = -1
        for post in range(one.first_post, one.last_post):
            if not is_vacant(w, post) and posts[post].tenths <= surplus:
                therapist = therapists[posts[post].holder]
                if therapist.leaves_on < 0 and (newest < 0 or therapist.hired >= therapists[newest].hired):
                    newest = posts[post].holder
        if newest < 0:
            return
        surplus -= posts[therapists[newest].post].tenths
        therapists[newest].leaves_on = leaves_on
        note_staff(w, Event.NOTICE, newest, therapists[newest].exhaustion)


@native
def foresee(w: World) -> None:
    """`Workforce.foresee`."""
    posts = posts_of(w)
    for period in range(w.period + 1, w.periods):
        for group in range(w.group_count):
            if group_rules_of(w)[period * w.group_count + group].notice_on != w.day:
                continue
            wanted, date = pays_for(w, period, 0.0), stages_of(w)[period].from_day
            for staff in range(group, w.staff_count, w.group_count):
                one, surplus = staff_of(w)[staff], -wanted[staff]
                vacant = 0
                for post in range(one.first_post, one.last_post):
                    surplus += posts[post].tenths
                    vacant += posts[post].tenths if is_vacant(w, post) else 0
                if surplus > 0:
                    one.hires_from = max(one.hires_from, date)
                    give_notice(w, staff, surplus - vacant, date - date % DAYS_PER_WEEK)


@native
def open_workforce(w: World) -> None:
    """`Workforce.open`."""
    now, posts = stage(w), posts_of(w)
    review(w, 0)
    for number in range(w.post_count):
        post = posts[number]
        if post.tenths == 0:
            continue
        rules = group_of(w, post.staff)
        u = uniform(mixed(w.root ^ entities_of(w)[number]), Purpose.TENURE, 0)
        leavers = rules.career_leaving_per_year + rules.exhaustion_leaving_per_year
        vacant = vacant_share(leavers, rules.recruitment_weeks) if now.steady else 0.0
        if u < vacant:
            post.filled_on = DAYS_PER_WEEK * (1 + int(u / vacant * rules.recruitment_weeks))
            continue
        t = hire(w, number, -DAYS_PER_WEEK * rules.ramp_up_weeks)
        therapist = therapists_of(w)[t]
        strain = strain_of(now.wellbeing.strain_base, therapist.susceptibility, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        therapist.exhaustion = resting_point(strain, recovery(w))
        note_hire(w, t)
        if now.steady:
            find_staff(w, t, post.staff)
    foresee(w)
    list_therapists(w)
    see_who_is_there(w, 0)
    plan(w)
    if now.steady:
        for staff in range(w.staff_count):
            one, slots = staff_of(w)[staff], 0
            for number in range(one.first_post, one.last_post):
                if posts[number].holder >= 0:
                    slots += therapists_of(w)[posts[number].holder].slots
            one.starts = slots / 9.0


@native
def falls_sick_or_resigns(w: World, t: int, staff: int) -> None:
    """`Workforce._falls_sick_or_resigns`."""
    therapist = therapists_of(w)[t]
    if therapist.sick_until <= w.day:
        weeks = falls_sick(w, t)
        if weeks > 0:
            therapist.sick_until = w.day + DAYS_PER_WEEK * weeks
            note_staff(w, Event.ABSENT, t, float(weeks))
    if therapist.leaves_on < 0 and resigns(w, t, staff):
        therapist.leaves_on = w.day + DAYS_PER_WEEK * group_of(w, staff).notice_weeks
        note_staff(w, Event.NOTICE, t, therapist.exhaustion)


@native
def monday(w: World) -> None:
    """`Workforce.monday`."""
    day, now, posts, therapists = w.day, stage(w), posts_of(w), therapists_of(w)
    if w.beyond > 0.0:
        review(w, day)
    for number in range(w.post_count):
        t = posts[number].holder
        if t >= 0 and posts[number].tenths > 0:
            therapists[t].tenths = posts[number].tenths
        if t >= 0 and day > 0:
            note_staff(w, Event.EXHAUSTION, t, therapists[t].exhaustion)
            note_part(w, t)
    for number in range(w.post_count):
        post = posts[number]
        t, rules = post.holder, group_of(w, post.staff)
        if t >= 0:
            therapist = therapists[t]
            therapist.on_leave = False
            if (therapist.leaves_on >= 0 and day >= therapist.leaves_on) or (therapist.agency and post.tenths == 0):
                leaves_post(w, number, t, day)
                t = -1
            elif day > 0 and not therapist.agency:
                falls_sick_or_resigns(w, t, post.staff)
        hires_from = max(post.filled_on, staff_of(w)[post.staff].hires_from)
        if post.tenths > 0 and day >= hires_from and (t < 0 or therapists[t].agency):
            if t >= 0:
                leaves_post(w, number, t, day)
            newcomer = hire(w, number, day)
            note_hire(w, newcomer)
            part = therapists[newcomer].tenths / TENTHS
            w.recruitment_cost += now.funding.recruitment_share_of_salary * rules.salary * rules.wte * part
    if now.funding.agency_share > 0.0:
        call_agency(w, now.funding.agency_share)
    list_therapists(w)
    see_who_is_there(w, day)
    for number in range(w.post_count):
        t = posts[number].holder
        if t >= 0 and therapists[t].on_leave:
            note_staff(w, Event.ON_LEAVE, t, 0.0)
    plan(w)


@native
def see_who_is_there(w: World, day: int) -> None:
    """`Workforce._see_who_is_there`: who is sick this week, and who on leave."""
    for number in range(w.post_count):
        t = posts_of(w)[number].holder
        if t >= 0:
            therapist = therapists_of(w)[t]
            sick = therapist.sick_until > day
            therapist.on_leave = not sick and on_leave_in(
                w, t, day // DAYS_PER_WEEK, group_of(w, posts_of(w)[number].staff).leave_days
            )
            therapist.absent = sick or therapist.on_leave


@native
def find_staff(w: World, t: int, staff: int) -> None:
    """`found_staff.find_staff`: whether somebody is sick, or on notice, on day 0."""
    rules, group, therapist = stage(w).wellbeing, group_of(w, staff), therapists_of(w)[t]
    exhaustion = therapist.exhaustion
    weeks = weeks_left(
        uniform(therapist.key, Purpose.FOUND, 0),
        weekly_hazard(rules.long_absence_per_year, rules.absence_slope, exhaustion, 0.45),
        rules.long_absence_weeks,
        weekly_hazard(rules.short_absence_per_year, rules.absence_slope, exhaustion, 0.45),
        rules.short_absence_weeks,
    )
    if weeks > 0:
        therapist.sick_until = w.day + DAYS_PER_WEEK * weeks
        note_staff(w, Event.ABSENT, t, float(weeks))
    leaves = weekly_hazard(group.career_leaving_per_year, 0.0, 0.0, 0.0) + weekly_hazard(
        group.exhaustion_leaving_per_year, rules.leaving_slope, exhaustion, 0.5
    )
    notice = weeks_left(uniform(therapist.key, Purpose.FOUND, 1), leaves, group.notice_weeks, 0.0, 0)
    if notice > 0:
        therapist.leaves_on = w.day + DAYS_PER_WEEK * notice
        note_staff(w, Event.NOTICE, t, exhaustion)


@native
def call_agency(w: World, share: float) -> None:
    """`Workforce._call_agency`: into a share of the vacant posts."""
    posts, therapists = posts_of(w), therapists_of(w)
    for staff in range(w.staff_count):
        one, vacant = staff_of(w)[staff], 0
        for number in range(one.first_post, one.last_post):
            post = posts[number]
            vacant += 1 if post.tenths > 0 and is_vacant(w, number) else 0
        left = math.floor(share * vacant + 0.5)
        for number in range(one.first_post, one.last_post):
            post = posts[number]
            if left > 0 and post.tenths > 0 and is_vacant(w, number):
                left -= 1
                if post.holder < 0:
                    therapists[hire(w, number, w.day)].agency = True

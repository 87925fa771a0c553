"""The plan of a week, and its end (`accesssim.clinic.week`)."""

from accesssim.clinic.compiled.accounts import other_costs, pay_recruitment, pay_staff
from accesssim.clinic.compiled.arrays import World, first_open_of, lists_of, posts_of, rates_of, staff_of, therapists_of
from accesssim.clinic.compiled.caseload import WHOLE_WEEK, cancel_newest
from accesssim.clinic.compiled.hours import (
    committed_hours,
    forms_of,
    hours_of_slot,
    needed,
    paperwork,
    usable_hours,
    usual_hours,
    weekly_slots,
)
from accesssim.clinic.compiled.in_force import (
    group_of,
    list_at,
    path_of,
    staff_at,
    staffing,
    stage,
    team_of,
    treats_for,
)
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import (
    Cancellation,
    Event,
    calling_hours,
    emotional_load,
    felt_workload,
    list_pressure,
    pressure_of,
    relief_share,
    rested_week,
    sessions_that_do_not_fit,
    strain_of,
    worked_week,
)
from accesssim.clinic.compiled.therapist import new_week, on_leave_in, recovery
from accesssim.clinic.hours import SMOOTHING_WEEKS
from accesssim.world.calendar import DAYS_PER_WEEK, WORKING_DAYS
from accesssim.world.limits import TENTHS


@native
def plan(w: World) -> None:
    """`Week.plan`."""
    day, now, posts, therapists = w.day, stage(w), posts_of(w), therapists_of(w)
    tape, rules = now.bureaucracy, now.wellbeing
    w.relief = relief_share(tape.admin_posts, tape.hours_relieved_per_admin_post, w.paperwork_wanted, tape.relief_limit)
    for staff in range(w.staff_count):
        one, group = staff_of(w)[staff], group_of(w, staff)
        pressed = pressure_of(rules.target_pressure, one.list_pressure, rules.expectation, rules.expectation_weight)
        overbooked = pressed * rules.overbooking_hours * group.wte if now.loops.overbooking else 0.0
        whole, slot = weekly_slots(w, staff, overbooked, TENTHS), hours_of_slot(w, staff)
        tenths, absent_slots = 0, 0
        for number in range(one.first_post, one.last_post):
            t = posts[number].holder
            if t >= 0:
                if therapists[t].absent:
                    absent_slots += therapists[t].caseload
                else:
                    tenths += therapists[t].tenths
        cover = rules.cover_share * (absent_slots * slot) / (tenths / TENTHS) if tenths > 0 else 0.0
        usable, on_discharges, on_tape = usual_hours(w, staff)
        for number in range(one.first_post, one.last_post):
            t = posts[number].holder
            if t >= 0:
                therapist = therapists[t]
                part = therapist.tenths / TENTHS
                slots = whole if part == 1.0 else weekly_slots(w, staff, overbooked, therapist.tenths)
                new = day < therapist.hired + DAYS_PER_WEEK * group.ramp_up_weeks
                therapist.slots = slots // 2 if new else slots
                therapist.pressure = pressed
                therapist.cover_hours = 0.0 if therapist.absent else cover * part
                excess = (
                    committed_hours(w, t, staff, usable, on_discharges, on_tape)
                    + therapist.caseload * slot
                    - group.hours_per_week * group.wte * part
                    - rules.overtime_limit_hours * part
                )
                if not therapist.absent:
                    cancel_newest(w, t, sessions_that_do_not_fit(excess, slot), Cancellation.OVERLOAD, WHOLE_WEEK)
    open_diary(w)


@native
def open_diary(w: World) -> None:
    """`Week._open_diary`: assessments of the weeks that may be booked."""
    now, week = stage(w), w.day // DAYS_PER_WEEK
    w.horizon, w.reserve_share = now.triage.booking_horizon_days, now.triage.urgent_reserve_share
    w.released_days = now.released_days
    for team in range(w.team_count):
        for ahead in range(now.triage.booking_horizon_days // DAYS_PER_WEEK + 2):
            if week + ahead < w.weeks:
                rates_of(w)[team * w.weeks + week + ahead] = assessments_a_day(w, team, week + ahead, ahead == 0)
        first_open_of(w)[2 * team] = first_open_of(w)[2 * team + 1] = 0


@native
def assessments_a_day(w: World, team: int, week: int, this_week: bool) -> float:
    """`Week.assessments_a_day`: how many a team can hold on each working day of a week."""
    now, posts, therapists = stage(w), posts_of(w), therapists_of(w)
    each, total = now.triage.assessment_hours + paperwork(w, now.bureaucracy.hours_per_assessment), 0.0
    for staff in range(staff_at(w, team, 0), staff_at(w, team + 1, 0)):
        one, rules, there = staff_of(w)[staff], group_of(w, staff), 0
        if rules.assessment_share == 0.0:
            continue
        for number in range(one.first_post, one.last_post):
            t = posts[number].holder
            if t >= 0:
                away = therapists[t].absent if this_week else on_leave_in(w, t, week, rules.leave_days)
                leaving = therapists[t].leaves_on >= 0 and week * DAYS_PER_WEEK >= therapists[t].leaves_on
                there += therapists[t].tenths if not away and not leaving else 0
        total += there / TENTHS * rules.assessment_share * usable_hours(w, staff) / each
    return total / WORKING_DAYS


@native
def work(w: World, t: int, staff: int, workload: float, forms: float) -> None:
    """`Week._work`."""
    now, group, therapist = stage(w), group_of(w, staff), therapists_of(w)[t]
    rules, wte = now.wellbeing, group.wte * (therapist.tenths / TENTHS)
    workload = felt_workload(
        workload,
        group.hours_per_week * wte,
        wte,
        rules.supervision_hours,
        rules.supervision_reference,
        rules.protected_hours,
        rules.protected_reference,
    )
    pressed = pressure_of(
        rules.target_pressure,
        staff_of(w)[staff].list_pressure if now.loops.overload_spiral else 0.2,
        rules.expectation,
        rules.expectation_weight,
    )
    emotional = emotional_load(therapist.crises, rules.emotional_complex_weight, therapist.complex_sessions)
    strain = strain_of(
        rules.strain_base,
        therapist.susceptibility,
        workload - rules.workload_reference,
        rules.workload_slope,
        forms - rules.paperwork_reference if now.loops.red_tape else 0.0,
        rules.paperwork_slope,
        emotional - rules.emotional_reference,
        rules.emotional_slope,
        pressed - rules.pressure_reference,
        rules.pressure_slope,
    )
    therapist.exhaustion = worked_week(therapist.exhaustion, strain, recovery(w), rules.tempo_per_week)


@native
def break_off(w: World) -> None:
    """`Week.break_off`."""
    posts, therapists, sessions, days = posts_of(w), therapists_of(w), 0, w.day % DAYS_PER_WEEK + 1
    for staff in range(w.staff_count):
        held, holders = 0, 0
        for number in range(staff_of(w)[staff].first_post, staff_of(w)[staff].last_post):
            t = posts[number].holder
            if t >= 0:
                held += therapists[t].tenths
                holders += 0 if therapists[t].agency else therapists[t].tenths
                sessions += therapists[t].sessions
        pay_staff(w, staff, held / TENTHS, holders / TENTHS, 0.0, days)
    pay_recruitment(w)
    other_costs(w, sessions, days)


@native
def close_staff(w: World, staff: int) -> tuple[float, int]:
    """What the week was for some staff: the hours of paperwork that they would have had without help, and the sessions that they held."""
    one, group, rules, posts, day = staff_of(w)[staff], group_of(w, staff), stage(w).wellbeing, posts_of(w), w.day
    contracted = worked = overtime = papers = taken_over = sick = available = contact = full_time = pressed = 0.0
    members, held, holders, funded, discharges, sessions = 0, 0, 0, 0, 0, 0
    usable, on_discharges, on_tape = usual_hours(w, staff)
    for number in range(one.first_post, one.last_post):
        t = posts[number].holder
        if t < 0:
            funded += posts[number].tenths
            continue
        therapist = therapists_of(w)[t]
        part = therapist.tenths / TENTHS
        hours = group.hours_per_week * group.wte * part
        funded += max(posts[number].tenths, therapist.tenths)
        if members == 0:
            pressed = therapist.pressure
        members += 1
        held += therapist.tenths
        holders += 0 if therapist.agency else therapist.tenths
        discharges += therapist.discharges
        sessions += therapist.sessions
        contracted += hours
        contact += therapist.contact_hours
        if therapist.absent:
            sick += 0.0 if therapist.on_leave else hours
            therapist.exhaustion = rested_week(therapist.exhaustion, recovery(w), rules.tempo_per_week)
            continue
        full_time += group.wte * part
        available += therapist.slots * staffing(w, staff).session_hours
        forms = forms_of(w, t, staff, usable, on_tape, w.relief)
        need_hours = needed(w, t, staff, usable, on_discharges, on_tape)
        extra = min(max(need_hours - hours, 0.0), rules.overtime_limit_hours * part)
        forms = min(forms, hours + extra)
        worked += hours + extra
        overtime += extra
        papers += forms
        taken_over += forms_of(w, t, staff, usable, on_tape, 0.0) if w.relief >= 1.0 else 0.0
        work(w, t, staff, need_hours / hours, forms / (hours + extra))
    note(w, day, Event.CONTRACTED, 0, staff, contracted)
    note(w, day, Event.WORKED, 0, staff, worked)
    note(w, day, Event.OVERTIME, 0, staff, overtime)
    note(w, day, Event.PAPERWORK, 0, staff, papers)
    note(w, day, Event.SICK, 0, staff, sick)
    note(w, day, Event.AVAILABLE, 0, staff, available)
    note(w, day, Event.CONTACT, 0, staff, contact)
    note(w, day, Event.FUNDED, 0, staff, funded / TENTHS)
    note(w, day, Event.FILLED, 0, staff, holders / TENTHS)
    note(w, day, Event.PRESSURE, 0, staff, pressed)
    pay_staff(w, staff, held / TENTHS, holders / TENTHS, overtime, DAYS_PER_WEEK)
    if full_time > 0.0:
        one.discharges += (discharges / full_time - one.discharges) / SMOOTHING_WEEKS
    one.starts += (one.starts_this_week - one.starts) / SMOOTHING_WEEKS
    one.starts_this_week = 0
    return papers / (1.0 - w.relief) if w.relief < 1.0 else taken_over, sessions


@native
def close_week(w: World) -> None:
    """`Week.close`."""
    now, wanted, all_sessions, waiting = stage(w), 0.0, 0, 0
    for staff in range(w.staff_count):
        wanted_here, sessions = close_staff(w, staff)
        wanted += wanted_here
        all_sessions += sessions
    for staff in range(w.staff_count):
        feel_the_list(w, staff)
    pay_recruitment(w)
    w.paperwork_wanted = wanted
    for where in range(w.list_count):
        waiting += lists_of(w)[where].length
    w.tape_hours += calling_hours(waiting, now.waiting.check_in_weeks, now.waiting.check_in_hours)
    w.tape_average += (w.tape_hours - w.tape_average) / SMOOTHING_WEEKS
    w.tape_hours = 0.0
    other_costs(w, all_sessions, DAYS_PER_WEEK)
    for number in range(w.post_count):
        if posts_of(w)[number].holder >= 0:
            new_week(therapists_of(w)[posts_of(w)[number].holder])


@native
def feel_the_list(w: World, staff: int) -> None:
    """`Week._feel_the_list`."""
    one, waiting, starting = staff_of(w)[staff], 0, 0.0
    for nth in range(team_of(w, one.team).treat_size):
        team = treats_for(w, one.team, nth)
        starting += staff_of(w)[staff_at(w, team, one.group)].starts
        for number in range(w.path_count):
            if path_of(w, number).group_number == one.group:
                waiting += lists_of(w)[list_at(w, team, number)].length
    pressed = list_pressure(waiting / max(starting, 0.5), stage(w).wellbeing.list_half_weeks)
    one.list_pressure += (pressed - one.list_pressure) / 4.0

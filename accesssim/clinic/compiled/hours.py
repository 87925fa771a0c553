"""Hours of a week (`accesssim.clinic.hours`)."""

from accesssim.clinic.compiled.arrays import World, staff_of, therapists_of
from accesssim.clinic.compiled.in_force import group_of, staffing, stage
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import (
    assessment_forms,
    care_hours,
    committed_hours_of,
    needed_hours,
    paperwork_hours,
    part_of_tape,
    slot_hours,
    slots_of_week,
    usable_hours_of,
    usual_discharges,
)
from accesssim.world.limits import TENTHS
from accesssim.world.nothing import NO_LIMIT


@native
def red_tape_level(w: World) -> float:
    """`Hours.level`: how much red tape there is; 0 where its loop is off."""
    now = stage(w)
    return now.bureaucracy.level if now.loops.red_tape else 0.0


@native
def paperwork(w: World, hours: float) -> float:
    """`Hours.paperwork`: what some hours of paperwork come to, with admin posts to help."""
    return paperwork_hours(red_tape_level(w), hours, w.relief)


@native
def usable_hours(w: World, staff: int) -> float:
    """`Hours.usable_hours`: of a therapist's week, after meetings, fixed paperwork and care for carers."""
    now, rules = stage(w), group_of(w, staff)
    care = now.wellbeing
    hours = care_hours(
        rules.wte,
        care.supervision_hours,
        care.supervision_group_size,
        care.protected_hours,
        care.peer_support,
        care.peer_support_hours,
        care.development,
        care.development_hours,
    )
    return usable_hours_of(
        rules.wte, rules.hours_per_week, rules.meeting_hours, paperwork(w, now.bureaucracy.fixed_hours_per_week), hours
    )


@native
def hours_of_slot(w: World, staff: int) -> float:
    """`Hours.slot_hours`: a session and its paperwork."""
    return slot_hours(
        staffing(w, staff).session_hours, stage(w).bureaucracy.hours_per_session, red_tape_level(w), w.relief
    )


@native
def discharge_hours(w: World, staff: int) -> float:
    """Paperwork of a usual week's discharges."""
    return group_of(w, staff).wte * paperwork(
        w, staff_of(w)[staff].discharges * stage(w).bureaucracy.hours_per_discharge
    )


@native
def tape_hours_each(w: World, staff: int) -> float:
    """A therapist's part of the hours that red tape and calls take."""
    rules = group_of(w, staff)
    return part_of_tape(w.tape_average, rules.hours_per_week * rules.wte, w.contracted)


@native
def weekly_slots(w: World, staff: int, overbooked: float, tenths: int) -> int:
    """`Hours.slots`."""
    one, rules, usable, slot = staff_of(w)[staff], group_of(w, staff), usable_hours(w, staff), hours_of_slot(w, staff)
    if one.discharges < 0.0:
        one.discharges = usual_discharges(usable, slot, rules.wte) if stage(w).steady else 0.0
    other = discharge_hours(w, staff) + tape_hours_each(w, staff)
    limit = NO_LIMIT if rules.slots_limit == NO_LIMIT else rules.slots_limit * tenths // TENTHS
    part = tenths / TENTHS
    return slots_of_week(usable * part, rules.assessment_share, other * part, overbooked * part, slot, limit)


@native
def usual_hours(w: World, staff: int) -> tuple[float, float, float]:
    """Of a whole post of some staff: usable hours, hours of discharges, and of red tape."""
    return usable_hours(w, staff), discharge_hours(w, staff), tape_hours_each(w, staff)


@native
def committed_hours(w: World, t: int, staff: int, usable: float, discharges: float, tape: float) -> float:
    """`Hours.committed_hours`: all but sessions."""
    rules, part = group_of(w, staff), therapists_of(w)[t].tenths / TENTHS
    return committed_hours_of(
        rules.hours_per_week * rules.wte * part,
        usable * part,
        rules.assessment_share,
        discharges * part,
        tape * part,
        therapists_of(w)[t].cover_hours,
    )


@native
def forms_of(w: World, t: int, staff: int, usable: float, tape: float, relief: float) -> float:
    """`Hours.forms`: hours of paperwork in the week that ends."""
    rules, now, therapist = group_of(w, staff), stage(w), therapists_of(w)[t]
    forms, level, part = now.bureaucracy, red_tape_level(w), therapist.tenths / TENTHS
    hours = paperwork_hours(
        level,
        rules.wte * part * forms.fixed_hours_per_week
        + therapist.sessions * forms.hours_per_session
        + therapist.discharges * forms.hours_per_discharge,
        relief,
    )
    each = paperwork_hours(level, forms.hours_per_assessment, relief)
    return (
        hours + assessment_forms(rules.assessment_share, usable * part, each, now.triage.assessment_hours) + tape * part
    )


@native
def needed(w: World, t: int, staff: int, usable: float, discharges: float, tape: float) -> float:
    """`Hours.needed`: what the week that ends would have taken."""
    now, therapist = stage(w), therapists_of(w)[t]
    sessions = therapist.contact_hours + paperwork(w, therapist.sessions * now.bureaucracy.hours_per_session)
    handover = paperwork(w, therapist.transfers * now.bureaucracy.hours_per_discharge)
    return needed_hours(
        committed_hours(w, t, staff, usable, discharges, tape),
        sessions,
        handover,
        therapist.crises,
        now.triage.crisis_hours,
    )

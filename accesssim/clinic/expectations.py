"""Pressure for quick results: where it comes from, and what it does.

It comes from targets, from the list, and from what is expected (`rules.expectations`). It overbooks weeks and shortens courses (here), strains
therapists (`week`, `rules.burnout.strain`) and slows the growth of trust (`course`, `rules.therapy.grown_alliance`).
"""

from accesssim.clinic.rules import expectations
from accesssim.clinic.staff import USUAL_LIST_PRESSURE, Staff
from accesssim.clinic.state import State
from accesssim.world.arithmetic import total
from accesssim.world.sections.parameters import Parameters


def pressure(staff: Staff, now: Parameters) -> float:
    """Pressure on the therapists of a group."""
    rules = now.wellbeing
    return expectations.pressure(
        rules.target_pressure, staff.list_pressure, rules.expectation, rules.expectation_weight
    )


def straining_pressure(staff: Staff, now: Parameters) -> float:
    """The same as it strains them: with the loop from lists to strain switched off, as of a usual list."""
    rules, of_list = now.wellbeing, staff.list_pressure if now.loops.overload_spiral else USUAL_LIST_PRESSURE
    return expectations.pressure(rules.target_pressure, of_list, rules.expectation, rules.expectation_weight)


def overbooked_hours(staff: Staff, now: Parameters, pressed: float) -> float:
    """Hours a week that are booked beyond what fits."""
    return pressed * now.wellbeing.overbooking_hours * staff.rules.wte if now.loops.overbooking else 0.0


def feel_the_list(state: State, staff: Staff) -> None:
    """Weeks of work on the lists, for all who serve them, weigh on each."""
    waiting = sum(state.lists[number].length for number in staff.lists)
    starts = total(state.staff[number].starts for number in staff.partners)
    felt = expectations.list_pressure(waiting / max(starts, 0.5), state.now.wellbeing.list_half_weeks)
    staff.list_pressure += (felt - staff.list_pressure) / 4.0

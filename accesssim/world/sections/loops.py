"""Switches of the feedback loops: the section `loops`."""

from typing import Annotated

from pydantic import BeforeValidator

from accesssim.world.sections.conditions import COURSES, SOME_PATIENCE, STAFF, above, below, differ
from accesssim.world.sections.declare import Section, setting


def _switch(value: object) -> object:
    """YAML 1.2 reads `off` as a word; a switch takes it, and only a switch does."""
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value


Switch = Annotated[bool, BeforeValidator(_switch)]


class Loops(Section):
    """Switches, so that a surprising figure can say which loop made it."""

    overload_spiral: Switch = setting(
        True, "", "R1: the list wears therapists out", matters=STAFF & above("wellbeing.pressure_slope", 0)
    )
    broken_trust: Switch = setting(
        True, "", "R2: a change of therapist costs alliance", matters=COURSES & below("therapy.alliance_kept", 1)
    )
    waiting_harms: Switch = setting(
        True,
        "",
        "R3: those who wait get worse",
        matters=differ("waiting.drift_mean", 0)
        | above("waiting.drift_sd", 0)
        | (above("waiting.crisis_per_month", 0) & above("waiting.crisis_severity_slope", 0)),
    )
    red_tape: Switch = setting(True, "", "R4: paperwork takes hours and meaning", matters=STAFF)
    giving_up: Switch = setting(True, "", "B1: people leave the list untreated", matters=SOME_PATIENCE)
    care_for_carers: Switch = setting(True, "", "B2: supervision, protected time and peers relieve", matters=STAFF)
    stigma: Switch = setting(
        True, "", "B3: stigma decides who asks", matters=differ("demand.stigma", "demand.stigma_observed")
    )
    overbooking: Switch = setting(
        True, "", "pressure also buys extra hours now", matters=STAFF & above("wellbeing.overbooking_hours", 0)
    )

"""Switches of the feedback loops: the section `loops`."""

from typing import Annotated

from pydantic import BeforeValidator

from accesssim.world.sections.declare import Section, setting


def _switch(value: object) -> object:
    """YAML 1.2 reads `off` as a word; a switch takes it, and only a switch does."""
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value


Switch = Annotated[bool, BeforeValidator(_switch)]


class Loops(Section):
    """Switches, so that a surprising figure can say which loop made it."""

    overload_spiral: Switch = setting(True, "", "R1: the list wears therapists out")
    broken_trust: Switch = setting(True, "", "R2: a change of therapist costs alliance")
    waiting_harms: Switch = setting(True, "", "R3: those who wait get worse")
    red_tape: Switch = setting(True, "", "R4: paperwork takes hours and meaning")
    giving_up: Switch = setting(True, "", "B1: people leave the list untreated")
    care_for_carers: Switch = setting(True, "", "B2: supervision, protected time and peers relieve")
    stigma: Switch = setting(True, "", "B3: stigma decides who asks")
    overbooking: Switch = setting(True, "", "pressure also buys extra hours now")

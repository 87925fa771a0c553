"""When a parameter can matter: conditions on a scenario, as data, so that they can be asked of one and be made to hold in one.

A path in a condition is whole (`loops.red_tape`), or begins with a dot and is of the same section (`.law`). `*` stands for
any name; in one way it is the same name wherever what stands before it is the same: some pathway for which all of them hold.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

Comparison = Literal["is", "is not", "above", "below", "differs from"]


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a value: with one of several others (`is`, `is not`), with a number, or with what stands at another path (`differs from`).

    `why`: what to write instead in a file that gives a value although this does not hold; "" where that is no mistake.
    """

    path: str
    comparison: Comparison
    against: Any
    why: str = ""

    def told(self) -> str:
        """The comparison in words, as documents print it."""
        match self.comparison, self.against:
            case "is not", (None,):
                return f"{self.path} is given"
            case "is" | "is not", values:
                *most, last = ("left out" if value is None else _worded(value) for value in values)
                return f"{self.path} {self.comparison} {', '.join(most)}{' or ' if most else ''}{last}"
            case "differs from", other:
                return f"{self.path} differs from {_worded(other)}"
            case _:
                return f"{self.path} is {self.comparison} {_worded(self.against)}"


@dataclass(frozen=True, slots=True)
class Condition:
    """Ways in which a parameter can matter: of one of them all terms must hold."""

    ways: tuple[tuple[Term, ...], ...]

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(tuple(tuple(dict.fromkeys(one + another)) for one in self.ways for another in other.ways))

    def __or__(self, other: "Condition") -> "Condition":
        return ALWAYS if () in (*self.ways, *other.ways) else Condition(self.ways + other.ways)

    def within(self, section: str) -> "Condition":
        """The same with whole paths, of a parameter of this section."""
        return Condition(
            tuple(
                tuple(
                    replace(term, path=_whole(term.path, section), against=_whole(term.against, section))
                    for term in way
                )
                for way in self.ways
            )
        )

    def __str__(self) -> str:
        ways = [" and ".join(term.told() for term in way) for way in self.ways]
        return "always" if () in self.ways else "; or ".join(ways)


def _whole(path: Any, section: str) -> Any:
    return f"{section}{path}" if isinstance(path, str) and path.startswith(".") else path


def _worded(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


ALWAYS = Condition(((),))


def where(path: str, *values: Any, why: str = "") -> Condition:
    """The value is one of these."""
    return Condition(((Term(path, "is", values, why),),))


def other_than(path: str, *values: Any) -> Condition:
    """The value is none of these."""
    return Condition(((Term(path, "is not", values),),))


def given(path: str) -> Condition:
    """The value is not left out."""
    return other_than(path, None)


def left_out(path: str, why: str = "") -> Condition:
    """The value is left out."""
    return where(path, None, why=why)


def above(path: str, number: float) -> Condition:
    """The value is a number above this one."""
    return Condition(((Term(path, "above", number),),))


def below(path: str, number: float) -> Condition:
    """The value is a number below this one."""
    return Condition(((Term(path, "below", number),),))


def differ(path: str, other: str | float) -> Condition:
    """The value is another than a number, or than what stands at another path."""
    return Condition(((Term(path, "differs from", other),),))


#: There are therapists.
STAFF = given("workforce.*.posts")
#: Therapists give courses of therapy.
COURSES = given("pathways.*.group")
#: People are in therapy, with therapists or in places.
THERAPY = COURSES | (above("pathways.*.sessions_per_week", 0) & given("pathways.*.places"))
#: Paperwork and red tape take therapists' hours.
PAPERWORK = where("loops.red_tape", True) & above("bureaucracy.level", 0) & STAFF
#: People have a first appointment that they can miss.
FIRST_APPOINTMENTS = where("triage.assess", True) | COURSES
#: Somebody may have to be seen the same day.
CRISES = above("waiting.crisis_per_month", 0) | (where("triage.assess", True) & above("triage.emergency_share", 0))
#: Stigma is another than the one at which referrals were observed.
OTHER_STIGMA = where("loops.stigma", True) & differ("demand.stigma", "demand.stigma_observed")
COMPLEX_PEOPLE = above("demand.complex_share", 0)
#: People may lose patience on some list; and where that loop is on, they leave.
SOME_PATIENCE = (other_than("waiting.patience", "none") & left_out("pathways.*.patience")) | other_than(
    "pathways.*.patience", None, "none"
)
SOME_GIVE_UP = where("loops.giving_up", True) & SOME_PATIENCE

"""How a parameter is declared: once, with its unit, bounds, meaning and kind.

The declaration is the only place a parameter is described; `accesssim show`, the JSON Schema, error messages and the
report print it. A section is a frozen model in which every field was made by `lever`, `fact` or `setting`.

`matters`: when it can matter, besides when the section that it stands in can. A parameter that does not say so fails a test.
`of`: what hears of it, which tests hold it to.
"""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, TypedDict, Unpack

from pydantic import BaseModel, ConfigDict, Field

from accesssim.world.limits import MOST_PEOPLE
from accesssim.world.sections.conditions import Condition

Kind = Literal["lever", "uncertain", "setting"]
#: What hears of a parameter: the run, and so its journal; measures alone; how many runs are asked for and which; the words that amounts are told in.
Heard = Literal["journal", "measures", "request", "words"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


class Named(dict[str, Any]):
    """What is declared by name, such as pathways: to be read only.

    Pydantic freezes the fields of a section, and not what a dictionary in one holds.
    """

    @classmethod
    def by_name(cls, given: dict[str, Any]) -> "Named":
        """By name, whole numbers by size: in which order a file writes names means nothing."""
        return cls(sorted(given.items(), key=lambda item: (int(item[0]) if item[0].isdecimal() else -1, item[0])))

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError('nothing in a scenario changes; make another with scenario.replace({"bureaucracy.level": 1.5})')

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type["Named"], tuple[dict[str, Any]]]:
        """As it is sent to workers and copied: made again at once, not filled item by item."""
        return Named, (dict(self),)


class Section(BaseModel):
    """One section of a scenario: frozen, unknown keys refused, no silent conversion, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    in_order: ClassVar[tuple[str, ...]] = ()
    """Fields whose names mean something by the order in which they are written; their meaning says so."""

    def model_post_init(self, _: Any) -> None:
        """Close what is declared by name as well, and put it in order."""
        for name, value in self.__dict__.items():
            if type(value) is dict:
                self.__dict__[name] = Named(value) if name in self.in_order else Named.by_name(value)


class Misfit(ValueError):
    """Values that do not fit together.

    `path`: what is told of, from the section that notices it on ("" for that itself). `where`: what of that section may be wrong; left out, `path`.
    """

    def __init__(self, path: str, why: str, *where: str) -> None:
        self.path, self.why, self.where = path, why, where or (path,)
        super().__init__(f"{path} {why}".strip())


class Details(TypedDict, total=False):
    """What a declaration may say besides: bounds (`above`: not that itself), and when it matters."""

    low: float
    high: float
    above: float
    matters: Condition


def _declare(
    kind: Kind, default: Any, unit: str, meaning: str, details: Details, more: dict[str, Any] | None = None
) -> Any:
    extra: dict[str, Any] = {"unit": unit, "kind": kind, "matters": details.get("matters"), "of": "journal"}
    return Field(
        default,
        description=meaning,
        ge=details.get("low"),
        le=details.get("high"),
        gt=details.get("above"),
        json_schema_extra=extra | (more or {}),
    )


def lever(default: Any, unit: str, meaning: str, **details: Unpack[Details]) -> Any:
    """Declare something a planner can move."""
    return _declare("lever", default, unit, meaning, details)


def fact(default: Any, unit: str, meaning: str, **details: Unpack[Details]) -> Any:
    """Declare an uncertain fact about people or staff."""
    return _declare("uncertain", default, unit, meaning, details)


def setting(default: Any, unit: str, meaning: str, *, of: Heard = "journal", **details: Unpack[Details]) -> Any:
    """Declare a convention of the service or of the run."""
    return _declare("setting", default, unit, meaning, details, {"of": of})


def names_of(section: str, unit: str, kind: Kind, meaning: str, *, matters: Condition | None = None) -> Any:
    """Declare a number for each of some names, those of a section of the scenario (any at all where that is "")."""
    extra: dict[str, Any] = {"unit": unit, "kind": kind, "names": section, "matters": matters, "of": "journal"}
    return Field(default_factory=dict, description=meaning, json_schema_extra=extra)


def section(made: Callable[[], Any], meaning: str, *, matters: Condition) -> Any:
    """Declare a section, or names with a section each, that can matter only under a condition, as all that stands below it."""
    extra: dict[str, Any] = {"matters": matters}
    return Field(default_factory=made, description=meaning, json_schema_extra=extra)

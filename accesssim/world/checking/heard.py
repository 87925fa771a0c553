"""Whether a parameter can matter in a scenario, from the condition declared beside it; and a scenario in which it can."""

from collections.abc import Iterator, Mapping
from typing import Any

from accesssim.world.checking.declared import Declaration, declaration
from accesssim.world.sections.conditions import Term
from accesssim.world.sections.parameters import Parameters


def holds(parameters: Parameters, path: str) -> bool:
    """Whether what stands at a dotted path can matter."""
    return not unmet(parameters, path)


def unmet(parameters: Parameters, path: str) -> tuple[Term, ...]:
    """What would have to be otherwise for it to matter: of all ways the one with least to change. Nothing where it can matter."""
    return min(_lacking(parameters, path), key=len, default=())


def to_matter(parameters: Parameters, path: str) -> Iterator[dict[str, Any]]:
    """Values, by dotted path, with which what stands at a path can matter, the fewest first.

    Some may not fit the rest of the scenario: those are for the caller to leave out.
    """
    for terms in sorted(_lacking(parameters, path), key=len):
        yield {term.path: value_for(parameters, term, met=True) for term in terms}


def ways(parameters: Parameters, path: str) -> Iterator[tuple[Term, ...]]:
    """The ways in which what stands at a path can matter, for each name that their stars may stand for."""
    declared = declaration(path)
    assert declared is not None, path
    for way in declared.matters.ways if declared.matters is not None else ((),):
        yield from _named(parameters, way)


def met(parameters: Parameters, term: Term) -> bool:
    """Whether a comparison holds; never where there is no name to stand for its star."""
    return "*" not in term.path and _compared(parameters, value_at(parameters, term.path), term)


def value_for(parameters: Parameters, term: Term, *, met: bool) -> Any:
    """A value with which a comparison holds, or does not: the declared default where that will do."""
    declared = declaration(term.path)
    assert declared is not None, term.path
    values = _some_values(parameters, declared, term)
    return next((value for value in values if _compared(parameters, value, term) == met), None)


def _lacking(parameters: Parameters, path: str) -> list[tuple[Term, ...]]:
    """What each way lacks."""
    return [tuple(term for term in way if not met(parameters, term)) for way in ways(parameters, path)]


def _named(parameters: Parameters, way: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
    """A way with each name in the place of its stars, if there are any: the same name wherever what stands before it is the same."""
    starred = next((term.path for term in way if "*" in term.path), None)
    if starred is None:
        yield way
        return
    section = starred[: starred.index("*")]
    names = value_at(parameters, section[:-1])
    if not names:
        yield way
    for name in names or ():
        yield from _named(parameters, tuple(_with_name(term, section, name) for term in way))


def _with_name(term: Term, section: str, name: str) -> Term:
    rest = term.path.removeprefix(f"{section}*")
    return term if rest == term.path else Term(f"{section}{name}{rest}", term.comparison, term.against, term.why)


def value_at(parameters: Parameters, path: str) -> Any:
    """What stands at a dotted path; None for a name that is not there."""
    here: Any = parameters
    for part in path.split("."):
        here = here.get(part) if isinstance(here, Mapping) else getattr(here, part, None)
    return here


def _compared(parameters: Parameters, value: Any, term: Term) -> bool:
    """Whether a value at the place of a term compares as it says."""
    match term.comparison:
        case "is":
            return value in term.against
        case "is not":
            return value not in term.against
        case "above":
            return value is not None and bool(value > term.against)
        case "below":
            return value is not None and bool(value < term.against)
        case "differs from":
            other = value_at(parameters, term.against) if isinstance(term.against, str) else term.against
            return bool(value != other)


def _some_values(parameters: Parameters, declared: Declaration, term: Term) -> Iterator[Any]:
    """Values that a parameter may have, in the order in which they are tried."""
    yield declared.default
    if declared.optional:
        yield None
    yield from declared.choices
    if declared.type is bool:
        yield from (True, False)
    if term.comparison in ("is", "is not"):
        yield from term.against
    other = value_at(parameters, term.against) if isinstance(term.against, str) else term.against
    if declared.type in (int, float):
        number = other if isinstance(other, int | float) else 0
        high = number + 1 if declared.high is None else declared.high
        yield from (
            declared.type(number),
            declared.type(number + min(1.0, (high - number) / 2)),
            declared.type(number + 1),
        )
        yield from (bound for bound in (declared.low, declared.high) if bound is not None)

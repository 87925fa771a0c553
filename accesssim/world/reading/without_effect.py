"""Values that a file gives and nothing looks at, as another choice of the same scenario leaves them without effect."""

from collections.abc import Iterator, Mapping

from accesssim.world.checking.declared import conditions_in
from accesssim.world.checking.heard import unmet, value_at
from accesssim.world.checking.values import Setting
from accesssim.world.errors import Problem
from accesssim.world.sections.conditions import Term
from accesssim.world.sections.parameters import Parameters


def without_effect(settings: Mapping[str, Setting], now: Parameters) -> Iterator[Problem]:
    """A line for each such value, unless the choice came after it: a child that chooses otherwise need not take back what its parent said of it."""
    for path, setting in settings.items():
        for term in unmet(now, path):
            decided = settings.get(term.path)
            if term.why and (decided is None or decided.turn <= setting.turn):
                chosen = value_at(now, term.path)
                instead = term.why.format(takes=" and ".join(sorted(_taken_by(chosen, term))))
                yield Problem(setting.provenance.place, f"{path} does nothing where {term.path} = {chosen}; {instead}")


def _taken_by(chosen: object, choice: Term) -> Iterator[str]:
    """Names beside a choice that matter with what was chosen."""
    for name, condition in conditions_in(choice.path.rpartition(".")[0]).items():
        terms = (term for way in condition.ways for term in way if term.path == choice.path)
        if any(term.comparison == "is" and chosen in term.against for term in terms):
            yield name

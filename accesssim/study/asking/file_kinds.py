"""Whether a file is a scenario or an experiment, by its keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from shlex import quote
from typing import Literal

from accesssim.study.asking.experiment_layout import KEYS, LATER
from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.reading import files
from accesssim.world.reading.yaml import Document
from accesssim.world.sections.parameters import Parameters

Kind = Literal["scenario", "experiment"]

ASKING = {*KEYS, *LATER} - {"title", "notes"}
"""Keys of an experiment alone."""

DESCRIBING = {"extends", "changes", *Parameters.model_fields}
"""Keys of a scenario alone."""


def is_experiment(document: Document) -> bool:
    """Whether a file asks a question rather than describes a service."""
    return bool(_keys(document) & ASKING)


def _kind_of(name: str) -> Kind | None:
    """What a file is; None where it is both, neither, or cannot be read."""
    try:
        document = files.read(name)
    except ScenarioError:
        return None
    asks, describes = is_experiment(document), bool(_keys(document) & DESCRIBING)
    return None if asks == describes else "experiment" if asks else "scenario"


def _keys(document: Document) -> set[str]:
    return set(document.data) if isinstance(document.data, dict) else set()


@contextmanager
def of_kind(kind: Kind, name: str) -> Iterator[None]:
    """Where a file turns out to be of the other kind, that alone is told, and what runs it.

    Else every key would be told of that is not one of this kind. Raises ScenarioError.
    """
    try:
        yield
    except ScenarioError:
        found = _kind_of(name)
        if found in (None, kind):
            raise
        verb = "sweep" if found == "experiment" else "run"
        what = f"is {_article(found)}, not {_article(kind)}; type: accesssim {verb} {quote(name)}"
        raise ScenarioError([Problem(name, what)]) from None


def _article(kind: Kind | None) -> str:
    return "an experiment" if kind == "experiment" else "a scenario"

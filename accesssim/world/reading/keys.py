"""The keys of a scenario file: each value that it gives with its dotted path, and what is wrong with the other keys."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accesssim.world.checking.declared import Level, declaration, level, names_given, near_miss
from accesssim.world.checking.values import Setting
from accesssim.world.errors import Problem
from accesssim.world.reading.ages import is_table
from accesssim.world.reading.yaml import Document
from accesssim.world.sections.declare import Section
from accesssim.world.sections.parameters import Parameters

#: Keys of a scenario file that are not sections.
BESIDE_SECTIONS = ("extends", "title", "changes")
NAME = r"[A-Za-z][A-Za-z0-9_-]*"
Where = tuple[str, ...]


class Keys:
    """Reads the sections of one file; what is wrong with them is added to `problems`."""

    def __init__(self, document: Document, known: Sequence[str], problems: list[Problem]) -> None:
        self._document, self._known, self._problems = document, known, problems

    def values(self) -> Iterator[tuple[Where, Any]]:
        """Every value that the file gives, with its path."""
        sections = {key: value for key, value in self._document.data.items() if key not in BESIDE_SECTIONS}
        yield from self._below(sections, Parameters, ())

    def _refuse(self, where: Where, why: str) -> None:
        self._problems.append(Problem(self._document.place(where), why))

    def _below(self, data: Any, model: type[Section], path: Where) -> Iterator[tuple[Where, Any]]:
        """What stands in a section."""
        here = level(model)
        if not isinstance(data, dict):
            if data is not None:
                self._refuse(
                    path, f"{'.'.join(path)} must hold {', '.join(here.names[:4])}…, not a single value or list"
                )
            return
        for key, value in data.items():
            where = (*path, key)
            if key in here.fields:
                yield where, value
            elif key in here.sections:
                yield from self._below(value, here.sections[key], where)
            elif key in here.named or key in here.numbers:
                yield from self._by_name(value, here, where)
            else:
                self._refuse(where, self._unknown(key, value, here, path))

    def _by_name(self, data: Any, here: Level, where: Where) -> Iterator[tuple[Where, Any]]:
        """What stands under free names: a section or a number each."""
        key = where[-1]
        if not isinstance(data, dict):
            if data is not None:
                self._refuse(where, f"{'.'.join(where)} must be a mapping of names")
            return
        for name, inner in data.items():
            if key in here.numbers and "." not in name:
                yield (*where, name), inner
            elif not re.fullmatch(NAME, name):
                self._refuse((*where, name), _not_a_name(name, inner, where, numbers=key in here.numbers))
            elif is_table((*where, name), inner):
                yield (*where, name), inner
            elif inner is None or inner == {}:
                some = ", ".join(level(here.named[key]).names[:4])
                self._refuse(
                    (*where, name), f"{'.'.join((*where, name))} says nothing; give it at least one of {some}…"
                )
            else:
                yield from self._below(inner, here.named[key], (*where, name))

    def _unknown(self, key: str, value: Any, here: Level, path: Where) -> str:
        """What is said of a key that is not declared there."""
        dotted = ".".join((*path, key))
        if "." in key and declaration(dotted):
            return _in_sections(path, key, value)
        options = [
            *self._known,
            *(".".join((*path, name)) for name in here.names),
            *(BESIDE_SECTIONS if not path else ()),
        ]
        return f"{dotted} is not a parameter{near_miss(dotted, options)}"

    def look_for_misspelt_names(self, before: Mapping[str, list[str]], settings: Mapping[str, Setting]) -> None:
        """A new name that is nearly an inherited one is taken as a slip.

        It would silently make a second group, pathway or step.
        """
        for section, names in names_given(settings).items():
            there = before.get(section, [])
            for name in names:
                if name in there or name.isdigit():
                    continue
                if meant := next((other for other in there if _slip(name, other)), None):
                    where = (*section.split("."), name)
                    self._refuse(
                        where, f"{'.'.join(where)} is not in what this extends; did you mean {section}.{meant}?"
                    )


def _not_a_name(name: str, inner: Any, where: Where, *, numbers: bool) -> str:
    """What is said of a key that cannot be a free name."""
    if "." in name and declaration(".".join((*where, name))):
        return _in_sections(where, name, inner)
    rather = "letters, digits and underscores"
    return f"{name!r} is not a name; use {f'whole days, or names of {rather}' if numbers else rather}"


def _in_sections(path: Where, key: str, value: Any) -> str:
    """What would be right where a file gives a parameter by its dotted path, as --set and changes do."""
    section, *inner = key.split(".")
    written = "…" if isinstance(value, dict | list) else json.dumps(value, default=str)
    for name in reversed(inner):
        written = f"{{{name}: {written}}}"
    return f"{'.'.join((*path, key))} must be written under `{section}:`, such as {section}: {written}"


def _slip(name: str, other: str) -> bool:
    """Whether a name looks like a misspelling of another: close, and not just numbered or lettered on at the end."""
    numbered = len(name) == len(other) and name[:-1] == other[:-1]
    return not numbered and difflib.SequenceMatcher(None, name, other).ratio() >= 0.88

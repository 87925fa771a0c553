"""YAML in, plain data and places out: strict, small, and safe to point at anything.

Numbers, words and dates are told apart by the rules of YAML 1.2 (so `off` and `no` are words). Refused: aliases and anchors, tags, duplicate
keys, several documents, deep nesting, large files, other encodings than UTF-8, anything that is not a regular file.
"""

import math
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from accesssim.world.errors import Problem, ScenarioError

LARGEST_FILE, DEEPEST = 1_000_000, 40
Path_ = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """A file's data, and the place of each key: dotted path parts (list items by number) → (line, column), from 1."""

    name: str
    data: Any
    places: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    path: Path = Path()

    def place(self, path: Path_) -> str:
        """`file:line:column` of a key, or of the nearest one above it."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return f"{self.name}:{line}:{column}"


def read_yaml(path: Path, name: str) -> Document:
    """Read a file; `name` is what errors call it. Raises ScenarioError."""
    return replace(parse_yaml(read_text(path, name), name), path=path)


def read_text(path: Path, name: str) -> str:
    """The text of a small, regular file in UTF-8. Raises ScenarioError."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise _refuse(name, "is a folder; name a .yaml file in it")
        if not stat.S_ISREG(mode):
            raise _refuse(name, "is not a regular file")
        if path.stat().st_size > LARGEST_FILE:
            raise _refuse(
                name,
                f"is larger than {LARGEST_FILE // 1_000_000} MB; a scenario says only what differs from its parent",
            )
        data = path.read_bytes()
    except OSError as error:
        raise _refuse(name, f"cannot be read: {(error.strerror or 'unknown error').lower()}") from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError([Problem(f"{name}:{line}:1", "is not UTF-8; save as UTF-8")]) from None


def _refuse(name: str, why: str) -> ScenarioError:
    return ScenarioError([Problem(name, why)])


def parse_yaml(text: str, name: str) -> Document:
    """Parse text. Raises ScenarioError with the place."""
    document = Document(name, None)
    try:
        stream = iter(YAML(typ="safe", pure=True).parse(text))
        data = _Builder(document, stream).document()
    except ReaderError as error:
        raise ScenarioError(
            [
                Problem(
                    _at(name, text, error.position),
                    f"the character U+{ord(text[error.position]):04X} cannot be seen, and is not allowed; leave it out",
                )
            ]
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        tab = mark is not None and "\\t" in str(error.problem)
        what = "a tab where spaces belong; indent with spaces" if tab else f"not YAML: {error.problem or error.context}"
        raise ScenarioError([Problem(where, what[:200])]) from None
    except (
        YAMLError,
        ValueError,
        AssertionError,
        RecursionError,
    ) as error:  # what the reader does not look for, such as an escape of no character
        line, column = next(reversed(document.places.values()), (1, 1))  # the key that was read last
        raise ScenarioError(
            [Problem(f"{name}:{line}:{column}", f"not YAML: {str(error).splitlines()[0][:200]}")]
        ) from None
    return Document(name, data, document.places)


def _at(name: str, text: str, position: int) -> str:
    """`file:line:column` of a letter of a text."""
    lines = text[:position].split("\n")
    return f"{name}:{len(lines)}:{len(lines[-1]) + 1}"


class _Builder:
    """Plain data from parser events, with places."""

    def __init__(self, document: Document, stream: Iterator[Any]) -> None:
        self._document, self._stream = document, stream

    def document(self) -> Any:
        data, found = None, False
        for event in self._stream:
            if isinstance(event, events.DocumentStartEvent):
                if found:
                    raise self._error(event, "a second document begins here; one file holds one document")
                found = True
                data = self._value(next(self._stream), ())
        return data

    def _error(self, event: Any, message: str) -> ScenarioError:
        mark = event.start_mark
        return ScenarioError([Problem(f"{self._document.name}:{mark.line + 1}:{mark.column + 1}", message)])

    def _value(self, event: Any, path: Path_) -> Any:
        if isinstance(event, events.AliasEvent) or getattr(event, "anchor", None):
            raise self._error(event, "anchors and aliases are not allowed; write the value out")
        tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
        if tag is not None and str(tag) not in ("None", "!"):
            raise self._error(event, "tags are not allowed; write a plain value")
        if len(path) > DEEPEST:
            raise self._error(event, f"nested more than {DEEPEST} deep")
        if isinstance(event, events.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, events.SequenceStartEvent):
            return self._sequence(path)
        if half := next((letter for letter in event.value if "\ud800" <= letter <= "\udfff"), None):
            raise self._error(
                event, f"{half!a} is half a character, which no file or screen can hold; write the character itself"
            )
        return scalar(event.value) if event.style is None or event.style == "" else str(event.value)

    def _mapping(self, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self._stream:
            if isinstance(event, events.MappingEndEvent):
                break
            if not isinstance(event, events.ScalarEvent):
                raise self._error(event, "a key must be a plain word")
            key = str(event.value)
            if not key.isascii():
                odd = next(letter for letter in key if not letter.isascii())
                raise self._error(
                    event, f"the key {key!r} holds {odd!r}, which is not an ASCII letter; it may only look like one"
                )
            if key in found:
                raise self._error(event, f"{'.'.join((*path, key))} is given twice")
            self._document.places[(*path, key)] = (event.start_mark.line + 1, event.start_mark.column + 1)
            found[key] = self._value(next(self._stream), (*path, key))
        return found

    def _sequence(self, path: Path_) -> list[Any]:
        found: list[Any] = []
        for event in self._stream:
            if isinstance(event, events.SequenceEndEvent):
                break
            here = (*path, str(len(found)))
            self._document.places[here] = (event.start_mark.line + 1, event.start_mark.column + 1)
            found.append(self._value(event, here))
        return found


_INT, _FLOAT = re.compile(r"[-+]?[0-9]{1,40}"), re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {"": None, "~": None, "true": True, "false": False, "null": None}


def scalar(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2."""
    lower = text.lower()
    if lower in _WORDS and text in (lower, lower.title(), lower.upper()):
        return _WORDS[lower]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if lower in (".inf", "+.inf", "-.inf"):
        return -math.inf if text[0] == "-" else math.inf
    return math.nan if lower == ".nan" else text

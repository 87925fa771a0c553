"""The results digest: one name for all the code that decides a row or a measure, the same wherever that code does the same.

It is taken of the syntax trees, so comments, docstrings, blank lines and the ends of lines say nothing, and a checkout, an
editable install and a wheel agree, in every Python that is supported. What a scenario decides has digests of its own.
"""

import ast
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from accesssim.world import cache_folder

PACKAGE = Path(__file__).parent.parent

ENGINES = ("world", "clinic")
"""What decides the rows of a run, and what is compiled."""

RESULTS = (*ENGINES, "study/measuring", "study/running/replication.py", "study/running/one_pass.py")
"""What decides rows and measures. Tests hold that these import nothing of accesssim besides."""

_SILENT = frozenset({"kind", "type_comment", "type_ignores"})
"""Fields of a syntax tree that change nothing that is run."""

_KEPT = 20
"""States of the code of which the digest is kept: to take it anew is half a second's work."""


@lru_cache(maxsize=1)
def of_results() -> str:
    """The digest of what decides rows and measures."""
    return digest(PACKAGE, RESULTS)


@lru_cache(maxsize=1)
def of_engines() -> str:
    """The digest of what decides rows alone."""
    return digest(PACKAGE, ENGINES)


def digest(package: Path, listed: Iterable[str]) -> str:
    """The digest of the listed files and folders of a package, 16 letters.

    It is kept in the user's cache by the bytes of these files, if there is one that nobody else can write to.
    """
    texts = {path.relative_to(package).as_posix(): path.read_bytes() for path in files(package, listed)}
    raw = hashlib.sha256()
    for name, text in texts.items():
        raw.update(f"{name}\0{len(text)}\0".encode() + text)
    state = raw.hexdigest()
    known = _kept()
    if state not in known:
        known[state] = _of_trees(texts)
        _keep(known)
    return known[state]


def files(package: Path, listed: Iterable[str]) -> list[Path]:
    """The Python files that are listed, one by one or by folder, in an order of their own; what cannot be imported by its name is none."""
    found = (
        path
        for name in listed
        for path in ([package / name] if name.endswith(".py") else (package / name).rglob("*.py"))
    )
    modules = {path.relative_to(package).as_posix(): path for path in found}
    return [path for name, path in sorted(modules.items()) if all(part.isidentifier() for part in name[:-3].split("/"))]


def _of_trees(texts: dict[str, bytes]) -> str:
    made = hashlib.sha256()
    for name, text in texts.items():
        made.update(f"{name} {_of_tree(text)}\n".encode())
    return made.hexdigest()[:16]


@lru_cache(maxsize=512)
def _of_tree(text: bytes) -> str:
    parts: list[str] = []
    _tell(ast.parse(text), parts)
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _tell(value: Any, parts: list[str]) -> None:
    """A syntax tree as text: kinds of nodes, and fields that hold something, as Pythons differ in which empty fields there are."""
    if isinstance(value, ast.AST):
        parts.append(f"{type(value).__name__}(")
        for name in value._fields:
            held = getattr(value, name, None)
            if held is not None and name not in _SILENT:
                parts.append(f"{name}=")
                _tell(held, parts)
                if parts[-1] == "[":  # an empty list
                    del parts[-2:]
        parts.append(")")
    elif isinstance(value, list):
        parts.append("[")
        for one in value:
            if not _says_nothing(one):
                _tell(one, parts)
    else:
        parts.append(ascii(value))  # as `repr` goes by which letters a Python knows


def _says_nothing(statement: object) -> bool:
    """Whether it is a docstring, or a string that stands below a constant to say what it is."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _kept() -> dict[str, str]:
    """Digests by the state of the code; nothing where there is no cache that can be trusted."""
    with suppress(OSError, ValueError):
        folder = cache_folder.folder()
        if cache_folder.refusal(folder) is None:
            lines = (folder / "digests").read_text(encoding="ascii").split("\n")
            return {state: told for state, _, told in (line.partition(" ") for line in lines) if len(told) == 16}
    return {}


def _keep(known: dict[str, str]) -> None:
    with suppress(OSError):
        folder = cache_folder.folder()
        if cache_folder.made(folder) is None:
            lines = [f"{state} {told}\n" for state, told in known.items()][-_KEPT:]
            cache_folder.write(folder / "digests", "".join(lines).encode())

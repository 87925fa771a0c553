"""Where scenario and experiment files are, and where a path that a file names may lead."""

import difflib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accesssim.world.errors import Problem, ScenarioError
from accesssim.world.reading.yaml import Document
from accesssim.world.shipped import shipped_folder, shipped_names, shipped_path


def stem(name: str | os.PathLike[str]) -> str:
    """What a file is called without its folder and ending; a shipped name stays as it is."""
    text = os.fspath(name)
    return Path(text).stem if text.endswith(".yaml") else text


def find(kind: str, name: str | os.PathLike[str]) -> tuple[Path, str]:
    """Path of a shipped or own file of a kind (`scenarios`, `experiments`), and what errors call it. Raises ScenarioError."""
    text = os.fspath(name)
    with _reachable(text):
        return _find(kind, text)


@contextmanager
def _reachable(place: str) -> Iterator[None]:
    """What the file system says of an impossible path (too long, a NUL, links in a circle) becomes one line."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        what = (getattr(error, "strerror", None) or str(error).split(":", 1)[0]).lower()
        raise ScenarioError([Problem(place[:200], f"cannot be read: {what}")]) from None


def _find(kind: str, text: str) -> tuple[Path, str]:
    shipped = shipped_path(kind, text)
    if shipped is not None:
        return shipped, shown_path(shipped)
    if not text.strip():
        raise ScenarioError(
            [Problem(kind[:-1], f'"{text}" is not a name; name one that is shipped, or a path to a .yaml file')]
        )
    path = Path(text)
    if "://" in text:
        raise ScenarioError([Problem(text, "is an address; only files on this machine are read")])
    if path.exists() or path.is_symlink() or path.suffix in (".yaml", ".yml"):
        if not path.exists():
            raise ScenarioError(
                [
                    Problem(
                        text,
                        "is a link that leads nowhere"
                        if path.is_symlink()
                        else f"there is no such file{_siblings(kind, path)}",
                    )
                ]
            )
        if path.is_dir():
            raise ScenarioError([Problem(text, "is a folder; name a .yaml file in it")])
        if path.suffix != ".yaml":
            raise ScenarioError([Problem(text, "must end in .yaml")])
        return path, text
    close = _likely(kind, text, "")
    hint = (
        f"; did you mean {close[0]}?"
        if close
        else f"; shipped are {', '.join(n for n in shipped_names(kind) if '/' not in n)}"
    )
    raise ScenarioError([Problem(text, f"is neither a shipped {kind[:-1]} nor a .yaml file{hint}")])


def _likely(kind: str, name: str, folder: str | Path) -> list[str]:
    """What a name without an ending was meant to be: the file of that name, as is easily typed after `new`, or else a shipped name that is near."""
    ended = f"{name}.yaml"
    return (
        [ended]
        if name and os.path.isfile(os.path.join(folder, ended))
        else difflib.get_close_matches(name, shipped_names(kind), 1, 0.6)
    )


def _siblings(kind: str, path: Path) -> str:
    around = (
        [
            str(path.parent / other.name)
            for other in path.parent.glob("*.yaml")
            if other.name != path.name and other.is_file()
        ]
        if path.parent.is_dir()
        else []
    )
    close = difflib.get_close_matches(str(path), around, 1, 0.7) or difflib.get_close_matches(
        path.stem, shipped_names(kind), 1, 0.7
    )
    return f"; did you mean {close[0]}?" if close else ""


def shown_path(path: Path) -> str:
    """A shipped file as errors name it: from the folder that holds `scenarios/` or `experiments/`."""
    for kind in ("scenarios", "experiments"):
        if path.is_relative_to(shipped_folder(kind)):
            return f"{kind}/{path.relative_to(shipped_folder(kind)).as_posix()}"
    return str(path)


def project_root(path: Path) -> Path:
    """The nearest folder above a file that holds `scenarios/`, or the file's own folder."""
    real = path.resolve()
    for folder in real.parents:
        if (folder / "scenarios").is_dir():
            return folder
    working = Path.cwd().resolve()
    return working if real.is_relative_to(working) else real.parent


def named(document: Document, key: str, nth: int | None = None) -> tuple[Path, str]:
    """Path of the scenario that a file names, or of the `nth` of several, and what errors call it. Raises ScenarioError."""
    where: tuple[str, ...] = (key,) if nth is None else (key, str(nth))
    name, place, path = (
        document.data[key] if nth is None else document.data[key][nth],
        document.place(where),
        document.path,
    )
    if not isinstance(name, str):
        raise ScenarioError(
            [Problem(place, f"{key} must be the name of a shipped scenario, or a path that ends in .yaml")]
        )
    shipped = shipped_path("scenarios", name)
    if shipped is not None:
        return shipped, shown_path(shipped)
    if "://" in name:
        raise ScenarioError([Problem(place, f"{key}: {name} is an address; only files on this machine are read")])
    if not name.endswith(".yaml"):
        close = _likely("scenarios", name, path.parent)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise ScenarioError(
            [Problem(place, f"{key}: {name} is neither a shipped scenario nor a path that ends in .yaml{hint}")]
        )
    return _beside(document, key, place, name, _siblings("scenarios", path.parent / name))


def table(document: Document, *where: str) -> tuple[Path, str]:
    """Path of the table that a file names at a key, and what errors call it. Raises ScenarioError."""
    key, name, place = ".".join(where), document.data, document.place(where)
    for part in where:
        name = name[part]
    if not isinstance(name, str) or not name.endswith(".csv") or "://" in name:
        raise ScenarioError([Problem(place, f"{key}: {name} must be a path that ends in .csv, beside this file")])
    return _beside(document, key, place, name, "")


def _other_than_a_file(path: Path) -> str:
    """What stands where a file should be."""
    if not path.exists():
        return "is a link that leads nowhere; name a file"
    return "is a folder; name a file in it" if path.is_dir() else "is a pipe or a device; name a file"


def _beside(document: Document, key: str, place: str, name: str, hint: str) -> tuple[Path, str]:
    """A file that another names, if it lies in the same project."""
    beside = document.path.parent / name
    with _reachable(place):
        if not beside.resolve().is_relative_to(project_root(document.path)):
            raise ScenarioError([Problem(place, f"{key}: {name} leaves the project's folder")])
        if not beside.is_file():
            what = (
                f"{name} {_other_than_a_file(beside)}" if os.path.lexists(beside) else f"there is no file {name}{hint}"
            )
            raise ScenarioError([Problem(place, f"{key}: {what}")])
    return beside, os.path.normpath(os.path.join(os.path.dirname(document.name), name))

"""Where compiled code is kept, whole or not at all: of the functions that are called from outside (`machine_code`).

These files are run as they are read, so they are read only where nobody but us and root can have written them.
"""

import atexit
import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

from accesssim.clinic.compiled.machine_code import SUFFIX
from accesssim.world import cache_folder, results_digest

MARK = "complete"
"""The file that says that all is compiled, with a checksum of every other."""

_TOLD_THE_COMPILER = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_OPT", "NUMBA_BOUNDSCHECK")
"""What changes the code that the compiler makes, as it is told by the environment."""

_LOOK = 0.2
"""Seconds between two looks at whether another process is done."""


class Place(NamedTuple):
    """Where compiled code is kept; and what is against the user's cache, where it is a passing folder for this process and those that it starts."""

    folder: Path
    against: str | None


@lru_cache(maxsize=1)
def state() -> str:
    """The name of all that compiled code hangs on: rules, Python, the compiler and what it is told, the kind of processor."""
    features = ""
    with suppress(RuntimeError):  # no such list for this kind
        features = get_host_cpu_features().flatten()
    made_for = [
        results_digest.of_engines(),
        *(sys.implementation.cache_tag, sys.abiflags if os.name != "nt" else "", platform.system(), platform.machine()),
        *(version("numba"), version("llvmlite"), np.__version__, get_host_cpu_name(), features),
        *(os.environ.get(name) for name in _TOLD_THE_COMPILER),
    ]
    return hashlib.sha256(repr(made_for).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def place() -> Place:
    """The folder of this state in the user's cache, if it is whole, or can be made there; else a passing one."""
    try:
        folder = cache_folder.folder() / state()
        if is_whole(folder):
            return Place(folder, None)
        against = cache_folder.made(folder.parent)
    except OSError as error:
        against = error.strerror or str(error)
    if against is None:
        return Place(folder, None)
    passing = tempfile.mkdtemp(prefix="accesssim-")
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    os.environ["ACCESSSIM_CACHE"] = passing  # else each worker would compile for itself
    folder = cache_folder.folder() / state()
    folder.parent.mkdir(mode=0o700)
    return Place(folder, against)


def is_whole(folder: Path) -> bool:
    """Whether all that was compiled is there, as it was, and nobody else can have written it."""
    try:
        held = _checksums(folder)
        whole = json.loads((folder / MARK).read_text(encoding="ascii")) == held != {}
        return whole and all(cache_folder.refusal(folder / name) is None for name in (MARK, *held))
    except (OSError, ValueError):
        return False


def _checksums(folder: Path) -> dict[str, int]:
    """Of each file that is kept, by its name: what a mark says, so that a truncated file is noticed."""
    return {path.relative_to(folder).as_posix(): zlib.crc32(path.read_bytes()) for path in _kept(folder)}


def _kept(folder: Path) -> list[Path]:
    """The files of machine code."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.is_file())


@contextmanager
def alone(folder: Path, wait: Callable[[], None]) -> Iterator[bool]:
    """Keep others out who would compile the same; `wait` is called once if one is at it. The system lets go of what a killed process held.

    False where there are no such locks: two may be at it, and the first to end is the one whose code stays.
    """
    with open(folder.with_name(f".{folder.name}.lock"), "ab") as lock:
        held = _locked(lock)
        if held is False:
            wait()
        while held is False:
            time.sleep(_LOOK)
            held = _locked(lock)
        yield held is True


def is_being_made(folder: Path) -> bool:
    """Whether somebody keeps others out."""
    with open(folder.with_name(f".{folder.name}.lock"), "ab") as lock:
        return _locked(lock) is False


def _locked(lock: BinaryIO) -> bool | None:
    """Whether we hold it now; None where there are no locks."""
    try:
        import fcntl

        fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):  # Windows, and some disks of other machines
        return None
    return True


@contextmanager
def aside(folder: Path, *, others: bool) -> Iterator[Path]:
    """A folder to compile into, which takes its place when all is there.

    What a process left that was killed is taken away, unless others may be at it.
    """
    for left in () if others else folder.parent.glob(f".{folder.name}.*.tmp"):
        _take_away(left)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".tmp"))
    before = made.with_suffix(".before.tmp")
    try:
        yield made
        for path in _kept(made):
            path.chmod(0o600)  # whatever else is usual here
        cache_folder.write(made / MARK, json.dumps(_checksums(made)).encode())
        with suppress(FileNotFoundError):
            folder.rename(before)
        try:
            made.rename(folder)
        except OSError:
            if not is_whole(folder):  # where there are no locks, somebody may have been sooner
                raise
    finally:
        for left in (made, before):
            _take_away(left)


def _take_away(path: Path) -> None:
    """A folder with all in it, or whatever else lies there; nothing may."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)

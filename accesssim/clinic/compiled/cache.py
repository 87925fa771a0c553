"""Where compiled code is kept, and what is kept of it: the functions that are called from outside."""

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from llvmlite.binding import get_host_cpu_name
from numba import njit

Entrance = TypeVar("Entrance", bound=Callable[..., Any])
ENTRANCES = Path(__file__).with_name("day.py")
"""The file that holds them: the compiler looks at when it was last written, and at no other."""


def cache_folder() -> str:
    """Where compiled code is kept: apart for each state of the code that it was compiled from, as functions of other files are compiled into it.

    And apart for each Python, each kind of processor and each place of the package, which may share a home. Where nothing
    can be kept, a folder for this process and those that it starts.
    """
    kind, home = numba.config.CPU_NAME or get_host_cpu_name(), Path(__file__).parent.parent.parent
    made_for = (
        sys.version_info[:2],
        numba.__version__,
        np.__version__,
        kind,
        numba.config.BOUNDSCHECK,
        str(home),
        ENTRANCES.stat().st_mtime_ns,
    )
    seen = hashlib.sha256(str(made_for).encode())
    for path in sorted([*(home / "clinic").rglob("*.py"), *(home / "world").rglob("*.py")]):
        seen.update(path.read_bytes())
    try:
        chosen = os.environ.get("ACCESSSIM_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(chosen) / "accesssim" / seen.hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        passing = tempfile.mkdtemp(prefix="accesssim-")
        atexit.register(shutil.rmtree, passing, ignore_errors=True)
        os.environ["ACCESSSIM_CACHE"] = passing  # else each worker would compile for itself
        folder = Path(passing) / "accesssim" / seen.hexdigest()[:16]
        folder.mkdir(parents=True)
        return str(folder)


FOLDER = cache_folder()


def entrance(function: Entrance) -> Entrance:
    """Compile a function that is called from outside, and keep it on disk with all that it calls: each more costs every start some time."""
    theirs, numba.config.CACHE_DIR = numba.config.CACHE_DIR, FOLDER
    made: Entrance = njit(cache=True, error_model="numpy")(function)
    numba.config.CACHE_DIR = theirs
    return made

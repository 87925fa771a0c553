"""Making the engine ready in a process of its own, while SimPy's answers."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from accesssim.clinic.compiled import cache
from accesssim.world import cache_folder, results_digest

AGAIN_SECONDS = 3600
"""Who could not be made ready aside is not tried again by every command: a machine may have too little memory for it."""

STARTED = (
    "The compiled engine, many times sooner, is being made ready in the background for next time; "
    "SimPy's answers meanwhile, with the same rows."
)

_kept: list[subprocess.Popen[bytes]] = []
"""Not to be waited for; Python would complain of a process that nobody knows."""


@lru_cache(maxsize=1)
def started() -> bool:
    """Start it, at the lowest priority, unless somebody is at it, or was within the hour; once in this process. It ends by itself.

    The command is `accesssim ready`; what it says goes nowhere, and it goes on when this process ends.
    """
    folder, against = cache.place()
    if against is not None or not sys.executable:
        return False
    try:
        if cache.is_being_made(folder) or not _is_first(folder.with_name(f".{folder.name}.begun")):
            return False
        child = subprocess.Popen(
            [sys.executable, "-m", "accesssim", "ready"],
            cwd=results_digest.PACKAGE.parent,  # the same accesssim, and nobody's folder is kept busy
            env={**os.environ, "ACCESSSIM_CACHE": str(cache_folder.folder().parent)},  # in full, as it runs elsewhere
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is not for it
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
            | getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return False
    _kept.append(child)
    if hasattr(os, "setpriority"):
        with suppress(OSError):  # it may have ended
            os.setpriority(os.PRIO_PROCESS, child.pid, 19)
    return True


def _is_first(note: Path) -> bool:
    """Whether nobody has started one within the hour; whoever asks first is noted as the one who does. Raises OSError."""
    with suppress(FileNotFoundError):
        if time.time() - note.stat().st_mtime > AGAIN_SECONDS:
            note.unlink()
    try:
        note.touch(0o600, exist_ok=False)
    except FileExistsError:
        return False
    return True

"""The user's cache: where what takes long to work out is kept. What others could have written is neither read nor run."""

import os
import stat
import tempfile
from pathlib import Path


class NoCache(OSError):
    """There is no place for a cache."""


def folder() -> Path:
    """`~/.cache/accesssim`, or that in $XDG_CACHE_HOME or $ACCESSSIM_CACHE; it need not be there. Raises NoCache."""
    chosen = os.environ.get("ACCESSSIM_CACHE") or os.environ.get("XDG_CACHE_HOME")
    if not chosen:
        try:
            chosen = str(Path.home() / ".cache")
        except RuntimeError:
            raise NoCache("there is no home folder") from None
    return Path(os.path.abspath(chosen)) / "accesssim"


def made(path: Path) -> str | None:
    """Make it, for us alone, if it is not there, and try whether it can be written to; what is against that, or None."""
    try:
        for part in (*reversed(path.parents), path):
            if not part.is_dir():
                part.mkdir(mode=0o700, exist_ok=True)
        against = refusal(path)
        if against is None:
            with tempfile.TemporaryFile(dir=path):
                pass
    except OSError as error:
        return f"{path} cannot be written to ({error.strerror or error})"
    return against


def refusal(path: Path) -> str | None:
    """Why what lies there is not to be trusted: some part of its path is another user's than ours or root's, or others can write to it.

    None if nothing is against it. A folder like /tmp, in which each may only change their own, is as good as one of ours. Raises OSError where
    there is nothing.
    """
    if not hasattr(os, "getuid"):  # a system whose users have folders that others cannot write to (Windows)
        return None
    for whole in (
        Path(os.path.abspath(path)),
        Path(os.path.realpath(path, strict=True)),
    ):  # the way there may lead over links
        for part in (*reversed(whole.parents), whole):
            held = part.lstat()
            if held.st_uid not in (0, os.getuid()):
                return f"{part} belongs to somebody else"
            if not stat.S_ISLNK(held.st_mode) and _others_write(held.st_mode):
                return f"others can write to {part} (type: chmod go-w {part})"
    return None


def _others_write(mode: int) -> bool:
    each_their_own = stat.S_ISDIR(mode) and mode & stat.S_ISVTX
    return bool(mode & (stat.S_IWGRP | stat.S_IWOTH)) and not each_their_own


def write(path: Path, content: bytes) -> None:
    """Write a file aside, and put it in its place when it is whole. Raises OSError."""
    number, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        os.replace(aside, path)
    except OSError:
        os.unlink(aside)
        raise

"""Who works in a result folder: one sweep on the whole of it, or some on parts of it that share no shard."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from accesssim.study.faults import FolderError, FolderInUse
from accesssim.study.running import disk

PART = re.compile(r"\.lock-(\d+)-of-(\d+)")


@contextmanager
def held(path: Path, part: tuple[int, int] | None) -> Iterator[None]:
    """Hold the folder, or our part of it, until the work is done. Raises FolderInUse, which names who is at work, and OSError.

    A sweep on the whole keeps everybody out. Parts keep out the whole, their like, and parts of another number, whose shards would be the same.
    The system lets go of what a killed process held.
    """
    with ExitStack() as locks:
        folder = locks.enter_context(open(path / names(part)[0], "ab+"))
        if not _locked(folder, alone=part is None):
            raise _in_use(path, [path / ".lock", *_parts(path)])
        if part is None:
            locks.enter_context(_named(folder))
            yield
            return
        ours = locks.enter_context(open(path / names(part)[1], "ab+"))
        if not _locked(ours):
            raise _in_use(path, [Path(ours.name)])
        locks.enter_context(_named(ours))
        others = [other for other in _parts(path) if PART.fullmatch(other.name)[2] != str(part[1])]  # type: ignore[index]  # as _parts chose them
        for other in others:
            with open(other, "ab+") as its:
                if not _locked(its):
                    raise _in_use(path, [other])
        yield


def names(part: tuple[int, int] | None) -> list[str]:
    """The files that are locked: that of the folder, then that of our part, if we work one."""
    return [".lock", *([] if part is None else [f".lock-{part[0]}-of-{part[1]}"])]


def refuse_foreign(path: Path, part: tuple[int, int] | None) -> None:
    """A lock holds a process number or nothing; whatever holds anything else is somebody's file, and would be emptied. Raises FolderError."""
    for name in names(part):
        held = disk.content(path / name)
        if held and not held.isdigit():
            raise FolderError(
                f"{path / name} is no lock of accesssim, as it holds something else than a process number. Take it away and type the same again."
            )


def _parts(path: Path) -> list[Path]:
    return sorted(lock for lock in path.glob(".lock-*") if PART.fullmatch(lock.name))


@contextmanager
def _named(lock: BinaryIO) -> Iterator[None]:
    """Our process number in the lock while we hold it, for whoever is refused to be told; the name of no machine, as folders are handed on."""
    lock.truncate(0)
    lock.write(str(os.getpid()).encode())
    lock.flush()
    try:
        yield
    finally:
        lock.truncate(0)


def _in_use(path: Path, locks: list[Path]) -> FolderInUse:
    holders = []
    for lock in locks:
        part, number = PART.fullmatch(lock.name), lock.read_bytes().decode(errors="replace")
        if number.isdecimal():
            holders.append(f"process {number}{f' on part {part[1]} of {part[2]}' if part else ''}")
    who = f" ({', '.join(holders)})" if holders else ""
    return FolderInUse(f"{path} is in use by another accesssim{who}. Wait for it, or name another folder with --out.")


def _locked(file: BinaryIO, *, alone: bool = True) -> bool:
    try:
        import fcntl
    except ImportError:  # a system without these locks (Windows): the ledger still keeps shards whole
        return True
    try:
        fcntl.flock(file.fileno(), (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""Files whole or not at all, and what can be read without hanging on what is no file."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

Stamp = tuple[int, int, int]
"""What of a file changes when somebody writes it: time, size, inode."""


def write(path: Path, content: bytes, sound: Callable[[bytes], None] = lambda _: None) -> None:
    """Write a file whole or not at all: under a temporary name, synced, read back for `sound` to look at, renamed, and the name synced too.

    The temporary name is nobody else's: in containers that share a folder even process numbers are alike.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sound(temporary.read_bytes())
        os.replace(temporary, path)
        _sync_names(path.parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        raise


def _sync_names(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    except OSError:  # a file system that does not sync names: a file that is lost with its name is found missing and written again
        pass
    finally:
        os.close(held)


def content(path: Path) -> bytes | None:
    """What a regular file holds; None where there is none, or something else: a pipe or a device would never end."""
    try:
        return path.read_bytes() if stat.S_ISREG(path.stat().st_mode) else None
    except OSError:
        return None


def stamp(path: Path) -> Stamp | None:
    """When and how a file was last written; None where there is none."""
    try:
        held = path.stat()
    except OSError:
        return None
    return held.st_mtime_ns, held.st_size, held.st_ino


def set_aside(path: Path, name: str) -> None:
    """Move a file of a folder to its `stale`, beside what lies there of the same name."""
    if not os.path.lexists(path / name):
        return
    (path / "stale").mkdir(exist_ok=True)
    flat = name.replace("/", "-")
    number = 1
    while os.path.lexists(target := path / "stale" / (flat if number == 1 else f"{flat}.{number}")):
        number += 1
    os.replace(path / name, target)

"""Files whole or not at all, and what can be read without hanging on what is no file."""

import errno
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
    temporary = _beside(path)
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


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")


def deliver(path: Path, text: str) -> None:
    """Write what somebody named a file for, whole or not at all; a link stays one, and a pipe or a device takes it as it comes. Raises OSError."""
    try:
        if _takes_whole_files(path):
            write(path.resolve() if path.is_symlink() else path, text.encode())
        else:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        error.filename = str(path)
        raise


def probe(path: Path) -> None:
    """Find out whether `deliver` can write there, before the work whose outcome it would hold. Raises OSError."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if _takes_whole_files(path):
        temporary = _beside(path.resolve() if path.is_symlink() else path)
        with open(temporary, "xb"):
            temporary.unlink()


def _takes_whole_files(path: Path) -> bool:
    return path.is_file() or not path.exists()


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

"""Files whole or not at all, and what can be read without hanging on what is no file.

What cannot be read for the moment (permissions, a disk that fails) is an error, never "not there": what is not there is done again.
"""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from accesssim.study.faults import FULL, FolderError

GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
"""How the system says that nothing is there: no name, no folder on the way to it, or links that lead round in a circle."""

PAGE, PICTURE = (b'<meta name="generator" content="accesssim">',), (b"<svg", b"\x89PNG\r\n")
"""What stands near the beginning of a page of ours, and of a picture."""

JUNCTION = 0xA0000003
"""How Windows marks a junction, which is its link between folders."""

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


def refuse_to_replace(path: Path, marks: tuple[bytes, ...], kind: str, option: str) -> None:
    """Leave what somebody else made: a file is replaced only if it is empty, or holds one of the marks near its beginning.

    Raises FolderError, and OSError if it cannot be read.
    """
    if path.is_file():
        with open(path, "rb") as file:
            begins = file.read(1000)
        if begins and not any(mark in begins for mark in marks):
            raise FolderError(
                f"{path} is there already and is no {kind}, so it is not replaced. Name another file with: {option}"
            )


def _takes_whole_files(path: Path) -> bool:
    return path.is_file() or not path.exists()


def _sync_names(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    # A file system that does not sync names: a file that is lost with its name is found missing and written again.
    except OSError:
        pass
    finally:
        os.close(held)


def content(path: Path) -> bytes | None:
    """What a regular file holds; None where there is none, or something else: a pipe or a device would never end.

    Raises FolderError if it cannot be read.
    """
    if not is_file(path):
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse_unless_gone(path, error)
        return None


def stamp(path: Path) -> Stamp | None:
    """When and how a file was last written; None where there is none. Raises FolderError if that cannot be told."""
    held = _status(path)
    return None if held is None else (held.st_mtime_ns, held.st_size, held.st_ino)


def is_file(path: Path) -> bool:
    """Whether a regular file is there. Raises FolderError if that cannot be told."""
    held = _status(path)
    return held is not None and stat.S_ISREG(held.st_mode)


def is_folder(path: Path) -> bool:
    """Whether a folder is there. Raises FolderError if that cannot be told."""
    held = _status(path)
    return held is not None and stat.S_ISDIR(held.st_mode)


def names(folder: Path) -> list[str]:
    """What lies in a folder, in order; nothing where there is no folder. Raises FolderError if it cannot be read."""
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        _refuse_unless_gone(folder, error)
        return []


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError as error:
        _refuse_unless_gone(path, error)
        return None


def _refuse_unless_gone(path: Path, error: OSError) -> None:
    """Raises FolderError for any error but that nothing is there."""
    if error.errno not in GONE:
        raise FolderError(
            f"{path} cannot be read ({error.strerror}). Make it readable and type the same again."
        ) from None


def is_link(path: str | Path) -> bool:
    """Whether a path leads elsewhere: a link, or a junction, which is none to Python."""
    return os.path.islink(path) or _is_junction(path)


def _is_junction(path: str | Path) -> bool:
    tells: Callable[[str | Path], bool] | None = getattr(os.path, "isjunction", None)  # from Python 3.12 on
    if tells is not None:
        return tells(path)
    held: Any = os.lstat(path) if os.name == "nt" and os.path.lexists(path) else None
    return getattr(held, "st_reparse_tag", None) == JUNCTION


def refuse_link(path: Path) -> None:
    """What lies behind a link is somebody else's, and would be read, moved or replaced as if it were ours. Raises FolderError."""
    if is_link(path):
        wanted = "file" if "." in path.name else "folder"  # as ours are named
        raise FolderError(
            f"{path} is a link, where a {wanted} of the result should be. Take it away and type the same again. "
            "Only a result folder itself may be a link."
        )


def refuse_links(folder: Path) -> None:
    """The same of all that lies in a folder, however deep; the folder itself may be a link, say to a larger disk.

    Raises FolderError, which names the first of them.
    """
    folders = [folder]
    while folders:
        within = folders.pop()
        try:
            with os.scandir(within) as found:
                held = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            _refuse_unless_gone(within, error)
            continue
        for entry in held:
            # The folder's own list says so of a link: nothing is asked of every file.
            if entry.is_symlink() or _is_junction(entry.path):
                refuse_link(Path(entry.path))
        folders += [Path(entry.path) for entry in reversed(held) if entry.is_dir(follow_symlinks=False)]


def refuse_unwritable(path: Path, *, folder: bool) -> None:
    """Whether what is there already, a folder or a file of ours, can be written to; it is left as it was.

    Raises FolderError, and OSError if there is no room.
    """
    try:
        held = os.stat(path) if folder else os.lstat(path)
    except FileNotFoundError:
        if not os.path.lexists(path):
            return  # it will be made
        held = os.lstat(path)  # a link to nothing
    except OSError as error:
        raise FolderError(
            f"{path} cannot be used ({error.strerror}). Make it so, or name another folder with --out."
        ) from None
    if not (stat.S_ISDIR if folder else stat.S_ISREG)(held.st_mode):
        raise _in_the_way(path, held, "folder" if folder else "file")
    probe = path / f".probe.{os.urandom(6).hex()}.tmp"
    try:
        with open(probe if folder else path, "xb" if folder else "ab"):
            pass
        if folder:
            probe.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise unwritable(path, error) from None


def refuse_folder(path: Path) -> None:
    """A folder that has the name of a file of ours is somebody's, with what lies in it. Raises FolderError."""
    if (held := _status(path)) is not None and stat.S_ISDIR(held.st_mode):
        raise _in_the_way(path, held, "file")


def _in_the_way(path: Path, held: os.stat_result, wanted: str) -> FolderError:
    """The error for what stands in the place of a file or folder of ours."""
    return FolderError(
        f"{path} is {_kind(held)}, where a {wanted} of the result should be. Take it away and type the same again."
    )


def unwritable(path: Path | str, error: OSError) -> FolderError:
    """The error for a folder that takes no files, or a file that takes no lines."""
    return FolderError(f"{path} cannot be written to ({error.strerror or error}). Name another folder with --out.")


def _kind(held: os.stat_result) -> str:
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFREG: "a file", stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe"}
    return kinds.get(stat.S_IFMT(held.st_mode), "a device or socket")


def set_aside(path: Path, name: str) -> None:
    """Move a file of a folder to its `stale`, beside what lies there of the same name. Raises FolderError for a folder, which is never moved."""
    if not os.path.lexists(path / name):
        return
    refuse_folder(path / name)
    (path / "stale").mkdir(exist_ok=True)
    flat = name.replace("/", "-")
    number = 1
    while os.path.lexists(target := path / "stale" / (flat if number == 1 else f"{flat}.{number}")):
        number += 1
    os.replace(path / name, target)

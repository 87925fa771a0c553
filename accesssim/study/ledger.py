"""The ledger: which shards are done, and the SHA-256 of their files. "The file exists" is not "the work is done"."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from accesssim.study.faults import Damaged

Stamp = tuple[int, int, int]
"""What of a file changes when somebody writes it: time, size, inode."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A written shard: SHA-256 of each of its files (names relative to the folder), runs and failures in it."""

    name: str
    files: dict[str, str]
    runs: int
    failures: int

    @property
    def point(self) -> int:
        """Whose replications it holds."""
        return int(self.name.split("-")[1])

    @property
    def numbers(self) -> range:
        """Which replications it holds."""
        first = int(self.name.split("-")[2])
        return range(first, first + self.runs + self.failures)

    def files_of(self, table: str) -> list[str]:
        """Its files of one table: one, or none."""
        return [file for file in self.files if file.startswith(f"{table}/")]

    def line(self) -> str:
        """As the ledger holds it."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"


class Ledger:
    """The ledgers of a folder: `ledger.jsonl`, and one of each part that was worked apart (`mark` names ours).

    A file that has been checked is not read again until its time or size changes, and nor is a ledger.
    """

    def __init__(self, path: Path, mark: str = "") -> None:
        self.path, self._own = path, path / f"ledger{mark}.jsonl"
        self._read: tuple[list[tuple[str, Stamp | None]], dict[int, list[Entry]]] = ([], {})
        self._whole: dict[str, tuple[str, Stamp | None]] = {}

    def entries(self) -> list[Entry]:
        """What is done, in plan order."""
        return [entry for _, entries in sorted(self._by_point().items()) for entry in entries]

    def of(self, point: int) -> list[Entry]:
        """What is done of one point, in order."""
        return self._by_point().get(point, [])

    def _by_point(self) -> dict[int, list[Entry]]:
        ledgers = sorted(self.path.glob("ledger*.jsonl"))
        stamps = [(ledger.name, _stamp(ledger)) for ledger in ledgers]
        if stamps != self._read[0]:
            found = {}
            for ledger in ledgers:
                with open(ledger, encoding="utf-8", errors="replace") as lines:
                    found.update({entry.name: entry for entry in map(_entry, lines) if entry is not None})
            by_point: dict[int, list[Entry]] = {}
            for _, entry in sorted(found.items()):
                by_point.setdefault(entry.point, []).append(entry)
            self._read = (stamps, by_point)
        return self._read[1]

    def is_whole(self, entry: Entry) -> bool:
        """Whether every file of an entry is there, unchanged."""
        return all(self._is(name, digest) for name, digest in entry.files.items())

    def damaged(self) -> list[str]:
        """Files that are named here and are missing or changed."""
        return [name for entry in self.entries() for name, digest in entry.files.items() if not self._is(name, digest)]

    def held(self, file: str, entry: Entry) -> bytes:
        """What a file of an entry holds. Raises Damaged if it is missing or changed."""
        content = _bytes(self.path / file)
        if content is None or not (self._whole.get(file) == (entry.files[file], _stamp(self.path / file)) or hashlib.sha256(content).hexdigest() == entry.files[file]):
            raise Damaged(f"{self.path / file} is missing or damaged. Run the same sweep again to redo it.")
        return content

    def _is(self, file: str, digest: str) -> bool:
        stamp = _stamp(self.path / file)
        if stamp is None or self._whole.get(file) == (digest, stamp):
            return stamp is not None
        content = _bytes(self.path / file)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            return False
        self._whole[file] = (digest, stamp)
        return True

    def enter(self, entry: Entry) -> None:
        """Add a finished shard, for good."""
        line = entry.line()
        with open(self._own, "ab+") as ledger:
            if ledger.tell():
                ledger.seek(-1, os.SEEK_END)
                if ledger.read(1) != b"\n":  # the last line was cut short by a crash
                    line = "\n" + line
            ledger.write(line.encode())
            ledger.flush()
            os.fsync(ledger.fileno())

    def rewrite(self, entries: Iterable[Entry]) -> None:
        """One ledger with these entries in the place of all that there are."""
        for ledger in self.path.glob("ledger-*.jsonl"):
            ledger.unlink()
        replace(self.path / "ledger.jsonl", "".join(entry.line() for entry in entries).encode())


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        error.filename = error.filename or str(path)
        raise


def _entry(line: str) -> Entry | None:
    """An entry; None for a line that was cut short by a crash."""
    try:
        entry = Entry(**json.loads(line))
        known = bool(entry.numbers) and entry.point >= 0
    except (ValueError, TypeError, IndexError, AttributeError):
        return None
    return entry if known else None


def _stamp(path: Path) -> Stamp | None:
    try:
        held = path.stat()
    except OSError:
        return None
    return held.st_mtime_ns, held.st_size, held.st_ino


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None

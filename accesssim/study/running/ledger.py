"""The ledger: which shards are done, and the SHA-256 of their files. "The file exists" is not "the work is done"."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from accesssim.study.faults import Damaged, DamagedUnderWay, FolderError, OtherVersion
from accesssim.study.running.disk import Stamp, content, names, stamp, write
from accesssim.study.running.plan import Plan, checksum

TABLES = ("runs", "weekly", "failures", "people")
"""Folders of a result, one a table; a shard has at most one file in each."""

NAME = re.compile(r"part-[0-9]{5,}-[0-9]{6,}")
"""How a shard is called: its files are moved about by their names, which must not lead anywhere else."""

SHARD = re.compile(rf"{NAME.pattern}\.parquet")
"""A file of a shard."""

BEGUN = re.compile(rf"\.(?:probe|{SHARD.pattern}|plan\.json|run\.json|ledger\.jsonl|report\.html)\.[0-9a-f]+\.tmp")
"""A file that we have begun to write, under the name that it has until it is whole; whatever else ends so is somebody else's."""

LEDGER = re.compile(r"ledger(?:-\d+-of-\d+)?\.jsonl")
"""A ledger of the whole, or of a part."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A written shard: the question that it answers, SHA-256 of each of its files (names relative to the folder), runs and failures in it."""

    name: str
    question: str
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

    def answers(self, plan: Plan) -> bool:
        """Whether it is one of a plan's shards, made for just this question: by this version, for this scenario, whole."""
        shard, question = plan.wanted.get(self.name, (None, ""))
        return shard is not None and question == self.question and len(self.numbers) == shard.size

    def line(self) -> str:
        """As the ledger holds it, with a checksum: a line that was cut short or changed says nothing."""
        held = asdict(self)
        return json.dumps({**held, "check": checksum(held)}, sort_keys=True) + "\n"


class Ledger:
    """The ledgers of a folder: `ledger.jsonl`, and one of each part that was worked apart (`mark` names ours).

    A file that has been checked is not read again until its time or size changes, and nor is a ledger.
    """

    def __init__(self, path: Path, mark: str = "") -> None:
        self.path, self.own = path, path / f"ledger{mark}.jsonl"
        self._read: tuple[list[tuple[str, Stamp | None]], list[Entry], list[str]] = ([], [], [])
        self._plan: tuple[Stamp | None, Plan | None] = (None, None)
        self._chosen: tuple[Plan | None, list[Entry], dict[int, list[Entry]]] = (None, [], {})
        self._whole: dict[str, tuple[str, Stamp | None]] = {}

    def entries(self, plan: Plan | None = None) -> list[Entry]:
        """What is done of a plan (without one: of the plan that lies beside), in plan order. Raises FolderError where none lies there."""
        return [entry for _, entries in sorted(self._by_point(plan).items()) for entry in entries]

    def of(self, point: int) -> list[Entry]:
        """What is done of one point of the plan that lies beside, in order. Raises FolderError where none lies there."""
        return self._by_point(None).get(point, [])

    def all(self) -> list[Entry]:
        """Every entry, also of what is none of the plan's."""
        return self._lines()[0]

    def broken(self) -> list[str]:
        """Lines that were cut short or changed, as `file:line`."""
        return self._lines()[1]

    def names(self) -> list[str]:
        """The ledgers that there are: of the whole, and of parts."""
        return [name for name in names(self.path) if LEDGER.fullmatch(name)]

    def _by_point(self, plan: Plan | None) -> dict[int, list[Entry]]:
        plan, found = plan or self._beside(), self._lines()[0]
        if plan is None:  # or else nothing would be told as if nothing were done
            raise FolderError(
                f"{self.path} is no longer a result folder: its plan.json is gone, or cannot be read. If it was moved, open it where it is now."
            )
        if self._chosen[0] is not plan or self._chosen[1] is not found:
            by_point: dict[int, list[Entry]] = {}
            for entry in found:
                if entry.answers(plan):
                    by_point.setdefault(entry.point, []).append(entry)
            self._chosen = (plan, found, by_point)
        return self._chosen[2]

    def _beside(self) -> Plan | None:
        at = stamp(self.path / "plan.json")
        if at != self._plan[0]:
            held = content(self.path / "plan.json")
            try:
                self._plan = (at, None if held is None else Plan.from_json(held.decode()))
            except (ValueError, KeyError, TypeError, AttributeError, OtherVersion):
                self._plan = (at, None)
        return self._plan[1]

    def _lines(self) -> tuple[list[Entry], list[str]]:
        ledgers = [self.path / name for name in self.names()]
        stamps = [(ledger.name, stamp(ledger)) for ledger in ledgers]
        if stamps != self._read[0]:
            found, broken = {}, []
            for ledger in ledgers:
                held = content(ledger)
                if held is None:
                    broken.append(f"{ledger.name}:1")
                for number, line in enumerate((held or b"").decode(errors="replace").splitlines(), 1):
                    entry = _entry(line)
                    if entry is not None:
                        found[entry.name] = entry
                    elif line:
                        broken.append(f"{ledger.name}:{number}")
            self._read = (stamps, [entry for _, entry in sorted(found.items())], broken)
        return self._read[1:]

    def is_whole(self, entry: Entry) -> bool:
        """Whether every file of an entry is there, unchanged."""
        return not self.damage(entry)

    def damage(self, entry: Entry) -> list[str]:
        """Files of an entry that are missing or changed."""
        return [name for name, digest in entry.files.items() if not self._is(name, digest)]

    def damaged(self) -> list[str]:
        """Files that are named here and are missing or changed."""
        return [name for entry in self.entries() for name in self.damage(entry)]

    def held(self, file: str, entry: Entry) -> bytes:
        """What a file of an entry holds. Raises Damaged if it is missing or changed."""
        held = content(self.path / file)
        if held is None or not (
            self._whole.get(file) == (entry.files[file], stamp(self.path / file))
            or hashlib.sha256(held).hexdigest() == entry.files[file]
        ):
            raise Damaged(f"{self.path / file} is missing or damaged. Run the same sweep again to redo it.")
        return held

    def _is(self, file: str, digest: str) -> bool:
        at = stamp(self.path / file)
        if at is None or self._whole.get(file) == (digest, at):
            return at is not None
        held = content(self.path / file)
        if held is None or hashlib.sha256(held).hexdigest() != digest:
            return False
        self._whole[file] = (digest, at)
        return True

    def enter(self, entry: Entry) -> None:
        """Add a finished shard, for good.

        Raises DamagedUnderWay if its files are not here as it says: work elsewhere may have written to another disk.
        """
        if damage := self.damage(entry):
            raise DamagedUnderWay(
                f"{self.path / damage[0]} is not here as a worker wrote it: it was taken away, or that worker sees another folder. "
                "Type the same again; with workers elsewhere, name a folder that all of them share with --out."
            )
        line = entry.line()
        with open(self.own, "ab+") as ledger:
            if ledger.tell():
                ledger.seek(-1, os.SEEK_END)
                if ledger.read(1) != b"\n":  # the last line was cut short by a crash
                    line = "\n" + line
            ledger.write(line.encode())
            ledger.flush()
            os.fsync(ledger.fileno())

    def rewrite(self, entries: Iterable[Entry]) -> None:
        """One ledger with these entries in the place of all that there are."""
        write(self.path / "ledger.jsonl", "".join(entry.line() for entry in entries).encode())
        for name in self.names():
            if name != "ledger.jsonl":
                (self.path / name).unlink()


def _entry(line: str) -> Entry | None:
    """An entry; None for a line that was cut short or changed."""
    try:
        held: dict[str, Any] = json.loads(line)
        check = held.pop("check")
        entry = Entry(**held)
        ours = (
            NAME.fullmatch(entry.name) is not None
            and isinstance(entry.files, dict)
            and set(_needed(entry)) <= set(entry.files) <= {f"{table}/{entry.name}.parquet" for table in TABLES}
        )
        known = check == checksum(held) and ours and bool(entry.numbers)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return entry if known else None


def _needed(entry: Entry) -> Iterator[str]:
    """Files without which an entry says more than it has."""
    if entry.runs:
        yield f"runs/{entry.name}.parquet"
    if entry.failures:
        yield f"failures/{entry.name}.parquet"

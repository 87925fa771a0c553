"""A result folder: plan, shards, and a ledger that alone says which shards are done.

    plan.json   run.json   ledger.jsonl   report.html   .lock (empty; held while somebody works here)
    ledger-2-of-8.jsonl   .lock-2-of-8 (of a part that was worked apart)
    runs/part-*.parquet   weekly/part-*.parquet   failures/part-*.parquet

A shard is written under a temporary name, read back, synced, renamed, and only then entered in the ledger with the
SHA-256 of its files. "The file exists" is not "the work is done": every read checks the hash. Shards hold no times, hosts
or worker numbers, so that they are the same bytes however the work was cut; all paths inside are relative.
"""

import errno
import hashlib
import itertools
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accesssim.study.plan import Plan, Shard
from accesssim.study.shard import Entry, Rows
from accesssim.study.stopping import looks
from accesssim.world.errors import AccessSimError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

TABLES = ("runs", "weekly", "failures")


class FolderError(AccessSimError):
    """A result folder cannot be used as asked; nothing was written."""


class FolderInUse(FolderError):
    """Another process is working in the folder."""


class Damaged(FolderError):
    """A file of the result is not what the ledger says."""


@dataclass(frozen=True)
class State:
    """How far a result is."""

    title: str
    runs: int
    done: int
    failed: int
    points: int
    finished_points: int
    seconds_left: float  # of one worker, at a stated rate

    @property
    def left(self) -> int:
        """Runs that are neither done nor failed."""
        return self.runs - self.done - self.failed


class DiskFull(FolderError):
    """There is no room for what was to be written; what was done is whole."""


class ResultFolder:
    """A folder on disk that holds, or will hold, one plan's results."""

    def __init__(self, path: str | os.PathLike[str], part: tuple[int, int] | None = None) -> None:
        """`part`: work only the i-th of n parts of the shards, beside others who work the rest."""
        self.path, self.part = Path(path), part
        self._mark = "" if part is None else f"-{part[0]}-of-{part[1]}"

    # -- reading

    def plan(self) -> Plan:
        """The plan whose results these are. Raises FolderError if this is no result folder."""
        try:
            return Plan.from_json((self.path / "plan.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            what = "is not a result folder: it holds no plan.json" if self.path.is_dir() else "does not exist"
            raise FolderError(f"{self.path} {what}. Make one with: accesssim sweep EXPERIMENT --out {self.path}") from None
        except NotADirectoryError:
            raise FolderError(f"{self.path} is a file, not a result folder.") from None
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise Damaged(f"{self.path / 'plan.json'} cannot be read as a plan ({error}). Start again in a new folder.") from None

    def command(self) -> str:
        """The command that repeats the result."""
        try:
            return str(json.loads((self.path / "run.json").read_text(encoding="utf-8"))["command"])
        except (OSError, ValueError, KeyError, TypeError):
            return "accesssim sweep EXPERIMENT"

    def entries(self) -> list[Entry]:
        """What the ledger says is done, in plan order; a line that was cut short by a crash says nothing."""
        found = {}
        for ledger in sorted(self.path.glob("ledger*.jsonl")):
            for line in ledger.read_text(encoding="utf-8").splitlines():
                try:
                    entry = Entry(**json.loads(line))
                except (ValueError, TypeError):
                    continue
                found[entry.name] = entry
        return sorted(found.values(), key=lambda entry: entry.name)

    def damaged(self) -> list[str]:
        """Files that the ledger names and that are missing or changed."""
        return [name for entry in self.entries() for name, digest in entry.files.items() if _sha256(self.path / name) != digest]

    def strangers(self) -> list[str]:
        """Files among the shards that are none of the plan's: never read; set aside when the folder is worked in."""
        known = {name for entry in self.entries() for name in entry.files}
        if (self.path / "plan.json").is_file():  # a shard that was written and not entered is written again
            known |= {f"{table}/{shard.name}.parquet" for table in TABLES for shard in self.plan().shards()}
        held = (path for table in TABLES if (self.path / table).is_dir() for path in sorted((self.path / table).iterdir()) if not path.name.startswith("."))
        return [name for path in held if (name := path.relative_to(self.path).as_posix()) not in known]

    def is_whole(self, entry: Entry) -> bool:
        """Whether every file of an entry is there, unchanged."""
        return all(_sha256(self.path / name) == digest for name, digest in entry.files.items())

    def table(self, name: str) -> "pd.DataFrame":
        """One of the tables, in plan order. Raises Damaged if a file is missing or changed."""
        import io

        import pandas as pd
        import pyarrow.parquet as pq

        parts = []
        for entry in self.entries():
            parts += [pq.read_table(io.BytesIO(self._held(file, entry))).to_pandas() for file in entry.files if file.startswith(name + "/")]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def values(self, measure: str) -> dict[int, "NDArray[np.float64]"]:
        """A measure of each point, its replications in order up to the first that is not done and whole; NaN for one that failed."""
        import io

        import numpy as np
        import pyarrow.parquet as pq

        found: dict[int, dict[int, float]] = {}
        for entry in self.entries():
            if not self.is_whole(entry):
                continue  # it is done again
            _, point, first = entry.name.split("-")
            known = found.setdefault(int(point), {})
            known.update(dict.fromkeys(range(int(first), int(first) + entry.runs + entry.failures), float("nan")))
            for file in (file for file in entry.files if file.startswith("runs/")):
                table = pq.read_table(io.BytesIO(self._held(file, entry)), columns=["replication", measure])
                known.update(zip(table["replication"].to_pylist(), table[measure].to_pylist(), strict=True))
        return {point: np.array([known[number] for number in range(next(n for n in itertools.count() if n not in known))], dtype=float) for point, known in found.items()}

    def _held(self, file: str, entry: Entry) -> bytes:
        """A file as the ledger knows it. Raises Damaged if it is missing or changed."""
        content = _bytes(self.path / file)
        if content is None or hashlib.sha256(content).hexdigest() != entry.files[file]:
            raise Damaged(f"{self.path / file} is missing or damaged. Run the same sweep again to redo it.")
        return content

    def row(self, table: str, point: int, replication: int) -> "pd.Series[Any] | None":
        """One replication's row of a table; None where there is none. Raises Damaged."""
        import io

        import pandas as pd

        for entry in self.entries():
            _, number, first = entry.name.split("-")
            if int(number) == point and int(first) <= replication < int(first) + entry.runs + entry.failures:
                for file in entry.files:
                    if file.startswith(table + "/"):
                        rows = pd.read_parquet(io.BytesIO(self._held(file, entry)))
                        at = rows[rows["replication"] == replication]
                        return at.iloc[0] if len(at) else None
        return None

    # -- writing

    def agreed(self, plan: Plan, *, more: int = 0, update: bool = False) -> Plan:
        """The plan that a sweep works here: the one that is held if it asks the same, with `more` replications if these are asked for.

        Raises FolderError if the folder holds something else, or if `more` is asked of a result that is not finished.
        """
        self._refuse_others(plan, update)
        try:
            held = self.plan()
        except FolderError:
            if more:
                raise FolderError(f"{self.path} holds nothing yet that could be added to. Leave out --more.") from None
            return plan
        if held.question() != plan.question():
            return plan
        if held.replications < plan.replications and not update:
            lacks = plan.replications - held.replications
            raise FolderError(f"{self.path} holds {held.replications} replications of each point, and {plan.replications} are asked for. Add them with: --more {lacks}")
        if more and self.left(held):
            if held.stages[1:] and held.stages[-1] == more:
                return held  # the same command again goes on
            raise FolderError(f"{self.path} is not finished: {self.done(held):,} of {held.runs:,} runs. Finish it first: type the same without --more.")
        return held.extended(more) if more else held if held.replications >= plan.replications else plan

    def state(self) -> State:
        """How far it is, from plan and ledger alone; with a stopping rule, how far to the next look. Raises FolderError if this is no result folder."""
        plan = self.plan()
        entered = {entry.name: entry for entry in self.entries()}
        shards = list(plan.shards())
        held = [entered[shard.name] for shard in shards if shard.name in entered]
        left = self.left(plan) if plan.stopping else [shard for shard in shards if shard.name not in entered]
        seconds = sum(shard.size * plan.points[shard.point].seconds_per_run for shard in left)
        unfinished = {shard.point for shard in left}
        runs = sum(entry.runs + entry.failures for entry in held) + sum(shard.size for shard in left)
        return State(
            plan.title, runs if plan.stopping else plan.runs, sum(entry.runs for entry in held), sum(entry.failures for entry in held), len(plan.points), len(plan.points) - len(unfinished), seconds
        )

    def done(self, plan: Plan) -> int:
        """Runs that are done of a plan and whole, failed ones among them."""
        names = {shard.name for shard in plan.shards()}
        return sum(entry.runs + entry.failures for entry in self.entries() if entry.name in names and self.is_whole(entry))

    @contextmanager
    def opened(self, plan: Plan, command: str, *, update: bool = False) -> Iterator[None]:
        """Keep the folder for ourselves while the plan's shards are worked.

        Raises FolderError, with nothing written, if it holds something else or cannot be written to, and FolderInUse if
        another process is at work in it.
        """
        self._refuse_others(plan, update)
        try:
            for table in TABLES:
                (self.path / table).mkdir(parents=True, exist_ok=True)
            lock = open(self.path / f".lock{self._mark}", "ab")  # noqa: SIM115  closed below, after the work
        except OSError as error:
            raise FolderError(f"{self.path} cannot be written to ({error.strerror}). Name another folder with --out.") from None
        with lock:
            if not _locked(lock.fileno()):
                raise FolderInUse(f"{self.path} is in use by another accesssim. Wait for it, or name another folder with --out.")
            if self.part is None:
                for left_over in self.path.rglob(".*.tmp"):
                    left_over.unlink()
                for name in self.strangers():
                    self._stale(name)
            if update:
                self._take_over(plan)
            try:
                _replace(self.path / "plan.json", plan.to_json().encode())
                _replace(self.path / "run.json", _provenance(plan, command))
                yield
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                    raise
                kept = f"{self.done(plan):,} of {plan.runs:,} runs are kept"
                raise DiskFull(f"disk full: {error.filename or self.path} could not be written; {kept}. Make room and type the same again.") from None

    def _refuse_others(self, plan: Plan, update: bool) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise FolderError(f"{self.path} is a file. Name another folder with --out.")
        if not self.path.is_dir() or not any(path.name not in ("stale", *TABLES) and not path.name.startswith(".") for path in self.path.iterdir()):
            return
        if not (self.path / "plan.json").is_file():
            raise FolderError(f"{self.path} holds something else than a result. Name another folder with --out.")
        held = self.plan()
        if held.question() != plan.question() and not update:
            difference = "; ".join(plan.differences(held))
            raise FolderError(
                f"{self.path} holds the results of another plan ({difference}). Name another folder with --out, or run again what differs with --update."
            )

    def _stale(self, name: str) -> None:
        """Set a file aside."""
        if (self.path / name).exists():
            (self.path / "stale").mkdir(exist_ok=True)
            os.replace(self.path / name, self.path / "stale" / name.replace("/", "-"))

    def _take_over(self, plan: Plan) -> None:
        """Shards of points that the plan has not any more go to `stale/`; those of points that it has are kept, under the number that it gives them."""
        try:
            held = self.plan()
        except FolderError:
            return
        same = held.version == plan.version and held.engine == plan.engine and held.seed == plan.seed
        where = {(json.dumps(point.settings, sort_keys=True), point.digest): point.number for point in plan.points} if same else {}
        kept = {point.number: where.get((json.dumps(point.settings, sort_keys=True), point.digest)) for point in held.points}
        wanted, entries = {shard.name: shard for shard in plan.shards()}, []
        old = {shard.name: shard for shard in held.shards()}
        moved: list[tuple[Shard, Rows]] = []
        for entry in self.entries():
            shard = old.get(entry.name)
            number = None if shard is None else kept[shard.point]
            here = None if shard is None or number is None else Shard(number, shard.first, shard.size)
            if here is not None and (wanted.get(here.name) != here or not self.is_whole(entry)):
                here = None
            if here is not None:
                if here == shard:
                    entries.append(entry)
                    continue
                moved.append((here, self._rows(entry, here.point)))
            for file in entry.files:
                self._stale(file) if here is None else (self.path / file).unlink(missing_ok=True)
        entries += [write(str(self.path), shard, rows) for shard, rows in moved]
        for ledger in self.path.glob("ledger-*.jsonl"):
            ledger.unlink()
        _replace(self.path / "ledger.jsonl", "".join(json.dumps(asdict(entry), sort_keys=True) + "\n" for entry in entries).encode())

    def _rows(self, entry: Entry, point: int) -> Rows:
        """The rows of a shard, as those of a point with another number."""
        import pandas as pd

        tables = []
        for name in TABLES:
            files = [file for file in entry.files if file.startswith(name + "/")]
            table = pd.read_parquet(self.path / files[0]) if files else pd.DataFrame()
            tables.append(table.assign(point=point) if files else table)
        return Rows(*tables)

    def left(self, plan: Plan) -> list[Shard]:
        """Shards that are not done, or no longer whole; of our part, if we work one. With a stopping rule: those before the next look."""
        done = {entry.name for entry in self.entries() if self.is_whole(entry)}
        if plan.stopping:
            return next((missing for shards in looks(plan, self.values) if (missing := [shard for shard in shards if shard.name not in done])), [])
        ours, of = self.part or (1, 1)
        return [shard for number, shard in enumerate(plan.shards()) if shard.name not in done and number % of == ours - 1]

    def is_finished(self, plan: Plan) -> bool:
        """Whether the folder holds the results of this plan already, all of them, or of one with more replications."""
        if not (self.path / "plan.json").is_file():
            return False
        held = self.plan()
        return held.question() == plan.question() and held.replications >= plan.replications and not self.left(held)

    def enter(self, entry: Entry) -> None:
        """Write a finished shard into the ledger."""
        path = self.path / f"ledger{self._mark}.jsonl"
        line = json.dumps(asdict(entry), sort_keys=True) + "\n"
        with open(path, "ab+") as ledger:
            if ledger.tell():
                ledger.seek(-1, os.SEEK_END)
                if ledger.read(1) != b"\n":  # the last line was cut short by a crash
                    line = "\n" + line
            ledger.write(line.encode())
            ledger.flush()
            os.fsync(ledger.fileno())


def write(folder: str, shard: Shard, rows: Rows) -> Entry:
    """Write the files of a shard, verified, and return its entry for the ledger."""
    files = {}
    for name, frame in (("runs", rows.runs), ("weekly", rows.weekly), ("failures", rows.failures)):
        if len(frame):
            file = f"{name}/{shard.name}.parquet"
            files[file] = _write_table(Path(folder) / file, frame)
    return Entry(shard.name, files, len(rows.runs), len(rows.failures))


def _write_table(path: Path, frame: "pd.DataFrame") -> str:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    # Pandas' own metadata name its version: without them the bytes depend on the rows alone.
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    buffer = io.BytesIO()
    # A shard has few rows and many columns: what parquet would keep for each column besides would outweigh the figures.
    pq.write_table(table, buffer, compression="zstd", use_dictionary=False, write_statistics=False, store_schema=False)
    _replace(path, buffer.getvalue())
    held = path.read_bytes()
    if not pq.read_table(io.BytesIO(held)).cast(table.schema).equals(table):
        raise Damaged(f"{path} was not written as it should be: is the disk sound?")
    return hashlib.sha256(held).hexdigest()


def _locked(file: int) -> bool:
    try:
        import fcntl
    except ImportError:  # a system without these locks (Windows): the ledger still keeps shards whole
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _replace(path: Path, content: bytes) -> None:
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


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _sha256(path: Path) -> str | None:
    held = _bytes(path)
    return None if held is None else hashlib.sha256(held).hexdigest()


def _provenance(plan: Plan, command: str) -> bytes:
    packages = ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "ruamel.yaml")
    versions = {"accesssim": plan.version, "python": platform.python_version(), **{name: metadata.version(name) for name in packages}}
    return (json.dumps({"command": command, "versions": versions}, indent=1) + "\n").encode()

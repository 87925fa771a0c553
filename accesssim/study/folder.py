"""A result folder: plan, shards, and a ledger that alone says which shards are done.

    plan.json   run.json   ledger.jsonl   report.html   .lock (empty; held while somebody works here)
    ledger-2-of-8.jsonl   .lock-2-of-8 (of a part that was worked apart)
    runs/part-*.parquet   weekly/part-*.parquet   failures/part-*.parquet   stale/ (what was set aside)

A shard is written under a temporary name, read back, synced, renamed, and only then entered in the ledger. Shards hold no times, hosts
or worker numbers, so that they are the same bytes however the work was cut; all paths inside are relative.
"""

import errno
import itertools
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accesssim.study.faults import Damaged, DiskFull, FolderError, FolderInUse
from accesssim.study.ledger import Ledger, replace
from accesssim.study.plan import Plan, Shard
from accesssim.study.renewal import set_aside, take_over
from accesssim.study.stopping import looks
from accesssim.study.tables import TABLES, OnDisk

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


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


class ResultFolder:
    """A folder on disk that holds, or will hold, one plan's results."""

    def __init__(self, path: str | os.PathLike[str], part: tuple[int, int] | None = None) -> None:
        """`part`: work only the i-th of n parts of the shards, beside others who work the rest."""
        self.path, self.part = Path(path), part
        self._mark = "" if part is None else f"-{part[0]}-of-{part[1]}"
        self.ledger = Ledger(self.path, self._mark)
        self.tables = OnDisk(self.ledger)

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

    def strangers(self) -> list[str]:
        """Files among the shards that are none of the plan's: never read; set aside when the folder is worked in."""
        known = {name for entry in self.ledger.entries() for name in entry.files}
        if (self.path / "plan.json").is_file():  # a shard that was written and not entered is written again
            known |= {f"{table}/{shard.name}.parquet" for table in TABLES for shard in self.plan().shards()}
        held = (path for table in TABLES if (self.path / table).is_dir() for path in sorted((self.path / table).iterdir()) if not path.name.startswith("."))
        return [name for path in held if (name := path.relative_to(self.path).as_posix()) not in known]

    def values(self, measure: str) -> dict[int, "NDArray[np.float64]"]:
        """A measure of each point, its replications in order up to the first that is not done and whole; NaN for one that failed."""
        import numpy as np

        found: dict[int, dict[int, float]] = {}
        for entry in self.ledger.entries():
            if not self.ledger.is_whole(entry):
                continue  # it is done again
            known = found.setdefault(entry.point, {})
            known.update(dict.fromkeys(entry.numbers, float("nan")))
            rows = self.tables.rows("runs", entry, ["replication", measure])
            known.update(zip(rows["replication"], rows[measure], strict=True) if measure in rows else ())
        return {point: np.array([known[number] for number in range(next(n for n in itertools.count() if n not in known))], dtype=float) for point, known in found.items()}

    def row(self, table: str, point: int, replication: int) -> "pd.Series[Any] | None":
        """One replication's row of a table; None where there is none. Raises Damaged."""
        for entry in self.ledger.of(point):
            if replication in entry.numbers:
                rows = self.tables.rows(table, entry)
                at = rows[rows["replication"] == replication] if len(rows) else rows
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
        """How far it is, from plan and ledger, and what is entered and whole; with a stopping rule, how far to the next look. Raises FolderError if this is no result folder."""
        plan = self.plan()
        entered = {entry.name: entry for entry in self.ledger.entries() if self.ledger.is_whole(entry)}
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
        return sum(entry.runs + entry.failures for entry in self.ledger.entries() if entry.name in names and self.ledger.is_whole(entry))

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
                    set_aside(self.path, name)
            if update and (self.path / "plan.json").is_file():
                take_over(self.path, self.ledger, self.plan(), plan)
            try:
                replace(self.path / "plan.json", plan.to_json().encode())
                replace(self.path / "run.json", _provenance(plan, command))
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

    def left(self, plan: Plan) -> list[Shard]:
        """Shards that are not done, or no longer whole; of our part, if we work one. With a stopping rule: those before the next look."""
        done = {entry.name for entry in self.ledger.entries() if self.ledger.is_whole(entry)}
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


def _provenance(plan: Plan, command: str) -> bytes:
    packages = ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "ruamel.yaml")
    versions = {"accesssim": plan.version, "python": platform.python_version(), **{name: metadata.version(name) for name in packages}}
    return (json.dumps({"command": command, "versions": versions}, indent=1) + "\n").encode()

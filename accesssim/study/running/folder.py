"""A result folder: plan, shards, and a ledger that alone says which shards are done.

    plan.json   run.json   ledger.jsonl   report.html   .lock (held while somebody works here)
    ledger-2-of-8.jsonl   .lock-2-of-8 (of a part that was worked apart)
    runs/part-*.parquet   weekly/part-*.parquet   failures/part-*.parquet   stale/ (what was set aside)

A shard is written under a temporary name, read back, synced, renamed, and only then entered in the ledger. Shards
hold no times, hosts or worker numbers, so that they are the same bytes however the work was cut; all paths inside are
relative. The folder itself may be a link, nothing inside it: what is moved, replaced or taken away here is a file of
ours, by its name, and lies here.
"""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accesssim.study.faults import Damaged, FolderError, OtherVersion
from accesssim.study.running import disk
from accesssim.study.running.ledger import TABLES, Ledger
from accesssim.study.running.parquet import OnDisk
from accesssim.study.running.plan import Plan, Shard
from accesssim.study.running.stopping import looks

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

    def plan(self) -> Plan:
        """The plan whose results these are.

        Raises FolderError if this is no result folder, or something in it is a link.
        """
        path = self.path / "plan.json"
        if os.path.lexists(path):  # elsewhere there may be no end of files to look at
            disk.refuse_links(self.path)
        held = disk.content(path)
        if held is None:
            raise self._without_plan(path)
        try:
            return Plan.from_json(held.decode())
        except OtherVersion as error:
            raise FolderError(f"{path} {error}. Name another folder with --out, or use that version.") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = (
                f"it says nothing of {error}"
                if isinstance(error, KeyError)
                else str(error)
                if isinstance(error, ValueError)
                else "it is something else"
            )
            raise Damaged(
                f"{path} cannot be read as a plan ({what}). Take it away and type the same sweep again: shards that answer its questions are kept."
            ) from None

    def _without_plan(self, path: Path) -> FolderError:
        if os.path.lexists(path):
            return FolderError(
                f"{path} is not a regular file that can be read. Take it away and type the same sweep again: "
                "shards that answer its questions are kept."
            )
        make = "Make one with: accesssim sweep EXPERIMENT --out DIR"
        if not self.path.is_dir():
            return FolderError(
                f"{self.path} {'is a file, not a result folder' if os.path.lexists(self.path) else 'does not exist'}. {make}"
            )
        if values := sorted(self.path.glob("at-*/plan.json")):
            return FolderError(
                f"{self.path} is the folder of a search, in which each value is a result. Name one of these, such as {values[0].parent}"
            )
        return FolderError(f"{self.path} is not a result folder: it holds no plan.json. {make}")

    def command(self) -> str:
        """The command that repeats the result."""
        try:
            return str(json.loads(disk.content(self.path / "run.json") or b"")["command"])
        except (ValueError, KeyError, TypeError):
            return "accesssim sweep EXPERIMENT"

    def unknown_tables(self, plan: Plan | None = None) -> list[str]:
        """Tables among the shards that are none of the plan's (without one: of the plan that is held).

        They are never read, and set aside when the folder is worked in. Whoever reads all tables that lie there would
        take them for the result's; what is not a table by its name is `foreign`.
        """
        # One that is not entered is written again.
        known = {f"{table}/{name}.parquet" for table in TABLES for name in (plan or self.plan()).wanted}
        held = (name for name in self.among_shards() if self.is_table(name))
        return [name for name in held if name not in known or not disk.is_file(self.path / name)]

    def foreign(self) -> list[str]:
        """What lies among the shards and by its name is no table, or is a folder: somebody else's, and left where it is."""
        return [name for name in self.among_shards() if not self.is_table(name)]

    def among_shards(self) -> Iterator[str]:
        return (
            f"{table}/{name}" for table in TABLES for name in disk.names(self.path / table) if not name.startswith(".")
        )

    def is_table(self, name: str) -> bool:
        return name.endswith(".parquet") and not disk.is_folder(self.path / name)

    def values(self, measure: str, plan: Plan | None = None) -> dict[int, "NDArray[np.float64]"]:
        """A measure of each point, its replications in order up to the first that is not done and whole.

        NaN for one that failed.
        """
        import numpy as np

        found: dict[int, dict[int, float]] = {}
        for entry in self.ledger.entries(plan):
            if not self.ledger.is_whole(entry):
                continue  # it is done again
            known = found.setdefault(entry.point, {})
            known.update(dict.fromkeys(entry.numbers, float("nan")))
            rows = self.tables.rows("runs", entry, ["replication", measure])
            known.update(zip(rows["replication"], rows[measure], strict=True) if measure in rows else ())
        return {
            point: np.array(
                [known[number] for number in range(next(n for n in itertools.count() if n not in known))], dtype=float
            )
            for point, known in found.items()
        }

    def row(self, table: str, point: int, replication: int) -> "pd.Series[Any] | None":
        """One replication's row of a table; None where there is none. Raises Damaged."""
        for entry in self.ledger.of(point):
            if replication in entry.numbers:
                rows = self.tables.rows(table, entry)
                at = rows[rows["replication"] == replication] if len(rows) else rows
                return at.iloc[0] if len(at) else None
        return None

    def state(self) -> State:
        """How far it is, from plan and ledger, and what is entered and whole.

        With a stopping rule, how far to the next look.

        Raises FolderError if this is no result folder.
        """
        plan = self.plan()
        held = [entry for entry in self.ledger.entries(plan) if self.ledger.is_whole(entry)]
        entered = {entry.name for entry in held}
        shards = list(plan.shards())
        left = self.left(plan) if plan.stopping else [shard for shard in shards if shard.name not in entered]
        seconds = sum(shard.size * plan.points[shard.point].seconds_per_run for shard in left)
        unfinished = {shard.point for shard in left}
        runs = sum(entry.runs + entry.failures for entry in held) + sum(shard.size for shard in left)
        return State(
            plan.title,
            runs if plan.stopping else plan.runs,
            sum(entry.runs for entry in held),
            sum(entry.failures for entry in held),
            len(plan.points),
            len(plan.points) - len(unfinished),
            seconds,
        )

    def done(self, plan: Plan) -> int:
        """Runs that are done of a plan and whole, failed ones among them."""
        return sum(entry.runs + entry.failures for entry in self.ledger.entries(plan) if self.ledger.is_whole(entry))

    def is_tidy(self, plan: Plan) -> bool:
        """Whether all that is here is the plan's, and whole: nothing to set aside."""
        return (
            not self.ledger.broken()
            and all(entry.answers(plan) and self.ledger.is_whole(entry) for entry in self.ledger.all())
            and not self.unknown_tables(plan)
        )

    def tell_of_foreign(self, say: Callable[[str], None]) -> None:
        """Name what lies among the shards and is somebody else's."""
        for name in self.foreign():
            say(f"{self.path / name} does not belong to this result: it is left where it is, and not read.")

    def left(self, plan: Plan) -> list[Shard]:
        """Shards that are not done, or no longer whole; of our part, if we work one.

        With a stopping rule: those before the next look.
        """
        done = {entry.name for entry in self.ledger.entries(plan) if self.ledger.is_whole(entry)}
        if plan.stopping:
            asked = looks(plan, lambda measure: self.values(measure, plan))
            return next(
                (missing for shards in asked if (missing := [shard for shard in shards if shard.name not in done])), []
            )
        return [shard for shard in self.share(plan) if shard.name not in done]

    def share(self, plan: Plan) -> list[Shard]:
        """Our part of the shards: every n-th; all of them where we work the whole."""
        ours, of = self.part or (1, 1)
        return [shard for number, shard in enumerate(plan.shards()) if number % of == ours - 1]

    def is_finished(self, plan: Plan) -> bool:
        """Whether the folder holds this plan already, and all of its results."""
        return disk.content(self.path / "plan.json") == plan.to_json().encode() and not self.left(plan)

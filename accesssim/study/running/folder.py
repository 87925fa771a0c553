"""A result folder: plan, shards, and a ledger that alone says which shards are done.

    plan.json   run.json   ledger.jsonl   report.html   .lock (held while somebody works here)
    ledger-2-of-8.jsonl   .lock-2-of-8 (of a part that was worked apart)
    runs/part-*.parquet   weekly/part-*.parquet   failures/part-*.parquet   stale/ (what was set aside)

A shard is written under a temporary name, read back, synced, renamed, and only then entered in the ledger. Shards hold no times, hosts
or worker numbers, so that they are the same bytes however the work was cut; all paths inside are relative. The folder itself may be a link, nothing inside it:
what is moved, replaced or taken away here is a file of ours, by its name, and lies here.
"""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accesssim.study.faults import FULL, Damaged, DiskFull, FolderError, HoldsOther, OtherVersion
from accesssim.study.running import disk, lock
from accesssim.study.running.ledger import BEGUN, SHARD, TABLES, Ledger
from accesssim.study.running.parquet import OnDisk
from accesssim.study.running.plan import Plan, Shard
from accesssim.study.running.provenance import provenance
from accesssim.study.running.repair import set_aside, take_over, with_held
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

    # -- reading

    def plan(self) -> Plan:
        """The plan whose results these are. Raises FolderError if this is no result folder, or something in it is a link."""
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
                f"{path} is not a regular file that can be read. Take it away and type the same sweep again: shards that answer its questions are kept."
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

    def strangers(self, plan: Plan | None = None) -> list[str]:
        """Tables among the shards that are none of the plan's (without one: of the plan that is held): never read; set aside when the folder is worked in.

        Whoever reads all tables that lie there would take them for the result's; what is no table by its name is `foreign`.
        """
        known = {
            f"{table}/{name}.parquet" for table in TABLES for name in (plan or self.plan()).wanted
        }  # one that is not entered is written again
        held = (name for name in self._among_shards() if self._is_table(name))
        return [name for name in held if name not in known or not disk.is_file(self.path / name)]

    def foreign(self) -> list[str]:
        """What lies among the shards and by its name is no table, or is a folder: somebody else's, and left where it is."""
        return [name for name in self._among_shards() if not self._is_table(name)]

    def _among_shards(self) -> Iterator[str]:
        return (
            f"{table}/{name}" for table in TABLES for name in disk.names(self.path / table) if not name.startswith(".")
        )

    def _is_table(self, name: str) -> bool:
        return name.endswith(".parquet") and not disk.is_folder(self.path / name)

    def values(self, measure: str, plan: Plan | None = None) -> dict[int, "NDArray[np.float64]"]:
        """A measure of each point, its replications in order up to the first that is not done and whole; NaN for one that failed."""
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

    # -- writing

    def agreed(
        self, plan: Plan, *, more: int = 0, update: bool = False, say: Callable[[str], None] = lambda _: None
    ) -> Plan:
        """The plan that a sweep works here: the one that is held if it asks the same, with `more` replications if these are asked for.

        With `update` it is the one that is asked for, and replications that are held of its points stay. `say` is told where more are held than are
        asked for. Raises FolderError if the folder holds something else, or if `more` is asked of a result that is not finished.
        """
        self._refuse_others(plan, update)
        if not disk.is_file(self.path / "plan.json"):
            if more:
                raise FolderError(f"{self.path} holds nothing yet that could be added to. Leave out --more.")
            return plan
        held = self.plan()
        plan = plan.cut_as(held)
        if more:
            return self._with_more(plan, held, more)
        agreed = self._updated(plan, held) if update else plan if plan.differences(held) else self._as_held(plan, held)
        if agreed.replications > plan.replications:
            say(
                f"{self.path} holds {agreed.replications:,} replications of each point, more than the {plan.replications:,} asked for: they stay."
            )
        return agreed

    def _as_held(self, plan: Plan, held: Plan) -> Plan:
        """What is held, with the words of the plan, which may have changed. Raises FolderError if fewer replications are held."""
        if held.replications < plan.replications:
            lacks = plan.replications - held.replications
            raise HoldsOther(
                f"{self.path} holds {held.replications} replications of each point, and {plan.replications} are asked for.",
                f"Add them with: --more {lacks}",
            )
        return replace(plan, replications=held.replications, stages=held.stages)

    def _with_more(self, plan: Plan, held: Plan, more: int) -> Plan:
        if plan.differences(held):
            raise FolderError("--more does not go with a change. Type the same with --update and without --more first.")
        if plan.stopping:
            raise FolderError(
                "--more does not go with a stopping rule. Raise max (or budget) in the experiment, and type the same with --update."
            )
        agreed = self._as_held(plan, held)
        if self.left(held):
            if held.stages[1:] and held.stages[-1] == more:
                return agreed  # the same command again goes on
            raise FolderError(
                f"{self.path} is not finished: {self.done(held):,} of {held.runs:,} runs. Finish it first: type the same without --more."
            )
        return agreed.extended(more)

    def _updated(self, plan: Plan, held: Plan) -> Plan:
        """The plan, cut so that the shards of points that it shares with the one that is held stay; a stopping rule is looked at when it says, and cuts by itself."""
        if plan.stopping:
            return plan
        shared = {plan.question_of(point) for point in plan.points}
        done = [
            entry for entry in self.ledger.all() if entry.question in shared and self.ledger.is_whole(entry)
        ]  # under whatever number: an update may have been cut off
        return with_held(plan, held, done)

    def state(self) -> State:
        """How far it is, from plan and ledger, and what is entered and whole; with a stopping rule, how far to the next look. Raises FolderError if this is no result folder."""
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

    @contextmanager
    def opened(
        self, plan: Plan, command: str, *, update: bool = False, say: Callable[[str], None] = lambda _: None
    ) -> Iterator[None]:
        """Keep the folder for ourselves while the plan's shards are worked; `say` is told what is set aside, and what is done again.

        Raises FolderError, with nothing written, if it holds something else or cannot be written to, FolderInUse if another process is at work in
        it, and DiskFull if there is no room.
        """
        self._refuse_others(plan, update)
        with self._room_for(plan), ExitStack() as ours:
            self._refuse_unusable(plan)
            try:
                for table in TABLES:
                    (self.path / table).mkdir(parents=True, exist_ok=True)
                ours.enter_context(lock.held(self.path, self.part))
                self._refuse_others(plan, update)  # whoever held it until now may have brought another plan
                self._tidy(plan, update, say)
                disk.write(self.path / "plan.json", plan.to_json().encode())
                disk.write(self.path / "run.json", provenance(plan, command))
            except OSError as error:
                if error.errno in FULL:
                    raise
                raise disk.unwritable(error.filename or self.path, error) from None
            yield
            self._clear()

    def _refuse_unusable(self, plan: Plan) -> None:
        """What of ours cannot be read, cannot be written to, or has something else in its place. Raises FolderError while all is still as it was found."""
        for entry in self.ledger.all():
            self.ledger.damage(entry)
        self.strangers(plan)
        for name in self._among_shards():
            if SHARD.fullmatch(Path(name).name):
                disk.refuse_folder(self.path / name)
        for name in (".", *TABLES, "stale"):
            disk.refuse_unwritable(self.path / name, folder=True)
        replaced = (
            "run.json",
            *self.ledger.names(),
        )  # by a new file of that name: of these only what is no file is in the way
        for name in (
            *lock.names(self.part),
            self.ledger.own.name,
            *(name for name in replaced if not disk.is_file(self.path / name)),
        ):
            disk.refuse_unwritable(self.path / name, folder=False)
        lock.refuse_foreign(self.path, self.part)

    @contextmanager
    def _room_for(self, plan: Plan) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno not in FULL:
                raise
            kept = f"{self.done(plan):,} of {plan.runs:,} runs are kept"
            raise DiskFull(
                f"disk full: {error.filename or self.path} could not be written; {kept}. Make room and type the same again."
            ) from None

    def is_tidy(self, plan: Plan) -> bool:
        """Whether all that is here is the plan's, and whole: nothing to set aside."""
        return (
            not self.ledger.broken()
            and all(entry.answers(plan) and self.ledger.is_whole(entry) for entry in self.ledger.all())
            and not self.strangers(plan)
        )

    def _tidy(self, plan: Plan, update: bool, say: Callable[[str], None]) -> None:
        """Set aside what is none of this result, or no longer what it was; then only what is good is left to go on from."""
        if self.part is not None:  # others are at work here
            mine = {shard.name for shard in self._share(plan)}
            for entry in self.ledger.entries(plan):
                if entry.name in mine and not self.ledger.is_whole(entry):
                    set_aside(self.path, self.ledger, entry, say)
            return
        self._clear()
        if update or not self.is_tidy(plan):
            take_over(self.path, self.ledger, plan, say)
        for name in self.strangers(plan):
            disk.set_aside(self.path, name)
            say(f"{self.path / name} is none of this result: it is set aside in {self.path / 'stale'}.")
        self.tell_of_foreign(say)
        done = {file for entry in self.ledger.all() for file in entry.files}
        if cut_off := [self.path / name for name in self._among_shards() if self._is_table(name) and name not in done]:
            say(
                f"{len(cut_off):,} {'file was' if len(cut_off) == 1 else 'files were'} written and never entered, such as {min(cut_off)}: done again."
            )

    def tell_of_foreign(self, say: Callable[[str], None]) -> None:
        """Name what lies among the shards and is somebody else's."""
        for name in self.foreign():
            say(f"{self.path / name} is none of this result: it is left where it is, and not read.")

    def _clear(self) -> None:
        """Take away what killed workers had begun to write; whoever only tries whether it can be written to takes its own away. Not where others are at work beside us."""
        for left_over in self._begun() if self.part is None else ():
            try:
                left_over.unlink(missing_ok=True)
            except OSError as error:
                raise disk.unwritable(left_over, error) from None

    def _begun(self) -> list[Path]:
        held = (
            self.path / table / name
            for table in (".", *TABLES)
            for name in disk.names(self.path / table)
            if BEGUN.fullmatch(name)
        )
        return [path for path in held if disk.is_file(path)]

    def _refuse_others(self, plan: Plan, update: bool) -> None:
        """What the folder holds that would be in the way. Raises FolderError."""
        try:
            names = [path.name for path in self.path.iterdir()] if self.path.is_dir() else []
            if not self.path.is_dir() and self.path.exists():
                raise FolderError(f"{self.path} is a file. Name another folder with --out.")
        except (OSError, ValueError) as error:
            raise FolderError(
                f"{str(self.path)[:200]} cannot be used ({getattr(error, 'strerror', None) or error}). Name another folder with --out."
            ) from None
        is_begun = all(name in ("stale", *TABLES) or name.startswith(".") for name in names)
        if is_begun or "plan.json" in names or self.ledger.names():  # elsewhere there may be no end of files to look at
            disk.refuse_links(self.path)
        if is_begun:
            return
        if "plan.json" not in names:
            if not self.ledger.entries(plan):
                raise FolderError(
                    f"{self.path} holds something else than a result of this. Name another folder with --out."
                )
            return  # the ledger knows which shards answer this plan
        held = self.plan()
        if not update and (difference := plan.differences(held)):
            raise HoldsOther(
                f"{self.path} holds the results of another plan ({'; '.join(difference)}).",
                "Name another folder with --out, or run again what differs with --update.",
            )

    def left(self, plan: Plan) -> list[Shard]:
        """Shards that are not done, or no longer whole; of our part, if we work one. With a stopping rule: those before the next look."""
        done = {entry.name for entry in self.ledger.entries(plan) if self.ledger.is_whole(entry)}
        if plan.stopping:
            asked = looks(plan, lambda measure: self.values(measure, plan))
            return next(
                (missing for shards in asked if (missing := [shard for shard in shards if shard.name not in done])), []
            )
        return [shard for shard in self._share(plan) if shard.name not in done]

    def _share(self, plan: Plan) -> list[Shard]:
        """Our part of the shards: every n-th; all of them where we work the whole."""
        ours, of = self.part or (1, 1)
        return [shard for number, shard in enumerate(plan.shards()) if number % of == ours - 1]

    def is_finished(self, plan: Plan) -> bool:
        """Whether the folder holds this plan already, and all of its results."""
        return disk.content(self.path / "plan.json") == plan.to_json().encode() and not self.left(plan)

"""A sweep: the shards of a plan worked look after look, in memory or into a folder, until nothing is left to do."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accesssim.clinic.engines import Engine
from accesssim.clinic.stop import NEVER, Stop
from accesssim.study.faults import DamagedUnderWay, FolderError
from accesssim.study.running import pool
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.folder_at_work import opened
from accesssim.study.running.plan import Plan, Shard
from accesssim.study.running.rows import Rows
from accesssim.study.running.shard import (
    Found,
    Task,
    find,
    tables,
    work,
    work_and_write,
    work_apart,
    work_apart_and_write,
)
from accesssim.study.running.stopping import gathered_values, looks
from accesssim.world.scenario import Scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True)
class Sweep:
    """How a plan is worked, whose points have these scenarios, in order: with which engine, by whom.

    `progress` is told how many more replications are done, `say` what else there is to say.
    """

    scenarios: Sequence[Scenario]
    engine: Engine
    workers: int
    executor: "Executor | None"
    progress: Callable[[int], None]
    say: Callable[[str], None]
    stop: Stop

    def in_memory(self, plan: Plan) -> list[Rows]:
        """Work all of it, and return its rows in the order of the plan."""
        parts: dict[Shard, Rows] = {}
        for shards in looks(plan, lambda measure: gathered_values(parts, measure)):
            if self.engine == "fast" and self.executor is None:
                parts.update(self._in_threads(plan, shards))
                continue
            tasks = self._tasks(plan, shards, None, self.stop if self.executor is None and self.workers <= 1 else NEVER)
            with closing(
                pool.results(
                    work,
                    tasks,
                    workers=self.workers,
                    executor=self.executor,
                    apart=work_apart,
                    say=self.say,
                    stop=self.stop,
                )
            ) as found:
                for number, rows in found:
                    parts[tasks[number].shard] = rows
                    self.progress(tasks[number].shard.size)
        return [parts[shard] for shard in sorted(parts, key=lambda shard: shard.name)]

    def _in_threads(self, plan: Plan, shards: Sequence[Shard]) -> dict[Shard, Rows]:
        """The rows of some shards, whose replications the compiled engine works one by one: it lets others run meanwhile."""
        single = {
            Shard(shard.point, number, 1): shard
            for shard in shards
            for number in range(shard.first, shard.first + shard.size)
        }
        tasks = self._tasks(plan, [*single], None, self.stop)
        parts: dict[Shard, dict[int, Found]] = {shard: {} for shard in shards}
        with closing(pool.results(find, tasks, workers=self.workers, threads=True, stop=self.stop)) as results:
            for number, found in results:
                import pandas as _  # noqa: F401  while others work, as it takes longer than some of them

                parts[single[tasks[number].shard]][number] = found
                self.progress(1)
        return {shard: tables([found for _, found in sorted(one.items())]) for shard, one in parts.items()}

    def into(self, folder: ResultFolder, plan: Plan, command: str, *, update: bool) -> None:
        """Work what the folder lacks of it. Raises FolderError, DamagedUnderWay or DiskFull."""
        if folder.part and plan.stopping:
            raise FolderError(
                "an experiment with a stopping rule cannot be cut into parts: what is run next hangs on all that was "
                "found. Leave out --shard."
            )
        with opened(folder, plan, command, update=update, say=self.say):
            self.progress(0 if folder.part else folder.done(plan))
            for shards in looks(plan, folder.values):
                missing = {shard.name for shard in folder.left(plan)}
                wanted = [shard for shard in shards if shard.name in missing]
                here = self.executor is None and (self.workers <= 1 or len(wanted) <= 1)
                tasks = self._tasks(plan, wanted, str(folder.path.absolute()), self.stop if here else NEVER)
                with closing(
                    pool.results(
                        work_and_write,
                        tasks,
                        workers=self.workers,
                        executor=self.executor,
                        apart=work_apart_and_write,
                        say=self.say,
                        stop=self.stop,
                    )
                ) as done:
                    for _, entry in done:
                        folder.ledger.enter(entry)
                        self.progress(entry.runs + entry.failures)
            if lost := folder.left(plan):
                raise DamagedUnderWay(
                    f"{folder.path} has lost {len(lost):,} of its shards, or their lines of the ledger, while it was "
                    "worked in. Type the same again to redo them."
                )

    def _tasks(self, plan: Plan, shards: Sequence[Shard], folder: str | None, stop: Stop) -> list[Task]:
        return [
            Task(
                shard,
                self.scenarios[shard.point],
                plan.seed,
                folder,
                plan.people,
                plan.wanted[shard.name][1] if folder else "",
                plan.version,
                plan.code,
                self.engine,
                stop,
            )
            for shard in shards
        ]

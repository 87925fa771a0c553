"""The work itself: some replications of one point, measured; a failed replication is a row, and the others go on."""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from accesssim import version
from accesssim.clinic.engines import Engine
from accesssim.clinic.stop import NEVER, Stop, Stopped
from accesssim.study.faults import OtherVersion
from accesssim.study.running import parquet
from accesssim.study.running.plan import Shard
from accesssim.study.running.rows import KEYS, Rows, joined
from accesssim.world import results_digest

if TYPE_CHECKING:
    from accesssim.study.running.ledger import Entry
    from accesssim.study.running.replication import Measured
    from accesssim.world.scenario import Scenario


FAILURE = ("error", "traceback", "replay")
"""Further columns of a failure."""


@dataclass(frozen=True)
class Task:
    """A shard with all that a worker needs; `folder` is where to write it, None to hand the rows back.

    `question` is what its entry says that it answers, `version` and `code` (a results digest) the accesssim that asks.
    """

    shard: Shard
    scenario: "Scenario"
    seed: int
    folder: str | None = None
    people: bool = False
    question: str = ""
    version: str = field(default_factory=lambda: version.__version__)
    code: str = field(default_factory=results_digest.of_results)
    engine: Engine = "simpy"
    stop: Stop = NEVER
    """Looked at by runs in this process."""

    def __str__(self) -> str:
        return self.shard.name


@dataclass(frozen=True)
class Found:
    """What the replications of a shard gave, before it is put into tables: that takes what others wait for, in threads."""

    task: Task
    measured: list[tuple[int, "Measured"]] = field(default_factory=list)
    """By number of the replication."""
    failures: list[dict[str, Any]] = field(default_factory=list)

    def keys(self, replication: int) -> dict[str, Any]:
        """The first columns of every table."""
        values = (self.task.scenario.name, self.task.shard.point, replication, self.task.seed)
        return dict(zip(KEYS, values, strict=True))


def work(task: Task) -> Rows:
    """Run the replications of a shard, in order."""
    return tables([find(task)])


def find(task: Task) -> Found:
    """The same, not yet in tables. Raises Stopped."""
    from accesssim.clinic import engines
    from accesssim.study.running.replication import measured

    _refuse_other_code(task)
    shard, found = task.shard, Found(task)
    engine: Engine = task.engine if engines.installed() else "simpy"  # here; the rows are the same
    for number in range(shard.first, shard.first + shard.size):
        try:
            one = measured(
                task.scenario, seed=task.seed, replication=number, engine=engine, people=task.people, stop=task.stop
            )
        except Stopped:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it is, it must not take the other replications with it
            told = _failure(f"{type(error).__name__}: {error}", _traceback(error), shard.point, number)
            found.failures.append({**found.keys(number), **told})
        else:
            found.measured.append((number, one))
    return found


def tables(parts: Sequence[Found]) -> Rows:
    """What was found for one point, as tables."""
    import pandas as pd

    from accesssim.study.measuring import person_by_person

    task = parts[0].task
    runs = [(part.keys(number), one) for part in parts for number, one in part.measured]
    weekly = {name: np.concatenate([one.weeks[name] for _, one in runs]) for name in (runs[0][1].weeks if runs else ())}
    lengths = [len(one.weeks["week"]) for _, one in runs]
    repeated = {name: np.repeat([keys[name] for keys, _ in runs], lengths) for name in KEYS if runs}
    everybody = pd.DataFrame()
    if task.people and runs:
        everybody = person_by_person.table([one.people for _, one in runs], tuple(task.scenario.parameters.teams))
        lengths = [len(one.people["person"]) for _, one in runs]
        everybody["point"] = task.shard.point
        everybody["replication"] = np.repeat([keys["replication"] for keys, _ in runs], lengths)
    return Rows(
        runs=pd.DataFrame([{**keys, **one.measures} for keys, one in runs])
        if runs
        else pd.DataFrame(columns=list(KEYS)),
        weekly=pd.DataFrame({**repeated, **weekly}) if runs else pd.DataFrame(columns=list(KEYS)),
        failures=pd.DataFrame([row for part in parts for row in part.failures], columns=[*KEYS, *FAILURE]),
        people=everybody,
    )


def _refuse_other_code(task: Task) -> None:
    here, there = [version.__version__, results_digest.of_results()], [task.version, task.code]
    if here != there:
        ours, its = (name if here[0] != there[0] else f"{name} of code {code}" for name, code in (here, there))
        raise OtherVersion(
            f"a worker has accesssim {ours}, and this is {its}: their results are never mixed. "
            "Install the same version for all of them."
        )


def work_and_write(task: Task) -> "Entry":
    """Run a shard and write it into its folder; only its entry travels back."""
    return _written(task, work(task))


def work_apart(task: Task, alone: Callable[[Callable[[Task], Rows], Task], Rows | None]) -> Rows:
    """A shard whose worker died again and again, a replication at a time: `alone` gives None for one whose worker dies, which is then a failure."""
    parts = []
    for replication in range(task.shard.first, task.shard.first + task.shard.size):
        found = alone(work, replace(task, shard=Shard(task.shard.point, replication, 1), folder=None))
        parts.append(found or _deadly(task, replication))
    return joined(parts)


def work_apart_and_write(task: Task, alone: Callable[[Callable[[Task], Rows], Task], Rows | None]) -> "Entry":
    """The same, into its folder."""
    return _written(task, work_apart(task, alone))


def _written(task: Task, rows: Rows) -> "Entry":
    assert task.folder is not None
    return parquet.write(Path(task.folder), task.shard, task.question, rows)


def _deadly(task: Task, replication: int) -> Rows:
    import pandas as pd

    keys = dict(zip(KEYS, (task.scenario.name, task.shard.point, replication, task.seed), strict=True))
    told = "WorkerDied: the process that ran it was ended each time, as the system does where memory runs out"
    nothing = pd.DataFrame(columns=list(KEYS))
    return Rows(
        nothing,
        nothing,
        pd.DataFrame([{**keys, **_failure(told, told + "\n", task.shard.point, replication)}]),
        pd.DataFrame(),
    )


def _failure(error: str, told: str, point: int, replication: int) -> dict[str, str]:
    return dict(zip(FAILURE, (error, told, f"accesssim replay DIR {point}:{replication}"), strict=True))


def _traceback(error: BaseException) -> str:
    """The traceback without the folders of this machine, so that a result tells nothing of its maker."""
    told = traceback.TracebackException.from_exception(error)
    seen: traceback.TracebackException | None = told
    while seen is not None:
        for frame in seen.stack:
            frame.filename = _within(frame.filename)
        seen = seen.__cause__ or seen.__context__
    return "".join(told.format())


def _within(filename: str) -> str:
    parts = filename.replace("\\", "/").split("/")
    start = len(parts) - 1 - parts[::-1].index("accesssim") if "accesssim" in parts else len(parts) - 1
    return "/".join(parts[start:])

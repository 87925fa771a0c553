"""An edited experiment takes over the folder of the one before: what is the same is kept, the rest is set aside."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from accesssim.study.disk import set_aside
from accesssim.study.ledger import TABLES, Entry, Ledger
from accesssim.study.plan import Plan, Shard
from accesssim.study.shard import Rows
from accesssim.study.tables import OnDisk, write

TAKEN = ".taken"
"""Where shards lie that get another number, until those whose names they take are out of the way."""


def take_over(path: Path, ledger: Ledger, plan: Plan) -> None:
    """Shards of points that the plan has not any more go to `stale/`; those of points that it has are kept, under the number that it gives them.

    Every entry says which question it answers, so that it does not matter where a renewal before this one was cut off.
    """
    where = {question: shard.point for shard, question in plan.wanted.values()}
    entries, moved = [], []
    shutil.rmtree(path / TAKEN, ignore_errors=True)
    for table in TABLES:
        (path / TAKEN / table).mkdir(parents=True)
    for entry in ledger.all():
        here = _place(entry, where, plan) if ledger.is_whole(entry) else None
        if here is not None and here.name == entry.name:
            entries.append(entry)
            continue
        if here is not None:
            tables = (OnDisk(ledger).rows(name, entry) for name in TABLES)
            moved.append(write(path / TAKEN, here, entry.question, Rows(*(table.assign(point=here.point) if len(table) else table for table in tables))))
        for file in entry.files:
            set_aside(path, file) if here is None else (path / file).unlink(missing_ok=True)
    for entry in moved:
        for file in entry.files:
            os.replace(path / TAKEN / file, path / file)
    shutil.rmtree(path / TAKEN)
    ledger.rewrite([*entries, *moved])


def _place(entry: Entry, where: Mapping[str, int], plan: Plan) -> Shard | None:
    """The shard of the plan that an entry is, or becomes under another number; None where the plan has none."""
    if entry.answers(plan):
        return plan.wanted[entry.name][0]
    if entry.question not in where:
        return None
    here = Shard(where[entry.question], entry.numbers.start, len(entry.numbers))
    return here if plan.wanted.get(here.name, (None, ""))[0] == here else None

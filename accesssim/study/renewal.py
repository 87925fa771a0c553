"""An edited experiment takes over the folder of the one before: what is the same is kept, the rest is set aside."""

import json
import os
import shutil
from pathlib import Path

from accesssim.study.ledger import Ledger
from accesssim.study.plan import Plan, Point, Shard
from accesssim.study.shard import Rows
from accesssim.study.tables import TABLES, OnDisk, write

TAKEN = ".taken"
"""Where shards lie that get another number, until those whose names they take are out of the way."""


def take_over(path: Path, ledger: Ledger, held: Plan, plan: Plan) -> None:
    """Shards of points that the plan has not any more go to `stale/`; those of points that it has are kept, under the number that it gives them."""
    same = (held.version, held.seed, held.people) == (plan.version, plan.seed, plan.people)
    where = {_question(point): point.number for point in plan.points} if same else {}
    kept = {point.number: where.get(_question(point)) for point in held.points}
    old, wanted = ({shard.name: shard for shard in one.shards()} for one in (held, plan))
    entries, moved = [], []
    shutil.rmtree(path / TAKEN, ignore_errors=True)
    for table in TABLES:
        (path / TAKEN / table).mkdir(parents=True)
    for entry in ledger.entries():
        shard = old.get(entry.name)
        number = None if shard is None else kept[shard.point]
        here = None if shard is None or number is None else Shard(number, shard.first, shard.size)
        if here is not None and (wanted.get(here.name) != here or not ledger.is_whole(entry)):
            here = None
        if here is not None and here == shard:
            entries.append(entry)
            continue
        if here is not None:
            tables = (OnDisk(ledger).rows(name, entry) for name in TABLES)
            moved.append(write(path / TAKEN, here, Rows(*(table.assign(point=here.point) if len(table) else table for table in tables))))
        for file in entry.files:
            set_aside(path, file) if here is None else (path / file).unlink(missing_ok=True)
    for entry in moved:
        for file in entry.files:
            os.replace(path / TAKEN / file, path / file)
    shutil.rmtree(path / TAKEN)
    ledger.rewrite([*entries, *moved])


def set_aside(path: Path, name: str) -> None:
    """Move a file of a folder to its `stale`."""
    if (path / name).exists():
        (path / "stale").mkdir(exist_ok=True)
        os.replace(path / name, path / "stale" / name.replace("/", "-"))


def _question(point: Point) -> tuple[str, str]:
    return json.dumps(point.settings, sort_keys=True), point.digest

"""A folder is made good before work goes on in it: what answers the plan is kept, the rest is set aside, and why is said."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from accesssim.study.running import disk
from accesssim.study.running.ledger import BEGUN, SHARD, TABLES, Entry, Ledger
from accesssim.study.running.parquet import OnDisk, write
from accesssim.study.running.plan import Plan, Shard
from accesssim.study.running.rows import Rows

TAKEN = ".taken"
"""Where shards lie that get another number, until those whose names they take are out of the way."""


def take_over(path: Path, ledger: Ledger, plan: Plan, say: Callable[[str], None]) -> None:
    """Shards of points that the plan has not any more go to `stale/`; those of points that it has are kept, under the number that it gives them.

    Every entry says which question it answers, so that it does not matter where a repair before this one was cut off.
    """
    where = points_by_question(plan)
    entries, moved, stale = [], [], 0
    for line in ledger.broken():
        say(f"{path / line} was cut short or changed: what it said is done again.")
    _clear(path / TAKEN)
    for table in TABLES:
        (path / TAKEN / table).mkdir(parents=True, exist_ok=True)
    for entry in ledger.all():
        here = place_in(entry, where, plan) if ledger.is_whole(entry) else None
        if here is not None and here.name == entry.name:
            entries.append(entry)
            continue
        if here is not None:
            tables = (OnDisk(ledger).rows(name, entry) for name in TABLES)
            moved.append(
                write(
                    path / TAKEN,
                    here,
                    entry.question,
                    Rows(*(table.assign(point=here.point) if len(table) else table for table in tables)),
                )
            )
            for file in entry.files:
                (path / file).unlink()
        else:
            stale += ledger.is_whole(entry)
            set_aside(path, ledger, entry, say)
    for entry in moved:
        for file in entry.files:
            os.replace(path / TAKEN / file, path / file)
    _clear(path / TAKEN)
    ledger.rewrite([*entries, *moved])
    if stale:
        say(
            f"{stale:,} {'shard that answers' if stale == 1 else 'shards that answer'} another question "
            f"{'is' if stale == 1 else 'are'} set aside in {path / 'stale'}."
        )


def _clear(taken: Path) -> None:
    """Take away what a repair leaves, also one that was cut off; whatever is not ours stays where it is."""
    for folder in (*(taken / table for table in TABLES), taken):
        for name in disk.names(folder):
            if (SHARD.fullmatch(name) or BEGUN.fullmatch(name)) and disk.is_file(folder / name):
                (folder / name).unlink()
        with suppress(OSError):  # something of somebody else's lies in it, or it is not there
            folder.rmdir()


def points_by_question(plan: Plan) -> dict[str, int]:
    """Which point has which question."""
    return {question: shard.point for shard, question in plan.wanted.values()}


def place_in(entry: Entry, where: Mapping[str, int], plan: Plan) -> Shard | None:
    """The shard of the plan that an entry is, or becomes under another number; None where the plan has none."""
    if entry.answers(plan):
        return plan.wanted[entry.name][0]
    if entry.question not in where:
        return None
    here = Shard(where[entry.question], entry.numbers.start, len(entry.numbers))
    return here if plan.wanted.get(here.name, (None, ""))[0] == here else None


def set_aside(path: Path, ledger: Ledger, entry: Entry, say: Callable[[str], None]) -> None:
    """The files of a shard go to `stale/`; those that are not what the ledger says are named."""
    for file in ledger.damage(entry):
        what = (
            f"damaged: it is set aside in {path / 'stale'}, and" if os.path.lexists(path / file) else "missing: it is"
        )
        say(f"{path / file} is {what} done again.")
    for file in entry.files:
        disk.set_aside(path, file)

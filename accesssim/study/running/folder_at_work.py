"""A result folder while a sweep works in it: kept for ourselves, made good first, cleared up at the end."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from accesssim.study.faults import FULL, DiskFull
from accesssim.study.running import disk, lock
from accesssim.study.running.agreement import refuse_others
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.ledger import BEGUN, SHARD, TABLES
from accesssim.study.running.plan import Plan
from accesssim.study.running.provenance import provenance
from accesssim.study.running.repair import set_aside, take_over


@contextmanager
def opened(
    folder: ResultFolder, plan: Plan, command: str, *, update: bool = False, say: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Keep the folder for ourselves while the plan's shards are worked; `say` is told what is set aside, and what is done again.

    Raises FolderError, with nothing written, if it holds something else or cannot be written to, FolderInUse if another process is at work in
    it, and DiskFull if there is no room.
    """
    refuse_others(folder, plan, update)
    with _room_for(folder, plan), ExitStack() as ours:
        _refuse_unusable(folder, plan)
        try:
            for table in TABLES:
                (folder.path / table).mkdir(parents=True, exist_ok=True)
            ours.enter_context(lock.held(folder.path, folder.part))
            refuse_others(folder, plan, update)  # whoever held it until now may have brought another plan
            _tidy(folder, plan, update, say)
            disk.write(folder.path / "plan.json", plan.to_json().encode())
            disk.write(folder.path / "run.json", provenance(plan, command))
        except OSError as error:
            if error.errno in FULL:
                raise
            raise disk.unwritable(error.filename or folder.path, error) from None
        yield
        _clear(folder)


def _refuse_unusable(folder: ResultFolder, plan: Plan) -> None:
    """What of ours cannot be read, cannot be written to, or has something else in its place.

    Raises FolderError while all is still as it was found.
    """
    for entry in folder.ledger.all():
        folder.ledger.damage(entry)
    folder.unknown_tables(plan)
    for name in folder.among_shards():
        if SHARD.fullmatch(Path(name).name):
            disk.refuse_folder(folder.path / name)
    for name in (".", *TABLES, "stale"):
        disk.refuse_unwritable(folder.path / name, folder=True)
    # By a new file of that name: of these only what is no file is in the way.
    replaced = (
        "run.json",
        *folder.ledger.names(),
    )
    for name in (
        *lock.names(folder.part),
        folder.ledger.own.name,
        *(name for name in replaced if not disk.is_file(folder.path / name)),
    ):
        disk.refuse_unwritable(folder.path / name, folder=False)
    lock.refuse_foreign(folder.path, folder.part)


@contextmanager
def _room_for(folder: ResultFolder, plan: Plan) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        kept = f"{folder.done(plan):,} of {plan.runs:,} runs are kept"
        raise DiskFull(
            f"disk full: {error.filename or folder.path} could not be written; {kept}. Make room and type the same again."
        ) from None


def _tidy(folder: ResultFolder, plan: Plan, update: bool, say: Callable[[str], None]) -> None:
    """Set aside what does not belong to this result, or no longer what it was; then only what is good is left to go on from."""
    if folder.part is not None:  # others are at work here
        mine = {shard.name for shard in folder.share(plan)}
        for entry in folder.ledger.entries(plan):
            if entry.name in mine and not folder.ledger.is_whole(entry):
                set_aside(folder.path, folder.ledger, entry, say)
        return
    _clear(folder)
    if update or not folder.is_tidy(plan):
        take_over(folder.path, folder.ledger, plan, say)
    for name in folder.unknown_tables(plan):
        disk.set_aside(folder.path, name)
        say(f"{folder.path / name} does not belong to this result: it is set aside in {folder.path / 'stale'}.")
    folder.tell_of_foreign(say)
    done = {file for entry in folder.ledger.all() for file in entry.files}
    if cut_off := [folder.path / name for name in folder.among_shards() if folder.is_table(name) and name not in done]:
        say(
            f"{len(cut_off):,} {'file was' if len(cut_off) == 1 else 'files were'} written and never entered, such as {min(cut_off)}: done again."
        )


def _clear(folder: ResultFolder) -> None:
    """Take away what killed workers had begun to write; whoever only tries whether it can be written to takes its own away.

    Not where others are at work beside us.
    """
    for left_over in _begun(folder) if folder.part is None else ():
        try:
            left_over.unlink(missing_ok=True)
        except OSError as error:
            raise disk.unwritable(left_over, error) from None


def _begun(folder: ResultFolder) -> list[Path]:
    held = (
        folder.path / table / name
        for table in (".", *TABLES)
        for name in disk.names(folder.path / table)
        if BEGUN.fullmatch(name)
    )
    return [path for path in held if disk.is_file(path)]

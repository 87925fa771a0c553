"""Which plan a sweep works in a folder that holds one already: the same, more of it, or another in its place."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from accesssim.study.faults import FolderError, HoldsOther
from accesssim.study.running import disk
from accesssim.study.running.folder import ResultFolder
from accesssim.study.running.ledger import TABLES, Entry
from accesssim.study.running.plan import Plan
from accesssim.study.running.repair import place_in, points_by_question


def agreed(
    folder: ResultFolder,
    plan: Plan,
    *,
    more: int = 0,
    update: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Plan:
    """The plan that a sweep works here: the one that is held if it asks the same, with `more` replications if these are asked for.

    With `update` it is the one that is asked for, and replications that are held of its points stay. `say` is told where more are held than are
    asked for. Raises FolderError if the folder holds something else, or if `more` is asked of a result that is not finished.
    """
    refuse_others(folder, plan, update)
    if not disk.is_file(folder.path / "plan.json"):
        if more:
            raise FolderError(f"{folder.path} holds nothing yet that could be added to. Leave out --more.")
        return plan
    held = folder.plan()
    plan = plan.cut_as(held)
    if more:
        return _with_more(folder, plan, held, more)
    worked = (
        _updated(folder, plan, held) if update else plan if plan.differences(held) else _as_held(folder, plan, held)
    )
    if worked.replications > plan.replications:
        say(
            f"{folder.path} holds {worked.replications:,} replications of each point, more than the {plan.replications:,} asked for: they stay."
        )
    return worked


def _as_held(folder: ResultFolder, plan: Plan, held: Plan) -> Plan:
    """What is held, with the words of the plan, which may have changed.

    Raises FolderError if fewer replications are held.
    """
    if held.replications < plan.replications:
        lacks = plan.replications - held.replications
        raise HoldsOther(
            f"{folder.path} holds {held.replications} replications of each point, and {plan.replications} are asked for.",
            f"Add them with: --more {lacks}",
        )
    return replace(plan, replications=held.replications, stages=held.stages)


def _with_more(folder: ResultFolder, plan: Plan, held: Plan, more: int) -> Plan:
    if plan.differences(held):
        raise FolderError("--more does not go with a change. Type the same with --update and without --more first.")
    if plan.stopping:
        raise FolderError(
            "--more does not go with a stopping rule. Raise max (or budget) in the experiment, and type the same with --update."
        )
    worked = _as_held(folder, plan, held)
    if folder.left(held):
        if held.stages[1:] and held.stages[-1] == more:
            return worked  # the same command again goes on
        raise FolderError(
            f"{folder.path} is not finished: {folder.done(held):,} of {held.runs:,} runs. Finish it first: type the same without --more."
        )
    return worked.extended(more)


def _updated(folder: ResultFolder, plan: Plan, held: Plan) -> Plan:
    """The plan, cut so that the shards of points that it shares with the one that is held stay.

    A stopping rule is looked at when it says, and cuts by itself.
    """
    if plan.stopping:
        return plan
    shared = {plan.question_of(point) for point in plan.points}
    # Under whatever number: an update may have been cut off.
    done = [entry for entry in folder.ledger.all() if entry.question in shared and folder.ledger.is_whole(entry)]
    return with_held(plan, held, done)


def refuse_others(folder: ResultFolder, plan: Plan, update: bool) -> None:
    """What the folder holds that would be in the way. Raises FolderError."""
    try:
        names = [path.name for path in folder.path.iterdir()] if folder.path.is_dir() else []
        if not folder.path.is_dir() and folder.path.exists():
            raise FolderError(f"{folder.path} is a file. Name another folder with --out.")
    except (OSError, ValueError) as error:
        raise FolderError(
            f"{str(folder.path)[:200]} cannot be used ({getattr(error, 'strerror', None) or error}). Name another folder with --out."
        ) from None
    is_begun = all(name in ("stale", *TABLES) or name.startswith(".") for name in names)
    if is_begun or "plan.json" in names or folder.ledger.names():  # elsewhere there may be no end of files to look at
        disk.refuse_links(folder.path)
    if is_begun:
        return
    if "plan.json" not in names:
        if not folder.ledger.entries(plan):
            raise FolderError(
                f"{folder.path} holds something else than a result of this. Name another folder with --out."
            )
        return  # the ledger knows which shards answer this plan
    held = folder.plan()
    if not update and (difference := plan.differences(held)):
        raise HoldsOther(
            f"{folder.path} holds the results of another plan ({'; '.join(difference)}).",
            "Name another folder with --out, or run again what differs with --update.",
        )


def with_held(plan: Plan, held: Plan, done: Sequence[Entry]) -> Plan:
    """A plan that takes the place of another, cut so that what is done of their common points stays.

    Shards are cut by stages, and the names of files hang on it. It has the replications that are asked for, or as
    many as are done of a point where that is more.
    """
    if not done:
        return plan
    reached, stages = max(entry.numbers.stop for entry in done), list(held.stages or (held.replications,))
    wanted = max(reached, plan.replications)
    while sum(stages[:-1]) >= wanted:
        stages.pop()
    whole = _staged(plan, stages)
    if wanted >= sum(stages):
        return _staged(plan, [*stages, wanted - sum(stages)])
    short = _staged(plan, [*stages[:-1], wanted - sum(stages[:-1])])
    where = points_by_question(short)
    if all(place_in(entry, where, short) for entry in done):
        return short
    return plan if reached <= plan.replications else whole  # a shorter stage may be cut into other shards


def _staged(plan: Plan, stages: Sequence[int]) -> Plan:
    stages = tuple(stage for stage in stages if stage)
    return replace(plan, replications=sum(stages), stages=stages if stages[1:] else ())

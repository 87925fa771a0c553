"""How much work there is, and how much of it is done."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from accesssim.study.asking.estimates import weeks_of
from accesssim.study.running.folder import State
from accesssim.study.running.plan import Plan
from accesssim.study.telling.columns import aligned
from accesssim.world.notebook import counted

if TYPE_CHECKING:
    from accesssim.study.asking.experiment_files import Search

MOST_LINES = 40
"""Points that a dry run lists."""


def planned(plan: Plan, workers: int) -> str:
    """What a sweep would do."""
    points = [
        (point.number, point.label or plan.scenario, "<- compare_to" if point.number == plan.compare_to else "")
        for point in plan.points[:MOST_LINES]
    ]
    further = f"… and {len(plan.points) - MOST_LINES:,} more points\n" if len(plan.points) > MOST_LINES else ""
    return (
        f"{plan.title}\n{aligned(('point', 'settings', ''), points)}\n"
        f"{further}{_work(plan)} of {weeks([point.weeks for point in plan.points])}, seed {plan.seed}\n"
        f"{_about(plan.seconds, workers, most=plan.stopping is not None)}, and {plan.megabytes:,.1f} MB: estimated at stated rates, not measured."
    )


def planned_search(wanted: "Search", values: int, seconds: float, workers: int) -> str:
    """What a search would do, whose runs take so many seconds of one worker at the most."""
    run = wanted.scenario.parameters.run
    return (
        f"{wanted.title}\nAt most {counted(values, 'value')} of {wanted.lever} x "
        f"{counted(wanted.replications, 'replication')} = {counted(values * wanted.replications, 'run')} of "
        f"{weeks([weeks_of(wanted.scenario)])}, "
        f"seed {run.seed if wanted.seed is None else wanted.seed}\n"
        f"{_about(seconds, workers, most=True)}: estimated at stated rates for the scenario as it is, not "
        "measured."
    )


def state(now: State, workers: int) -> str:
    """How far a result is."""
    lines = [
        now.title,
        (
            f"{now.done + now.failed:,} of {now.runs:,} runs are done "
            f"({100 * (now.done + now.failed) / now.runs:.0f} %), {now.failed:,} of them failed; {now.left:,} are "
            "left"
        ),
        f"{now.finished_points:,} of {now.points:,} points are finished",
    ]
    if now.left:
        lines.append(
            f"About {_span(now.seconds_left / workers)} more with {counted(workers, 'worker')}: estimated at a stated rate, not measured."
        )
    return "\n".join(lines)


def weeks(lengths: Sequence[float]) -> str:
    """How long runs are."""
    shortest, longest = min(lengths), max(lengths)
    return counted(longest, "week") if shortest == longest else f"{shortest:g} to {longest:g} weeks"


def _work(plan: Plan) -> str:
    """How many runs, and of what; a rule says only how many at the most."""
    points = counted(len(plan.points), "point")
    if plan.stopping is None:
        return f"{points} x {counted(plan.replications, 'replication')} = {counted(plan.runs, 'run')}"
    if "budget" in plan.stopping:
        return f"{points} that share out at most {counted(plan.runs, 'run')}"
    return f"{points} x up to {counted(plan.replications, 'replication')} = at most {counted(plan.runs, 'run')}"


def _about(seconds: float, workers: int, *, most: bool) -> str:
    return f"{'At most about' if most else 'About'} {_span(seconds / workers)} with {counted(workers, 'worker')}"


def _span(seconds: float) -> str:
    if seconds < 90:
        return counted(max(1, round(seconds)), "second")
    return counted(round(seconds / 60), "minute") if seconds < 5400 else f"{seconds / 3600:,.1f} hours"

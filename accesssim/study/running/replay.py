"""One replication of a result, run again in this process."""

import math
import os
import traceback
from dataclasses import dataclass, field

from accesssim.study.faults import FolderError
from accesssim.study.running.folder import ResultFolder


@dataclass(frozen=True)
class Replay:
    """What a replication gave when it was run again, and whether that is what is kept."""

    verdict: str
    agrees: bool
    measures: dict[str, float] = field(default_factory=dict)
    traceback: str = ""


def replayed(folder: str | os.PathLike[str], point: int, replication: int) -> Replay:
    """Run it again. Raises FolderError if the folder is no result or has no such run."""
    from accesssim.clinic import engines
    from accesssim.study.measuring import statistics

    held = ResultFolder(folder)
    plan = held.plan()
    if not (point < len(plan.points) and replication < plan.replications):
        raise FolderError(
            f"{folder} has points 0 to {len(plan.points) - 1} and replications 0 to {plan.replications - 1}. Name one of these."
        )
    kept = held.row("runs", point, replication)
    try:
        engine = engines.chosen(
            None if plan.engine == "fast" else "simpy"
        )  # nobody waits for a compiler to see one run
        scenario = plan.scenario_at(point)
        measures = statistics.measure(engines.rows(scenario, seed=plan.seed, replication=replication, engine=engine))
    except Exception as error:  # noqa: BLE001  to show it is what was asked for
        failed = held.row("failures", point, replication)
        told = f"{type(error).__name__}: {error}"
        same = failed is not None and failed["error"] == told
        return Replay(
            f"It fails {'as it did' if same else 'now; what is kept did not fail so'}: {told}",
            same,
            traceback="".join(traceback.format_exception(error)),
        )
    if kept is None:
        return Replay("It runs now; what is kept of it is a failure, or nothing.", False, measures)
    different = [
        name
        for name, value in measures.items()
        if value != kept[name] and not (math.isnan(value) and math.isnan(kept[name]))
    ]
    if different:
        return Replay(
            f"{len(different)} {'measure differs' if len(different) == 1 else 'measures differ'} from what is kept, first {different[0]}.",
            False,
            measures,
        )
    return Replay("Equal to what is kept, to the last bit.", True, measures)

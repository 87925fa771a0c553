"""Whether this machine tells what is known: journals of the shipped scenarios, row by row, and answers of queueing theory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from accesssim.clinic.engines import ENGINES, Engine, installed
from accesssim.study.running.pool import results
from accesssim.study.verifying.cases import CASES
from accesssim.study.verifying.goldens import GOLDENS, Found, looked_at
from accesssim.study.verifying.known_answers import Answer

T = TypeVar("T")
R = TypeVar("R")
LEVEL = 0.999
"""With some forty figures, one in twenty verifications of a right model would say that one is not met; but the seed is always the same."""


@dataclass(frozen=True)
class Verified:
    """What was found, and with which engine the answers."""

    engine: Engine
    journals: Mapping[tuple[str, Engine], Found]
    answers: Sequence[Answer]
    replications: int
    level: float = LEVEL

    @property
    def engines(self) -> list[Engine]:
        """Whose journals were looked at."""
        return list(dict.fromkeys(engine for _, engine in self.journals))

    @property
    def differing(self) -> list[tuple[str, Engine]]:
        """Scenarios and engines that leave other rows here than they should."""
        return [(name, engine) for (name, engine), found in self.journals.items() if found.digest != GOLDENS[name]]

    @property
    def impossible(self) -> list[tuple[str, Engine]]:
        """Scenarios and engines whose journal leaves somebody nowhere, or in two states, at the close of a day."""
        return [run for run, found in self.journals.items() if found.impossible]

    @property
    def met(self) -> bool:
        """Whether all is as it should be."""
        return not self.differing and not self.impossible and all(answer.met for answer in self.answers)


def _looked_at(task: tuple[str, Engine]) -> Found:
    return looked_at(*task)


def _found(task: tuple[int, int, Engine]) -> dict[str, float]:
    number, replication, engine = task
    return CASES[number].found(replication, engine, None if engine == "fast" else CASES[number].brief)


def replications(engine: Engine) -> int:
    """Runs of each known answer: as many and as long as the documentation's with the compiled engine, fewer and shorter with SimPy's."""
    return 10 if engine == "fast" else 6


def tasks(engines: Sequence[Engine]) -> int:
    """How many runs a verification takes."""
    return len(GOLDENS) * len(engines) + len(CASES) * replications(engines[-1])


def which(engine: Engine | None) -> Sequence[Engine]:
    """The engines to verify: the one that is named, else all that are there."""
    return (engine,) if engine else ENGINES if installed() else ("simpy",)


def verify(engines: Sequence[Engine], workers: int, done: Callable[[int], None] = lambda _: None) -> Verified:
    """Run all of it; the last of the engines is asked for the answers. `done` is told how many runs have been done since it was last told."""
    journals = [(name, engine) for name in GOLDENS for engine in engines]
    times = range(replications(engines[-1]))
    runs = [(number, replication, engines[-1]) for number in range(len(CASES)) for replication in times]

    def worked(work: Callable[[T], R], tasks: Sequence[T]) -> dict[T, R]:
        found = {}
        for number, result in results(work, tasks, workers=workers):
            found[tasks[number]] = result
            done(1)
        return {task: found[task] for task in tasks}

    looks, figures = worked(_looked_at, journals), worked(_found, runs)
    answers = [
        answer
        for number, case in enumerate(CASES)
        for answer in case.answers([figures[number, replication, engines[-1]] for replication in times], LEVEL)
    ]
    return Verified(engines[-1], looks, answers, len(times))

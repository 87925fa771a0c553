"""Known answers: queues of the textbooks as scenarios of places, and what is known of each.

Stays have a mean of 50 days, and nobody starts on the day of joining, which adds at most a day to a wait; what that
may cost each figure is its allowance. One run holds several such queues side by side, as teams that share nothing,
with forty places in all, and its second half is measured.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.engines import Engine, simulate
from accesssim.study.measuring.lives import lives
from accesssim.study.measuring.statistics import interval
from accesssim.world.journal import codes
from accesssim.world.journal.events import Event
from accesssim.world.journal.journal import Journal
from accesssim.world.reading.files import load_text
from accesssim.world.scenario import Scenario
from accesssim.world.shipped import shipped_folder

STAY, SEED, DAYS, SIDE_BY_SIDE = 50.0, 17, 20_000, 40


@dataclass(frozen=True)
class Known:
    """One figure of a case: the formula's value, and how far the whole-day clock may move ours."""

    value: float
    allowance: float


@dataclass(frozen=True)
class Answer:
    """A known answer beside ours: the mean over replications with its interval."""

    case: str
    figure: str
    known: Known
    mean: float
    low: float
    high: float

    @property
    def met(self) -> bool:
        """Whether the formula's value is within what luck and whole days explain."""
        return self.low - self.known.allowance <= self.known.value <= self.high + self.known.allowance


@dataclass(frozen=True)
class Case:
    """A scenario and what is known of it, by figure."""

    name: str
    scenario: Callable[[], Scenario]
    known: Callable[[], Mapping[str, Known]]
    brief: int = 8000
    """Days of a run where a short one will do."""

    def found(self, replication: int, engine: Engine, days: int | None = None) -> dict[str, float]:
        """The figures of one replication, of another length if one is given."""
        scenario = self.scenario()
        return figures(
            simulate(
                scenario if days is None else scenario.replace({"run.days": days}),
                seed=SEED,
                replication=replication,
                engine=engine,
            )
        )

    def answers(self, found: Sequence[Mapping[str, float]], level: float) -> Iterator[Answer]:
        """What is known beside what was found in some replications, with intervals of a level."""
        for figure, known in self.known().items():
            yield Answer(self.name, figure, known, *interval(np.array([one[figure] for one in found]), level))


def queue(
    pathways: str,
    settings: Mapping[str, object] = MappingProxyType({}),
    *,
    days: int = DAYS,
    initial: str = "{state: empty}",
    copies: int = 1,
) -> Scenario:
    """Poisson arrivals on other pathways, the same in as many teams as there are copies."""
    alone = (shipped_folder("scenarios") / "textbook_queue.yaml").read_text(encoding="utf-8")
    text = f"{alone[: alone.index('pathways:')]}pathways:\n{pathways}initial: {initial}\nrun: {{days: {days}}}\n"
    if copies > 1:
        text += f"teams: {{{', '.join(f'team_{number}: {{share: {1 / copies}}}' for number in range(copies))}}}\n"
    return load_text(text, "known_answer").replace(settings)


def pressed(
    places: int,
    load: float,
    stay: str = "{law: exponential, mean_days: 50}",
    settings: Mapping[str, object] = MappingProxyType({}),
) -> Scenario:
    """So many places, offered so much of what they can do; side by side until there are forty."""
    copies = SIDE_BY_SIDE // places
    arrivals = {"demand.referrals_per_week": 7 * load * copies * places / STAY}
    return queue(f"  place: {{places: {copies * places}, stay: {stay}}}\n", {**arrivals, **settings}, copies=copies)


def figures(journal: Journal) -> dict[str, float]:
    """The figures of the second half of a run, in all and by pathway and class.

    Mean wait of those who started, share of leavers who left unseen, people on the list, people in places.
    """
    record, end = lives(journal), journal.header.days
    half, copies, found = end // 2, max(1, len(journal.header.teams)), {}
    at = np.flatnonzero(np.isin(record.events, (Event.LISTED, Event.STARTED, Event.WITHDREW, Event.STAYED)))
    events, days, posts = record.events[at], record.days[at], record.posts[at]
    joins = np.flatnonzero(events == Event.LISTED)
    after = np.minimum(joins + 1, len(at) - 1)
    left, how = np.where(after > joins, days[after], end), events[after]
    last = ~np.isin(how, (Event.STARTED, Event.WITHDREW)) | (
        record.person[record.referral[at][after]] != record.person[record.referral[at][joins]]
    )
    left = np.where(last, end, left)
    served, gone = ~last & (how == Event.STARTED) & (left >= half), ~last & (how == Event.WITHDREW) & (left >= half)
    for name, who in _groups(journal, posts[joins]):
        found[f"wait{name}"] = float((left - days[joins])[who & served].mean()) if (who & served).any() else math.nan
        found[f"list{name}"] = float(
            np.maximum(left - np.maximum(days[joins], half), 0)[who].sum() / (end - half) / copies
        )
        found[f"lost{name}"] = float((who & gone).sum() / max(((served | gone) & who).sum(), 1))
    change = np.bincount(np.maximum(days[events == Event.STARTED], 0), minlength=end) - np.bincount(
        days[events == Event.STAYED], minlength=end
    )
    found["in places"] = float(np.cumsum(change)[half:].mean())
    return found


def _groups(journal: Journal, posts: NDArray[np.int64]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    yield "", np.ones(len(posts), bool)
    for number, name in enumerate(journal.header.pathways):
        yield f" of {name}", codes.pathway_of_list(codes.list_joined(posts), len(journal.header.pathways)) == number
    for number, name in enumerate(("emergencies", "urgent", "routine")):
        yield f" of {name}", codes.class_of(posts) == number

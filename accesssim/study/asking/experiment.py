"""A scenario × a design × seeds: what is asked, checked before anything runs."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from accesssim import version
from accesssim.clinic.demand_limits import check_demand
from accesssim.clinic.engines import LOG, Engine, for_parts, prepare
from accesssim.clinic.stop import Stop
from accesssim.study.asking import arguments
from accesssim.study.asking.assumptions import assumptions, plain
from accesssim.study.asking.design import SCENARIO, Design, Settings, agrees, settled_entry
from accesssim.study.asking.estimates import seconds_per_run, soonest, weeks_of
from accesssim.study.asking.sample import Sample
from accesssim.study.running.plan import Plan, Point, megabytes_per_run, written
from accesssim.study.running.selection import FEWEST, Selection
from accesssim.study.running.stopping import Stopping
from accesssim.world import results_digest
from accesssim.world.chance import Chance
from accesssim.world.checking.values import shown, whole
from accesssim.world.errors import AccessSimError, Problem, ScenarioError
from accesssim.world.notebook import as_html, counted
from accesssim.world.scenario import Scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from accesssim.study.result import Result


MOST_RUNS = 100_000
"""A design of more runs than this is refused until it is asked for by name."""


MOST_POINTS_SHOWN = 20
"""Points that a notebook shows of an experiment."""


class TooManyRuns(AccessSimError):
    """A design asks for more runs than is sensible without saying so."""


class Experiment:
    """What is asked: a scenario or several, the points of a design, replications and seed.

    `matrix` maps dotted paths to lists of values, and every combination is a point; `side_by_side` (`zip` in a file)
    lists that go together; `sample` spreads points over ranges; `table` gives points row by row; `include` adds
    points, and `exclude` takes out those that agree with one of its entries. `people` keeps a row for each person,
    for comparing person by person. `replications`: how many, or a rule: Stopping, or Selection for the best point
    within a budget of runs. With several scenarios each is run at every point, and `scenario` is an axis.
    `compare_to` names the one point that the others are compared with. Raises ScenarioError with every problem at
    once if a path, value or combination is not valid.
    """

    def __init__(
        self,
        scenario: Scenario | Sequence[Scenario],
        *,
        matrix: Mapping[str, Sequence[Any]] | None = None,
        side_by_side: Mapping[str, Sequence[Any]] | None = None,
        sample: Sample | None = None,
        table: Sequence[Settings] = (),
        include: Sequence[Settings] = (),
        exclude: Sequence[Settings] = (),
        replications: int | Stopping | Selection | None = None,
        seed: int | None = None,
        compare_to: Settings | None = None,
        title: str = "",
        name: str = "",
        people: bool = False,
        most_runs: int = MOST_RUNS,
    ) -> None:
        bases = arguments.scenarios(scenario)
        self.bases = {base.name: base for base in bases}
        if len(self.bases) < len(bases):
            raise ScenarioError(
                [Problem("scenarios", "two of the scenarios have the same name; give one of them another")]
            )
        scenario = bases[0]
        run = scenario.parameters.run
        self.scenario, self.title, self.name = scenario, title or scenario.title, name or scenario.name
        self.people = people
        self.stopping = replications if isinstance(replications, Stopping | Selection) else None
        self.seed = run.seed if seed is None else _seed(seed)
        self.matrix = arguments.axes("matrix", matrix)
        if len(bases) > 1:
            self.matrix = {SCENARIO: list(self.bases)} | self.matrix
        self.design = _designed(
            scenario.parameters.funding.currency,
            self.matrix,
            arguments.axes("side_by_side", side_by_side),
            sample,
            table=table,
            include=include,
            exclude=exclude,
        )
        most = _most(run.replications if replications is None else replications)
        self.most_runs = arguments.number("most_runs", most_runs, 1)
        self._refuse_too_many(
            max(most.budget, self.design.size()) if isinstance(most, Selection) else most * self.design.size()
        )
        self.settings = self._points()
        self.replications = _most_of_a_point(most, len(self.settings)) if isinstance(most, Selection) else most
        self.scenarios = self._scenarios()
        self.compare_to = self._reference(compare_to)
        if isinstance(self.stopping, Stopping) and self.stopping.decision == "sign" and self.compare_to is None:
            raise ScenarioError(
                [Problem("compare_to", "decision: sign needs compare_to: the point from which the others differ")]
            )

    def _refuse_too_many(self, runs: int) -> None:
        if runs > self.most_runs:
            seconds = runs * seconds_per_run(self.scenario)
            raise TooManyRuns(
                f"{runs:,} runs are asked for, about {seconds / 3600:,.0f} hours of work for one worker, and "
                f"{runs * megabytes_per_run(weeks_of(self.scenario)):,.0f} MB; the limit is {self.most_runs:,}. "
                f"Ask for fewer, or allow them in an experiment with: accesssim sweep EXPERIMENT --max-runs {runs}"
            )

    def refuse_too_many_more(self, more: int) -> None:
        """Raise TooManyRuns where so many replications more of every point are above the limit as well."""
        if more and self.stopping is None:
            self._refuse_too_many((self.replications + more) * len(self.settings))

    @cached_property
    def undrawable(self) -> list[tuple[Settings, Problem]]:
        """What is wrong with points that have more people than a run can draw; looked at once.

        Each with those of its settings that may make it so.
        """
        found: list[tuple[Settings, Problem]] = []
        for settings, scenario in zip(self.settings, self.scenarios, strict=True):
            try:
                check_demand(scenario)
            except ScenarioError as error:
                varied = {
                    path: value
                    for path, value in settings.items()
                    if path.startswith("demand.") or ".arrivals." in path
                }
                words = (
                    f"{' and '.join(f'{path} = {shown(value)}' for path, value in varied.items())}: " if varied else ""
                )
                found += [(varied, Problem(problem.place, words + problem.message)) for problem in error.problems]
        return found

    def __repr__(self) -> str:
        return f"<Experiment {self.name}: {self._in_words()}>"

    def _in_words(self) -> str:
        most = "at most " if self.stopping else ""
        return f"{counted(len(self.settings), 'point')}, {most}{counted(self.replications, 'replication')} of each, seed {self.seed}"

    def _repr_html_(self) -> str:
        """In a notebook: what is asked, and the first points."""
        rows: list[tuple[str, object]] = [("scenario", ", ".join(self.bases)), ("asked", self._in_words())]
        for nth, settings in enumerate(self.settings[:MOST_POINTS_SHOWN]):
            words = ", ".join(f"{path} = {written(plain(value))}" for path, value in settings.items())
            rows.append((f"point {nth}{', the reference' if nth == self.compare_to else ''}", words or "as it is"))
        left = len(self.settings) - MOST_POINTS_SHOWN
        return as_html(self.title, [*rows, ("and", f"{left:,} more")] if left > 0 else rows)

    def _points(self) -> list[dict[str, Any]]:
        points = list(self.design.points(self.scenario, self.seed, [*self.bases.values()][1:]))
        if not points:
            raise ScenarioError([Problem("exclude", "exclude takes out every point of the matrix; leave at least one")])
        return points

    def _scenarios(self) -> list[Scenario]:
        """The scenario of every point. All problems are raised together, each once."""
        scenarios, problems = [], {}
        for settings in self.settings:
            changed = {path: value for path, value in settings.items() if path != SCENARIO}
            base = self.bases[settings.get(SCENARIO, self.scenario.name)]
            try:
                scenarios.append(base.replace(changed, place="matrix") if changed else base)
            except ScenarioError as error:
                problems.update({str(problem): problem for problem in error.problems})
        if problems:
            raise ScenarioError(list(problems.values()))
        return scenarios

    def _reference(self, compare_to: Settings | None) -> int | None:
        if compare_to is None:
            return None
        compare_to = settled_entry(arguments.entry("compare_to", compare_to))
        if unknown := list(self.design.unknown("compare_to", compare_to)):
            raise ScenarioError(unknown)
        agreeing = [number for number, point in enumerate(self.settings) if agrees(point, compare_to)]
        if len(agreeing) != 1:
            count = f"{len(agreeing)} of the {len(self.settings)} points" if agreeing else "none of the points"
            raise ScenarioError([Problem("compare_to", f"compare_to names {count}; it must name exactly one")])
        return agreeing[0]

    def engine(
        self, engine: str | None = None, workers: int = 1, part: tuple[int, int] | None = None, *, more: int = 0
    ) -> Engine:
        """The engine that runs this, as in `run`. Raises NoSuchEngine."""
        if part is not None:
            return for_parts(engine)
        return soonest(engine, [(scenario, self.replications + more) for scenario in self.scenarios], workers)

    def plan(self, engine: str | None = None) -> Plan:
        """The same as plain data, in the order in which results stand; `engine` as in `run`."""
        engine = self.engine(engine)
        parameters = self.scenario.parameters
        return Plan(
            name=self.name,
            title=self.title,
            scenario=self.scenario.name,
            seed=self.seed,
            replications=self.replications,
            engine=engine,
            currency=parameters.funding.currency,
            points=tuple(
                Point(
                    number,
                    {path: plain(value) for path, value in settings.items()},
                    scenario.digest(),
                    weeks_of(scenario),
                    round(seconds_per_run(scenario, engine), 4),
                )
                for number, (settings, scenario) in enumerate(zip(self.settings, self.scenarios, strict=True))
            ),
            version=version.__version__,
            code=results_digest.of_results(),
            compare_to=self.compare_to,
            assumptions=assumptions(self.scenario),
            changes=tuple(
                f"day {change.day}: {path} = {value}"
                for change in self.scenario.changes
                for path, value in change.settings.items()
            ),
            axes=tuple(self.design.axes),
            stages=self._stages(),
            stopping=None if self.stopping is None else asdict(self.stopping),
            people=self.people,
            canonical={name: base.canonical() for name, base in self.bases.items()},
        )

    def _stages(self) -> tuple[int, ...]:
        rule = self.stopping
        return () if rule is None else rule.stages(len(self.settings)) if isinstance(rule, Selection) else rule.stages()

    def run(
        self,
        executor: "Executor | None" = None,
        out: str | os.PathLike[str] | None = None,
        *,
        workers: int = 1,
        command: str = "",
        progress: Callable[[int], None] | None = None,
        say: Callable[[str], None] = LOG.warning,
        more: int = 0,
        update: bool = False,
        part: tuple[int, int] | None = None,
        engine: str | None = None,
        stop: Stop | None = None,
    ) -> "Result":
        """Run every point and return the result.

        With `out` it is kept in that folder, and run again it goes on from there.

        `more` adds so many replications to a result that is finished; `update` lets a folder that holds another plan
        take this one, and runs again only what differs; `part` (i, n) works the i-th of n parts of the shards, beside
        others who work the rest of the same folder or of a copy.

        `executor` is any concurrent.futures executor; without one, `workers` of our own work: threads where the compiled
        engine runs without `out`, else processes (1: this process), which read a script again: there this stands below
        `if __name__ == "__main__":`. `stop`: a Stop, which another thread may set; this raises Stopped then. `engine`: "simpy", "fast", or None for
        the compiled one where it is ready, else whichever ends sooner (with `part`: where it is installed); the result
        is the same. `progress` is told how many
        more replications are done, `say` (left out, the log `accesssim`) what else there is to say (a worker died, a
        shard is done again). A replication that fails is a row of `result.failures`. Raises FolderError if `out`
        cannot be used, ScenarioError where a point has more people than a run can draw, and TooManyRuns if `more`
        asks for more than the experiment allows.
        """
        from accesssim.study.result import Result
        from accesssim.study.running.agreement import agreed
        from accesssim.study.running.folder import ResultFolder
        from accesssim.study.running.sweep import Sweep

        workers, more = arguments.work(executor, workers, out, more=more, part=part)
        self.refuse_too_many_more(more)
        if refused := self.undrawable:
            raise ScenarioError(list(dict.fromkeys(problem for _, problem in refused)))
        with_engine = self.engine(engine, workers, part, more=more)
        prepare(with_engine, say, asked=engine)
        plan = self.plan(with_engine)
        sweep = Sweep(self.scenarios, with_engine, workers, executor, progress or (lambda _: None), say, stop or Stop())
        if out is None:
            return Result.gathered(plan, sweep.in_memory(plan))
        folder = ResultFolder(out, part)
        sweep.into(folder, agreed(folder, plan, more=more, update=update), command, update=update)
        return Result.read(folder.path)


def _designed(
    currency: str,
    matrix: dict[str, list[Any]],
    beside: dict[str, list[Any]],
    sample: Sample | None,
    **rows: Sequence[Settings],
) -> Design:
    """The design, of what was given in words that it understands. Raises ScenarioError."""
    if not (sample is None or isinstance(sample, Sample)):
        raise ScenarioError([Problem("sample", f"{sample!r} must be a Sample of accesssim.study.asking.sample")])
    for place, lists in (("matrix", matrix), ("side_by_side", beside)):
        arguments.in_currency(currency, place, ((path, value) for path, values in lists.items() for value in values))
    checked = {name: arguments.entries(name, given) for name, given in rows.items()}
    for place, entries in checked.items():
        arguments.in_currency(currency, place, (pair for entry in entries for pair in entry.items()))
    return Design(matrix, beside, sample, **checked)


def _seed(seed: int) -> int:
    """A seed as draws take it, also where it is written as 2.0. Raises NoSuchLuck."""
    number = whole(seed)
    Chance(seed if number is None else number, 0)
    return int(seed)


def _most(replications: int | Stopping | Selection) -> int | Selection:
    """How many replications a point may have at the most, where no budget is shared out. Raises ScenarioError."""
    if isinstance(replications, Selection):
        return replications
    most = replications.most if isinstance(replications, Stopping) else replications
    return arguments.number("replications", most, 1)


def _most_of_a_point(asked: Selection, points: int) -> int:
    """The most replications that a point may get.

    Raises ScenarioError if there is nothing to choose, or too little to choose with.
    """
    if points < 2:
        raise ScenarioError([Problem("best", "there must be two points or more to choose the best of")])
    if asked.budget < FEWEST * points:
        raise ScenarioError(
            [
                Problem(
                    "best.budget",
                    f"budget = {asked.budget} must be at least {FEWEST} runs for each of the {points} points",
                )
            ]
        )
    return sum(asked.stages(points))

"""A scenario as arrays of numbers: what a compiled engine reads, worked out once for all replications."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from functools import lru_cache
from itertools import pairwise
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from accesssim.clinic.arrivals import check_gaps, first_number, kept_arrivals
from accesssim.clinic.compiled.layout import layout
from accesssim.clinic.compiled.scenario_lists import Lists, table
from accesssim.clinic.compiled.scenario_records import (
    POINTS,
    POISSON,
    RENEWAL,
    Asking,
    Group,
    Path,
    Staffing,
    Stage,
    Step,
    Team,
)
from accesssim.clinic.course import CourseRules, course_rules
from accesssim.clinic.flows import opening
from accesssim.clinic.outlook import Outlook, Seeking
from accesssim.clinic.rules.bureaucracy import step_variance
from accesssim.clinic.rules.illness import worsened_share
from accesssim.clinic.rules.patience import Law
from accesssim.clinic.rules.referrals import seek_chance
from accesssim.clinic.staff import slots_for
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.clinic.waiting_list import patience_of
from accesssim.clinic.workforce import notice_day
from accesssim.world.arithmetic import total
from accesssim.world.calendar import NEVER
from accesssim.world.chance import holder, named
from accesssim.world.limits import EARLIEST_DAY
from accesssim.world.nothing import NO_LIMIT, NO_PATHWAY, NO_STAFF, NOT_YET
from accesssim.world.scenario import Scenario
from accesssim.world.sections.declare import Section
from accesssim.world.sections.laws_of_days import Arrivals
from accesssim.world.sections.waiting import Waiting

_ORDERS = get_args(Waiting.model_fields["order"].annotation)
_ARRIVALS = get_args(Arrivals.model_fields["law"].annotation)


_ROOM = {
    **dict.fromkeys(("keys", "values"), 1 << 16),
    **dict.fromkeys(("entries", "entry_after"), 1 << 15),
    **dict.fromkeys(("people", "following", "preceding", "courses", "course_number", "order", "circles"), 1 << 12),
    **dict.fromkeys(("coming", "later", "needs"), 1 << 12),
    "own_needs": 1 << 10,
}
"""Room to begin with, for what may grow; the next replication begins with what this one needed."""


def _fill(record: Any, section: Section) -> None:
    """Write the numbers and switches of a section into a record; what is left out stays 0."""
    for name in record.dtype.names:
        value = getattr(section, name, None)
        if value is not None:
            record[name] = value


def _chances_of_asking(row: Seeking) -> Iterator[tuple[float, float]]:
    """Bounds of the chance of asking between one point of severity and the next, with a margin for rounding.

    Most people's luck lies outside of them.
    """
    chances = [
        seek_chance(
            row.log_odds,
            row.stigma,
            row.observed,
            row.stigma_slope,
            float(points),
            row.mean_severity,
            row.severity_slope,
        )
        for points in range(POINTS + 1)
    ]
    for one, other in pairwise(chances):
        yield min(one, other) - 1e-9, max(one, other) + 1e-9


@lru_cache(maxsize=16)
def _worsened_shares(weeks: float, days: int) -> NDArray[np.float64]:
    """By days since onset, `worsened_share`: whole days are few, and asked for at every session."""
    return np.array([worsened_share(weeks, day) for day in range(days)])


def _whose_luck_matters(periods: Sequence[Any]) -> dict[str, int]:
    """What nobody does needs no luck."""
    return {
        "remits": any(
            period.waiting.remission_early_per_week > 0.0 or period.waiting.remission_per_week > 0.0
            for period in periods
        ),
        "delays": any(period.demand.delay_median_days > 0.0 for period in periods),
        "drifts": any(period.waiting.drift_mean != 0.0 or period.waiting.drift_sd > 0.0 for period in periods),
        "severities": any(period.demand.severity_sd > 0.0 for period in periods),
        "score_parts": any(
            scale.part_sd > 0.0
            for period in periods
            for scale in (period.triage.depression_scale, period.triage.anxiety_scale)
        ),
    }


class Tables:
    """The arrays of one scenario, by name in `arrays`; `counts` and `figures` are single numbers."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        days = [0, *scenario.change_days]
        periods = [scenario.in_force(day) for day in days]
        now = periods[0]
        self.days = now.run.length
        self.teams = [Teams(period) for period in periods]
        teams = self.teams[0]
        self.groups, self.paths, self.steps = list(now.workforce), list(now.pathways), list(now.bureaucracy.steps)
        self._lists = Lists()
        outlook, paths = Outlook(scenario, self.days), self._path_rules(periods)
        self._days_to_worsen = (
            self.days - EARLIEST_DAY
        )  # in which somebody can have worsened: whole days, as far as a journal tells
        self.arrays: dict[str, NDArray[Any]] = {
            "stages": self._stages(days, periods),
            "group_rules": self._group_rules(days, periods),
            "step_rules": self._step_rules(periods),
            "paths": paths,
            "course_rules": self._course_rules(periods),
            "team_rules": self._team_rules(),
            "staffing": self._staffing(periods),
            "places": self._places(periods),
            "kept": outlook.kept,
            "lasting": outlook.lasting(),
            "seeking": table(Seeking, [astuple(row) for row in outlook.seeking]),
            "asking": table(Asking, [bounds for row in outlook.seeking for bounds in _chances_of_asking(row)]),
            "kept_arrivals": self._kept_arrivals(periods, paths, now.demand.history_days),
            "worsened": np.concatenate(
                [
                    _worsened_shares(weeks, self._days_to_worsen)
                    for weeks in dict.fromkeys(period.waiting.drift_weeks for period in periods)
                ]
            ),
        }
        found = self._opening(now, paths)
        self.arrays |= self._lists.arrays()
        self.span_laws = self._lists.laws
        self.post_staff, self.arrays["entities"] = self._posts()
        self.counts = found | _whose_luck_matters(periods)
        self.counts |= {
            "days": self.days,
            "periods": len(days),
            "team_count": teams.count,
            "group_count": len(self.groups),
            "path_count": len(self.paths),
            "step_count": len(self.steps),
            "staff_count": teams.count * len(self.groups),
            "post_count": len(self.post_staff),
            "list_count": teams.count * len(self.paths),
            "history": now.demand.history_days,
            "horizon": max(period.triage.booking_horizon_days for period in periods),
        }
        self.room = dict(_ROOM)
        self.figures = {
            "peak": outlook.peak,
            "tape_average": total(step.staff_hours for step in now.bureaucracy.steps.values())
            * now.demand.referrals_per_week
            * now.bureaucracy.level,
        }

    def _stages(self, days: Sequence[int], periods: Sequence[Any]) -> NDArray[Any]:
        """What is in force from each date on."""
        rows = np.zeros(len(periods), dtype=layout(Stage))
        scales = list(dict.fromkeys(now.waiting.drift_weeks for now in periods))
        for number, (row, now) in enumerate(zip(rows, periods, strict=True)):
            for name, section in (
                ("demand", now.demand),
                ("bureaucracy", now.bureaucracy),
                ("triage", now.triage),
                ("depression", now.triage.depression_scale),
                ("anxiety", now.triage.anxiety_scale),
                ("waiting", now.waiting),
                ("accumulation", now.waiting.accumulation),
                ("therapy", now.therapy),
                ("wellbeing", now.wellbeing),
                ("funding", now.funding),
                ("initial", now.initial),
                ("loops", now.loops),
            ):
                _fill(row[name], section)
            released, budget = now.triage.reserve_released_days, now.funding.annual_budget
            row["from_day"], row["order"] = days[number], _ORDERS.index(now.waiting.order)
            row["worsened_at"] = scales.index(now.waiting.drift_weeks) * self._days_to_worsen
            row["released_days"] = NOT_YET if released is None else released
            row["has_budget"], row["annual_budget"] = budget is not None, budget or 0.0
            row["steady"] = now.initial.state == "steady"
            if number:
                row["ordered_anew"] = now.waiting.order != periods[number - 1].waiting.order
                row["regrouped"] = self.teams[number].assess_for != self.teams[number - 1].assess_for
        return rows

    def _group_rules(self, days: Sequence[int], periods: Sequence[Any]) -> NDArray[Any]:
        """Groups of therapists, by date."""
        rows = np.zeros(max(1, len(periods) * len(self.groups)), dtype=layout(Group))
        known = ((number, name) for number in range(len(periods)) for name in self.groups)
        for row, (number, name) in zip(rows, known, strict=False):
            section = periods[number].workforce[name]
            _fill(row, section)
            row["gives_notice"] = section.reduction == "at_once"
            row["notice_on"] = notice_day(days[number], section) if number else NEVER
            if section.slots_limit is None:
                row["slots_limit"] = NO_LIMIT
        return rows

    def _step_rules(self, periods: Sequence[Any]) -> NDArray[Any]:
        """Steps of red tape, by date."""
        rows = np.zeros(max(1, len(periods) * len(self.steps)), dtype=layout(Step))
        for row, (name, section) in zip(
            rows, [(name, now.bureaucracy.steps[name]) for now in periods for name in self.steps], strict=False
        ):
            _fill(row, section)
            row["purpose"], row["variance"] = named(name, 0), step_variance(section.delay_days, section.delay_sd_days)
        return rows

    def _path_rules(self, periods: Sequence[Any]) -> NDArray[Any]:
        """Pathways, by date."""
        rows = np.zeros(max(1, len(periods) * len(self.paths)), dtype=layout(Path))
        for row, (now, name) in zip(rows, [(now, name) for now in periods for name in self.paths], strict=False):
            path = now.pathways[name]
            _fill(row, path)
            row["group_number"] = NO_STAFF if path.group is None else self.groups.index(path.group)
            row["step_up"] = NO_PATHWAY if path.step_up_to is None else self.paths.index(path.step_up_to)
            row["begins_with"], row["closed"] = path.people_to_begin, path.starts == "closed"
            row["has_places"] = path.places is not None
            stays = Stays(path.stay, f"pathways.{name}.stay")
            row["stay_span"], row["mean_stay"] = self._lists.span(stays), stays.mean_stay
            row["arrival_law"], row["first_arrival"] = _ARRIVALS.index(path.arrivals.law), first_number(now, name)
            row["gap_span"] = self._lists.span(Stays(path.arrivals.gap, f"pathways.{name}.arrivals.gap"))
            patience = patience_of(now.waiting, path)
            row["law"], row["median"], row["law_shape"], row["daily"] = patience[:4]
            row["table_at"], row["table_size"] = (
                self._lists.table(patience.table) if patience.law == Law.DAILY_TABLE else (0, 0)
            )
            row["then_at"], row["then_size"] = self._shares(path.then)
            row["after_at"], row["after_size"] = self._shares(path.after_withdrawal)
            row["takes_at"], row["takes_size"] = self._lists.numbers(
                [self.paths.index(other) for other in path.takes_from]
            )
        return rows

    def _opening(self, now: Any, paths: NDArray[Any]) -> dict[str, int]:
        """Who is to be found on day 0: of pathways written into their rules of that day, of all others returned."""
        found = opening(now)
        for row, ages, bounds in zip(paths, found.ages, found.entries, strict=False):
            row["ages_at"], row["ages_size"] = self._lists.numbers(ages)
            row["entries_at"], row["entries_size"] = self._lists.pairs(bounds, bounds)
        awaiting, anywhere = self._lists.numbers(found.awaiting), self._lists.pairs(found.anywhere, found.anywhere)
        return {
            "opening_delay": found.delay,
            "found_at": self._lists.numbers(found.entities)[0],
            "awaiting_at": awaiting[0],
            "awaiting_size": awaiting[1],
            "anywhere_at": anywhere[0],
            "anywhere_size": anywhere[1],
        }

    def _course_rules(self, periods: Sequence[Any]) -> NDArray[Any]:
        """Rules of a course, by date, pathway and complexity."""
        rows = [
            astuple(course_rules(now, now.pathways[name], complex_person))
            for now in periods
            for name in self.paths
            for complex_person in (False, True)
        ]
        return table(CourseRules, rows)

    def _team_rules(self) -> NDArray[Any]:
        """Teams, by date."""
        rows = [
            (
                teams.bounds[team],
                *self._lists.numbers(teams.assess_for[team]),
                *self._lists.numbers(teams.treat_for[team]),
            )
            for teams in self.teams
            for team in range(teams.count)
        ]
        return table(Team, rows)

    def _staffing(self, periods: Sequence[Any]) -> NDArray[Any]:
        """Posts and slots, by date, team and group."""
        rows = [
            (teams.posts[group][team], *slots_for([path for path in now.pathways.values() if path.group == group]))
            for now, teams in zip(periods, self.teams, strict=True)
            for team in range(teams.count)
            for group in self.groups
        ]
        return table(Staffing, rows)

    def _places(self, periods: Sequence[Any]) -> NDArray[Any]:
        """Places by date and list; -1 where a pathway has none."""
        rows = [
            teams.places[name][team] if name in teams.places else -1
            for _, teams in zip(periods, self.teams, strict=True)
            for team in range(teams.count)
            for name in self.paths
        ]
        return np.array(rows or [0], dtype=np.int64)

    def _kept_arrivals(self, periods: Sequence[Any], paths: NDArray[Any], history: int) -> NDArray[Any]:
        """By pathway and day: the share of possible arrivals that do come; their rates are written into the rules of pathways."""
        kept = np.zeros((max(1, len(self.paths)), history + self.days))
        for number, name in enumerate(self.paths):
            if paths[number]["arrival_law"] == POISSON:
                paths[number]["arrival_peak"], kept[number] = kept_arrivals(self.scenario, name, self.days)
            elif paths[number]["arrival_law"] == RENEWAL:
                check_gaps(
                    [Stays(period.pathways[name].arrivals.gap) for period in periods],
                    self.scenario,
                    name,
                    history + self.days,
                )
        return kept.ravel()

    def _shares(self, shares: dict[str, float]) -> tuple[int, int]:
        """Shares of pathways, as pairs."""
        return self._lists.pairs([float(self.paths.index(name)) for name in shares], shares.values())

    def _posts(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Of each post on any date its staff, and the address of its first holder."""
        staff, entities = [], []
        teams = self.teams[0]
        for team in range(teams.count):
            for number, group in enumerate(self.groups):
                name = f"{teams.names[team]}.{group}" if teams.names else group
                for place in range(max(others.posts[group][team] for others in self.teams)):
                    staff.append(team * len(self.groups) + number)
                    entities.append(holder(name, place, 0))
        return np.array(staff, dtype=np.int64), np.array(entities, dtype=np.uint64)

"""A scenario as arrays of numbers: what a compiled engine reads, worked out once for all replications.

A section of parameters is a record whose fields have the names of the declared parameters; there is one for each date from which something changes. Words are
the number of the choice; what may be left out has a field `…_given` beside it. Names are numbers, in the order of the scenario.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin

import numpy as np
from numpy.typing import NDArray
from pydantic.fields import FieldInfo

from accesssim.clinic.arrivals import check_gaps, first_number, kept_arrivals
from accesssim.clinic.course import CourseRules, course_rules
from accesssim.clinic.opening import days_to_assessment
from accesssim.clinic.outlook import Outlook, Seeking
from accesssim.clinic.rules.bureaucracy import step_variance
from accesssim.clinic.rules.illness import MOST_SEVERE, worsened_share
from accesssim.clinic.rules.patience import Law
from accesssim.clinic.rules.referrals import seek_chance
from accesssim.clinic.service import patience_of
from accesssim.clinic.staff import slots_for
from accesssim.clinic.stays import Stays
from accesssim.clinic.teams import Teams
from accesssim.world.arithmetic import total
from accesssim.world.chance import holder, named
from accesssim.world.limits import EARLIEST_DAY
from accesssim.world.scenario import Scenario
from accesssim.world.sections.bureaucracy import Bureaucracy, Step
from accesssim.world.sections.declare import Section
from accesssim.world.sections.demand import Demand
from accesssim.world.sections.funding import Funding
from accesssim.world.sections.initial import Initial
from accesssim.world.sections.loops import Loops
from accesssim.world.sections.pathways import Pathway
from accesssim.world.sections.therapy import Therapy
from accesssim.world.sections.triage import Scale, Triage
from accesssim.world.sections.waiting import Accumulation, Waiting
from accesssim.world.sections.wellbeing import Wellbeing
from accesssim.world.sections.workforce import StaffGroup

Field = tuple[str, Any]
ARRIVALS = ("none", "poisson", "renewal")
POISSON, RENEWAL = 1, 2


def _kind(info: FieldInfo) -> tuple[Any, bool]:
    """Type of a field without None, and whether None is allowed."""
    parts = get_args(info.annotation)
    if type(None) in parts:
        return next(part for part in parts if part is not type(None)), True
    return info.annotation, False


def _fields(model: type[Section]) -> list[Field]:
    """Fields of a section that are numbers, switches or choices."""
    found: list[Field] = []
    for name, info in model.model_fields.items():
        kind, optional = _kind(info)
        code = "i8" if get_origin(kind) is Literal else {int: "i8", float: "f8", bool: "?"}.get(kind)
        if code is not None:
            found += [(name, code), (f"{name}_given", "?")] if optional else [(name, code)]
    return found


def _record(model: type[Section], *more: Field) -> np.dtype[Any]:
    return np.dtype([*_fields(model), *more], align=True)


def _fill(record: Any, section: Section) -> None:
    """Write a section into a record."""
    for name, info in type(section).model_fields.items():
        kind, optional = _kind(info)
        if name not in record.dtype.names:
            continue
        value = getattr(section, name)
        if optional:
            record[f"{name}_given"] = value is not None
        if value is not None:
            record[name] = get_args(kind).index(value) if get_origin(kind) is Literal else value


STAGES = np.dtype(
    [
        ("demand", _record(Demand)),
        ("bureaucracy", _record(Bureaucracy)),
        ("triage", _record(Triage)),
        ("depression", _record(Scale)),
        ("anxiety", _record(Scale)),
        ("waiting", _record(Waiting)),
        ("accumulation", _record(Accumulation)),
        ("therapy", _record(Therapy)),
        ("wellbeing", _record(Wellbeing)),
        ("funding", _record(Funding)),
        ("initial", _record(Initial)),
        ("loops", _record(Loops)),
        ("from_day", "i8"),
        ("worsened_at", "i8"),
        ("ordered_anew", "?"),
        ("regrouped", "?"),
    ],
    align=True,
)
"""What is in force from a day on."""
GROUP = _record(StaffGroup)
STEP = _record(Step, ("purpose", "i8"), ("variance", "f8"))
PATH = _record(
    Pathway,
    ("group_number", "i8"),
    ("step_up", "i8"),
    ("people_to_begin", "i8"),
    ("stay_span", "i8"),
    ("gap_span", "i8"),
    ("mean_stay", "f8"),
    ("closed", "?"),
    ("law", "i8"),
    ("median", "f8"),
    ("law_shape", "f8"),
    ("daily", "f8"),
    ("table_at", "i8"),
    ("table_size", "i8"),
    ("then_at", "i8"),
    ("then_size", "i8"),
    ("after_at", "i8"),
    ("after_size", "i8"),
    ("takes_at", "i8"),
    ("takes_size", "i8"),
    ("arrival_law", "i8"),
    ("arrival_peak", "f8"),
    ("first_arrival", "i8"),
    ("initial_waiting", "i8"),
)
_COURSE_KINDS = {bool: "?", int: "i8", float: "f8"}
COURSE = np.dtype([(name, _COURSE_KINDS[kind]) for name, kind in CourseRules.__annotations__.items()], align=True)
SEEKING = np.dtype(
    [
        (name, "f8")
        for name in (
            "since",
            "until",
            "log_odds",
            "stigma",
            "observed",
            "stigma_slope",
            "mean_severity",
            "severity_slope",
        )
    ]
)
ASKING = np.dtype([("least", "f8"), ("most", "f8")])
POINTS = int(MOST_SEVERE) + 1
"""Of severity: so many rows of `asking` for each row of `seeking`."""
SPAN = np.dtype([("first", "i8"), ("count", "i8"), ("least", "f8"), ("most", "f8")])
PART = np.dtype(
    [(name, "f8") for name in ("mean_days", "sd", "shape", "scale", "shift", "least", "most", "bound", "found_bound")]
    + [("kind", "i8"), ("at", "i8"), ("count", "i8")]
)
TEAM = np.dtype([("bound", "f8"), ("assess_at", "i8"), ("assess_size", "i8"), ("treat_at", "i8"), ("treat_size", "i8")])
STAFFING = np.dtype([("posts", "i8"), ("session_hours", "f8"), ("gives_groups", "?")])


def _chances_of_asking(row: Seeking) -> Iterator[tuple[float, float]]:
    """Bounds of the chance of asking between one point of severity and the next, with a margin for rounding: most people's luck lies outside of them."""
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
        self._values: list[float] = []
        self._weights: list[float] = []
        self._days_and_chances: list[tuple[float, float]] = []
        self._numbers: list[int] = []
        self._spans: list[Any] = []
        self._parts: list[Any] = []
        self.span_laws: list[Stays] = []
        outlook, paths = Outlook(scenario, self.days), self._path_rules(periods)
        self._days_to_worsen = (
            self.days - EARLIEST_DAY
        )  # in which somebody can have worsened: whole days, as far as a journal tells
        self.arrays: dict[str, NDArray[Any]] = {
            "stages": self._stages(days, periods),
            "group_rules": self._group_rules(periods),
            "step_rules": self._step_rules(periods),
            "paths": paths,
            "course_rules": self._course_rules(periods),
            "team_rules": self._team_rules(),
            "staffing": self._staffing(periods),
            "places": self._places(periods),
            "kept": outlook.kept,
            "lasting": outlook.lasting(),
            "seeking": np.array([tuple(map(float, astuple(row))) for row in outlook.seeking], dtype=SEEKING),
            "asking": np.array([bounds for row in outlook.seeking for bounds in _chances_of_asking(row)], dtype=ASKING),
            "kept_arrivals": self._kept_arrivals(periods, paths, now.demand.history_days),
            "worsened": np.concatenate(
                [
                    _worsened_shares(weeks, self._days_to_worsen)
                    for weeks in dict.fromkeys(period.waiting.drift_weeks for period in periods)
                ]
            ),
        }
        self.arrays |= {
            "spans": np.array(self._spans, dtype=SPAN),
            "parts": np.array(self._parts, dtype=PART),
            "span_values": np.array(self._values or [0.0]),
            "span_weights": np.array(self._weights or [0.0]),
            "patience_tables": np.array(self._days_and_chances or [(0.0, 0.0)]).ravel(),
            "numbers": np.array(self._numbers or [0], dtype=np.int64),
        }
        self.post_staff, self.arrays["entities"] = self._posts()
        self.counts = {
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
            "opening_delay": days_to_assessment(now) if now.triage.assess else 0,
            # what nobody does needs no luck
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
        #: Room to begin with, for what may grow; the next replication begins with what this one needed.
        self.room = {
            "keys": 1 << 16,
            "values": 1 << 16,
            "people": 1 << 12,
            "courses": 1 << 12,
            "course_number": 1 << 12,
            "order": 1 << 12,
            "circles": 1 << 12,
            "following": 1 << 12,
            "preceding": 1 << 12,
            "entries": 1 << 15,
            "entry_after": 1 << 15,
            "coming": 1 << 12,
            "later": 1 << 12,
            "needs": 1 << 12,
            "own_needs": 1 << 10,
            "earlier": 1 << 12,
        }
        self.figures = {
            "peak": outlook.peak,
            "tape_average": total(step.staff_hours for step in now.bureaucracy.steps.values())
            * now.demand.referrals_per_week
            * now.bureaucracy.level,
        }

    def _stages(self, days: Sequence[int], periods: Sequence[Any]) -> NDArray[Any]:
        rows = np.zeros(len(periods), dtype=STAGES)
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
            row["from_day"], row["worsened_at"] = (
                days[number],
                scales.index(now.waiting.drift_weeks) * self._days_to_worsen,
            )
            if number:
                row["ordered_anew"] = now.waiting.order != periods[number - 1].waiting.order
                row["regrouped"] = self.teams[number].assess_for != self.teams[number - 1].assess_for
        return rows

    def _group_rules(self, periods: Sequence[Any]) -> NDArray[Any]:
        rows = np.zeros(max(1, len(periods) * len(self.groups)), dtype=GROUP)
        for row, section in zip(rows, [now.workforce[name] for now in periods for name in self.groups], strict=False):
            _fill(row, section)
            if section.slots_limit is None:
                row["slots_limit"] = -1
        return rows

    def _step_rules(self, periods: Sequence[Any]) -> NDArray[Any]:
        rows = np.zeros(max(1, len(periods) * len(self.steps)), dtype=STEP)
        for row, (name, section) in zip(
            rows, [(name, now.bureaucracy.steps[name]) for now in periods for name in self.steps], strict=False
        ):
            _fill(row, section)
            row["purpose"], row["variance"] = named(name, 0), step_variance(section.delay_days, section.delay_sd_days)
        return rows

    def _path_rules(self, periods: Sequence[Any]) -> NDArray[Any]:
        rows = np.zeros(max(1, len(periods) * len(self.paths)), dtype=PATH)
        for row, (now, name) in zip(rows, [(now, name) for now in periods for name in self.paths], strict=False):
            path = now.pathways[name]
            _fill(row, path)
            row["group_number"] = -1 if path.group is None else self.groups.index(path.group)
            row["step_up"] = -1 if path.step_up_to is None else self.paths.index(path.step_up_to)
            row["people_to_begin"], row["closed"] = path.people_to_begin, path.starts == "closed"
            stays = Stays(path.stay, f"pathways.{name}.stay")
            row["stay_span"], row["mean_stay"] = self._span(stays), stays.mean_stay
            row["arrival_law"], row["first_arrival"] = ARRIVALS.index(path.arrivals.law), first_number(now, name)
            row["gap_span"] = self._span(Stays(path.arrivals.gap, f"pathways.{name}.arrivals.gap"))
            patience = patience_of(now.waiting, path)
            row["law"], row["median"], row["law_shape"], row["daily"] = patience[:4]
            row["table_at"], row["table_size"] = (
                self._table(patience.table) if patience.law == Law.DAILY_TABLE else (0, 0)
            )
            row["then_at"], row["then_size"] = self._shares(path.then)
            row["after_at"], row["after_size"] = self._shares(path.after_withdrawal)
            row["takes_at"], row["takes_size"] = self._list([self.paths.index(other) for other in path.takes_from])
            row["initial_waiting"] = now.initial.waiting.get(name, 0)
        return rows

    def _course_rules(self, periods: Sequence[Any]) -> NDArray[Any]:
        rows = [
            astuple(course_rules(now, now.pathways[name], complex_person))
            for now in periods
            for name in self.paths
            for complex_person in (False, True)
        ]
        return np.array(rows, dtype=COURSE) if rows else np.zeros(1, dtype=COURSE)

    def _team_rules(self) -> NDArray[Any]:
        rows = [
            (teams.bounds[team], *self._list(teams.assess_for[team]), *self._list(teams.treat_for[team]))
            for teams in self.teams
            for team in range(teams.count)
        ]
        return np.array(rows, dtype=TEAM)

    def _staffing(self, periods: Sequence[Any]) -> NDArray[Any]:
        rows = [
            (teams.posts[group][team], *slots_for([path for path in now.pathways.values() if path.group == group]))
            for now, teams in zip(periods, self.teams, strict=True)
            for team in range(teams.count)
            for group in self.groups
        ]
        return np.array(rows, dtype=STAFFING) if rows else np.zeros(1, dtype=STAFFING)

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

    # -- lists of numbers, and laws of days

    def _list(self, numbers: Iterable[int]) -> tuple[int, int]:
        at = len(self._numbers)
        self._numbers += numbers
        return at, len(self._numbers) - at

    def _pairs(self, values: Iterable[float], weights: Iterable[float]) -> tuple[int, int]:
        at = len(self._values)
        self._values += values
        self._weights += weights
        return at, len(self._values) - at

    def _shares(self, shares: dict[str, float]) -> tuple[int, int]:
        return self._pairs([float(self.paths.index(name)) for name in shares], shares.values())

    def _table(self, table: Sequence[Sequence[float]]) -> tuple[int, int]:
        at = len(self._days_and_chances)
        self._days_and_chances += [(float(day), chance) for day, chance in table]
        return at, len(table)

    def _span(self, stays: Stays) -> int:
        first = len(self._parts)
        for part, bound, found in zip(stays.parts, stays.bounds, stays.found_bounds, strict=True):
            law = part.law
            at, size = self._pairs(law.values, law.weights)
            self._parts.append(
                (
                    law.mean,
                    law.sd,
                    law.shape,
                    law.scale,
                    law.shift,
                    part.least,
                    part.most,
                    bound,
                    found,
                    law.kind,
                    at,
                    size,
                )
            )
        self._spans.append((first, len(self._parts) - first, stays.whole.least, stays.whole.most))
        self.span_laws.append(stays)
        return len(self._spans) - 1

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

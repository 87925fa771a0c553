"""What is in force today, and on a day."""

from typing import Any

import numpy as np

from accesssim.clinic.compiled.addresses import carray, pointer_to
from accesssim.clinic.compiled.arrays import (
    World,
    course_rules_of,
    group_rules_of,
    numbers_of,
    paths_at,
    paths_of,
    patience_tables_at,
    places_of,
    staff_of,
    staffing_of,
    stages_of,
    team_rules_of,
)
from accesssim.clinic.compiled.codes import list_of, staff_number
from accesssim.clinic.compiled.layout import layout
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.scenario_records import Group, Path, Staffing, Stage, Team
from accesssim.clinic.course import CourseRules
from accesssim.clinic.rules.patience import Patience

PATHS = layout(Path)
PATH_SIZE = PATHS.itemsize


@native
def stage(w: World) -> Stage:
    """What is in force today."""
    return stages_of(w)[w.period]


@native
def stage_at(w: World, day: int) -> int:
    """Number of the stage in force on a day; before day 0 the first."""
    stages, number = stages_of(w), 0
    while number + 1 < w.periods and stages[number + 1].from_day <= day:
        number += 1
    return number


@native
def path_of(w: World, number: int) -> Path:
    """A pathway, as it is today."""
    return paths_of(w)[w.period * w.path_count + number]


@native
def paths_in_force(w: World) -> Any:
    """Those of all pathways, as an array of numpy's."""
    return carray(pointer_to(paths_at(w) + w.period * w.path_count * PATH_SIZE), w.path_count, PATHS)


@native
def group_at(w: World, period: int, staff: int) -> Group:
    """The group that some staff belong to, as it is in a period."""
    return group_rules_of(w)[period * w.group_count + staff_of(w)[staff].group]


@native
def group_of(w: World, staff: int) -> Group:
    """The group that some staff belong to, as it is today."""
    return group_at(w, w.period, staff)


@native
def staffing(w: World, staff: int) -> Staffing:
    """Posts and slots of some staff today."""
    return staffing_of(w)[w.period * w.staff_count + staff]


@native
def team_of(w: World, team: int) -> Team:
    """A team, as it is today."""
    return team_rules_of(w)[w.period * w.team_count + team]


@native
def list_at(w: World, team: int, pathway: int) -> int:
    """The number of a team's list for a pathway."""
    return list_of(team, pathway, w.path_count)


@native
def staff_at(w: World, team: int, group: int) -> int:
    """The number of a team's staff of a group."""
    return staff_number(team, group, w.group_count)


@native
def treats_for(w: World, team: int, nth: int) -> int:
    """The nth of the teams whose people a team treats."""
    return numbers_of(w)[team_of(w, team).treat_at + nth]


@native
def places_here(w: World, where: int) -> int:
    """Places of a list today; -1 where its pathway has none."""
    return places_of(w)[w.period * w.list_count + where]


@native
def course_rules(w: World, period: int, pathway: int, complex_person: bool) -> CourseRules:
    """`CourseRules` of a period, for people of one pathway and complexity."""
    return course_rules_of(w)[2 * (period * w.path_count + pathway) + (1 if complex_person else 0)]


@native
def patience_of(w: World, pathway: int) -> Patience:
    """The law of patience on a pathway's lists today."""
    path = path_of(w, pathway)
    table = carray(pointer_to(patience_tables_at(w) + 16 * path.table_at), (path.table_size, 2), np.float64)
    return Patience(path.law, path.median, path.law_shape, path.daily, table)

"""What is in force today, and on a day."""

from typing import Any

import numba
import numpy as np

from accesssim.clinic.compiled.addresses import pointer_to
from accesssim.clinic.compiled.arrays import (
    course_rules_of,
    group_rules_of,
    numbers_of,
    paths_of,
    places_of,
    staff_of,
    staffing_of,
    stages_of,
    team_rules_of,
)
from accesssim.clinic.compiled.native import native
from accesssim.clinic.rules.patience import Patience


@native
def stage(w: Any) -> Any:
    return stages_of(w)[w.period]


@native
def stage_at(w: Any, day: int) -> int:
    """Number of the stage in force on a day; before day 0 the first."""
    stages, number = stages_of(w), 0
    while number + 1 < w.periods and stages[number + 1].from_day <= day:
        number += 1
    return number


@native
def path_of(w: Any, number: int) -> Any:
    return paths_of(w)[w.period * w.path_count + number]


@native
def group_of(w: Any, staff: int) -> Any:
    return group_rules_of(w)[w.period * w.group_count + staff_of(w)[staff].group]


@native
def staffing(w: Any, staff: int) -> Any:
    return staffing_of(w)[w.period * w.staff_count + staff]


@native
def team_of(w: Any, team: int) -> Any:
    return team_rules_of(w)[w.period * w.team_count + team]


@native
def treats_for(w: Any, team: int, nth: int) -> int:
    return numbers_of(w)[team_of(w, team).treat_at + nth]


@native
def places_here(w: Any, where: int) -> int:
    return places_of(w)[w.period * w.list_count + where]


@native
def course_rules(w: Any, period: int, pathway: int, complex_person: bool) -> Any:
    return course_rules_of(w)[2 * (period * w.path_count + pathway) + (1 if complex_person else 0)]


@native
def patience_of(w: Any, pathway: int) -> Patience:
    path = path_of(w, pathway)
    table = numba.carray(pointer_to(w.patience_tables + 16 * path.table_at), (path.table_size, 2), np.float64)
    return Patience(path.law, path.median, path.law_shape, path.daily, table)

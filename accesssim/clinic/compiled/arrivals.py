"""People who come straight to a pathway (`accesssim.clinic.arrivals`)."""

import math

import numpy as np

from accesssim.clinic.arrivals import BLOCK, MOST
from accesssim.clinic.compiled.arrays import World, arrivals_of, kept_arrivals_of, paths_of, stages_of
from accesssim.clinic.compiled.codes import need_code
from accesssim.clinic.compiled.coming import room_for_needs, write_coming, write_need
from accesssim.clinic.compiled.in_force import stage_at
from accesssim.clinic.compiled.luck import uniform, z
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import Failure, Purpose, clip_severity, exponential, mixed, remission_days
from accesssim.clinic.compiled.scenario_records import POISSON, RENEWAL
from accesssim.clinic.compiled.stays import span
from accesssim.world.calendar import NEVER


@native
def next_arrival(w: World, number: int) -> None:
    """When the next of a pathway's own people may come: their number and time."""
    one, rules = arrivals_of(w)[number], paths_of(w)[number]
    key = mixed(w.root ^ np.uint64(one.number))
    if rules.arrival_law == RENEWAL:
        gap = paths_of(w)[stage_at(w, math.floor(one.time)) * w.path_count + number].gap_span
        one.time += max(span(w, gap, key, 0, Purpose.GAP, False), 1e-6)
    else:
        one.time += exponential(uniform(key, Purpose.GAP, 0)) / rules.arrival_peak


@native
def come(w: World, number: int, until: int) -> bool:
    """People who come straight to a pathway up to a day (`Population._come`).

    Who came before day 0 and is still here is found there. False where room is needed first.
    """
    one, law = arrivals_of(w)[number], paths_of(w)[number].arrival_law
    while one.time < min(until + 1, w.days):
        if not room_for_needs(w, 1):
            return False
        day, key = math.floor(one.time), mixed(w.root ^ np.uint64(one.number))
        kept = kept_arrivals_of(w)[number * (w.history + w.days) + day + w.history] if law == POISSON else 1.0
        if day >= 0 and (law == RENEWAL or uniform(key, Purpose.DEMAND, 0) < kept):
            now = stages_of(w)[stage_at(w, day)]
            demand, waiting = now.demand, now.waiting
            complex_person = uniform(key, Purpose.COMPLEX, 0) < demand.complex_share
            points = clip_severity(
                demand.severity_mean
                + demand.severity_sd * z(key, Purpose.SEVERITY, 0)
                + (demand.severity_complex if complex_person else 0.0)
            )
            ill = remission_days(
                exponential(uniform(key, Purpose.REMISSION, 0)),
                waiting.remission_early_per_week,
                waiting.remission_per_week,
                waiting.remission_early_weeks,
            )
            drift = waiting.drift_mean + waiting.drift_sd * z(key, Purpose.DRIFT, 0) if now.loops.waiting_harms else 0.0
            remission = day + ill if ill < NEVER else NEVER
            write_coming(w, one.number, day, day, points, complex_person, drift, remission, number)
            write_need(w, one.number, day, need_code(1 if complex_person else 0, 1), points, True)
        one.number += 1
        within = one.number - paths_of(w)[number].first_arrival
        if within % BLOCK == 0 and within + 2 * BLOCK > MOST:
            w.failed, w.failed_at = Failure.TOO_MANY_ARRIVALS, number
            one.time = float(w.days)
        else:
            next_arrival(w, number)
    return True

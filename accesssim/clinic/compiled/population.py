"""Needs that arise, and who asks for help (`accesssim.clinic.population`)."""

import math

import numpy as np

from accesssim.clinic.compiled.arrays import (
    World,
    asking_of,
    drawn_of,
    kept_of,
    lasting_of,
    lucks_of,
    needed_keys_of,
    needed_of,
    order_of,
    possible_keys_of,
    possible_of,
    seeking_of,
    stages_of,
)
from accesssim.clinic.compiled.arrivals import come
from accesssim.clinic.compiled.codes import need_code
from accesssim.clinic.compiled.coming import room_for_needs, write_coming, write_later, write_need
from accesssim.clinic.compiled.in_force import stage_at
from accesssim.clinic.compiled.layout import wide
from accesssim.clinic.compiled.luck import AT_A_TIME, normals, uniform
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.records import Needed
from accesssim.clinic.compiled.rules import (
    Event,
    Purpose,
    clip_severity,
    delay_days,
    exponential,
    mixed,
    remission_days,
    seek_chance,
)
from accesssim.clinic.compiled.scenario_records import POINTS
from accesssim.world.calendar import DAYS_PER_WEEK, NEVER
from accesssim.world.nothing import NO_PATHWAY

GAPS, LUCKS, LASTING = range(0, 3 * AT_A_TIME, AT_A_TIME)
"""Where these stand in `possible`."""
COMPLEX, STIGMA = range(0, 2 * AT_A_TIME, AT_A_TIME)
"""Where these stand in `lucks`."""


@native
def look_ahead(w: World, past: bool) -> None:
    """Key, days since the one before, and luck of the next possible needs; of those before day 0 also whether they last."""
    keys, ahead, root, first, peak = possible_keys_of(w), possible_of(w), w.root, w.need_number, w.peak
    for nth in range(AT_A_TIME):
        key = mixed(root ^ np.uint64(first + nth))
        keys[nth], ahead[GAPS + nth] = key, uniform(key, Purpose.GAP, 0)
        ahead[LUCKS + nth] = uniform(key, Purpose.DEMAND, 0)
    if past:
        for nth in range(AT_A_TIME):
            ahead[LASTING + nth] = uniform(keys[nth], Purpose.REMISSION, 0)
    for nth in range(AT_A_TIME):
        ahead[GAPS + nth] = exponential(ahead[GAPS + nth]) / peak


@native
def arise(w: World, until: int) -> bool:
    """Needs that arise up to a day (`Population._needs`); False where room is needed first.

    Some are looked at at a time, in one pass for each question: the processor need not guess what of whom.
    """
    last, kept, lasting, needs = min(until + 1, w.days), kept_of(w), lasting_of(w), needed_of(w)
    possible_keys, ahead, keys = possible_keys_of(w), possible_of(w), needed_keys_of(w)
    while w.need_time < last:
        if not room_for_needs(w, AT_A_TIME):
            return False
        first, nth, time, count = w.need_number, w.possible_at, w.need_time, 0
        while time < last:
            onset, need = math.floor(time), needs[count]
            lasts = onset >= 0 or ahead[LASTING + nth] < lasting[stage_at(w, onset) * (w.history + 1) - onset]
            keys[count] = possible_keys[nth]
            need.number, need.onset = first + nth, onset
            count += 1 if ahead[LUCKS + nth] < kept[onset + w.history] and lasts else 0  # not most needs of the past
            nth += 1
            if nth == AT_A_TIME:
                w.need_number = first + nth
                look_ahead(w, time < 0.0)
                time += ahead[GAPS]
                break
            time += ahead[GAPS + nth]
        w.possible_at, w.need_time = nth % AT_A_TIME, time
        begin_needs(w, count)
        ask_for_help(w, count)
        for nth in range(count):
            write_down(w, needs[nth])
    return True


@native
def begin_needs(w: World, count: int) -> None:
    """Severity and the day on which the person decides to ask, of those who are looked at; of who decides, the day of remission."""
    needs, keys, lucks, drawn, seeking = needed_of(w), needed_keys_of(w), lucks_of(w), drawn_of(w), seeking_of(w)
    for nth in range(count):
        key = keys[nth]
        lucks[COMPLEX + nth] = uniform(key, Purpose.COMPLEX, 0)
        lucks[STIGMA + nth], drawn[AT_A_TIME + nth] = uniform(key, Purpose.STIGMA, 0), 0.0
    if w.severities:
        for nth in range(count):
            drawn[nth] = uniform(keys[nth], Purpose.SEVERITY, 0)
        normals(w, count)
    for nth in range(count):
        need = needs[nth]
        onset, now = wide(need.onset), stages_of(w)[stage_at(w, wide(need.onset))]
        demand, waiting = now.demand, now.waiting
        need.complex = lucks[COMPLEX + nth] < demand.complex_share
        need.severity = clip_severity(
            demand.severity_mean
            + demand.severity_sd * drawn[AT_A_TIME + nth]
            + (demand.severity_complex if need.complex else 0.0)
        )
        need.remission = need.decided = NEVER
        need.stigma = 0.0
        for number in range(w.periods + 1):
            one = seeking[number]
            if one.until <= onset:
                continue
            day = max(onset, int(one.since))
            if day >= w.days:
                break
            if would_ask(w, number, need.severity, lucks[STIGMA + nth]):
                if w.remits:
                    threshold = exponential(uniform(keys[nth], Purpose.REMISSION, 0))
                    ill = remission_days(
                        threshold,
                        waiting.remission_early_per_week,
                        waiting.remission_per_week,
                        waiting.remission_early_weeks,
                    )
                    need.remission = onset + ill if ill < NEVER else NEVER
                if day < need.remission:
                    need.decided, need.stigma = day, one.stigma
                break


@native
def would_ask(w: World, number: int, points: float, luck: float) -> bool:
    """Whether a stigma disposition lies below the chance of asking, which for most is seen by the chances at whole points of severity."""
    about, one = asking_of(w)[POINTS * number + int(points)], seeking_of(w)[number]
    if luck < about.least or luck >= about.most:
        return luck < about.least
    return luck < seek_chance(
        one.log_odds, one.stigma, one.observed, one.stigma_slope, points, one.mean_severity, one.severity_slope
    )


@native
def ask_for_help(w: World, count: int) -> None:
    """The day on which they ask, and how they would worsen, of those who decided to."""
    needs, keys, drawn, order, few = needed_of(w), needed_keys_of(w), drawn_of(w), order_of(w), 0
    for nth in range(count):
        needs[nth].asked = NEVER
        order[few] = nth
        few += 1 if needs[nth].decided < NEVER else 0
    if w.delays:
        for nth in range(few):
            drawn[nth] = uniform(keys[order[nth]], Purpose.DELAY, 0)
        normals(w, few)
    asking = 0
    for nth in range(few):
        need = needs[order[nth]]
        demand = stages_of(w)[stage_at(w, wide(need.onset))].demand
        asked = wide(need.decided)
        if w.delays:
            asked += delay_days(
                drawn[AT_A_TIME + nth],
                demand.delay_median_days,
                need.stigma,
                demand.stigma_observed,
                demand.delay_stigma_slope,
                demand.delay_sigma,
            )
        if asked < need.remission:
            need.asked = min(asked, NEVER)
            order[asking] = order[nth]
            asking += 1 if 0 <= asked < w.days else 0
    if w.drifts:
        for nth in range(asking):
            drawn[nth] = uniform(keys[order[nth]], Purpose.DRIFT, 0)
        normals(w, asking)
    for nth in range(asking):
        need = needs[order[nth]]
        now = stages_of(w)[stage_at(w, wide(need.onset))]
        need.drift = 0.0
        if w.drifts and now.loops.waiting_harms:
            need.drift = now.waiting.drift_mean + now.waiting.drift_sd * drawn[AT_A_TIME + nth]


@native
def write_down(w: World, need: Needed) -> None:
    """`Population._need`: who comes when, and what the journal says of them."""
    number, onset, decided, asked = wide(need.number), wide(need.onset), wide(need.decided), wide(need.asked)
    remission = wide(need.remission)
    if asked < 0:
        return  # who of these is still in the service is found there (see `found`)
    if asked < w.days:
        write_coming(w, number, onset, asked, need.severity, need.complex, need.drift, remission, NO_PATHWAY)
    if onset < decided < w.days and decided >= 0:
        write_later(w, decided, Event.DECIDED, number)
    if decided < remission < w.days and asked == NEVER and remission >= 0:
        write_later(w, remission, Event.BETTER_BEFORE_ASKING, number)
    write_need(
        w, number, onset, need_code(1 if need.complex else 0, 1 if decided == onset else 0), need.severity, False
    )


@native
def people_to_come(w: World, until: int) -> bool:
    """Everybody whose need is known by a day; needs of a week at a time, as many together take less."""
    if w.need_time < until + 1 and not arise(w, until + DAYS_PER_WEEK - 1 if until >= 0 else until):
        return False
    for number in range(w.path_count):
        if not come(w, number, until):
            return False
    return True

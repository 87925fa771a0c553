"""The rules, compiled as they stand, and the numbers of choices."""

from collections.abc import Callable

from accesssim.clinic import waiting_list
from accesssim.clinic.compiled import records
from accesssim.clinic.compiled.layout import Key
from accesssim.clinic.compiled.native import choices, compiled
from accesssim.clinic.rules import (
    bureaucracy,
    burnout,
    expectations,
    funding,
    illness,
    laws_of_days,
    places,
    referrals,
    therapy,
    triage,
    worktime,
)
from accesssim.clinic.rules import patience as patience_rules
from accesssim.world import calendar, chance
from accesssim.world.journal import events

Event = choices(events.Event)
Account = choices(events.Account)
Cancellation = choices(events.Cancellation)
Urgency = choices(events.Urgency)
Route = choices(events.Route)
Purpose = choices(chance.Purpose)
Law = choices(patience_rules.Law)
State = choices(records.State)
Failure = choices(records.Failure)
mixed: Callable[[Key], Key] = compiled(chance.mixed)  # type: ignore[assignment]  # of one, where numpy takes many
exponential = compiled(chance.exponential)
normal = compiled(chance.normal)
central = compiled(chance.normal_centre)
tail = compiled(chance.normal_tail)
begins_year = compiled(calendar.begins_year)
step_days = compiled(bureaucracy.step_days)
giving_up_days = compiled(bureaucracy.giving_up_days)
relief_share = compiled(bureaucracy.relief_share)
slot_hours = compiled(bureaucracy.slot_hours)
felt_workload = compiled(burnout.felt_workload)
emotional_load = compiled(burnout.emotional_load)
list_pressure = compiled(expectations.list_pressure)
pressure_of = compiled(expectations.pressure)
strain_of = compiled(burnout.strain)
recovery_of = compiled(burnout.recovery)
resting_point = compiled(burnout.resting_point)
worked_week = compiled(burnout.worked_week)
rested_week = compiled(burnout.rested_week)
weekly_hazard = compiled(burnout.weekly_hazard)
weeks_left = compiled(burnout.weeks_left)
unit_cost = compiled(funding.unit_cost)
affordable_tenths = compiled(funding.affordable_tenths)
sessions_per_year = compiled(funding.sessions_per_year)
vacant_share = compiled(funding.vacant_share)
supervised_share = compiled(funding.supervised_share)
clip_severity = compiled(illness.clip_severity)
ill_days = compiled(illness.ill_days)
untreated_severity = compiled(illness.untreated_severity)
remission_days = compiled(illness.remission_days)
remission_hazard = compiled(illness.remission_hazard)
remission_after = compiled(illness.remission_after)
crisis_days = compiled(illness.crisis_days)
patience_days = compiled(patience_rules.patience_days)
patience_after = compiled(patience_rules.patience_after)
whole_days = compiled(places.whole_days)
goes_on_to = compiled(places.goes_on_to)
began_on = compiled(places.began_on)
seek_chance = compiled(referrals.seek_chance)
delay_days = compiled(referrals.delay_days)
span_days = compiled(laws_of_days.days)
found_span_days = compiled(laws_of_days.found_days)
starting_alliance = compiled(therapy.starting_alliance)
alliance_ceiling = compiled(therapy.alliance_ceiling)
grown_alliance = compiled(therapy.grown_alliance)
ruptured_alliance = compiled(therapy.ruptured_alliance)
did_not_attend_log_odds = compiled(therapy.did_not_attend_log_odds)
did_not_attend_chance = compiled(therapy.did_not_attend_chance)
dropout_hazard = compiled(therapy.dropout_hazard)
response_rate = compiled(therapy.response_rate)
response_floor = compiled(therapy.response_floor)
improvement = compiled(therapy.improvement)
therapist_skill = compiled(therapy.therapist_skill)
relapse_days = compiled(therapy.relapse_days)
recorded_score = compiled(triage.recorded_score)
chosen_pathway = compiled(triage.choose_pathway)
hours_to_contact = compiled(triage.hours_to_contact)
counts_from = compiled(waiting_list.counts_from)
care_hours = compiled(worktime.care_hours)
paperwork_hours = compiled(worktime.paperwork_hours)
usable_hours_of = compiled(worktime.usable_hours)
usual_discharges = compiled(worktime.usual_discharges)
part_of_tape = compiled(worktime.part_of_tape)
slots_of_week = compiled(worktime.slots)
committed_hours_of = compiled(worktime.committed_hours)
assessment_forms = compiled(worktime.assessment_forms)
needed_hours = compiled(worktime.needed_hours)
sessions_that_do_not_fit = compiled(worktime.sessions_that_do_not_fit)
slots_of = compiled(worktime.slots_of)
calling_hours = compiled(worktime.calling_hours)

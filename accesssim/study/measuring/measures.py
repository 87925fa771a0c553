"""What is measured, each declared once: unit, of whom, formula, and which way is better."""

import difflib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from accesssim.world.calendar import DAYS_PER_YEAR
from accesssim.world.checking.declared import near_miss
from accesssim.world.journal.events import Account
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE

if TYPE_CHECKING:
    from accesssim.world.scenario import Scenario


@dataclass(frozen=True)
class Measure:
    """A measure of one replication. `of`: the denominator, in words. All count from the end of the warm-up to the end of the run."""

    unit: str
    of: str
    formula: str
    better: Literal["higher", "lower", "neither"] = "neither"


_STARTED = "people whose first treatment contact was in the window"
_REFERRED = "people referred in the window; withdrawal and remission compete, those still waiting are censored"
_JOINED = "people referred in the window; those still waiting are censored"
_FINISHED = "courses finished in the window with two treatment contacts or more, or a stay in a place"
_FINISHED_CASES = "courses finished in the window with two treatment contacts or more, or a stay in a place, that began as recorded cases"
_BOOKED = "appointments booked in the window"
_REFERRALS = (
    "referrals in the window (flows of the same window, as official figures are: above 1 where more start or "
    "finish than are referred, as in a short run)"
)
_WEEKS = "weeks of holders in the window"

MEASURES: dict[str, Measure] = {
    "referrals": Measure("people", "everybody", "referrals in the window"),
    "needs": Measure("people", "everybody", "needs that existed on day 0 or arose since"),
    "wait_to_assessment_mean": Measure(
        "days", "people assessed in the window", "mean days from referral to assessment", "lower"
    ),
    "wait_to_treatment_mean": Measure(
        "days", _STARTED, "mean days from referral to the first treatment contact (served waits)", "lower"
    ),
    "wait_to_treatment_median": Measure("days", _STARTED, "median of the same", "lower"),
    "wait_to_treatment_p90": Measure("days", _STARTED, "90th percentile of the same", "lower"),
    "wait_to_therapy_mean": Measure(
        "days",
        "people whose first therapy session, or place, was in the window",
        "mean days from referral to the first therapy session",
        "lower",
    ),
    "wait_first_to_second_mean": Measure(
        "days",
        "people whose second treatment contact was in the window",
        "mean days between the first two treatment contacts",
        "lower",
    ),
    "second_session_over_28_days_share": Measure(
        "share", "people whose second treatment contact was in the window", "more than 28 days after the first", "lower"
    ),
    "wait_on_list_mean": Measure(
        "days",
        "people who started from a list in the window",
        "mean days from joining the list to taking a slot, at the first start of a referral",
        "lower",
    ),
    "days_without_therapy": Measure(
        "days",
        _JOINED,
        (
            "mean days without therapy within 52 weeks, or, in a shorter window, within the window less a week: area "
            "above the Aalen-Johansen share with a first therapy session, or place; who leaves without counts to the end"
        ),
        "lower",
    ),
    "days_waiting_within_52_weeks": Measure(
        "days",
        _REFERRED,
        (
            "mean days on the way to a first treatment contact in the first 52 weeks, which leaving ends as well: area "
            "under the share neither started nor gone; falls where people are lost; not told of a run in which nobody "
            "was followed so long"
        ),
    ),
    "started_by_6_weeks_share": Measure(
        "share",
        _REFERRED,
        "Aalen-Johansen share with a first treatment contact within 6 weeks; not told of a run in which nobody was followed so long",
        "higher",
    ),
    "started_by_18_weeks_share": Measure(
        "share",
        _REFERRED,
        "Aalen-Johansen share with a first treatment contact within 18 weeks; not told of a run in which nobody was followed so long",
        "higher",
    ),
    "therapy_started_by_18_weeks_share": Measure(
        "share",
        _REFERRED,
        "the same with a first therapy session, or place: an assessment is no start here",
        "higher",
    ),
    "finished_started_within_6_weeks_share": Measure(
        "share",
        _FINISHED,
        "first treatment contact within 6 weeks (the official figure: it counts only who finishes)",
        "higher",
    ),
    "finished_started_within_18_weeks_share": Measure(
        "share", _FINISHED, "first treatment contact within 18 weeks (the official figure)", "higher"
    ),
    "still_waiting": Measure("people", "everybody", "referred, and neither in therapy nor gone, at the end", "lower"),
    "waiting_list_end": Measure("people", "everybody", "on a list for therapy at the end", "lower"),
    "waiting_list_mean": Measure(
        "people", "everybody", "mean over the days of the window of people on a list for therapy", "lower"
    ),
    "better_before_asking": Measure("people", "everybody", "had decided to ask and remitted before"),
    "still_deciding": Measure("people", "everybody", "have decided to ask and have not yet, at the end"),
    "never_asked": Measure("people", "needs that arose in the window", "have not decided to ask by the end", "lower"),
    "lost_to_red_tape": Measure("people", "everybody", "refused or gave up in red tape", "lower"),
    "discharged_unseen": Measure("people", "everybody", "missed assessment once too often", "lower"),
    "signposted": Measure("people", "everybody", "assessed and sent elsewhere"),
    "gave_up_waiting": Measure("people", "everybody", "left the list ill, and went on to no other", "lower"),
    "better_while_waiting": Measure("people", "everybody", "remitted between asking and therapy"),
    "one_contact_only_share": Measure(
        "share",
        "referrals ended in the window",
        "ended with exactly one treatment contact, and no stay in a place",
        "lower",
    ),
    "dropped_out_share": Measure("share", "courses of therapy ended in the window", "ended by dropout", "lower"),
    "entered_treatment_share": Measure("share", _REFERRALS, "first treatment contacts over referrals", "higher"),
    "finished_course_share": Measure("share", _REFERRALS, "finished courses over referrals", "higher"),
    "did_not_attend_share": Measure("share", _BOOKED, "not attended without notice, assessments included", "lower"),
    "first_appointment_did_not_attend_share": Measure(
        "share", "first booked appointments of referrals, in the window", "not attended", "lower"
    ),
    "sessions_delivered": Measure("sessions", "everybody", "attended therapy sessions", "higher"),
    "sessions_cancelled_by_service": Measure("sessions", "everybody", "cancelled by the service", "lower"),
    "sessions_per_finished_course_mean": Measure(
        "contacts",
        "courses finished in the window with two treatment contacts or more",
        "mean attended treatment contacts",
    ),
    "started_as_case_share": Measure("share", _FINISHED, "at or above the cut-off on either scale at assessment"),
    "recovered_share": Measure("share", _FINISHED_CASES, "below the cut-offs on both scales at the end", "higher"),
    "reliably_improved_share": Measure(
        "share", _FINISHED, "reliably better on either scale and reliably worse on neither", "higher"
    ),
    "reliably_deteriorated_share": Measure(
        "share", _FINISHED, "reliably worse on either scale and reliably better on neither", "lower"
    ),
    "recovered_of_starters_share": Measure(
        "share", "first treatment contacts in the window", "recoveries over people who started", "higher"
    ),
    "recovered_per_100_in_need": Measure(
        "per 100",
        "all who had a need: needs that existed on day 0 or arose since",
        "recoveries in the window for each 100 of them: to be compared over the same window and history",
        "higher",
    ),
    "recovered_beyond_natural_course": Measure(
        "people",
        _FINISHED_CASES,
        "recovered, less those who would be untreated (the same people, the same day)",
        "higher",
    ),
    "relapsed_within_12_months_share": Measure(
        "share",
        (
            "people below both cut-offs after the last course, or stay with therapy, of a referral that did not "
            "end on a list, who were followed for 365 days from its end"
        ),
        "relapsed within 365 days",
        "lower",
    ),
    "alliance_outcome_correlation": Measure(
        "correlation", _FINISHED, "last alliance with the fall of the depression score"
    ),
    "utilisation": Measure("share", "contact hours that could have been held", "contact hours held"),
    "overtime_hours_per_week": Measure("hours per week", "posts held", "mean overtime of a holder", "lower"),
    "paperwork_share": Measure("share", "hours worked", "hours of paperwork", "lower"),
    "exhaustion_mean": Measure("share", _WEEKS, "mean exhaustion, 0 to 1", "lower"),
    "exhausted_share": Measure("share", _WEEKS, "exhaustion above 0.5", "lower"),
    "exhaustion_at_leaving": Measure("share", "holders who left in the window", "mean exhaustion on the last day"),
    "turnover_per_year": Measure("per year", "posts held", "leavers a year over mean holders", "lower"),
    "absence_share": Measure("share", "contracted hours", "hours of sickness", "lower"),
    "vacancy_share": Measure("share", "posts funded or still held", "posts not held", "lower"),
    "crises_while_waiting": Measure("people", "everybody", "crises of people not yet in therapy", "lower"),
    "crisis_hours_to_contact_mean": Measure(
        "hours", "crises in the window", "mean hours until somebody saw them", "lower"
    ),
    "crises_over_capacity_share": Measure(
        "share", "crises in the window", "came after the day's capacity was used up", "lower"
    ),
    "sessions_displaced_by_crises": Measure("sessions", "everybody", "cancelled to make room for a crisis", "lower"),
    "cost_total": Measure(
        "money",
        "everybody",
        (
            "all that was spent in the whole window, however many years: pay of holders and agency staff, overtime, "
            "recruitment, supervision, crisis contacts, sessions, administrators, premises, and places that are bought"
        ),
        "lower",
    ),
    "cost_per_finished_course": Measure("money", _FINISHED, "all that was spent, for each", "lower"),
    "cost_per_recovery": Measure(
        "money", "recoveries beyond the natural course", "all that was spent, for each", "lower"
    ),
    "money_granted": Measure("money", "everybody", "all that the budget granted; without a budget, all that was spent"),
    "money_spent": Measure("money", "everybody", "all that was spent, which cost_total tells by account", "lower"),
    "money_unspent": Measure("money", "everybody", "granted and not spent within the same year of the run"),
    "money_overspent": Measure("money", "everybody", "spent beyond what was granted in the same year", "lower"),
    "money_lost": Measure(
        "money",
        "everybody",
        "granted or carried, not spent by the end of a year, or of the run within one, and not carried on",
    ),
}
"""Every measure by name; a group stands in brackets behind its name, as in `exhaustion_mean[low_intensity]`."""

RENAMED = {"wait_restricted_mean_52_weeks": "days_waiting_within_52_weeks"}
"""Names that measures had, with those of now: for files, and for results that were written before."""

ACCOUNTS = {account.name.lower(): account for account in Account if account is not Account.LOST}
"""What the cost is told by, as people are by group; what is lost is not a cost."""

OF_YEARS = ("money_granted", "money_spent", "money_unspent", "money_overspent")
"""Measures that are told of each year of the run as well, as far as it lies in the window: `money_spent[year_1]`."""

OF_PEOPLE = (
    "wait_to_treatment_mean",
    "wait_to_assessment_mean",
    "wait_to_therapy_mean",
    "wait_first_to_second_mean",
    "wait_on_list_mean",
    "recovered_share",
    "gave_up_waiting",
    "dropped_out_share",
)
"""Measures that are told of each group of people as well, and of each team."""

OF_PEOPLE_WAITING = ("still_waiting", "waiting_list_end", "started_by_18_weeks_share")
"""The same, but not by class: only who has been assessed has one, so these would leave out whoever still waits for that."""

OF_STAFF = (
    "exhaustion_mean",
    "exhausted_share",
    "exhaustion_at_leaving",
    "turnover_per_year",
    "utilisation",
    "overtime_hours_per_week",
    "paperwork_share",
    "absence_share",
    "vacancy_share",
)
"""Measures that are told of each staff group as well, and of each team."""


def ungrouped(measure: str) -> str:
    """The name of a measure without its group, as it is called now."""
    return now_called(measure.partition("[")[0])


def now_called(measure: str) -> str:
    """The name of today, of one that may be older."""
    return RENAMED.get(measure, measure)


def unknown(measure: str) -> str:
    """What is wrong with a name that no measure has; else nothing."""
    if now := RENAMED.get(measure.partition("[")[0]):
        return f"{measure} is not a measure any more; did you mean {now}, as it is called now?"
    if ungrouped(measure) in MEASURES:
        return ""
    close = difflib.get_close_matches(measure, MEASURES, 1)
    return f"{measure} is not a measure{f'; did you mean {close[0]}?' if close else ''}"


def no_objective(measure: str) -> str:
    """Why nothing should be sought by a measure, if so."""
    if measure == "days_waiting_within_52_weeks":
        return f"{measure} falls when people are lost, so nothing is sought by it; take days_without_therapy"
    return ""


def misnamed(measure: str, scenario: "Scenario") -> str:
    """What is wrong with a name that no measure has in a scenario: not a measure, or a group that it is not told by."""
    if words := unknown(measure):
        return words
    stem, bracket, group = measure.partition("[")
    if not bracket:
        return ""
    groups, none = _told_by(stem, scenario)
    if group.endswith("]") and group[:-1] in groups:
        return ""
    if not groups:
        return f"{measure}: {stem} is told of all together, and of no groups; leave out the brackets"
    there = f"; there are {', '.join(groups)}"
    return f"{measure} is of {none}{near_miss(group.removesuffix(']'), groups) or there}"


def _told_by(measure: str, scenario: "Scenario") -> tuple[list[str], str]:
    """The groups that a measure is told by, and what one is called that is none of them."""
    now = scenario.parameters
    if measure == "cost_total":
        return [*ACCOUNTS], "no account"
    if measure in OF_YEARS:
        last = math.ceil(now.run.length / DAYS_PER_YEAR)
        return [f"year_{year}" for year in range(1, last + 1)], f"no year of {scenario.name}"
    if measure in OF_STAFF:
        return [*now.workforce, *now.teams], f"no staff group or team of {scenario.name}"
    if measure in (*OF_PEOPLE, *OF_PEOPLE_WAITING):
        kinds = [names for kind, names in GROUPS_OF_PEOPLE.items() if kind != "class" or measure in OF_PEOPLE]
        return [
            *(name for names in kinds for name in names),
            *now.teams,
        ], f"no group of people or team of {scenario.name}"
    return [], ""


def out_of_reach(measure: str, bound: float) -> str:
    """What is wrong with a bound that no value of a measure can be beyond; else nothing."""
    if unknown(measure) or MEASURES[ungrouped(measure)].unit != "share" or 0.0 <= bound <= 1.0:
        return ""
    perhaps = f"; did you mean {bound / 100:g}?" if 1.0 < bound <= 100.0 else ""
    return f"{bound:g} is not a share, which is from 0 to 1{perhaps}"

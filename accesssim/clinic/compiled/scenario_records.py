"""What a scenario lays down, as records: what is in force from a date on, and what is worked out of it once.

A section of parameters is a record of its numbers and switches, by the names of the declared parameters (`layout`).
What may be left out, and choices, are told in fields of their own. Names are numbers, in the order of the scenario.
"""

from accesssim.clinic.rules.illness import MOST_SEVERE
from accesssim.world.sections.bureaucracy import Bureaucracy
from accesssim.world.sections.bureaucracy import Step as Declared
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

FIFO, PRIORITY, BY_SEVERITY, ACCUMULATING = range(4)
"""Orders of the lists, as `waiting.order` names them."""
BY_CLASS = (PRIORITY, ACCUMULATING)
"""Those that go by how urgent somebody is."""
POINTS = int(MOST_SEVERE) + 1
"""Of severity: so many rows of `asking` for each row of `seeking`."""
NO_LAW, POISSON, RENEWAL = range(3)
"""Laws by which people come straight to a pathway, as `arrivals.law` names them."""


class Stage:
    """What is in force from a day on."""

    demand: Demand
    bureaucracy: Bureaucracy
    triage: Triage
    depression: Scale
    anxiety: Scale
    waiting: Waiting
    accumulation: Accumulation
    therapy: Therapy
    wellbeing: Wellbeing
    funding: Funding
    initial: Initial
    loops: Loops
    from_day: int
    worsened_at: int  # where, in `worsened`, the shares of these weeks of drift begin
    order: int  # of the lists
    released_days: int  # before the day, what is kept for urgent referrals is open to all; NOT_YET: never
    annual_budget: float
    has_budget: bool  # else money is there for whatever it costs
    steady: bool  # whether the service is found at work on day 0
    ordered_anew: bool
    regrouped: bool


class Group(StaffGroup):
    """A group of therapists."""

    slots_limit: int  # NO_LIMIT: none
    gives_notice: bool  # on the day of a change
    notice_on: (
        int  # day on which notice is given for posts that are to be empty when this comes into force; NEVER: none is
    )


class Step(Declared):
    """A step of red tape."""

    purpose: int  # of its draws, and the two after it
    variance: float


class Path(Pathway):
    """A pathway."""

    group_number: int  # NO_STAFF: none
    step_up: int  # NO_PATHWAY: none
    begins_with: int  # people
    stay_span: int
    gap_span: int
    mean_stay: float
    has_places: bool
    closed: bool
    law: int  # of patience
    median: float
    law_shape: float
    daily: float
    # where shares and numbers of its own begin in arrays of all, and how many there are
    table_at: int
    table_size: int
    then_at: int
    then_size: int
    after_at: int
    after_size: int
    takes_at: int
    takes_size: int
    arrival_law: int
    arrival_peak: float
    first_arrival: int
    # of those who are found on day 0 (`flows.Opening`)
    ages_at: int
    ages_size: int
    entries_at: int
    entries_size: int


class Asking:
    """Bounds of the chance of asking between one point of severity and the next."""

    least: float
    most: float


class Span:
    """A length of stay or a gap between arrivals: its parts, and what it is held to."""

    first: int
    count: int
    least: float
    most: float


class Part:
    """A part of such a law (`accesssim.clinic.rules.laws_of_days.Law`)."""

    mean_days: float
    sd: float
    shape: float
    scale: float
    shift: float
    least: float
    most: float
    bound: float
    found_bound: float
    kind: int
    at: int
    count: int


class Team:
    """A team: the share of people whose home it or one before it is, and which teams it assesses and treats for."""

    bound: float
    assess_at: int
    assess_size: int
    treat_at: int
    treat_size: int


class Staffing:
    """The therapists of one group in one team: their posts, and the hours of a slot."""

    posts: int
    session_hours: float
    gives_groups: bool

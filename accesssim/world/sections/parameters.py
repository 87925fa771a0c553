"""The sections of a scenario joined: all that it assumes on one date."""

from pydantic import Field, model_validator

from accesssim.world.sections import consistency
from accesssim.world.sections.bureaucracy import Bureaucracy
from accesssim.world.sections.conditions import STAFF
from accesssim.world.sections.declare import Section, section
from accesssim.world.sections.demand import Demand
from accesssim.world.sections.funding import Funding
from accesssim.world.sections.initial import Initial
from accesssim.world.sections.loops import Loops
from accesssim.world.sections.pathways import Pathway
from accesssim.world.sections.pools import Pool
from accesssim.world.sections.run import Run
from accesssim.world.sections.teams import Team
from accesssim.world.sections.therapy import Therapy
from accesssim.world.sections.triage import Triage
from accesssim.world.sections.waiting import Waiting
from accesssim.world.sections.wellbeing import Wellbeing
from accesssim.world.sections.workforce import StaffGroup


class Parameters(Section):
    """Everything that a scenario assumes on one date."""

    demand: Demand = Field(default_factory=Demand, description="need, stigma and help-seeking")
    bureaucracy: Bureaucracy = Field(default_factory=Bureaucracy, description="red tape")
    triage: Triage = Field(default_factory=Triage, description="assessment")
    waiting: Waiting = Field(default_factory=Waiting, description="the list")
    therapy: Therapy = Field(default_factory=Therapy, description="therapy")
    pathways: dict[str, Pathway] = Field(default_factory=dict, description="kinds of therapy")
    workforce: dict[str, StaffGroup] = Field(default_factory=dict, description="kinds of therapist")
    teams: dict[str, Team] = Field(default_factory=dict, description="teams, or sites")
    pools: dict[str, Pool] = Field(default_factory=dict, description="teams that share their lists")
    wellbeing: Wellbeing = section(Wellbeing, "exhaustion and care for carers", matters=STAFF)
    funding: Funding = Field(default_factory=Funding, description="money")
    initial: Initial = Field(default_factory=Initial, description="the service on day 0")
    run: Run = Field(default_factory=Run, description="the run")
    loops: Loops = Field(default_factory=Loops, description="switches of the feedback loops")

    @model_validator(mode="after")
    def _fits_together(self) -> "Parameters":
        """What only several sections together can show."""
        consistency.names_exist(self.pathways, self.workforce, self.teams, self.pools, self.initial)
        consistency.teams_make_sense(self.teams, self.pools, self.pathways, self.workforce)
        consistency.sessions_fit_in_a_week(self.pathways, self.workforce)
        consistency.something_is_measured(self.run)
        consistency.everybody_leaves_in_the_end(self.pathways)
        consistency.tables_of_patience_are_given(self.pathways, self.waiting)
        consistency.ages_make_sense(self.initial)
        consistency.numbers_last(self.initial, self.pathways)
        consistency.journal_can_tell(self.pathways, self.workforce, self.teams)
        return self

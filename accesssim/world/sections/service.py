"""What is assumed of a service: its paperwork, triage, pathways, staff, care for staff, and money."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from accesssim.world.limits import MOST_MONEY, MOST_PEOPLE, MOST_POINTS, MOST_POSTS
from accesssim.world.sections.declare import Misfit, Section, fact, lever, names_of, setting
from accesssim.world.sections.laws_of_days import Arrivals, Span, whole_days
from accesssim.world.sections.people import Patience, Share
from accesssim.world.sections.units import is_currency


class Step(Section):
    """One step of red tape between referral and assessment."""

    delay_days: float = lever(0.0, "days", "mean delay of the step at level 1", low=0)
    delay_sd_days: float = fact(0.0, "days", "spread of the delay (lognormal)", low=0)
    approval_share: float = lever(1.0, "share", "applications approved", low=0, high=1)
    sent_back_share: float = lever(0.0, "share", "applications sent back to be redone", low=0, high=1)
    staff_hours: float = lever(0.0, "hours", "clinicians' hours for each application at level 1", low=0, high=100)


class Bureaucracy(Section):
    """Days lost between steps, and hours lost to paperwork."""

    level: float = lever(
        1.0, "times", "red tape against what is described: scales delays and paperwork hours", low=0, high=20
    )
    steps: dict[str, Step] = Field(default_factory=dict, description="steps of red tape, in order")
    giving_up_per_week: float = fact(0.02, "per week", "hazard of giving up while in a step", low=0, high=50)
    giving_up_complex: float = fact(0.5, "share", "additional hazard of complex people", low=0, high=10)
    hours_per_session: float = lever(0.25, "hours", "paperwork for each therapy session", low=0, high=20)
    hours_per_assessment: float = lever(1.0, "hours", "paperwork for each assessment", low=0, high=20)
    hours_per_discharge: float = lever(0.5, "hours", "paperwork for each discharge", low=0, high=20)
    fixed_hours_per_week: float = lever(
        3.0, "hours per week", "returns, e-mail and forms of a full-time therapist", low=0, high=40
    )
    admin_posts: float = lever(
        0.0, "posts", "administrators who relieve therapists of paperwork", low=0, high=MOST_POSTS
    )
    hours_relieved_per_admin_post: float = fact(
        15.0, "hours per week", "clinicians' paperwork that one post takes over", low=0, high=60
    )
    relief_limit: float = fact(0.5, "share", "largest share of paperwork that can be handed over", low=0, high=1)


class Scale(Section):
    """A recorded score: what a questionnaire makes of the latent severity."""

    slope: float = fact(1.0, "points per point", "points of this scale per point of latent severity", low=0, high=5)
    intercept: float = fact(0.0, "points", "points of this scale at latent severity 0", low=-27, high=27)
    part_sd: float = fact(0.0, "points", "spread of the person's own part of this scale", low=0, high=27)
    error_sd: float = fact(2.2, "points", "measurement error of one occasion", low=0, high=27)
    cut_off: float = setting(10.0, "points", "score at which it counts as a case", low=0, high=1000)
    highest: float = setting(27.0, "points", "highest score", low=0, high=MOST_POINTS)
    reliable_change: float = setting(6.0, "points", "change that counts as reliable", low=0, high=1000)


class Triage(Section):
    """Assessment: suitability, urgency and pathway."""

    assess: bool = setting(True, "", "whether referrals are assessed before they join a list")
    assessment_is_first_contact: bool = setting(True, "", "whether the assessment counts as a first treatment contact")
    assessment_hours: float = lever(0.75, "hours", "length of an assessment", low=0.01, high=20)
    notice_days: int = lever(5, "days", "shortest notice of a routine assessment", low=0, high=365)
    notice_days_urgent: int = lever(1, "days", "shortest notice of an urgent assessment", low=0, high=365)
    booking_horizon_days: int = setting(42, "days", "how far ahead the diary is open", low=1, high=730)
    urgent_reserve_share: float = lever(0.1, "share", "assessment places kept for urgent referrals", low=0, high=1)
    reserve_released_days: int | None = lever(
        None,
        "days",
        "how many days before, kept places that nobody has taken are open to all with that notice (so nothing changes below `notice_days`); left out, never: they are wasted",
        low=0,
        high=365,
    )
    rebooked_times: int = lever(1, "times", "how often a missed assessment is booked again", low=0, high=20)
    unsuitable_share: float = fact(0.15, "share", "people assessed who are signposted elsewhere", low=0, high=1)
    signpost_below: float = lever(
        0.0, "points", "depression score below which people are signposted (unless anxious)", low=0, high=28
    )
    urgent_from: float = lever(22.0, "points", "depression score from which a referral is urgent", low=0, high=1000)
    emergency_share: float = fact(0.01, "share", "urgent people who are an emergency when assessed", low=0, high=1)
    complexity_recognised_share: float = lever(
        0.7, "share", "complex people recognised as such at assessment", low=0, high=1
    )
    crisis_contacts_per_day: int = lever(
        1, "contacts per day", "crises that can be seen a day without displacing sessions", low=0, high=MOST_PEOPLE
    )
    crisis_hours: float = fact(2.0, "hours", "staff hours for a crisis contact", low=0, high=40)
    depression_scale: Scale = Field(default_factory=Scale, description="recorded depression score")
    anxiety_scale: Scale = Field(
        default_factory=lambda: Scale(
            slope=0.75, intercept=2.5, part_sd=2.0, error_sd=1.9, cut_off=8.0, highest=21.0, reliable_change=4.0
        ),
        description="recorded anxiety score",
    )


class Pathway(Section):
    """One kind of help: who gives it, to whom, for how long. It is given by a staff group, session by session, or has places that people keep for a while."""

    group: str | None = setting(None, "", "staff group that gives it")
    places: int | None = lever(
        None, "places", "places, where it is not given by a staff group", low=0, high=MOST_PEOPLE
    )
    takes_from: tuple[str, ...] = lever(
        (), "", "other pathways whose lists free places are offered to, once nobody waits for these"
    )
    sessions_per_week: float = lever(
        0.0, "sessions per week", "sessions of therapy in a place; 0 for a stay that is no therapy", low=0, high=7
    )
    cost_per_stay: float = lever(
        0.0, "money", "what a stay in a place costs, paid when it begins", low=0, high=MOST_MONEY
    )
    stay: Span = Field(default_factory=Span, description="how long a place is kept")
    arrivals: Arrivals = Field(default_factory=Arrivals, description="people who come straight to this pathway")
    then: dict[str, Share] = names_of(
        "pathways",
        "share",
        "lever",
        "share of those whose stay or course is over, and who do not step up, that goes on to a pathway",
    )
    after_withdrawal: dict[str, Share] = names_of(
        "pathways", "share", "lever", "share of those who leave the list ill that goes on to a pathway"
    )
    patience: Patience | None = setting(
        None, "", "law by which people who wait for this pathway leave; left out, as on all lists"
    )
    patience_median_days: float | None = fact(
        None, "days", "as waiting.patience_median_days, for this pathway", low=0.01, high=100000
    )
    patience_shape: float | None = fact(None, "", "as waiting.patience_shape, for this pathway", low=0.1, high=50)
    patience_daily: float | None = fact(
        None, "share per day", "as waiting.patience_daily, for this pathway", low=0, high=1
    )
    patience_table: dict[str, Share] = names_of(
        "", "share per day", "uncertain", "as waiting.patience_table, for this pathway"
    )
    from_score: float = lever(
        0.0,
        "points",
        "depression score from which people are sent here (28: nobody, but those who come straight or are handed on)",
        low=0,
        high=28,
    )
    for_complex: bool = lever(False, "", "whether recognised complex people are sent here whatever their score")
    session_hours: float = lever(1.0, "hours", "length of a session", low=0.01, high=20)
    cap: int = lever(14, "sessions", "most sessions of a course", low=1, high=500)
    minimum_sessions: int = lever(4, "sessions", "sessions before a course may end well", low=1, high=500)
    good_enough_share: float = fact(
        0.3, "share per session", "courses that end at a session with recorded scores below the cut-offs", low=0, high=1
    )
    cap_cut_by_target: float = fact(0.25, "share", "how much full target pressure shortens the cap", low=0, high=1)
    effect: float = fact(1.0, "times", "response in this pathway against the declared one", low=0, high=10)
    seats: int = lever(1, "people", "people who share a weekly slot: more than one make a group", low=1, high=100)
    starts: Literal["open", "closed"] = lever(
        "open", "", "whether a group takes people whenever a seat is free, or only when it begins"
    )
    least_to_begin: int | None = lever(
        None,
        "people",
        "people with whom a group begins; left out, one where starts are open, all seats where they are closed",
        low=1,
        high=100,
    )
    first_session_days: int = lever(7, "days", "shortest notice of the first session", low=1, high=365)
    step_up_to: str | None = setting(None, "", "pathway for those who have not recovered")
    step_up_share: float = fact(0.0, "share", "unrecovered people who are stepped up", low=0, high=1)
    relapse_ratio: float = fact(
        1.0, "times", "relapse hazard after this pathway against the declared one", low=0, high=20
    )

    @property
    def people_to_begin(self) -> int:
        """People who must wait before a slot is given: one, but for groups."""
        return 1 if self.seats == 1 else self.least_to_begin or (self.seats if self.starts == "closed" else 1)

    @property
    def unrecovered(self) -> dict[str, float]:
        """Shares of those who have not recovered that go on to other pathways: up, or whither everybody goes."""
        if self.step_up_to is None:
            return self.then
        shares = {other: share * (1.0 - self.step_up_share) for other, share in self.then.items()}
        shares[self.step_up_to] = shares.get(self.step_up_to, 0.0) + self.step_up_share
        return shares

    @model_validator(mode="after")
    def _groups_make_sense(self) -> "Pathway":
        """A group is given by staff, and can begin."""
        if self.seats > 1 and self.group is None:
            raise Misfit(
                "",
                "has seats of a group, which staff give; places that people keep are counted by places",
                "seats",
                "places",
            )
        if (self.least_to_begin or 0) > self.seats:
            raise Misfit(
                "",
                f"begins with {self.least_to_begin} people and has {self.seats} seat{'s' if self.seats > 1 else ''}",
                "least_to_begin",
                "seats",
            )
        return self

    @model_validator(mode="after")
    def _has_one_kind_of_capacity(self) -> "Pathway":
        """Therapists or places, never both and never neither."""
        if (self.group is None) == (self.places is None):
            raise Misfit(
                "", "needs either a staff group (group: …) or a number of places (places: …)", "group", "places"
            )
        if self.takes_from and self.places is None:
            raise Misfit("", "is given by a staff group; takes_from: is for places", "takes_from")
        for name, shares in (("then", self.then), ("after_withdrawal", self.after_withdrawal)):
            if (total := sum(shares.values())) > 1.0 + 1e-9:
                raise Misfit("", f"hands on shares that add up to {total:g}; they must not add up to more than 1", name)
        whole_days(self.patience_table, "patience_table")
        return self


class StaffGroup(Section):
    """Therapists of one kind."""

    posts: int = lever(..., "posts", "posts wished for", low=0, high=MOST_POSTS)
    wte: float = lever(1.0, "share", "contract of one post, as a share of full time", low=0.01, high=1)
    hours_per_week: float = setting(37.5, "hours per week", "full-time hours", low=0.1, high=80)
    meeting_hours: float = lever(1.0, "hours per week", "team meetings", low=0, high=40)
    assessment_share: float = lever(0.0, "share", "share of usable hours given to assessments", low=0, high=1)
    salary: float = setting(48526.0, "money per year", "full-time salary", low=0, high=MOST_MONEY)
    leave_days: float = setting(
        41.0, "days per year", "leave, public holidays and training, booked ahead", low=0, high=260
    )
    career_leaving_per_year: float = fact(
        0.05, "per year", "leaving for training, promotion and other reasons than exhaustion", low=0, high=20
    )
    exhaustion_leaving_per_year: float = fact(
        0.06, "per year", "leaving that rises with exhaustion, at exhaustion 0.5", low=0, high=20
    )
    notice_weeks: int = setting(8, "weeks", "notice, from one Monday to another", low=1, high=104)
    recruitment_weeks: int = lever(16, "weeks", "from vacancy to the new colleague's first day", low=0, high=520)
    ramp_up_weeks: int = setting(8, "weeks", "first weeks with half of the slots", low=0, high=104)
    slots_limit: int | None = lever(
        None, "slots", "most patients a therapist may hold; left out, hours decide", low=0, high=MOST_PEOPLE
    )


class Wellbeing(Section):
    """Exhaustion, what feeds it, what it does, and what care for carers does."""

    supervision_hours: float = lever(1.5, "hours per week", "supervision of a full-time therapist", low=0, high=40)
    supervision_group_size: float = lever(
        3.0, "people", "therapists supervised together; the supervisor's hour is shared among them", low=1, high=50
    )
    protected_hours: float = lever(1.0, "hours per week", "protected time", low=0, high=40)
    peer_support: float = lever(0.0, "share", "how much of a peer support programme is in place", low=0, high=1)
    development: float = lever(0.0, "share", "how much of a development programme is in place", low=0, high=1)
    peer_support_hours: float = setting(0.5, "hours per week", "hours of a full peer support programme", low=0, high=40)
    development_hours: float = setting(0.5, "hours per week", "hours of a full development programme", low=0, high=40)
    expectation: float = fact(0.2, "share", "expectations of clients, families and oneself", low=0, high=1)
    target_pressure: float = lever(0.1, "share", "pressure of targets for quick results", low=0, high=1)
    expectation_weight: float = fact(0.3, "share", "weight of expectations in pressure", low=0, high=1)
    list_half_weeks: float = fact(12.0, "weeks", "weeks of work on the list at which its pressure is a half", above=0)
    overbooking_hours: float = fact(2.5, "hours per week", "extra hours booked under full pressure", low=0, high=20)
    overtime_limit_hours: float = lever(
        4.0, "hours per week", "overtime beyond which the service cancels", low=0, high=40
    )
    cover_share: float = fact(
        0.10, "share", "part of an absent colleague's booked hours that cannot wait and is shared", low=0, high=1
    )
    strain_base: float = fact(0.25, "log-odds", "resting point of strain", low=-10, high=10)
    susceptibility_sd: float = fact(0.75, "log-odds", "spread of susceptibility between people", low=0, high=10)
    tempo_per_week: float = fact(0.045, "per week", "speed of strain and of recovery", low=0, high=5)
    workload_slope: float = fact(2.0, "log-odds", "per unit of needed over contracted hours", low=0, high=50)
    workload_reference: float = setting(
        0.90, "share", "needed over contracted hours that strains as usual", low=0, high=5
    )
    paperwork_slope: float = fact(
        1.5, "log-odds", "per unit of paperwork share of hours: meaning, not time", low=0, high=50
    )
    paperwork_reference: float = setting(0.24, "share", "paperwork share that strains as usual", low=0, high=1)
    emotional_slope: float = fact(0.10, "log-odds", "per crisis (or complex session, weighted) a week", low=0, high=10)
    emotional_complex_weight: float = fact(0.15, "crises", "emotional load of a complex session", low=0, high=10)
    emotional_reference: float = setting(
        1.0, "crises per week", "emotional load that strains as usual", low=0, high=100
    )
    pressure_slope: float = fact(0.8, "log-odds", "per unit of pressure", low=0, high=50)
    pressure_reference: float = setting(0.35, "share", "pressure that strains as usual", low=0, high=1)
    supervision_slope: float = fact(0.11, "log-odds per hour", "relief per weekly hour of supervision", low=-5, high=5)
    supervision_reference: float = setting(
        1.5, "hours per week", "supervision at which the resting point is stated", low=0, high=40
    )
    protected_slope: float = fact(0.10, "log-odds per hour", "relief per weekly hour of protected time", low=-5, high=5)
    protected_reference: float = setting(
        1.0, "hours per week", "protected time at which the resting point is stated", low=0, high=40
    )
    peer_slope: float = fact(0.15, "log-odds", "relief of a full peer support programme", low=-5, high=5)
    development_slope: float = fact(0.10, "log-odds", "relief of a full development programme", low=-5, high=5)
    newcomer_exhaustion: float = fact(0.25, "share", "exhaustion of a newcomer", low=0, high=1)
    short_absence_per_year: float = fact(1.0, "per year", "short sickness spells at exhaustion 0.45", low=0, high=50)
    short_absence_weeks: int = fact(1, "weeks", "length of a short spell", low=1, high=52)
    long_absence_per_year: float = fact(0.16, "per year", "long sickness spells at exhaustion 0.45", low=0, high=50)
    long_absence_weeks: int = fact(12, "weeks", "length of a long spell", low=1, high=104)
    absence_slope: float = fact(1.7, "log hazard", "rise of sickness with exhaustion", low=0, high=20)
    leaving_slope: float = fact(1.6, "log hazard", "rise of leaving with exhaustion", low=0, high=20)


class Funding(Section):
    """Budget, posts and costs."""

    annual_budget: float | None = lever(
        None, "money per year", "yearly budget; left out, every post wished for is paid", low=0, high=MOST_MONEY
    )
    currency: str = setting("GBP", "", "currency of every amount")

    @field_validator("currency")
    @classmethod
    def _code(cls, currency: str) -> str:
        if not is_currency(currency):
            raise ValueError("must be three capital letters, such as GBP")
        return currency

    on_cost_share: float = fact(0.34, "share", "employer's costs on top of salary", low=0, high=2)
    fixed_cost: float = setting(0.0, "money per year", "premises, management and systems", low=0, high=MOST_MONEY)
    admin_salary: float = setting(27000.0, "money per year", "salary of an administrator", low=0, high=MOST_MONEY)
    agency_share: float = lever(0.0, "share", "share of vacant posts covered by agency staff", low=0, high=1)
    agency_cost_ratio: float = fact(1.5, "times", "agency pay over the holder's cost", low=0, high=10)
    overtime_paid_share: float = lever(0.0, "share", "share of overtime that is paid", low=0, high=1)
    recruitment_share_of_salary: float = fact(0.25, "share", "cost of a hire, as a share of salary", low=0, high=3)
    crisis_contact_cost: float = fact(400.0, "money", "cost of a crisis contact", low=0, high=MOST_MONEY)
    session_cost: float = fact(0.0, "money", "room and materials for each session", low=0, high=MOST_MONEY)
    carry_underspend: bool = lever(False, "", "whether what is not spent is carried into the next year")

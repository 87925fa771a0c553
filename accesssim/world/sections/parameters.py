"""The declared parameters of a scenario, all of them."""

import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.limits import MOST_LISTS, MOST_PEOPLE, MOST_POSTS
from accesssim.world.sections.declare import Misfit, Section, names_of, setting
from accesssim.world.sections.people import Demand, Therapy, Waiting
from accesssim.world.sections.service import Bureaucracy, Funding, Pathway, StaffGroup, Triage, Wellbeing
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE, Count, Pool, Team, split

#: Numbers of people leave room for the arrivals of so many pathways (see `clinic.arrivals`).
MOST_WITH_ARRIVALS = 16

#: Every day that a run can tell of, from long before day 0 to the end of the longest, must be in the calendar, which ends with the year 9999.
FIRST_YEAR, LAST_YEAR = 1900, 2999


def _switch(value: object) -> object:
    """YAML 1.2 reads `off` as a word; a switch takes it, and only a switch does."""
    return {"on": True, "off": False}.get(value, value) if isinstance(value, str) else value


Switch = Annotated[bool, BeforeValidator(_switch)]


class Initial(Section):
    """The service on day 0."""

    state: Literal["steady", "empty"] = setting("steady", "", "whether the service is found at work or empty")
    awaiting_assessment: int = setting(0, "people", "people referred and not yet assessed", low=0, high=MOST_PEOPLE)
    waiting: dict[str, Count] = names_of(
        "pathways",
        "people",
        "setting",
        "people on a pathway's list; fewer where fewer have asked since `demand.history_days`",
    )
    caseload_share: float = setting(
        0.9,
        "share",
        "share of slots, and of places that people are sent to or handed on to by other places, that are taken; other places open empty",
        low=0,
        high=1,
    )


class Run(Section):
    """How long, from when, how often."""

    start_date: datetime.date = setting(datetime.date(2026, 1, 5), "", "date of day 0")

    @field_validator("start_date")
    @classmethod
    def _monday(cls, date: datetime.date) -> datetime.date:
        """Weeks run from Monday to Sunday, so day 0 must be a Monday, of a year that leaves room in the calendar."""
        if not FIRST_YEAR <= date.year <= LAST_YEAR:
            raise ValueError(f"must be in the years {FIRST_YEAR} to {LAST_YEAR}")
        if date.weekday():
            monday = date - datetime.timedelta(days=date.weekday())
            raise ValueError(f"must be a Monday; the Monday of that week is {monday.isoformat()}")
        return date

    weeks: int = setting(104, "weeks", "length of the run", low=1, high=35000)
    days: int | None = setting(None, "days", "length of the run where whole weeks will not do", low=1, high=245000)
    warm_up_weeks: int = setting(0, "weeks", "first weeks that no measure counts", low=0, high=35000)
    replications: int = setting(20, "runs", "replications where none are asked for", low=1, high=1000000)
    seed: int = setting(1, "", "seed where none is given", low=0, high=2**63 - 1)

    @property
    def length(self) -> int:
        """Days of a run: as many as are given, else those of its weeks."""
        return self.weeks * DAYS_PER_WEEK if self.days is None else self.days


class Loops(Section):
    """Switches, so that a surprising figure can say which loop made it."""

    overload_spiral: Switch = setting(True, "", "R1: the list wears therapists out")
    broken_trust: Switch = setting(True, "", "R2: a change of therapist costs alliance")
    waiting_harms: Switch = setting(True, "", "R3: those who wait get worse")
    red_tape: Switch = setting(True, "", "R4: paperwork takes hours and meaning")
    giving_up: Switch = setting(True, "", "B1: people leave the list untreated")
    care_for_carers: Switch = setting(True, "", "B2: supervision, protected time and peers relieve")
    stigma: Switch = setting(True, "", "B3: stigma decides who asks")
    overbooking: Switch = setting(True, "", "pressure also buys extra hours now")


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
    wellbeing: Wellbeing = Field(default_factory=Wellbeing, description="exhaustion and care for carers")
    funding: Funding = Field(default_factory=Funding, description="money")
    initial: Initial = Field(default_factory=Initial, description="the service on day 0")
    run: Run = Field(default_factory=Run, description="the run")
    loops: Loops = Field(default_factory=Loops, description="switches of the feedback loops")

    @model_validator(mode="after")
    def _names_exist(self) -> "Parameters":
        """Each name that a pathway uses must be one that the scenario has."""
        problems = []
        for name, pathway in self.pathways.items():
            if pathway.group is not None and pathway.group not in self.workforce:
                problems.append((f"pathways.{name}.group", pathway.group, "a staff group", list(self.workforce)))
            if pathway.step_up_to is not None and pathway.step_up_to not in self.pathways:
                problems.append((f"pathways.{name}.step_up_to", pathway.step_up_to, "a pathway", list(self.pathways)))
            if pathway.step_up_to == name:
                problems.append(
                    (f"pathways.{name}.step_up_to", name, "another pathway", [p for p in self.pathways if p != name])
                )
            problems += [
                (f"pathways.{name}.takes_from", other, "another pathway", [p for p in self.pathways if p != name])
                for other in pathway.takes_from
                if other == name or other not in self.pathways
            ]
            for field, shares in (("then", pathway.then), ("after_withdrawal", pathway.after_withdrawal)):
                problems += [
                    (f"pathways.{name}.{field}.{other}", other, "a pathway", list(self.pathways))
                    for other in shares
                    if other not in self.pathways
                ]
        problems += [
            (f"initial.waiting.{name}", name, "a pathway", list(self.pathways))
            for name in self.initial.waiting
            if name not in self.pathways
        ]
        for name, team in self.teams.items():
            problems += [
                (f"teams.{name}.posts.{group}", group, "a staff group", list(self.workforce))
                for group in team.posts
                if group not in self.workforce
            ]
            problems += [
                (f"teams.{name}.places.{path}", path, "a pathway", list(self.pathways))
                for path in team.places
                if path not in self.pathways
            ]
        problems += [
            (f"pools.{name}.teams", team, "a team", list(self.teams))
            for name, pool in self.pools.items()
            for team in pool.teams
            if team not in self.teams
        ]
        if problems:
            raise UnknownNames(problems)
        self._teams_make_sense()
        for name, team in self.teams.items():
            if given := next((path for path in team.places if self.pathways[path].places is None), None):
                raise Misfit(
                    f"teams.{name}.places.{given}",
                    f"= {team.places[given]} is of a pathway that a staff group gives; state its posts instead",
                )
        self._sessions_fit_in_a_week()
        if self.run.warm_up_weeks * DAYS_PER_WEEK >= self.run.length:
            raise Misfit(
                "run.warm_up_weeks",
                f"= {self.run.warm_up_weeks} leaves nothing to measure of a run of {self.run.length} days; make it shorter, or the run longer",
            )
        for field, there, who in (
            ("then", "then", "everybody"),
            ("after_withdrawal", "after_withdrawal", "everybody"),
            ("step_up_to", "unrecovered", "whoever does not recover"),
        ):
            for endless in _endless({name: getattr(pathway, there) for name, pathway in self.pathways.items()}):
                if getattr(self.pathways[endless], field):
                    raise Misfit(
                        f"pathways.{endless}.{field}",
                        f"lets {who} go on for ever; let a share below 1 go on somewhere along the way",
                    )
        for name, pathway in self.pathways.items():
            if (pathway.patience or self.waiting.patience) == "daily_table" and not (
                pathway.patience_table or self.waiting.patience_table
            ):
                where = f"pathways.{name}.patience" if pathway.patience else "waiting.patience"
                raise Misfit(
                    where,
                    "= daily_table has no table; write patience_table: {14: 0.01, 56: 0.03}, days and the chance of leaving on each day from then on",
                )
        self._journal_can_tell()
        return self

    def _sessions_fit_in_a_week(self) -> None:
        """A session that is longer than a therapist's contract would never begin, and nobody be told why."""
        for name, pathway in self.pathways.items():
            if pathway.group is not None:
                staff = self.workforce[pathway.group]
                if pathway.session_hours > (week := staff.hours_per_week * staff.wte):
                    where = f"pathways.{name}.session_hours"
                    told = f"= {pathway.session_hours:g} is longer than the week of a therapist of {pathway.group}, {week:g} hours"
                    raise Misfit(
                        where,
                        told,
                        where,
                        f"workforce.{pathway.group}.hours_per_week",
                        f"workforce.{pathway.group}.wte",
                    )

    def _journal_can_tell(self) -> None:
        """A row of the journal has so many digits for posts, lists and people and no more."""
        posts = sum(
            sum(
                split(
                    group.posts,
                    [team.share for team in self.teams.values()] or [1.0],
                    [team.posts.get(name) for team in self.teams.values()] or [None],
                )
            )
            for name, group in self.workforce.items()
        )
        if posts > MOST_POSTS:
            raise Misfit("workforce", f"has {posts:,} posts; a journal can tell {MOST_POSTS:,} apart")
        lists = max(1, len(self.teams)) * len(self.pathways)
        if lists > MOST_LISTS:
            raise Misfit("pathways", f"of all teams are {lists:,} lists; a journal can tell {MOST_LISTS:,} apart")
        for name in [name for name, pathway in self.pathways.items() if pathway.arrivals.law != "none"][
            MOST_WITH_ARRIVALS:
        ]:
            raise Misfit(
                f"pathways.{name}.arrivals",
                f"= {self.pathways[name].arrivals.law} is one more than the {MOST_WITH_ARRIVALS} pathways that may have arrivals of their own",
            )

    def _teams_make_sense(self) -> None:
        """Everybody has one home team, and a team is in one pool for each thing."""
        whole = sum(team.share for team in self.teams.values())
        if self.teams and abs(whole - 1.0) > 0.01:
            raise Misfit(
                "teams",
                f"have shares that add up to {whole:g}; everybody needs one home team, so they must add up to 1",
            )
        for name in self.teams:
            if (
                name in self.workforce
                or name in self.pathways
                or any(name in groups for groups in GROUPS_OF_PEOPLE.values())
            ):
                raise Misfit(
                    f"teams.{name}",
                    "is also what a group of staff or people, or a pathway, is called; measures by team would be mistaken for theirs, so call it otherwise",
                )
        if self.pools and not self.teams:
            raise Misfit(
                f"pools.{next(iter(self.pools))}", "shares lists between teams, and there are none; write teams: …"
            )
        seen: dict[tuple[str, str], str] = {}
        for name, pool in self.pools.items():
            for kind in pool.kinds:
                for team in pool.teams or self.teams:
                    if other := seen.get((team, kind)):
                        raise Misfit(
                            f"pools.{name}.teams",
                            f"= {team} shares {kind} in pools.{other} already; a team is in one pool for each",
                        )
                    seen[team, kind] = name


def _endless(shares: dict[str, dict[str, float]]) -> list[str]:
    """Pathways from which nobody ever leaves the service, going on by these shares from one to another."""
    ends = {name for name, there in shares.items() if sum(there.values()) < 1.0}
    while more := {
        name
        for name, there in shares.items()
        if name not in ends and any(share > 0.0 and other in ends for other, share in there.items())
    }:
        ends |= more
    return [name for name in shares if name not in ends]


class UnknownNames(ValueError):
    """Names that refer to nothing: (dotted path, name, what it should be, names there are)."""

    def __init__(self, problems: list[tuple[str, str, str, list[str]]]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{path} = {name!r} is not {what}" for path, name, what, _ in problems))

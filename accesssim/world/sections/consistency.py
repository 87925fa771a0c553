"""What only several sections of a scenario together can show: names that refer to nothing, and values that do not fit."""

from collections.abc import Iterator, Mapping

from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.limits import FIRST_FOUND, FIRST_FOUND_IN_CARE, MOST_LISTS, MOST_POSTS
from accesssim.world.sections.declare import Misfit
from accesssim.world.sections.initial import AWAITING, Initial
from accesssim.world.sections.pathways import Pathway
from accesssim.world.sections.pools import Pool
from accesssim.world.sections.run import Run
from accesssim.world.sections.teams import GROUPS_OF_PEOPLE, Team, split
from accesssim.world.sections.waiting import Waiting
from accesssim.world.sections.workforce import StaffGroup

#: Numbers of people leave room for the arrivals of so many pathways (see `clinic.arrivals`).
MOST_WITH_ARRIVALS = 14

MOST_WEEKS = 522
"""Nobody who is found on a list has waited as many: ten years."""

#: Dotted path, the name that it holds, what that should be, and the names there are.
Unknown = tuple[str, str, str, list[str]]


class UnknownNames(ValueError):
    """Names that refer to nothing."""

    def __init__(self, problems: list[Unknown]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{path} = {name!r} is not {what}" for path, name, what, _ in problems))


def names_exist(
    pathways: Mapping[str, Pathway],
    workforce: Mapping[str, StaffGroup],
    teams: Mapping[str, Team],
    pools: Mapping[str, Pool],
    initial: Initial,
) -> None:
    """Each name that a section uses must be one that the scenario has. Raises UnknownNames with all that are not."""
    problems = [one for name in pathways for one in _of_a_pathway(name, pathways, workforce)]
    problems += [
        (f"initial.waiting.{name}", name, "a pathway", list(pathways))
        for name in initial.waiting
        if name not in pathways
    ]
    problems += [
        (f"initial.ages.{name}", name, f"a pathway, or {AWAITING}", [*pathways, AWAITING])
        for name in initial.ages
        if name not in pathways and name != AWAITING
    ]
    for name, team in teams.items():
        problems += [
            (f"teams.{name}.posts.{group}", group, "a staff group", list(workforce))
            for group in team.posts
            if group not in workforce
        ]
        problems += [
            (f"teams.{name}.places.{path}", path, "a pathway", list(pathways))
            for path in team.places
            if path not in pathways
        ]
    problems += [
        (f"pools.{name}.teams", team, "a team", list(teams))
        for name, pool in pools.items()
        for team in pool.teams
        if team not in teams
    ]
    if problems:
        raise UnknownNames(problems)


def _of_a_pathway(name: str, pathways: Mapping[str, Pathway], workforce: Mapping[str, StaffGroup]) -> Iterator[Unknown]:
    """Names that a pathway uses and that refer to nothing."""
    pathway = pathways[name]
    others = [other for other in pathways if other != name]
    if pathway.group is not None and pathway.group not in workforce:
        yield f"pathways.{name}.group", pathway.group, "a staff group", list(workforce)
    if pathway.step_up_to is not None and pathway.step_up_to not in pathways:
        yield f"pathways.{name}.step_up_to", pathway.step_up_to, "a pathway", list(pathways)
    if pathway.step_up_to == name:
        yield f"pathways.{name}.step_up_to", name, "another pathway", others
    for other in pathway.takes_from:
        if other not in others:
            yield f"pathways.{name}.takes_from", other, "another pathway", others
    for field, shares in (("then", pathway.then), ("after_withdrawal", pathway.after_withdrawal)):
        for other in shares:
            if other not in pathways:
                yield f"pathways.{name}.{field}.{other}", other, "a pathway", list(pathways)


def teams_make_sense(
    teams: Mapping[str, Team],
    pools: Mapping[str, Pool],
    pathways: Mapping[str, Pathway],
    workforce: Mapping[str, StaffGroup],
) -> None:
    """Everybody has one home team, and a team is in one pool for each thing. Raises Misfit."""
    whole = sum(team.share for team in teams.values())
    if teams and abs(whole - 1.0) > 0.01:
        raise Misfit(
            "teams",
            f"have shares that add up to {whole:g}; everybody needs one home team, so they must add up to 1",
        )
    for name in teams:
        if name in workforce or name in pathways or any(name in groups for groups in GROUPS_OF_PEOPLE.values()):
            raise Misfit(
                f"teams.{name}",
                "is also what a group of staff or people, or a pathway, is called; "
                "measures by team would be mistaken for theirs, so call it otherwise",
            )
    if pools and not teams:
        raise Misfit(f"pools.{next(iter(pools))}", "shares lists between teams, and there are none; write teams: …")
    seen: dict[tuple[str, str], str] = {}
    for name, pool in pools.items():
        for kind in pool.kinds:
            for team in pool.teams or teams:
                if other := seen.get((team, kind)):
                    raise Misfit(
                        f"pools.{name}.teams",
                        f"= {team} shares {kind} in pools.{other} already; a team is in one pool for each",
                    )
                seen[team, kind] = name
    for name, own in teams.items():
        if given := next((path for path in own.places if pathways[path].places is None), None):
            raise Misfit(
                f"teams.{name}.places.{given}",
                f"= {own.places[given]} is of a pathway that a staff group gives; state its posts instead",
            )


def sessions_fit_in_a_week(pathways: Mapping[str, Pathway], workforce: Mapping[str, StaffGroup]) -> None:
    """A session that is longer than a therapist's contract would never begin, and nobody be told why. Raises Misfit."""
    for name, pathway in pathways.items():
        if pathway.group is None:
            continue
        staff = workforce[pathway.group]
        if pathway.session_hours > (week := staff.hours_per_week * staff.wte):
            where = f"pathways.{name}.session_hours"
            raise Misfit(
                where,
                f"= {pathway.session_hours:g} is longer than the week of a therapist of {pathway.group}, {week:g} hours",
                where,
                f"workforce.{pathway.group}.hours_per_week",
                f"workforce.{pathway.group}.wte",
            )


def something_is_measured(run: Run) -> None:
    """A warm-up must leave some of the run. Raises Misfit."""
    if run.warm_up_weeks * DAYS_PER_WEEK >= run.length:
        raise Misfit(
            "run.warm_up_weeks",
            f"= {run.warm_up_weeks} leaves nothing to measure of a run of {run.length} days; "
            "make it shorter, or the run longer",
        )


def everybody_leaves_in_the_end(pathways: Mapping[str, Pathway]) -> None:
    """Nobody may be handed on for ever. Raises Misfit."""
    for field, shares_of, who in (
        ("then", "then", "everybody"),
        ("after_withdrawal", "after_withdrawal", "everybody"),
        ("step_up_to", "unrecovered", "whoever does not recover"),
    ):
        for endless in _endless({name: getattr(pathway, shares_of) for name, pathway in pathways.items()}):
            if getattr(pathways[endless], field):
                raise Misfit(
                    f"pathways.{endless}.{field}",
                    f"lets {who} go on for ever; let a share below 1 go on somewhere along the way",
                )


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


def tables_of_patience_are_given(pathways: Mapping[str, Pathway], waiting: Waiting) -> None:
    """Who leaves by a table of days needs one. Raises Misfit."""
    for name, pathway in pathways.items():
        if (pathway.patience or waiting.patience) == "daily_table" and not (
            pathway.patience_table or waiting.patience_table
        ):
            where = f"pathways.{name}.patience" if pathway.patience else "waiting.patience"
            raise Misfit(
                where,
                "= daily_table has no table; write patience_table: {14: 0.01, 56: 0.03}, "
                "days and the chance of leaving on each day from then on",
            )


def numbers_last(initial: Initial, pathways: Mapping[str, Pathway]) -> None:
    """Those who are found on lists have numbers of their own, and no more than there are. Raises Misfit."""
    most = (FIRST_FOUND_IN_CARE - FIRST_FOUND) // (len(pathways) + 1)
    told = {AWAITING: initial.awaiting_assessment} | {
        f"waiting.{name}": number for name, number in initial.waiting.items()
    }
    told |= {f"ages.{name}": ages.people for name, ages in initial.ages.items()}
    for name, number in told.items():
        if number > most:
            raise Misfit(f"initial.{name}", f"= {number} must be at most {most:,} with {len(pathways)} pathways")


def ages_make_sense(initial: Initial) -> None:
    """Who is told by ages is as many as the list, where that is given too. Raises Misfit."""
    for name, ages in initial.ages.items():
        for unit, most in (("weeks", MOST_WEEKS), ("days", DAYS_PER_WEEK * MOST_WEEKS)):
            for key in getattr(ages, unit):
                if not (key.isascii() and key.isdecimal() and int(key) < most):
                    raise Misfit(
                        f"initial.ages.{name}.{unit}.{key}",
                        f"must stand at a whole number of {unit} from 0 to {most - 1:,}",
                    )
        path = AWAITING if name == AWAITING else f"waiting.{name}"
        stated = (initial.awaiting_assessment or None) if name == AWAITING else initial.waiting.get(name)
        if stated is not None and stated != ages.people:
            raise Misfit(
                f"initial.{path}",
                f"= {stated}, and initial.ages.{name} tells of {ages.people}; make them equal, or leave one out",
            )


def journal_can_tell(
    pathways: Mapping[str, Pathway], workforce: Mapping[str, StaffGroup], teams: Mapping[str, Team]
) -> None:
    """A row of the journal has so many digits for posts, lists and people and no more. Raises Misfit."""
    shares = [team.share for team in teams.values()] or [1.0]
    posts = sum(
        sum(split(group.posts, shares, [team.posts.get(name) for team in teams.values()] or [None]))
        for name, group in workforce.items()
    )
    if posts > MOST_POSTS:
        raise Misfit("workforce", f"has {posts:,} posts; a journal can tell {MOST_POSTS:,} apart")
    lists = max(1, len(teams)) * len(pathways)
    if lists > MOST_LISTS:
        raise Misfit("pathways", f"of all teams are {lists:,} lists; a journal can tell {MOST_LISTS:,} apart")
    with_arrivals = [name for name, pathway in pathways.items() if pathway.arrivals.law != "none"]
    for name in with_arrivals[MOST_WITH_ARRIVALS:]:
        raise Misfit(
            f"pathways.{name}.arrivals",
            f"= {pathways[name].arrivals.law} is one more than the {MOST_WITH_ARRIVALS} pathways "
            "that may have arrivals of their own",
        )

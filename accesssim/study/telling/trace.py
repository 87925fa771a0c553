"""One life, step by step, in plain words from the journal."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from accesssim.world.calendar import DAYS_PER_WEEK
from accesssim.world.journal import codes
from accesssim.world.journal.events import Cancellation, Event, Route, Urgency
from accesssim.world.journal.journal import Header, Journal


@dataclass(frozen=True)
class Step:
    """Something that happened to a person on a day."""

    day: int
    event: str
    words: str

    def date(self, start: datetime.date) -> datetime.date:
        """Its date, where day 0 is `start`."""
        return start + datetime.timedelta(days=self.day)


def life(journal: Journal, person: int) -> list[Step]:
    """Everything that happened to a person, in order; empty if there never was such a person."""
    mine = (journal.person == person) & (journal.event >= Event.CRISIS)  # rows before count staff, not people
    rows = zip(
        journal.day[mine].tolist(),
        journal.event[mine].tolist(),
        journal.post[mine].tolist(),
        journal.value[mine].tolist(),
        strict=True,
    )
    return list(_steps(journal.header, [(day, Event(event), post, value) for day, event, post, value in rows]))


def _steps(header: Header, rows: list[tuple[int, Event, int, float]]) -> Iterator[Step]:
    asked = listed = None
    sessions = 0
    for day, event, post, value in rows:
        words = _words(header, event, post, value)
        if event is Event.REFERRED:
            asked, sessions = day, 0
        elif event is Event.LISTED:
            listed = day
        elif event is Event.STARTED and listed is not None:
            words += f", after {_span(day - listed)} on the list"
            listed = None
        elif event is Event.ASSESSED and asked is not None:
            words += f", {_span(day - asked)} after asking"
        elif event is Event.SESSION:
            sessions += 1
            words = f"{_nth(sessions)} {words}"
        elif event in (Event.WITHDREW, Event.BETTER_WAITING) and listed is not None:
            words += f", after {_span(day - listed)} on the list"
            listed = None
        yield Step(day, event.name.lower(), words[0].upper() + words[1:])


def _words(header: Header, event: Event, post: int, value: float) -> str:
    """What a row says, in words. Severity is on the latent scale of 0 to 27."""
    match event:
        case Event.NEED:
            who = "a need that is complex" if codes.is_complex(post) else "a need"
            return f"{who} arises (severity {value:.0f} of 27); {'decides' if codes.has_decided(post) else 'does not yet decide'} to ask for help"
        case Event.DECIDED:
            return "decides to ask for help after all"
        case Event.REFERRED:
            how = {
                Route.SELF: "asks for help",
                Route.PROFESSIONAL: "is referred by a professional",
                Route.RETURNING: "asks for help again",
            }
            where = f", in {_plain(header.teams[codes.team_of_referral(post)])}" if header.teams else ""
            return f"{how[Route(codes.route_of_referral(post))]}{where} (severity {value:.0f})"
        case Event.STEP_PASSED:
            return f"red tape: {_plain(header.steps[post])} is done"
        case Event.STEP_RETURNED:
            return f"red tape: {_plain(header.steps[post])} is sent back to be redone"
        case Event.REFUSED:
            return f"red tape: {_plain(header.steps[post])} is refused; leaves without being seen"
        case Event.GAVE_UP_RED_TAPE:
            return "gives up during the red tape"
        case Event.BETTER_BEFORE_ASKING:
            return "gets better before asking"
        case Event.ASSESSED:
            return f"is assessed: {Urgency(post).name.lower()} ({_scores(value)})"
        case Event.ASSESSMENT_MISSED:
            return "does not come to the assessment"
        case Event.ASSESSMENT_CANCELLED:
            return "the service cancels the assessment"
        case Event.DISCHARGED_UNSEEN:
            return "is discharged unseen after missing it too often"
        case Event.SIGNPOSTED:
            return "is signposted elsewhere"
        case Event.ONE_CONTACT:
            return "leaves after the first contact"
        case Event.LISTED:
            return f"joins the list of {_list(header, codes.list_joined(post))} ({Urgency(codes.class_of(post)).name.lower()})"
        case Event.MADE_URGENT:
            return "is made urgent after the crisis"
        case Event.CRISIS:
            return f"has a crisis and is seen within {value:.0f} hours"
        case Event.CRISIS_OVER_CAPACITY:
            return f"has a crisis while the day's places are used up, and is seen within {value:.0f} hours"
        case Event.WITHDREW:
            return f"gives up waiting, still ill (severity {value:.0f})"
        case Event.BETTER_WAITING:
            return "gets better while waiting"
        case Event.STARTED:
            return f"is taken on by {_therapist(header, post)} (severity {value:.0f})"
        case Event.TRANSFERRED:
            return f"is taken over by {_therapist(header, post)} (trust {value:.2f} of 1)"
        case Event.THERAPIST_LEFT:
            return "the therapist has left; waits for another"
        case Event.SESSION:
            return f"session (trust {value:.2f})"
        case Event.MISSED:
            return "does not attend"
        case Event.CANCELLED_BY_PATIENT:
            return "cancels a session"
        case Event.CANCELLED_BY_SERVICE:
            return f"the service cancels a session ({Cancellation(int(value)).name.lower()})"
        case Event.FINISHED:
            return f"finishes well ({_scores(value)})"
        case Event.CAPPED:
            return f"reaches the most sessions that there are ({_scores(value)})"
        case Event.DROPPED_OUT:
            return f"stops coming ({_scores(value)})"
        case Event.STAYED:
            return f"leaves the place in {_list(header, post)}"
        case Event.RELAPSED:
            return f"relapses (severity {value:.0f})"
    return _plain(event.name.lower())


def notable(journal: Journal) -> list[tuple[int, str]]:
    """A few people whose lives are worth reading, with the reason; none twice."""
    event, person = journal.event, journal.person

    def who(kind: Event) -> list[int]:
        return [int(number) for number in person[event == kind]]

    asked = set(who(Event.REFERRED))
    after_days: dict[int, int] = {}
    joined: dict[int, int] = {}
    for row in np.flatnonzero((event == Event.LISTED) | (event == Event.STARTED)):
        number, day = int(person[row]), int(journal.day[row])
        if event[row] == Event.LISTED:
            joined[number] = day
        elif number in joined:
            after_days[number] = day - joined.pop(number)
    found: dict[int, str] = {}
    if after_days:
        longest = max(after_days, key=lambda number: (after_days[number], -number))
        found[longest] = f"waited longest before starting, {_span(after_days[longest])}"
    for kind, why in (
        (Event.FINISHED, "finished therapy well"),
        (Event.THERAPIST_LEFT, "lost the therapist during therapy"),
        (Event.CRISIS, "had a crisis while waiting"),
        (Event.WITHDREW, "gave up waiting"),
        (Event.DROPPED_OUT, "stopped coming"),
        (Event.RELAPSED, "relapsed after getting better"),
        (Event.GAVE_UP_RED_TAPE, "gave up during the red tape"),
    ):
        for number in who(kind):
            if number in asked and number not in found:
                found[number] = why
                break
    return list(found.items())


def side_by_side(ours: list[Step], theirs: list[Step]) -> list[tuple[int, str, str]]:
    """Day, words here, words there; what happens on the same day stands on the same line."""
    rows: list[tuple[int, str, str]] = []
    for day in sorted({step.day for step in [*ours, *theirs]}):
        left, right = ([step.words for step in steps if step.day == day] for steps in (ours, theirs))
        rows.extend((day, ours_now, theirs_now) for ours_now, theirs_now in zip_longest(left, right, fillvalue=""))
    return rows


def _list(header: Header, number: int) -> str:
    """A list by its pathway, and its team where there are several."""
    pathways = len(header.pathways)
    team, pathway = codes.team_of_list(number, pathways), codes.pathway_of_list(number, pathways)
    return _plain(header.pathways[pathway]) + (f" in {_plain(header.teams[team])}" if header.teams else "")


def _therapist(header: Header, post: int) -> str:
    if not 0 <= post < len(header.post_staff):
        return "a therapist"
    return (
        f"therapist {post} ({_plain(header.groups[codes.group_of_staff(header.post_staff[post], len(header.groups))])})"
    )


def _scores(value: float) -> str:
    return f"depression {codes.depression(value):.0f}, anxiety {codes.anxiety(value):.0f}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _span(days: int) -> str:
    if days < 2 * DAYS_PER_WEEK:
        return f"{days} day{'' if days == 1 else 's'}"
    return f"{days / DAYS_PER_WEEK:.0f} weeks"


def _nth(number: int) -> str:
    if number == 1:
        return "first"
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"

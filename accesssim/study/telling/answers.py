"""Answers in words: the best point, the smallest lever, and whether what is known is met."""

from typing import TYPE_CHECKING

from accesssim.study.asking.solve import Solution, Tried
from accesssim.study.measuring.measures import MEASURES, ungrouped
from accesssim.study.running.plan import Plan
from accesssim.study.running.selection import Selected
from accesssim.study.telling import words
from accesssim.study.telling.columns import aligned, interval, number
from accesssim.world.notebook import counted
from accesssim.world.sections.units import in_currency

if TYPE_CHECKING:
    from accesssim.study.result import Result
    from accesssim.study.verifying.verify import Verified


def verified(found: "Verified") -> str:
    """Known answers beside ours, one by one, and what is to be thought of all."""
    from accesssim.study.verifying.goldens import WEEKS

    heads = (
        "known answer",
        "figure",
        "formula",
        "ours",
        f"{100 * found.level:g} % interval ({counted(found.replications, 'run')})",
        "whole days may move it by",
        "met",
    )
    rows = [
        (
            one.case,
            one.figure,
            number(one.known.value, one.low, one.high),
            number(one.mean, one.low, one.high),
            interval(one.low, one.high),
            f"{one.known.allowance:.2g}",
            "yes" if one.met else "NO",
        )
        for one in found.answers
    ]
    met = sum(one.met for one in found.answers)
    journals = counted(len(found.journals), "journal")
    sentences = [
        (
            f"{met} of {counted(len(found.answers), 'known answer')} are met ({found.engine}): the formula's value "
            "is within what luck and whole days explain."
        ),
        (
            f"{len(found.journals) - len(found.differing)} of {journals} are row by row what they should be: the "
            f"first {WEEKS} weeks of each shipped scenario but the country, by {' and '.join(found.engines)}."
        ),
        *(
            f"{name} is another by {engine}: the scenario's file, or the code, is not that of this version."
            for name, engine in found.differing
        ),
        f"In {len(found.journals) - len(found.impossible)} of {journals} everybody is in exactly one state at the close of every day.",
        *(
            f"Not in that of {name} by {engine}: {found.journals[name, engine].impossible[0]}."
            for name, engine in found.impossible
        ),
    ]
    return "\n".join([aligned(heads, rows), "", *sentences])


def selection(result: "Result", found: Selected | None) -> str:
    """Which point is the best, how surely, and every other against it; or that there is no answer."""
    plan = result.plan
    measure = str((plan.stopping or {})["measure"])
    if found is None:
        return f"No answer: nothing is known of {measure} at any point, as no run is done, or all failed or measured nobody."
    if found.rivals:
        others = "none of these" if found.unknown else "no other"
        first = (
            f"{words.label(plan, found.point)} is the best in {measure}; the chance that {others} is "
            f"better{_indifferent(plan)} is {sure(found.chance)} (Bonferroni's bound)."
        )
    else:
        first = f"{words.label(plan, found.point)} is the only point of which {measure} is known: there is nothing to choose it from."
    if found.unknown:
        first += f"\n{of_nothing_known(plan, found)}"
    rows = [(words.label(plan, found.point), found.replications, "the best", "", "")]
    rows += [
        (
            words.label(plan, rival.point),
            rival.replications,
            number(rival.behind, rival.behind - rival.half, rival.behind + rival.half),
            interval(rival.behind - rival.half, rival.behind + rival.half),
            f"{rival.chance:.2g}",
        )
        for rival in found.rivals
    ]
    heads = (
        "point",
        "runs",
        f"behind by ({in_currency(MEASURES[ungrouped(measure)].unit, plan.currency)})",
        "95 % interval",
        "chance of being better",
    )
    return (
        f"{first}\n{aligned(heads, rows)}\n{result.count:,} runs in the same futures, of a budget of {plan.budget:,}."
    )


def of_nothing_known(plan: Plan, found: Selected) -> str:
    """The points that a choice says nothing of."""
    return (
        f"Nothing is known of {'; '.join(words.label(plan, point) for point in found.unknown)}, where no run is "
        "done, or all failed or measured nobody: that may be better."
    )


def sure(chance: float) -> str:
    """A lower bound of a chance; never all of it."""
    return "more than 99.9 %" if chance > 0.999 else f"at least {100 * chance:.1f} %"


def _indifferent(plan: Plan) -> str:
    margin = float((plan.stopping or {}).get("indifference", 0.0))
    return (
        f" by more than {margin:g} {in_currency(MEASURES[ungrouped(str((plan.stopping or {})['measure']))].unit, plan.currency)}"
        if margin
        else ""
    )


def solution(found: Solution) -> str:
    """The smallest lever that meets a target, or that there is none, and all that was tried."""
    asked = f"{found.target} in {found.chance:.0%} of futures"
    low, high = map(in_full, found.between)
    if found.value is not None:
        first = (
            f"{found.lever} = {in_full(found.value)} is the smallest from {low} to {high} "
            f"that{' is known to give' if found.open else ' gives'} {asked}."
        )
    elif found.open:
        first = f"Not known: whether any {found.lever} from {low} to {high} gives {asked}, as too many futures failed."
    else:
        first = f"None in this range: no {found.lever} from {low} to {high} gives {asked}."
    if found.above is not None:
        first += f" Nothing between {in_full(found.above)} and it was tried."
    if found.open and found.value is not None:
        first += f" Futures that failed leave it open for {', '.join(in_full(one.value) for one in found.open)}."
    if found.falls:
        first += (
            f" At {high} it is not met: the lever works the other way, and how far it may be raised is not looked for."
        )
    rows = [
        (
            in_full(one.value),
            met(one),
            f"{one.share:.0%}{f' to {one.most:.0%}' if one.failed else ''}",
            f"{one.low:.0%} to {one.high:.0%}",
            number(one.mean),
            "<-" if one.value == found.value else "",
        )
        for one in found.tried
    ]
    table = aligned((found.lever, "met", "share", "95 % interval", f"mean {found.target.measure}", ""), rows)
    told = "Intervals are" if found.falls else "The share is taken to rise with the lever; its interval is"
    return f"{first}\n{table}\n{counted(found.runs, 'run')} in the same futures. {told} Clopper and Pearson's."


def met(one: Tried) -> str:
    """In how many futures a value met the target."""
    return f"{one.met} of {one.runs}{f' ({one.failed} failed)' if one.failed else ''}"


def in_full(value: float) -> str:
    """A value of a lever with all its digits: those of a narrow range differ in the last ones alone."""
    return f"{value:,.12g}"

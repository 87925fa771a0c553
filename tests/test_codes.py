"""What the journal and the engines write as one number is named once, and comes back."""

import ast
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accesssim.world.journal import codes
from accesssim.world.journal.events import Event, Phase, Route, Urgency
from accesssim.world.limits import EARLIEST_DAY, LATEST_DAY, MOST_PEOPLE, MOST_POINTS, MOST_POSTS
from accesssim.world.nothing import NOBODY

PACKAGE = Path(__file__).parent.parent / "accesssim"
#: Files that hash, that work on the digits of numbers as such, or that keep a set of weeks as bits.
FREE = (
    "world/journal/codes.py",
    "world/chance.py",
    "world/blocks.py",
    "world/elementary.py",
    "clinic/compiled/luck.py",
    "clinic/compiled/therapist.py",
)
POINTS, POSTS = st.integers(0, MOST_POINTS), st.integers(NOBODY, MOST_POSTS - 1)
DAYS, PEOPLE, EVENTS = st.integers(EARLIEST_DAY, LATEST_DAY), st.integers(0, MOST_PEOPLE - 1), st.integers(0, 63)


@given(POINTS, POINTS, POINTS, POINTS)
def test_scores(depression: int, anxiety: int, natural_depression: int, natural_anxiety: int) -> None:
    """All four, of a number and of a column."""
    packed = codes.scores(depression, anxiety, natural_depression, natural_anxiety)
    for scores in (packed, int(packed), np.array([packed]).astype(np.int64)):
        assert codes.depression(scores) == depression
        assert codes.anxiety(scores) == anxiety
        assert codes.natural_depression(scores) == natural_depression
        assert codes.natural_anxiety(scores) == natural_anxiety


@given(st.integers(0, 40), st.integers(0, 20), st.integers(1, 20), st.sampled_from(Urgency))
def test_lists(team: int, pathway: int, more: int, urgency: Urgency) -> None:
    """Team, pathway and class of whoever joins a list."""
    pathways = pathway + more
    listed = codes.listed(codes.list_of(team, pathway, pathways), urgency)
    number = codes.list_joined(listed)
    assert codes.class_of(listed) == urgency
    assert codes.team_of_list(number, pathways) == team
    assert codes.pathway_of_list(number, pathways) == pathway
    assert codes.group_of_staff(codes.staff_of(team, pathway, pathways), pathways) == pathway


@given(st.integers(0, 4000), st.sampled_from(Route), st.booleans(), st.booleans())
def test_referrals_and_needs(team: int, route: Route, complex_person: bool, decided: bool) -> None:
    """Who asks, where, and by whom."""
    referred = codes.referred_as(team, route)
    assert (codes.team_of_referral(referred), codes.route_of_referral(referred)) == (team, route)
    need = codes.need(complex_person, decided)
    assert (codes.is_complex(need), codes.has_decided(need)) == (complex_person, decided)


@given(DAYS, EVENTS, PEOPLE, POSTS)
def test_rows(day: int, event: int, person: int, post: int) -> None:
    """Every column, of one row and of many, in 64 bits; event and post also together in 32."""
    one = codes.row(day, event, person, post)
    many = codes.row(*(np.array([column]) for column in (day, event, person, post)))
    assert int(many.astype(np.uint64)[0]) == one < 1 << 64
    for row in (one, many):
        assert codes.day_of_row(row) == day
        assert codes.event_of_row(row) == event
        assert codes.person_of_row(row) == person
        assert codes.post_of_row(row) == post
    happened = codes.happened(event, post)
    assert (codes.event_of(happened), codes.post_of(happened)) == (event, post)
    assert happened < 1 << 32


@given(DAYS, PEOPLE)
def test_people_and_days(day: int, person: int) -> None:
    """In the order of both, and back; and the number of a person from its halves."""
    both = codes.person_and_day(np.array([person, person, person + 1]), np.array([day, day + 365, EARLIEST_DAY]))
    assert list(both) == sorted(both)
    assert both[1] - both[0] == 365
    assert both[2] - both[0] > 365
    assert codes.day_of_person(both).tolist() == [day, day + 365, EARLIEST_DAY]
    upper, lower = codes.halves(np.array([person]))
    assert codes.beside(int(upper[0]), int(lower[0]), 13) == person


@given(st.integers(0, 1000), st.integers(0, 4095), st.integers(0, codes.MOST_ATTEMPTS))
def test_occasions(course: int, n: int, nth: int) -> None:
    """Addresses of draws tell what they are for."""
    occasion = codes.occasion(course, n)
    assert (codes.course_of(occasion), codes.nth_of(occasion)) == (course, n)
    assert codes.nth_attempt(codes.attempt(course, nth)) == nth
    assert codes.occasion(course + 1, 0) > occasion


@given(st.integers(0, 2**20), st.integers(0, 2**20 - 1), st.integers(20, 24))
def test_side_by_side(left: int, right: int, bits: int) -> None:
    """Two numbers in one."""
    both = codes.beside(left, right, bits)
    assert (codes.left_of(both, bits), codes.right_of(both, bits)) == (left, right)


def test_events_and_phases_have_room() -> None:
    """Each code fits the digits that rows and moments have for it."""
    assert max(Event) < 64
    assert max(Phase) < 8
    assert max(Route) < 4
    assert max(Urgency) < 4


def test_no_packing_stands_elsewhere() -> None:
    """No shift, no mask, no `% 100`, `// 100`, `% 4` or `// 4` of a code; a power of two as `1 << n` is a constant."""
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.relative_to(PACKAGE).as_posix().startswith(FREE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.BinOp) and _packs(node)
    ]
    assert not found, "\n".join(found)


def _packs(node: ast.BinOp) -> bool:
    left, right = _whole(node.left), _whole(node.right)
    match node.op:
        case ast.LShift():
            return not (left == 1 and right is not None)
        case ast.RShift():
            return True
        case ast.BitAnd():
            return right is not None
        case ast.Mod() | ast.FloorDiv():
            return right in (4, 100, 10_000)
    return False


def _whole(node: ast.expr) -> int | None:
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None

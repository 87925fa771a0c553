"""Three people and one therapist with one slot: the exact journal, written by hand."""

from pathlib import Path

import pytest

import accesssim
from accesssim.clinic.service import simulate

pytestmark = pytest.mark.usefixtures("either_engine")

#: Day, phase, event, person. Day 0 is a Monday; sessions are on working days, the first at least three days after the start.
STORY = [
    (9, "referrals", "referred", 0),
    (9, "referrals", "listed", 0),
    (10, "starts", "started", 0),  # the list is looked at before today's referrals join it
    (14, "sessions", "assessed", 0),  # the 13th is a Sunday
    (14, "sessions", "session", 0),
    (20, "referrals", "referred", 1),
    (20, "referrals", "listed", 1),
    (21, "sessions", "session", 0),
    (21, "sessions", "capped", 0),
    (21, "starts", "started", 1),  # the slot is free from the moment at which the course ends
    (24, "sessions", "assessed", 1),
    (24, "sessions", "session", 1),
    (24, "referrals", "referred", 2),
    (24, "referrals", "listed", 2),
    (31, "sessions", "session", 1),
    (31, "sessions", "capped", 1),
    (31, "starts", "started", 2),  # waited for the only slot
    (35, "sessions", "assessed", 2),  # the 34th is a Sunday
    (35, "sessions", "session", 2),
]


def test_three_people() -> None:
    """Referral, list, start, sessions a week apart, the cap, and the next person's turn: in the order of the day."""
    frame = simulate(accesssim.load(Path(__file__).parent / "three_people.yaml"), seed=9).to_frame()
    told = frame[frame["event"].isin({event for _, _, event, _ in STORY})]
    assert list(told[["day", "phase", "event", "person"]].itertuples(index=False, name=None)) == STORY

"""The money of a run: what is granted, what is spent, what is lost or carried. Everything that is spent is in one account."""

from accesssim.world.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from accesssim.world.journal.events import Account, Event
from accesssim.world.journal.journal import Writer
from accesssim.world.sections.funding import Funding
from accesssim.world.sections.parameters import Parameters


class Accounts:
    """Weekly bookkeeping."""

    def __init__(self, journal: Writer) -> None:
        self._journal = journal
        self.granted = self.spent = self.lost = 0.0
        self._this_year = 0.0  # granted, or carried, and not spent since the year began
        self.carried = 0.0  # into this year, from the one before
        self.crises = 0  # contacts this week
        self.recruitment = self.stays = 0.0  # money for them this week

    def grant(self, day: int, amount: float) -> None:
        """Money becomes available."""
        self.granted += amount
        self._this_year += amount
        self._journal.note(day, Event.GRANTED, value=amount)

    def spend(self, day: int, account: Account, amount: float) -> None:
        """Money is spent."""
        if amount != 0.0:
            self.spent += amount
            self._this_year -= amount
            self._journal.note(day, Event.SPENT, post=account, value=amount)

    def close_year(self, day: int, funding: Funding) -> None:
        """What is not spent of a budget at the end of its year, or of the run, is carried into the next, or lost."""
        left, self._this_year, self.carried = self._this_year, 0.0, 0.0
        if funding.annual_budget is not None and left > 0.0:
            if funding.carry_underspend:
                self._this_year = self.carried = left
            else:
                self.lost += left
                self._journal.note(day, Event.SPENT, post=Account.LOST, value=left)

    @property
    def balance(self) -> float:
        """Granted, less spent and lost: carried forward, or overspent."""
        return self.granted - self.spent - self.lost

    def close_week(self, day: int, now: Parameters, sessions: int, days: int = DAYS_PER_WEEK) -> None:
        """What the week, or so many days of it, cost besides therapists; and the grant, which without a budget is just what was spent."""
        funding, share = now.funding, days / DAYS_PER_YEAR
        self.spend(day, Account.RECRUITMENT, self.recruitment)
        self.spend(
            day,
            Account.ADMIN,
            now.bureaucracy.admin_posts * funding.admin_salary * (1.0 + funding.on_cost_share) * share,
        )
        self.spend(day, Account.FIXED, funding.fixed_cost * share)
        self.spend(day, Account.CRISIS, self.crises * funding.crisis_contact_cost)
        self.spend(day, Account.SESSIONS, sessions * funding.session_cost)
        self.spend(day, Account.PLACES, self.stays)
        if funding.annual_budget is None:
            self.grant(day, self.spent - self.granted)
        else:
            self.grant(day, funding.annual_budget * share)
        self.crises, self.recruitment, self.stays = 0, 0.0, 0.0

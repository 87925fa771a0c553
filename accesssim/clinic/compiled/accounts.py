"""Money spent and granted (`accesssim.clinic.accounts`)."""

from accesssim.clinic.compiled.arrays import World
from accesssim.clinic.compiled.in_force import group_of, stage
from accesssim.clinic.compiled.journal import note
from accesssim.clinic.compiled.native import native
from accesssim.clinic.compiled.rules import Account, Event, supervised_share
from accesssim.world.calendar import DAYS_PER_YEAR
from accesssim.world.nothing import NOBODY


@native
def spend(w: World, account: int, amount: float) -> None:
    """`Accounts.spend`: money that goes to an account, of this year's."""
    if amount != 0.0:
        w.spent += amount
        w.this_year -= amount
        note(w, w.day, Event.SPENT, 0, account, amount)


@native
def grant(w: World, amount: float) -> None:
    """`Accounts.grant`: money that becomes available."""
    w.granted += amount
    w.this_year += amount
    note(w, w.day, Event.GRANTED, 0, NOBODY, amount)


@native
def pay_staff(w: World, staff: int, held: float, holders: float, overtime: float, days: int) -> None:
    """`Week._pay`."""
    group, money, rules = group_of(w, staff), stage(w).funding, stage(w).wellbeing
    hours = group.hours_per_week * group.wte
    pay = group.salary * group.wte * (1.0 + money.on_cost_share) * (days / DAYS_PER_YEAR)
    supervised = (
        supervised_share(rules.supervision_hours, rules.supervision_group_size, group.wte, hours) * pay * holders
    )
    spend(w, Account.HOLDERS, pay * holders - supervised)
    spend(w, Account.SUPERVISION, supervised)
    spend(w, Account.AGENCY, pay * money.agency_cost_ratio * (held - holders))
    spend(w, Account.OVERTIME, money.overtime_paid_share * overtime * pay / hours)


@native
def pay_recruitment(w: World) -> None:
    """What filling posts has cost since it was last paid."""
    spend(w, Account.RECRUITMENT, w.recruitment_cost)
    w.recruitment_cost = 0.0


@native
def other_costs(w: World, sessions: int, days: int) -> None:
    """`Accounts.close_week`."""
    money, share = stage(w).funding, days / DAYS_PER_YEAR
    spend(w, Account.ADMIN, stage(w).bureaucracy.admin_posts * money.admin_salary * (1.0 + money.on_cost_share) * share)
    spend(w, Account.FIXED, money.fixed_cost * share)
    spend(w, Account.CRISIS, w.crises_this_week * money.crisis_contact_cost)
    spend(w, Account.SESSIONS, sessions * money.session_cost)
    spend(w, Account.PLACES, w.stays_cost)
    grant(w, stage(w).annual_budget * share if stage(w).has_budget else w.spent - w.granted)
    w.stays_cost = 0.0


@native
def close_year(w: World) -> None:
    """`Accounts.close_year`."""
    left = w.this_year
    w.this_year = w.carried = 0.0
    if stage(w).has_budget and left > 0.0:
        if stage(w).funding.carry_underspend:
            w.this_year = w.carried = left
        else:
            w.lost += left
            note(w, w.day, Event.SPENT, 0, Account.LOST, left)

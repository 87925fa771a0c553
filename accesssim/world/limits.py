"""What a row of the journal has digits for, and the most that an amount may be.

Asked for where a scenario is checked, which needs nothing else of the journal.
"""

#: Days are stored from here, so that the past of people found in the service fits.
EARLIEST_DAY = -8192
LATEST_DAY = (1 << 18) - 1 + EARLIEST_DAY
MOST_PEOPLE, MOST_POSTS = 1 << 26, (1 << 14) - 1
MOST_LISTS = (1 << 12) - 1
"""A list is told with a class, of which there is room for four."""
FIRST_FOUND = MOST_PEOPLE - (1 << 22)
"""Numbers from here on are those of people who are found on day 0 (see `clinic.found`)."""
FIRST_FOUND_IN_CARE = MOST_PEOPLE - (1 << 21)
#: A recorded score has two digits.
MOST_POINTS = 99
#: An amount: more than all the money there is, and little enough that every sum of a run has its pounds, if not its pence.
MOST_MONEY = 1e15
LEAST_ASKING = 0.01
"""Share of needs that is taken to lead to a referral where hardly any does, so that the needs behind some stay finite."""
TENTHS = 10
"""Of a post: money that does not pay a whole one pays some of these, and contracts differ by no less."""

"""What a row of the journal has digits for; asked for where a scenario is checked, which needs nothing else of the journal."""

#: Days are stored from here, so that the past of people found in the service fits.
EARLIEST_DAY = -8192
LATEST_DAY = (1 << 18) - 1 + EARLIEST_DAY
MOST_PEOPLE, MOST_POSTS = 1 << 26, (1 << 14) - 1
#: A recorded score has two digits.
MOST_POINTS = 99

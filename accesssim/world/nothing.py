"""Numbers that stand for what is not there, where a number is asked for.

Each meaning has a name, and is none of the numbers that may be there.
"""

NOT_YET = -1
"""A day that has not come: nothing is booked, nobody has met."""

NOBODY = -1
"""A post, in a row of the journal that is about none."""

NO_PATHWAY = -1
"""The number of a pathway: the service has nothing for somebody, or somebody goes on to nothing."""

NO_LIST = -1
"""The number of a list, and so of its places: nobody's place is kept."""

NO_STAFF = -1
"""The number of staff, or of their group: a pathway that no therapist gives, as it has places instead."""

NO_LIMIT = -1
"""A most of something, where there is none."""

UNTREATED = -1.0
"""The severity under and after therapy, of somebody who has had none in this episode."""

NOT_KNOWN = -1.0
"""An amount that is never negative, before it is known, or where it is worked out at each occasion."""

NO_SCORES = -1.0
"""Closing scores, of a stay that was no therapy."""

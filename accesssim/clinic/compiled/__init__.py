"""The compiled engine: the same journal as SimPy's, row by row, many times sooner.

Rules are written once: the functions of `accesssim.clinic.rules` are compiled as they stand (`rules`). What is told a
second time here is who is where, and when: the calendar, the lists, the diaries, and the journeys, as states instead
of processes. Files and functions have the names of those that they stand for.

The whole clinic is one record of numbers which also holds the addresses of its arrays (`arrays`), so that a call
hands over one pointer. A person is a record too (`records`), used again once they have left; chains (lists,
caseloads, the days of the calendar) are numbers of who follows whom. `engine` makes room between days, never within
one.

To be read in this order: `records` and `arrays`, what there is; `day`, the parts of a day; `pathway`, `red_tape`,
`triage`, `waiting` and `course`, a person's journey; `starts`, `workforce` and `week`, the staff; `population`, who
comes. How it is made: `layout`, `addresses`, `native`, `cache`, `readiness`, `memory`, `engine`.

Throughout: `w` the clinic; `i` the number of a person's record, `p` the record, `c` that of their course; `t` the
number of a therapist; `g` that of a group; -1 none.
"""

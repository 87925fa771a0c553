"""Starts from the lists: who takes a free slot, a free seat in a group, a free place."""

import heapq
from collections.abc import Iterator

from accesssim.clinic.group import Group
from accesssim.clinic.lists import take_first
from accesssim.clinic.person import Person
from accesssim.clinic.rules import worktime
from accesssim.clinic.staff import Staff
from accesssim.clinic.state import State
from accesssim.clinic.therapist import Therapist
from accesssim.clinic.waiting_list import WaitingList
from accesssim.world.journal import codes


class Starts:
    """The starts of one run."""

    def __init__(self, state: State) -> None:
        self.state = state

    def of_today(self, day: int) -> None:
        """Whoever has a free slot takes the next: first those who lost their therapist, then of the lists served whoever is first. Then places."""
        state = self.state
        for staff in state.staff:
            if any(state.lists[number].length or state.transfers[number].length for number in staff.lists):
                if staff.gives_groups:
                    self._seats(staff, day)
                self._slots(staff, day)
        for number, path in enumerate(state.paths):
            if path.places is not None:
                for team, places in enumerate(state.teams.places[state.path_names[number]]):
                    self._places(team, number, places)

    # -- slots

    def _slots(self, staff: Staff, day: int) -> None:
        state = self.state
        lists, transfers = (
            [state.lists[number] for number in staff.lists],
            [state.transfers[number] for number in staff.lists],
        )
        for therapist in self.openings(staff.number):
            if staff.gives_groups:
                lists, transfers = self._that_fit(staff, therapist)
            if (person := take_first(transfers, day)) is not None:
                therapist.transfers += 1
            elif (person := take_first(lists, day)) is not None:
                staff.starts_this_week += 1
            elif staff.gives_groups:
                continue  # the next therapist may have room for a whole group
            else:
                break
            path = state.paths[person.pathway]
            if path.seats == 1:
                self._take_on(person, therapist, None, day)
                continue
            group = therapist.begin_group(
                Group(
                    person.pathway,
                    path.seats,
                    weight(path.session_hours, staff),
                    day,
                    takes_newcomers=path.starts == "open",
                ),
                day + path.first_session_days,
            )
            self._take_on(person, therapist, group, day)
            self._fill(staff, therapist, group, day, newcomers=True)

    def _take_on(self, person: Person, therapist: Therapist, group: Group | None, day: int) -> None:
        person.spell += 1
        notice = self.state.paths[person.pathway].first_session_days
        if group is None:
            therapist.take(person, day, notice)
        else:
            therapist.seat(person, group, day + notice)
        self.state.clock.call(person)

    def openings(self, staff: int) -> Iterator[Therapist]:
        """Therapists with a free slot, one slot after the other, the emptiest diary first."""
        free = [
            (therapist.caseload - therapist.slots, therapist.post)
            for therapist in self.state.therapists
            if therapist.staff == staff
            and therapist.caseload < therapist.slots
            and not therapist.absent
            and therapist.leaves_on is None
        ]
        heapq.heapify(free)
        while free:
            room, number = free[0]
            therapist = self.state.posts[number].holder
            assert therapist is not None
            yield therapist
            now = therapist.caseload - therapist.slots
            if room < now < 0:
                heapq.heapreplace(free, (now, number))
            else:  # full, or not able to take anybody
                heapq.heappop(free)

    # -- groups

    def _that_fit(
        self, staff: Staff, therapist: Therapist
    ) -> tuple[list[WaitingList[Person]], list[WaitingList[Person]]]:
        """Lists, and lists of those who lost their therapist, from which this therapist has room to take: a group needs its people and its slots."""
        state, free = self.state, therapist.slots - therapist.caseload
        waiting: dict[int, int] = {}
        ways = len(state.paths)
        for number in staff.lists:
            waiting[codes.pathway_of_list(number, ways)] = (
                waiting.get(codes.pathway_of_list(number, ways), 0) + state.lists[number].length
            )
        room = [
            number
            for number in staff.lists
            if weight(state.paths[codes.pathway_of_list(number, ways)].session_hours, staff) <= free
            or state.paths[codes.pathway_of_list(number, ways)].seats == 1
        ]
        enough = [
            number
            for number in room
            if waiting[codes.pathway_of_list(number, ways)]
            >= state.paths[codes.pathway_of_list(number, ways)].people_to_begin
        ]
        return [state.lists[number] for number in enough], [state.transfers[number] for number in room]

    def _seats(self, staff: Staff, day: int) -> None:
        """Free seats in groups that go on."""
        for therapist in self.state.therapists:
            if therapist.staff == staff.number and not therapist.absent and therapist.leaves_on is None:
                for group in therapist.groups:
                    self._fill(staff, therapist, group, day, newcomers=group.takes_newcomers)

    def _fill(self, staff: Staff, therapist: Therapist, group: Group, day: int, *, newcomers: bool) -> None:
        """Seats go first to those who lost their therapist, then, where newcomers may join, to whoever is first on the group's lists."""
        state = self.state
        numbers = [number for number in staff.lists if codes.pathway_of_list(number, len(state.paths)) == group.pathway]
        while group.free > 0:
            if (person := take_first([state.transfers[number] for number in numbers], day)) is not None:
                therapist.transfers += 1
            elif newcomers and (person := take_first([state.lists[number] for number in numbers], day)) is not None:
                staff.starts_this_week += 1
            else:
                return
            self._take_on(person, therapist, group, day)

    # -- places

    def _places(self, team: int, pathway: int, places: int) -> None:
        """A team's free places go to whoever is first on the lists that it serves.

        If nobody is, to whoever is first on those of the pathways that these places also take from.
        """
        state, path = self.state, self.state.paths[pathway]
        own = codes.list_of(team, pathway, len(state.paths))
        if state.in_places[own] >= places:
            return
        others = [state.path_names.index(name) for name in path.takes_from]
        lists, further = (
            [state.lists[number] for number in state.teams.lists_of(team, some)] for some in ([pathway], others)
        )
        while state.in_places[own] < places:
            person = take_first(lists, state.clock.day) or take_first(further, state.clock.day)
            if person is None:
                return
            person.spell += 1
            person.pathway, person.served_at = pathway, own
            state.in_places[own] += 1
            state.accounts.stays += path.cost_per_stay
            state.clock.call(person)


def weight(session_hours: float, staff: Staff) -> int:
    """Slots that a session takes: as many as its hours are slots' lengths, rounded up."""
    return worktime.slots_of(session_hours, staff.session_hours)

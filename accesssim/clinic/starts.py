"""Starts from the lists: who takes a free slot, a free seat in a group, a free place."""

from typing import TYPE_CHECKING

from accesssim.clinic.group import Group
from accesssim.clinic.person import Person
from accesssim.clinic.rules import worktime
from accesssim.clinic.staff import Staff
from accesssim.clinic.therapist import Therapist
from accesssim.clinic.waiting_list import WaitingList
from accesssim.world.journal import codes

if TYPE_CHECKING:
    from accesssim.clinic.service import Service


class Starts:
    """The starts of one run."""

    def __init__(self, service: "Service") -> None:
        self.service = service
        self.stays_cost = 0.0  # this week

    def of_today(self, day: int) -> None:
        """Whoever has a free slot takes the next: first those who lost their therapist, then of the lists served whoever is first. Then places."""
        service = self.service
        for staff in service.workforce.staff:
            if any(service.lists[number].length or service.transfers[number].length for number in staff.lists):
                if staff.gives_groups:
                    self._seats(staff, day)
                self._slots(staff, day)
        for number, path in enumerate(service.paths):
            if path.places is not None:
                for team, places in enumerate(service.teams.places[service.path_names[number]]):
                    self._places(team, number, places)

    # -- slots

    def _slots(self, staff: Staff, day: int) -> None:
        service = self.service
        lists, transfers = (
            [service.lists[number] for number in staff.lists],
            [service.transfers[number] for number in staff.lists],
        )
        for therapist in service.workforce.openings(staff.number):
            if staff.gives_groups:
                lists, transfers = self._that_fit(staff, therapist)
            if (person := self._first(transfers)) is not None:
                therapist.transfers += 1
            elif (person := self._first(lists)) is not None:
                staff.starts_this_week += 1
            elif staff.gives_groups:
                continue  # the next therapist may have room for a whole group
            else:
                break
            path = service.paths[person.pathway]
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
        person.waits_on = person.place = None
        person.spell += 1
        notice = self.service.paths[person.pathway].first_session_days
        if group is None:
            therapist.take(person, day, notice)
        else:
            therapist.seat(person, group, day + notice)
        self.service.clock.call(person)

    # -- groups

    def _that_fit(
        self, staff: Staff, therapist: Therapist
    ) -> tuple[list[WaitingList[Person]], list[WaitingList[Person]]]:
        """Lists, and lists of those who lost their therapist, from which this therapist has room to take: a group needs its people and its slots."""
        service, free = self.service, therapist.slots - therapist.caseload
        waiting: dict[int, int] = {}
        ways = len(service.paths)
        for number in staff.lists:
            waiting[codes.pathway_of_list(number, ways)] = (
                waiting.get(codes.pathway_of_list(number, ways), 0) + service.lists[number].length
            )
        room = [
            number
            for number in staff.lists
            if weight(service.paths[codes.pathway_of_list(number, ways)].session_hours, staff) <= free
            or service.paths[codes.pathway_of_list(number, ways)].seats == 1
        ]
        enough = [
            number
            for number in room
            if waiting[codes.pathway_of_list(number, ways)]
            >= service.paths[codes.pathway_of_list(number, ways)].people_to_begin
        ]
        return [service.lists[number] for number in enough], [service.transfers[number] for number in room]

    def _seats(self, staff: Staff, day: int) -> None:
        """Free seats in groups that go on."""
        for therapist in self.service.workforce.therapists:
            if therapist.staff == staff.number and not therapist.absent and therapist.leaves_on is None:
                for group in therapist.groups:
                    self._fill(staff, therapist, group, day, newcomers=group.takes_newcomers)

    def _fill(self, staff: Staff, therapist: Therapist, group: Group, day: int, *, newcomers: bool) -> None:
        """Seats go first to those who lost their therapist, then, where newcomers may join, to whoever is first on the group's lists."""
        service = self.service
        numbers = [
            number for number in staff.lists if codes.pathway_of_list(number, len(service.paths)) == group.pathway
        ]
        while group.free > 0:
            if (person := self._first([service.transfers[number] for number in numbers])) is not None:
                therapist.transfers += 1
            elif newcomers and (person := self._first([service.lists[number] for number in numbers])) is not None:
                staff.starts_this_week += 1
            else:
                return
            self._take_on(person, therapist, group, day)

    # -- places

    def _places(self, team: int, pathway: int, places: int) -> None:
        """A team's free places go to whoever is first on the lists that it serves; if nobody is, on those of the pathways that these places also take from."""
        service, path = self.service, self.service.paths[pathway]
        own = codes.list_of(team, pathway, len(service.paths))
        if service.in_places[own] >= places:
            return
        others = [service.path_names.index(name) for name in path.takes_from]
        lists, further = (
            [service.lists[number] for number in service.teams.lists_of(team, some)] for some in ([pathway], others)
        )
        while service.in_places[own] < places:
            person = self._first(lists) or self._first(further)
            if person is None:
                return
            person.waits_on = person.place = None
            person.spell += 1
            person.pathway, person.served_at = pathway, own
            service.in_places[own] += 1
            self.stays_cost += path.cost_per_stay
            service.clock.call(person)

    # -- who is next

    def _first(self, lists: list[WaitingList[Person]]) -> Person | None:
        """Take whoever is first on any of some lists: the best rank, then who has waited longest, then the lowest number."""
        day = self.service.clock.day
        best: tuple[float, int, int] | None = None
        found: Person | None = None
        for waiting in lists:
            head = waiting.first(day) if waiting.length else None
            if head is not None:
                rank, place = head
                assert place.person is not None
                order = rank, place.joined, place.person.number
                if best is None or order < best:
                    best, found = order, place.person
        if found is not None:
            assert found.waits_on is not None
            assert found.place is not None
            found.waits_on.leave(found.place)
        return found


def weight(session_hours: float, staff: Staff) -> int:
    """Slots that a session takes: as many as its hours are slots' lengths, rounded up."""
    return worktime.slots_of(session_hours, staff.session_hours)

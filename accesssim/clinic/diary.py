"""The diary of assessments, booked ahead."""

import math


class Diary:
    """Assessments booked ahead, by working day, with places kept for urgent referrals.

    Places of a day follow from the places a day that its week affords, accumulated so that the mean is kept: a rate of 2.5 gives
    2, 3, 2, 3. `rate` is set for each week ahead as leave and vacancies become known; a day already booked fuller keeps its bookings.
    """

    def __init__(self, horizon_days: int) -> None:
        self.horizon = horizon_days
        self._rates: dict[int, float] = {}
        self._reserve = 0.0
        self._released_days: int | None = None
        self._known: dict[int, tuple[int, int]] = {}
        self._booked: dict[int, list[int]] = {}  # day -> [urgent, routine]
        self._first_open = [0, 0]

    def set_rate(self, week: int, places_a_day: float, urgent_share: float, released_days: int | None = None) -> None:
        """Say how many assessments a working day of that week affords; what is kept is released so many days before, or never."""
        self._rates[week] = places_a_day
        self._reserve, self._released_days = urgent_share, released_days
        self._known.clear()
        self._first_open = [0, 0]

    def places(self, day: int) -> tuple[int, int]:
        """Places of a day: kept for urgent referrals, and in all."""
        places = self._known.get(day)
        if places is None:
            places = self._known[day] = self._count(day)
        return places

    def _count(self, day: int) -> tuple[int, int]:
        week, weekday = divmod(day, 7)
        if weekday >= 5:
            return 0, 0
        rate = self._rates.get(week, 0.0)
        nth = week * 5 + weekday
        total = math.floor(rate * (nth + 1)) - math.floor(rate * nth)
        kept = rate * self._reserve
        return min(total, math.floor(kept * (nth + 1)) - math.floor(kept * nth)), total

    def first_free(self, today: int, notice_days: int, urgent: bool) -> int | None:
        """Day of the first place open to this class, not before the notice is over; None where the open diary is full."""
        kind = 0 if urgent else 1
        day = max(today + notice_days, self._first_open[kind])
        last = today + max(self.horizon, notice_days)
        while day <= last:
            kept, total = self.places(day)
            booked = self._booked.get(day)
            taken_urgent, taken_routine = booked if booked is not None else (0, 0)
            room = total - taken_urgent - taken_routine
            if not urgent and (self._released_days is None or day - today > self._released_days):
                room -= max(kept - taken_urgent, 0)  # routine referrals leave what is kept and not yet used
            if room > 0:
                if day > today + notice_days:
                    self._first_open[kind] = max(
                        self._first_open[kind], day
                    )  # all earlier days are full for this class
                return day
            day += 1
        return None

    def take(self, day: int, urgent: bool) -> None:
        """Take a free place."""
        self._booked.setdefault(day, [0, 0])[0 if urgent else 1] += 1

    def release(self, day: int, urgent: bool) -> None:
        """Give a place back."""
        self._booked[day][0 if urgent else 1] -= 1
        self._first_open = [min(first, day) for first in self._first_open]

    def close(self, day: int) -> None:
        """Forget a day that is over."""
        self._booked.pop(day, None)
        if self._released_days is not None:
            self._first_open[1] = min(self._first_open[1], day + 1)  # what is released tomorrow may lie before
        if day % 7 == 6:
            self._rates.pop(day // 7, None)

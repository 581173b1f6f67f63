"""When an event takes place: its sessions, and each time that a session comes round.

Plain Python over the dictionary that `package_show` gives. Times are those of the wall clock at the
place of the session, so a weekly session keeps its hour when clocks there are changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

#: What a session may repeat by.
REPEATS: dict[str, Any] = {"daily": DAILY, "weekly": WEEKLY, "monthly": MONTHLY}

#: How often a session may come round: a year of days.
MOST = 366

#: The session of an event that lists none.
MAIN = "main"

_HOUR = timedelta(hours=1)  # how long a session takes that does not say so
_INHERITED = ("time_zone", "online_url", "language", "capacity", "lat", "lon")


@dataclass(frozen=True)
class Session:
    """A session; `start` and `end` are of its first time, with their zone.

    `until` is the last day, where it repeats; on the days `skipped` it does not take place.
    `title` and `venue` are `{"en": …, "th": …}` or a text, `capacity` None for no limit.
    """

    id: str
    title: Mapping[str, str] | str
    start: datetime
    end: datetime
    time_zone: str
    repeats: str | None
    until: date | None
    skipped: tuple[date, ...]
    venue: Mapping[str, str] | str
    online_url: str
    languages: tuple[str, ...]
    capacity: int | None
    point: tuple[float, float] | None

    def times(self) -> list[tuple[datetime, datetime]]:
        """Return start and end of every time that it takes place, the first one first."""
        zone, length = ZoneInfo(self.time_zone), _wall(self.end) - _wall(self.start)
        starts = [start for start in self._starts() if start.date() not in self.skipped]
        return [(_at(start, zone), _at(start + length, zone)) for start in starts]

    def _starts(self) -> Sequence[datetime]:
        first = _wall(self.start)
        if not self.repeats or not self.until:
            return [first]
        last = datetime.combine(self.until, time.max)
        times = rrule(REPEATS[self.repeats], dtstart=first, until=last, count=None)
        return list(islice(times, MOST))


def sessions(event: Mapping[str, Any]) -> list[Session]:
    """Return the sessions of an event; one without a list of them is itself its only session."""
    given = event.get("sessions") or []
    rows = [{**_event_itself(event), **_said(row)} for row in given]
    if not rows and event.get("starts"):
        own = {"id": MAIN, "title": "", "starts": event["starts"], "ends": event.get("ends")}
        rows = [{**_event_itself(event), **own}]
    return sorted(map(_session, rows), key=lambda session: session.start)


def span(event: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    """Return when an event begins and when all of it is over; None where it has no time."""
    times = [time_ for session in sessions(event) for time_ in session.times()]
    return (min(start for start, _ in times), max(end for _, end in times)) if times else None


def occurrences(
    event: Mapping[str, Any], start: datetime, end: datetime
) -> Iterator[tuple[Session, datetime, datetime]]:
    """Yield session, start and end of what takes place between two moments."""
    for session in sessions(event):
        for begins, ends in session.times():
            if begins < end and ends > start:
                yield session, begins, ends


def _event_itself(event: Mapping[str, Any]) -> dict[str, Any]:
    inherited = {name: event.get(name) for name in _INHERITED}
    return {**inherited, "venue": event.get("venue_translated") or ""}


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [], {})}


def _session(row: Mapping[str, Any]) -> Session:
    zone = ZoneInfo(row.get("time_zone") or "Asia/Bangkok")
    start = _at(datetime.fromisoformat(row["starts"]), zone)
    ends = row.get("ends")
    point = (row.get("lat"), row.get("lon"))
    capacity = row.get("capacity")
    return Session(
        id=row["id"],
        title=row.get("title") or "",
        start=start,
        end=_at(datetime.fromisoformat(ends), zone) if ends else start + _HOUR,
        time_zone=zone.key,
        repeats=row.get("repeats") or None,
        until=date.fromisoformat(row["until"]) if row.get("until") else None,
        skipped=tuple(map(date.fromisoformat, _texts(row.get("skipped")))),
        venue=row.get("venue") or "",
        online_url=row.get("online_url") or "",
        languages=tuple(_texts(row.get("language"))),
        capacity=None if capacity in (None, "") else int(capacity),
        point=None if None in point else (float(point[0]), float(point[1])),  # pyright: ignore[reportArgumentType]
    )


def _texts(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else str(value or "").split(",")
    return [part.strip() for part in parts if part.strip()]


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _at(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone)

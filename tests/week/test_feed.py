"""Calendar feeds, read back by a library that calendar programs use, too."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

UTC = timezone.utc
LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")

EVIL = "A, b; c\\n\r\nEND:VEVENT\r\nBEGIN:VALARM\x07<script>alert(1)</script>"


def feed(app, query: str = "", language: str = "") -> Calendar:
    response = app.get(f"{language}/week.ics{query}")
    assert response.content_type == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.get_data())


def starts(component) -> list[datetime]:
    """Return every start of an event in UTC, worked out from its rule and its exceptions."""
    first = component["DTSTART"].dt
    if "RRULE" not in component:
        return [first.astimezone(UTC)]
    rule = rrulestr(component["RRULE"].to_ical().decode(), dtstart=first)
    skipped = component.get("EXDATE", [])
    skipped = skipped if isinstance(skipped, list) else [skipped]
    gone = {day.dt for dates in skipped for day in dates.dts}
    return [start.astimezone(UTC) for start in rule if start not in gone]


def weekly(**fields):
    return {
        "title": "With a partner",
        "starts": "2026-10-20T09:00",
        "ends": "2026-10-20T10:30",
        "time_zone": "Europe/London",
        "repeats": "weekly",
        "until": "2026-11-10",
        **fields,
    }


def test_a_weekly_session_keeps_its_hour_when_the_clocks_change(app, people):
    people.share("event", sessions=[weekly(skipped=["2026-11-03"])])
    (event,) = feed(app).walk("VEVENT")
    assert event["DTSTART"].dt == datetime(2026, 10, 20, 9, tzinfo=LONDON)
    assert starts(event) == [
        datetime(2026, 10, 20, 8, tzinfo=UTC),  # summer time
        datetime(2026, 10, 27, 9, tzinfo=UTC),
        datetime(2026, 11, 10, 9, tzinfo=UTC),
    ]
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)


def test_the_feed_carries_the_rules_of_its_time_zones(app, people):
    people.share("event", sessions=[weekly(), weekly(time_zone="America/New_York")])
    calendar = feed(app)
    zones = {str(zone["TZID"]): zone.to_tz() for zone in calendar.walk("VTIMEZONE")}
    assert zones.keys() == {"Europe/London", "America/New_York"}
    for name, own in zones.items():  # what a program knows that knows no IANA zones
        for month in (10, 11):
            moment = datetime(2026, month, 20, 9, tzinfo=ZoneInfo(name))
            assert moment.replace(tzinfo=own).utcoffset() == moment.utcoffset()


def test_the_page_shows_the_same_times_here(app, people):
    people.share("event", sessions=[weekly()])
    body = app.get("/week?month=2026-10").body
    assert "09:00–10:30" in body
    assert "15:00 here" in body  # 20 October, London in summer time
    assert "16:00 here" in body  # 27 October


def test_a_plain_event_is_one_session_in_its_own_zone(app, people):
    people.share("event", starts="2569-11-25T09:00", ends="2026-11-25T17:00")
    (event,) = feed(app).walk("VEVENT")
    assert event["DTSTART"].dt == datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("Asia/Bangkok"))
    assert event["DTEND"].dt.astimezone(UTC) == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert event["STATUS"] == "CONFIRMED"


def test_uids_stay_and_sequence_grows_with_a_change(app, people):
    made = people.share("event", sessions=[weekly(), weekly(title="Second")])
    before = {e["UID"]: int(e["SEQUENCE"]) for e in feed(app).walk("VEVENT")}
    assert len(before) == 2
    people.act("phayao_editor", "package_patch", id=made["id"], event_status="cancelled")
    after = {e["UID"]: e for e in feed(app).walk("VEVENT")}
    assert after.keys() == before.keys()
    for uid, event in after.items():
        assert int(event["SEQUENCE"]) >= before[uid]
        assert event["STATUS"] == "CANCELLED"
        assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt
    assert "Cancelled" in app.get("/week?month=2026-10").body


def test_one_subscribes_to_a_city_a_focal_area_or_an_event(app, people):
    people.share("event", name="in-phayao", theme=["2.6"])
    people.share("event", name="in-rayong", user="rayong_editor", theme=["1.1"])

    def titles(query: str) -> set[str]:
        return {str(e["URL"]).rsplit("/", 1)[-1] for e in feed(app, query).walk("VEVENT")}

    assert titles("") == {"in-phayao", "in-rayong"}
    assert titles("?area=TH-56") == {"in-phayao"}  # the town lies in the province
    assert titles("?area=TH-56-M5601,TH-21") == {"in-phayao", "in-rayong"}
    assert titles("?theme=1.1") == {"in-rayong"}
    assert titles("?event=in-rayong") == {"in-rayong"}
    assert titles("?organization=phayao-office") == {"in-phayao"}


@pytest.mark.parametrize(("query", "status"), [("?area=TH-99", 400), ("?event=nothing", 404)])
def test_what_there_is_not_is_refused(app, people, query, status):
    app.get(f"/week.ics{query}", status=status)


def test_a_private_event_is_in_nobody_elses_feed(app, people):
    people.share("event", name="draft", private=True)
    assert not feed(app).walk("VEVENT")
    app.get("/week.ics?event=draft", status=403)


def test_nothing_that_was_typed_becomes_a_property(app, people):
    made = people.share(
        "event",
        title_translated={"en": EVIL},
        notes_translated={"en": EVIL},
        venue_translated={"en": EVIL},
        sessions=[weekly(title=EVIL.replace("\r\n", " "), venue="a;b,c\\")],
    )
    calendar = feed(app, f"?event={made['name']}")
    (event,) = calendar.walk("VEVENT")
    assert not calendar.walk("VALARM")
    assert "END:VEVENT" in event["DESCRIPTION"]  # it is there, as text
    assert "\x07" not in event["DESCRIPTION"]
    assert event["LOCATION"] == "a;b,c\\"


def test_a_feed_speaks_the_language_of_its_address(app, people):
    people.share("event", title_translated={"en": "Reading night", "th": "คืนแห่งการอ่าน"})
    assert feed(app, language="/th").walk("VEVENT")[0]["SUMMARY"] == "คืนแห่งการอ่าน"
    assert feed(app, language="/en").walk("VEVENT")[0]["SUMMARY"] == "Reading night"


def test_an_unchanged_feed_is_not_sent_again(app, people):
    people.share("event")
    tag = app.get("/week.ics").headers["ETag"]
    assert app.get("/week.ics", headers={"If-None-Match": tag}, status=304).get_data() == b""

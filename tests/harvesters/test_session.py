"""The session: bounded, polite, patient."""

from __future__ import annotations

import logging

import pytest
from agencies.server import Reply, compressed, gzip_bomb, redirect

from ckanext.learningcity.harvesters.errors import (
    Blocked,
    Changed,
    Refused,
    Truncated,
    Unavailable,
)


def test_a_mark_of_the_present_state_is_asked_without_the_body(make_session, server):
    server.add("/tag", Reply(b"x", headers={"ETag": '"1"', "Last-Modified": "yesterday"}))
    server.add("/date", Reply(b"x", headers={"Last-Modified": "yesterday"}))
    server.add("/none", Reply(b"x"))
    server.add("/no-head", Reply(status=405))
    server.add("/busy", Reply(status=503), Reply(headers={"ETag": '"2"'}))
    server.add("/loopback", redirect("http://127.0.0.1:1/"))
    session = make_session(server.host)
    marks = [session.mark(server.url + f"/{path}") for path in ("tag", "date", "none", "no-head")]
    assert marks == ['"1"', "yesterday", None, None]
    assert session.mark(server.url + "/busy") == '"2"'
    assert {request.method for request in server.requests} == {"HEAD"}
    with pytest.raises(Blocked):
        session.mark(server.url + "/loopback")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_passing_trouble_is_tried_again(make_session, server, status, clock):
    server.add("/", Reply(status=status), Reply(b"[1]"))
    assert make_session(server.host).get(server.url + "/").json() == [1]
    assert len(clock.slept) == 1
    assert 0 < clock.slept[0] <= 1


def test_tries_are_bounded_and_spread(make_session, server, clock):
    server.add("/", Reply(status=503))
    with pytest.raises(Unavailable) as caught:
        make_session(server.host).get(server.url + "/")
    assert caught.value.status == 503
    assert len(server.requests) == 4
    assert clock.slept == sorted(clock.slept)
    assert len(set(clock.slept)) == 3


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [("7", 7), ("Sun, 01 Feb 2026 12:00:09 GMT", 9), ("Sun, 01 Feb 2026 11:00:00 GMT", 0)],
)
def test_retry_after_is_obeyed(make_session, server, clock, retry_after, pause):
    server.add("/", Reply(status=429, headers={"Retry-After": retry_after}), Reply(b"[1]"))
    make_session(server.host).get(server.url + "/")
    assert pause <= clock.slept[0] <= max(pause, 1)


@pytest.mark.parametrize("retry_after", ["soon", "-5", "9" * 400, "Sun, 99 Feb 2026 12:00:09 GMT"])
def test_a_senseless_retry_after_is_ignored(make_session, server, clock, retry_after):
    server.add("/", Reply(status=503, headers={"Retry-After": retry_after}), Reply(b"[1]"))
    assert make_session(server.host).get(server.url + "/").json() == [1]
    assert clock.slept[0] <= 1


def test_a_server_that_asks_for_an_hour_gets_it(make_session, server, clock):
    server.add("/", Reply(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(Unavailable) as caught:
        make_session(server.host).get(server.url + "/")
    assert caught.value.retry_after == 3600
    assert clock.slept == []
    assert len(server.requests) == 1


def test_an_error_status_is_refused_unless_it_is_an_answer(make_session, server):
    server.add("/", Reply(b"NoRecordsFound", 404, "text/plain"))
    session = make_session(server.host)
    with pytest.raises(Refused) as caught:
        session.get(server.url + "/")
    assert caught.value.status == 404
    answer = session.get(server.url + "/", accept=(404,))
    assert (answer.status, answer.text()) == (404, "NoRecordsFound")


@pytest.mark.parametrize("fault", ["reset", "short"])
def test_a_broken_body_is_tried_again_and_then_reported(make_session, server, fault):
    broken = Reply(b"[" + b"1," * 500 + b"1]", fault=fault)
    server.add("/once", broken, Reply(b"[1]"))
    server.add("/always", broken)
    session = make_session(server.host)
    assert session.get(server.url + "/once").json() == [1]
    with pytest.raises(Truncated):
        session.get(server.url + "/always")


def test_a_body_cut_inside_its_compression_is_truncated(make_session, server):
    whole = compressed(Reply(b"[" + b"1," * 500 + b"1]"))
    server.add("/", Reply(whole.body[:-12], headers=whole.headers))
    with pytest.raises(Truncated):
        make_session(server.host).get(server.url + "/")


def test_a_dripping_body_ends_at_the_deadline(make_session, server):
    seconds = iter(range(1000))
    server.add("/", Reply(fault="drip"))
    session = make_session(server.host, clock=lambda: next(seconds), limits={"body": 5, "tries": 1})
    with pytest.raises(Unavailable, match="5 seconds"):
        session.get(server.url + "/")


def test_size_is_bounded_announced_streamed_and_decompressed(make_session, server):
    server.add("/large", Reply(b"0" * 2_000_000))
    server.add("/drip", Reply(fault="drip"))
    server.add("/bomb", gzip_bomb(8))
    session = make_session(server.host, limits={"max_bytes": 1_000_000})
    small = make_session(server.host, limits={"max_bytes": 10})
    assert len(gzip_bomb(8).body) < 1_000_000
    for path in ("/large", "/bomb"):
        with pytest.raises(Refused, match="larger"):
            session.get(server.url + path)
    with pytest.raises(Refused, match="larger"):
        small.get(server.url + "/drip")


def test_compression_is_undone_and_unknown_or_damaged_compression_reported(make_session, server):
    server.add("/gzip", compressed(Reply(b"[1]")))
    server.add("/unknown", Reply(b"x", headers={"Content-Encoding": "zstd"}))
    server.add("/damaged", Reply(b"[1]", headers={"Content-Encoding": "gzip"}))
    twice = compressed(Reply(b"[1]"))
    server.add("/twice", Reply(twice.body * 2, headers=twice.headers))
    session = make_session(server.host)
    assert session.get(server.url + "/gzip").json() == [1]
    for path in ("/unknown", "/damaged", "/twice"):
        with pytest.raises(Changed, match="compression"):
            session.get(server.url + path)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("พะเยา".encode(), "text/csv; charset=iso-8859-1"),
        ("พะเยา".encode(), "text/csv"),
        ("พะเยา".encode("utf-8-sig"), "text/csv; charset=utf-8"),
        ("พะเยา".encode("cp874"), "text/csv; charset=cp874"),
        ("พะเยา".encode("cp874"), 'text/csv; charset="TIS-620"'),
        ("พะเยา".encode(), "text/csv; charset=no-such-thing"),
    ],
)
def test_a_wrong_charset_does_not_garble_thai(make_session, server, body, content_type):
    server.add("/", Reply(body, content_type=content_type))
    assert make_session(server.host).get(server.url + "/").text() == "พะเยา"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"",
        b"[1,",
        b"NaN",
        b"\xb7\xff\xfe",
        b"[" * 100_000,
        b"1" * 5000,
    ],
)
def test_what_is_not_json_is_a_changed_format(make_session, server, body):
    server.add("/", Reply(body))
    answer = make_session(server.host).get(server.url + "/")
    with pytest.raises(Changed):
        answer.json()


def test_requests_to_one_host_keep_their_distance(make_session, server, clock):
    server.add("/", Reply(b"{}"))
    session = make_session(server.host, limits={"interval": 2})
    for _ in range(3):
        session.get(server.url + "/")
    assert clock.slept == [2, 2]


def test_the_user_agent_says_who_asks(make_session, server):
    server.add("/", Reply(b"{}"))
    make_session(server.host).get(server.url + "/")
    agent = server.requests[0].headers["User-Agent"]
    assert agent.startswith("ckanext-learningcity/")
    assert "data@example.org" in agent


def test_no_secret_reaches_answers_errors_or_logs(make_session, server, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    # CKAN's logging configuration, loaded for other rooms' tests, silences what it does not name.
    monkeypatch.setattr(logging.getLogger("urllib3.connectionpool"), "disabled", False)
    server.add("/ok", Reply(b"{}"))
    server.add("/bad", Reply(status=400))
    server.add("/hop", redirect("/bad?token=s3cret"))
    session = make_session(server.host, limits={"tries": 1})
    answer = session.get(server.url + "/ok", params={"api-key": "s3cret", "indicator": "LR.1"})
    assert answer.url.endswith("/ok?api-key=***&indicator=LR.1")
    said = [answer.url]
    for url in ("/bad?api_key=s3cret", "/hop?subscription-key=s3cret"):
        with pytest.raises(Refused) as caught:
            session.get(server.url + url)
        said.append(f"{caught.value} {caught.value.url}")
    with pytest.raises(Unavailable) as caught:
        make_session("127.0.0.1:1", limits={"tries": 1}).get("http://127.0.0.1:1/?key=s3cret")
    said.append(f"{caught.value} {caught.value.url}")
    assert caught.value.__suppress_context__
    assert "/ok?api-key" in caplog.text
    assert "s3cret" not in caplog.text + "".join(said)


def test_proxies_of_the_environment_are_ignored_unless_asked_for(
    make_session, server, worldbank, monkeypatch
):
    monkeypatch.setenv("http_proxy", worldbank.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.add("/", Reply(b"{}"))
    make_session(server.host).get(server.url + "/")
    assert (len(server.requests), len(worldbank.requests)) == (1, 0)
    make_session(environment_proxy=True).get("http://agency.example/v2/")
    assert worldbank.requests[0].path.endswith("/v2/")

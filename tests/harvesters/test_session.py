"""The session: bounded, polite, and blind to private networks."""

from __future__ import annotations

import logging

import pytest
from agencies.server import Reply, compressed, gzip_bomb, redirect

from ckanext.learningcity.harvesters.addresses import Keys
from ckanext.learningcity.harvesters.errors import (
    Blocked,
    Changed,
    Refused,
    SourceError,
    Truncated,
    Unavailable,
)
from ckanext.learningcity.harvesters.guard import is_public

PRIVATE = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "2001:0:7f00:1::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "not an address",
)
PUBLIC = ("8.8.8.8", "203.150.0.1", "2001:4860:4860::8888", "64:ff9b::808:808", "::ffff:8.8.8.8")

#: Spellings of loopback and other private hosts that need no name server.
SPELLINGS = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://127.1/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0x7f000001/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://①②⑦.⓪.⓪.①/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "https://192.168.0.1/",
    "http://example.org\\@127.0.0.1/",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are(address):
    assert is_public(address)


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_a_private_address_is_asked(make_session, clock, url):
    with pytest.raises(SourceError) as caught:
        make_session().get(url)
    assert isinstance(caught.value, Refused)
    assert clock.slept == [], "a refusal is not tried again"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "http:///path",
        "//example.org/",
        "example.org",
        "",
        "http://",
        "http://example.org:99999999/",
        "http://[::1/",
        "http://user:secret@example.org/",
    ],
)
def test_other_schemes_and_broken_addresses_are_refused(make_session, url):
    with pytest.raises(Refused) as caught:
        make_session().get(url)
    assert "secret" not in str(caught.value)


def test_an_allowed_name_is_asked_and_no_other_port_of_it(make_session, server):
    server.add("/", Reply(b"{}"))
    assert make_session(server.host).get(server.url + "/").json() == {}
    with pytest.raises(Blocked):
        make_session("127.0.0.1:1").get(server.url + "/")
    assert len(server.requests) == 1


def resolver(*answers: list[str]):
    """Play a name server that gives `answers` in turn; the last one is repeated."""
    left = list(answers)
    return lambda _host, _port: left.pop(0) if len(left) > 1 else left[0]


def test_a_name_that_answers_differently_the_second_time_gains_nothing(make_session, monkeypatch):
    """The address that was judged is the one connected to; the name is not looked up again."""
    connected = []

    def refuse(address, *_):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("ckanext.learningcity.harvesters.guard.create_connection", refuse)
    rebinding = resolver(["8.8.8.8"], ["127.0.0.1"])
    session = make_session(resolver=rebinding, limits={"tries": 1})
    with pytest.raises(Unavailable):
        session.get("http://rebind.example/")
    with pytest.raises(Blocked):
        session.get("http://rebind.example/")
    assert connected == [("8.8.8.8", 80)]


def test_one_private_address_among_public_ones_blocks_the_name(make_session):
    session = make_session(resolver=resolver(["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(Blocked):
        session.get("http://mixed.example/")


def test_a_second_address_is_tried_where_the_first_does_not_answer(make_session, server):
    server.add("/", Reply(b"{}"))
    port = server.host.split(":")[1]
    session = make_session("agency.example", resolver=resolver(["::1", "127.0.0.1"]))
    assert session.get(f"http://agency.example:{port}/").json() == {}


def test_the_host_header_keeps_the_name_of_a_pinned_address(make_session, server):
    server.add("/", Reply(b"{}"))
    port = server.host.split(":")[1]
    session = make_session("agency.example", resolver=resolver(["127.0.0.1"]))
    session.get(f"http://agency.example:{port}/")
    assert server.requests[0].headers["Host"] == f"agency.example:{port}"


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:1/", "http://[::1]/", "http://2130706433/", "//localhost:1/", "file:///x"],
)
def test_a_redirect_is_judged_like_an_address(make_session, server, target):
    server.add("/", redirect(target))
    with pytest.raises(Blocked):
        make_session(server.host).get(server.url + "/")


def test_a_redirect_to_nonsense_is_refused(make_session, server):
    server.add("/", redirect("http://[::1"))
    with pytest.raises(Refused):
        make_session(server.host).get(server.url + "/")


def test_redirects_are_followed_and_counted(make_session, server):
    server.add("/a", redirect("/b?x=1"))
    server.add("/b", Reply(b"[1]"))
    server.add("/loop", redirect("/loop"))
    session = make_session(server.host)
    assert session.get(server.url + "/a", params={"y": 2}).json() == [1]
    assert server.requests[-1].query == {"x": "1"}
    with pytest.raises(Refused, match="redirects"):
        session.get(server.url + "/loop")


def test_a_secret_header_does_not_follow_to_another_origin(make_session, server, worldbank):
    server.add("/same", redirect("/end"))
    server.add("/end", Reply(b"[]"))
    server.add("/other", redirect(worldbank.url + "/v2/indicator/X"))
    session = make_session(server.host, worldbank.host)
    session.get(server.url + "/same", headers={"api-key": "s3cret"})
    assert server.requests[-1].headers["api-key"] == "s3cret"
    session.get(server.url + "/other", headers={"api-key": "s3cret"})
    assert "api-key" not in worldbank.requests[-1].headers


def test_a_key_goes_to_its_host_only_and_is_cut_from_what_it_says(make_session, server, worldbank):
    server.add("/", Reply(b'{"message": "no such key: s3cret"}'))
    server.add("/other", redirect(worldbank.url + "/v2/indicator/X"))
    keys = {server.host: {"api-key": "s3cret"}}
    session = make_session(server.host, worldbank.host, keys=keys)
    assert session.get(server.url + "/").json() == {"message": "no such key: ***"}
    assert server.requests[-1].headers["api-key"] == "s3cret"
    session.get(server.url + "/other")
    assert "api-key" not in worldbank.requests[-1].headers


def test_a_key_is_not_sent_in_clear_to_a_public_host():
    keys = Keys({"api.example.org": {"api-key": "s3cret"}})
    assert keys.of("https://api.example.org/x") == {"api-key": "s3cret"}
    assert keys.of("http://api.example.org/x") == {}
    assert keys.of("https://api.example.org.evil.example/x") == {}


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

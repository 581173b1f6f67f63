"""Where the session goes and what it takes along: no private network, no key to a stranger."""

from __future__ import annotations

import pytest
from agencies.server import Reply, redirect

from ckanext.learningcity.harvesters.addresses import Keys
from ckanext.learningcity.harvesters.errors import (
    Blocked,
    Refused,
    SourceError,
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

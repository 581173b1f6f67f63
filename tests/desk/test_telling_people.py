"""The activity stream and the mail, sent to a real server on this machine."""

from __future__ import annotations

import email
import socketserver
import threading
from email.header import decode_header, make_header
from email.message import Message

import pytest
from ckan import model
from ckan.tests import factories, helpers
from desk.people import FIRST, SECOND, work


class _Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(email.message_from_bytes(b"".join(lines)))
            if word == b"RCPT" and b"broken" in line:
                self.wfile.write(b"550 no such mailbox\r\n")
                continue
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def mails(ckan_config, monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.mails = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = "{}:{}".format(*server.server_address)
        monkeypatch.setitem(ckan_config, "smtp.server", address)
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@example.org")
        monkeypatch.setitem(ckan_config, "ckanext.learningcity.mail", True)
        yield server.mails
        server.shutdown()


def subject(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def body(mail: Message) -> str:
    return mail.get_payload(decode=True).decode()


def receivers(mails: list[Message]) -> set[str]:
    return {mail["To"].split("<")[-1].rstrip(">") for mail in mails}


def address(user: str) -> str:
    return model.User.get(user).email


def follow(user: str, kind: str, thing: str) -> None:
    context = {"user": user, "ignore_auth": True}
    helpers.call_action(f"follow_{kind}", context, id=thing)


def stream(city) -> list[str]:
    found = helpers.call_action("package_activity_list", id=city.dataset)
    return [each["activity_type"] for each in found if each["activity_type"].startswith("learn")]


def test_the_stream_has_what_the_public_sees_and_nothing_else(city, app):
    city.choose(workflow_approve="other_editor")
    made = city.submit()
    city.act("approve", city.colleague, id=made["id"])
    assert stream(city) == []
    city.act("publish", id=made["id"])
    work()
    assert stream(city) == ["learningcity published"]
    page = app.get(f"/en/dataset/activity/{city.dataset}").body
    assert "published release 1 of" in page
    app.get(f"/en/dataset/activity/{city.dataset}?activity_type=learningcity+published", status=200)


def test_followers_are_told_once_in_both_languages_and_the_publisher_is_not(city, mails):
    reader, both, bystander = (factories.User()["name"] for _ in range(3))
    follow(reader, "dataset", city.dataset)
    follow(both, "dataset", city.dataset)
    follow(both, "group", city.id)
    follow(city.editor, "dataset", city.dataset)
    city.publish(FIRST)
    work()
    assert receivers(mails) == {address(reader), address(both)}
    assert len(mails) == 2
    assert "ข้อมูลใหม่" in subject(mails[0])
    assert "New data" in subject(mails[0])
    assert f"/dataset/{city.dataset}" in body(mails[0])
    assert "ฉบับที่ 1" in body(mails[0])
    assert address(bystander) not in receivers(mails)


def test_nobody_is_told_of_what_they_may_not_read(city, mails):
    stranger = factories.User()["name"]
    follow(stranger, "dataset", city.dataset)
    helpers.call_action("package_patch", {"user": city.admin}, id=city.dataset, private=True)
    city.publish(FIRST)
    work()
    assert mails == []


def test_approvers_and_authors_are_told(city, mails):
    city.choose(workflow_approve="other_editor")
    made = city.submit()
    work()
    assert receivers(mails) == {address(city.colleague), address(city.admin)}
    assert f"/submission/{made['id']}" in body(mails[0])
    mails.clear()
    city.act("return", city.colleague, id=made["id"], reason="ปี 2567 หายไป")
    work()
    assert receivers(mails) == {address(city.editor)}
    assert "ปี 2567 หายไป" in body(mails[0])


def test_an_address_that_is_broken_keeps_nobody_from_the_mail(city, mails):
    broken, reader = factories.User(email="broken@example.org")["name"], factories.User()["name"]
    follow(broken, "dataset", city.dataset)
    follow(reader, "dataset", city.dataset)
    city.publish(FIRST)
    work()
    assert address(reader) in receivers(mails)
    assert city.act("list")["results"][0]["state"] == "published"


def test_a_title_with_a_line_break_adds_no_header(city, mails):
    helpers.call_action(
        "package_patch",
        {"user": city.admin},
        id=city.dataset,
        title_translated={"en": "a\nBcc: x@y.z"},
    )
    reader = factories.User()["name"]
    follow(reader, "dataset", city.dataset)
    city.publish(SECOND)
    work()
    assert mails[0]["Bcc"] is None


def test_without_the_option_no_mail_is_sent(city, mails, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.learningcity.mail", False)
    follow(factories.User()["name"], "dataset", city.dataset)
    city.publish(FIRST)
    work()
    assert mails == []

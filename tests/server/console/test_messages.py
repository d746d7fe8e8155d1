"""Messages to many from the console: sent once, listed, withdrawn, and never told to how many."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.message.models import Message
from tests.server.console.conftest import field_of, words


@pytest.fixture(params=["kohde-1", "vastuu-1"])
def sender(request, network):
    return network.browser(request.param)


def send(browser, text: str, **over: str):
    form = {"words": text, "message_id": field_of(browser.open("/messages"), "message_id")} | over
    return browser.submit("/messages", **form)


def test_a_message_is_sent_once_listed_and_withdrawn(network, sender) -> None:
    form = {"message_id": field_of(sender.open("/messages"), "message_id")}
    for _ in range(2):
        answer = sender.submit("/messages", words="Tule katsomaan <b>www.x.fi</b>", **form)
        assert answer.headers["location"] == "/console/messages?done=sent"
    page = sender.open("/messages")
    assert "Tule katsomaan &lt;b&gt;[linkki poistettu]&lt;/b&gt;" in page.text
    assert "Lähti alle viidelle kortinhaltijalle" in words(page)
    with network.sessions() as db:
        [message] = db.scalars(select(Message)).all()

    sender.submit(f"/messages/{message.id}/withdraw")
    assert "Peruttu 22.11.2026" in words(sender.open("/messages"))
    assert sender.submit(f"/messages/{message.id}/withdraw").status_code == 404
    with network.sessions() as db:
        acts = [entry.act for entry in db.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert acts == ["message_sent", "message_withdrawn"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("  ", "Kirjoita viesti."), ("x" * 1001, "Lyhennä se 1 000 merkkiin")],
)
def test_what_cannot_be_sent_stays_in_the_form(network, sender, text, says) -> None:
    answer = send(sender, text)
    assert answer.status_code == 422
    assert says in words(answer)
    assert text.strip() in answer.text
    with network.sessions() as db:
        assert db.scalar(select(Message.id)) is None


def test_the_third_message_of_a_week_waits(sender) -> None:
    for number in range(2):
        assert send(sender, f"Viesti {number}").status_code == 303
    refused = send(sender, "Kolmas")
    assert refused.status_code == 422
    assert "Kolmas" in refused.text
    assert "Odota, että vanhempi on viikon vanha" in words(refused)


def test_nobody_sees_or_withdraws_what_another_sent(network, sender) -> None:
    send(sender, "Salaisuus")
    with network.sessions() as db:
        message_id = db.scalars(select(Message.id)).one()
    for handle in ("kohde-2", "vastuu-2"):
        other = network.browser(handle)
        assert "Salaisuus" not in other.open("/messages").text
        assert other.submit(f"/messages/{message_id}/withdraw").status_code == 404
    with network.sessions() as db:
        assert db.get_one(Message, message_id).withdrawn_at is None

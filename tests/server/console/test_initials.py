"""Initials of who is at the desk: told at the sign-in or not, and then in the log."""

import pytest
from sqlalchemy import select

from server.access.models import ConsoleSession
from server.audit.models import AuditEntry
from tests.server.console.conftest import words


def logged(network) -> list[tuple[str, str | None]]:
    with network.sessions() as db:
        rows = db.execute(select(AuditEntry.act, AuditEntry.initials).order_by(AuditEntry.id))
        return [(act, initials) for act, initials in rows]


@pytest.mark.parametrize(("typed", "kept"), [("mk", "MK"), (" ä.ö. ", "ÄÖ"), ("abcd", "ABCD")])
def test_initials_that_are_told_stand_on_every_act_of_the_session(network, typed, kept) -> None:
    browser = network.browser()
    assert network.sign_in(browser, "jakaja-1", initials=typed).status_code == 303
    assert f"Sosiaaliasema 1 · {kept}" in words(browser.open("/cards"))
    assert logged(network) == [("signed_in", kept), ("cards_listed", kept)]
    assert f"jakaja-1 ({kept})" in words(network.browser("keskus").open("/audit"))


def test_a_location_that_tells_none_sees_no_difference(network) -> None:
    browser = network.browser()
    assert network.sign_in(browser, "jakaja-1").status_code == 303
    page = browser.open("/cards")
    assert "Sosiaaliasema 1 <" not in words(page)
    assert " · " not in words(page)
    assert logged(network) == [("signed_in", None), ("cards_listed", None)]
    assert "(" not in words(network.browser("keskus").open("/audit")).split("Käyttöloki")[-1]


@pytest.mark.parametrize("typed", ["m", "maija", "m1", "m k", "<b>", "010175"])
def test_what_is_more_than_initials_is_kept_by_nobody(network, typed) -> None:
    browser = network.browser()
    answer = network.sign_in(browser, "jakaja-1", initials=typed)
    assert answer.status_code == 422
    assert 'id="initials-error"' in answer.text
    with network.sessions() as db:
        assert db.scalars(select(ConsoleSession)).all() == []
    assert logged(network) == []
    # The six digits were not used up by it.
    assert network.sign_in(browser, "jakaja-1", initials="mk").status_code == 303


def test_two_colleagues_are_told_apart_and_the_card_shows_who_did_what(network, granted) -> None:
    path = granted()
    network.browser("jakaja-1", initials="MK").submit(f"{path}/block")
    network.browser("vastuu-1", initials="LL").submit(f"/area-{path[1:]}/unblock")
    network.browser("jakaja-1", initials="AB").open(path)
    assert logged(network) == [
        ("card_granted", None), ("card_blocked", "MK"), ("card_unblocked", "LL"),
        ("card_looked_at", "AB"),
    ]  # fmt: skip
    shown = words(network.browser("jakaja-1").open(path)).split("Mitä kortille on tehty")[1]
    for told in ("Sulki kortin, jakaja-1 (MK)", "vastuu-1 (LL)", "Myönsi kortin, jakaja-1"):
        assert told in shown
    assert "Katsoi korttia" not in shown


def test_the_card_does_not_tell_where_its_holder_was(network, granted) -> None:
    path = granted()
    with network.sessions.begin() as db:
        grant = db.scalars(select(AuditEntry)).one()
        db.add(
            AuditEntry(
                id=grant.card_id, done_at=grant.done_at,
                access_id=grant.access_id, act="visit_undone", card_id=grant.card_id,
            )
        )  # fmt: skip
    shown = words(network.browser("jakaja-1").open(path)).split("Mitä kortille on tehty")[1]
    assert "Kumosi käynnin" not in shown

"""Signing in: one answer to every mistake, nobody locked out by others, nothing typed lost."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from server.access.errors import HandleTaken, MalformedHandle
from server.access.models import Access, ConsoleSession, Invitation
from server.access.secrets import totp_key
from server.access.service import grant_access, invite, withdraw_access
from server.clock import seconds
from server.console.actors import COOKIE
from server.demo.phone import Phone
from tests.factories import NOON, SECRET
from tests.server.console.conftest import PASSWORD, field_of, words

NO_MATCH = "eivät sovi yhteen"


def access_of(db, handle: str) -> Access:
    return db.scalars(select(Access).where(Access.handle == handle)).one()


def is_in(browser) -> bool:
    return browser.open("/").headers.get("location") != "/console/sign-in"


def test_name_password_and_code_open_the_console(network) -> None:
    browser = network.browser()
    answer = network.sign_in(browser, "jakaja-1")

    assert answer.headers["location"] == "/console/"
    assert browser.open("/").headers["location"] == "/console/cards/new"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    with network.sessions() as db:
        told = browser.cookies[COOKIE].encode()
        assert db.scalars(select(ConsoleSession)).one().session_hash != told


def test_every_mistake_has_the_same_answer(network) -> None:
    for wrong in ({"handle": "nobody"}, {"password": "another one, long"}, {"code": "000000"}):
        browser = network.browser(client=("10.0.0.9", 1))
        right = {"handle": "jakaja-1", "password": PASSWORD, "code": network.code("jakaja-1")}
        answer = browser.submit("/sign-in", **(right | wrong))
        assert answer.status_code == 401
        assert NO_MATCH in words(answer)
        assert not is_in(browser)


def test_a_code_of_the_same_half_minute_works_once(network, clock) -> None:
    assert network.sign_in(network.browser(), "jakaja-1").status_code == 303
    again = network.sign_in(network.browser(), "jakaja-1")
    assert again.status_code == 401
    assert NO_MATCH not in words(again)  # it was right: a colleague was quicker

    clock.advance(seconds=30)
    assert network.sign_in(network.browser(), "jakaja-1").status_code == 303


def test_a_clock_that_is_half_a_minute_off_is_no_mistake(network, clock) -> None:
    code = network.code("jakaja-1")
    clock.advance(seconds=30)
    assert network.sign_in(network.browser(), "jakaja-1", code=code).status_code == 303
    clock.advance(seconds=60)
    late = network.code("jakaja-2")
    clock.advance(seconds=90)
    assert network.sign_in(network.browser(), "jakaja-2", code=late).status_code == 401


def test_who_guesses_waits_and_locks_out_nobody_else(network, clock) -> None:
    at_desk, outside = network.browser(), network.browser(client=("10.6.6.6", 1))
    assert network.sign_in(at_desk, "jakaja-1").status_code == 303

    for _ in range(5):
        assert network.sign_in(outside, "jakaja-1", password="a guess of mine").status_code == 401
    clock.advance(seconds=30)
    locked = network.sign_in(outside, "jakaja-1")  # the right password, too late
    assert locked.status_code == 429
    assert "Odota 60 min" in words(locked)

    newcomer = network.browser(client=("10.7.7.7", 1))
    assert network.sign_in(newcomer, "jakaja-1").status_code == 303


def test_a_browser_that_was_here_before_is_not_locked_out_by_its_own_address(network, clock):
    at_desk = network.browser(client=("10.1.1.1", 1))
    neighbour = network.browser(client=("10.1.1.1", 2))
    network.sign_in(at_desk, "jakaja-1")
    at_desk.submit("/sign-out")
    for _ in range(5):
        network.sign_in(neighbour, "jakaja-1", password="a guess of mine")
    clock.advance(seconds=30)

    assert network.sign_in(neighbour, "jakaja-1").status_code == 429
    assert network.sign_in(at_desk, "jakaja-1").status_code == 303


def test_who_knows_the_password_cannot_guess_the_code_from_many_addresses(network, clock) -> None:
    for number in range(5):
        browser = network.browser(client=(f"10.2.2.{number}", 1))
        assert network.sign_in(browser, "jakaja-1", code="123123").status_code == 401
    fresh = network.browser(client=("10.2.3.1", 1))
    assert network.sign_in(fresh, "jakaja-1", code="123123").status_code == 429
    clock.advance(hours=1, seconds=1)
    assert network.sign_in(fresh, "jakaja-1").status_code == 303


def test_a_session_ends_by_signing_out_by_idling_and_by_time(network, clock) -> None:
    browser = network.browser("jakaja-1")
    clock.advance(minutes=50)
    assert is_in(browser)
    clock.advance(minutes=50)
    assert is_in(browser)  # somebody was there in between
    clock.advance(minutes=61)
    assert not is_in(browser)

    all_day = network.browser("jakaja-1")
    for _ in range(12):
        clock.advance(minutes=49)
        assert is_in(all_day)
    clock.advance(minutes=49)
    assert not is_in(all_day)

    leaving = network.browser("jakaja-1")
    told = leaving.cookies[COOKIE]
    assert leaving.submit("/sign-out").headers["location"] == "/console/sign-in"
    leaving.cookies.set(COOKIE, told, path="/console")
    assert not is_in(leaving)


def test_withdrawing_access_ends_what_is_open_at_once(network) -> None:
    browser = network.browser("jakaja-1")
    assert is_in(browser)
    with network.sessions.begin() as db:
        withdraw_access(db, access_of(db, "jakaja-1"), now=NOON)
    assert not is_in(browser)
    assert network.sign_in(network.browser(), "jakaja-1").status_code == 401


def test_an_invitation_works_once_and_ends_the_old_password(network, clock) -> None:
    old = network.browser("jakaja-1")
    with network.sessions.begin() as db:
        first = invite(db, access_of(db, "jakaja-1"), secret=SECRET, now=NOON)
        code = invite(db, access_of(db, "jakaja-1"), secret=SECRET, now=NOON)
    browser = network.browser()
    assert browser.open(f"/invitation/{first}").status_code == 404  # the later one counts
    shown = browser.open(f"/invitation/{code}")
    key = "".join(shown.text.split('<p class="code">')[1].split("</p>")[0].split())
    digits = pyotp.TOTP(key).at(seconds(clock()))

    short = browser.submit(f"/invitation/{code}", password="short", code=digits)
    assert short.status_code == 422
    named = browser.submit(f"/invitation/{code}", password="on jakaja-1 täällä", code=digits)
    assert named.status_code == 422
    wrong = browser.submit(f"/invitation/{code}", password="uusi pitkä lause", code="000000")
    assert wrong.status_code == 422
    taken = browser.submit(f"/invitation/{code}", password="uusi pitkä lause", code=digits)
    assert taken.status_code == 200
    again = browser.submit(f"/invitation/{code}", password="joku aivan muu", code=digits)
    assert again.status_code == 404

    assert not is_in(old)
    assert network.sign_in(network.browser(), "jakaja-1").status_code == 401  # the old password
    clock.advance(seconds=30)
    digits = pyotp.TOTP(key).at(seconds(clock()))
    new = network.sign_in(browser, "jakaja-1", password="uusi pitkä lause", code=digits)
    assert new.status_code == 303


def test_an_invitation_is_over_after_a_week(network, clock) -> None:
    with network.sessions.begin() as db:
        code = invite(db, access_of(db, "jakaja-1"), secret=SECRET, now=NOON)
        kept = db.scalars(
            select(Invitation).where(Invitation.access_id == access_of(db, "jakaja-1").id)
        ).one()
        assert code.encode() not in kept.code_hash
    clock.advance(days=7)
    assert network.browser().open(f"/invitation/{code}").status_code == 404
    assert network.browser().open("/invitation/ääkkönen").status_code == 404


def test_the_database_alone_gives_no_one_time_codes(network) -> None:
    with network.sessions() as db:
        access = access_of(db, "jakaja-1")
        assert totp_key(access.totp_salt, SECRET) != totp_key(access.totp_salt, b"another secret")
        assert PASSWORD not in access.password_hash
        assert access.password_hash.startswith("$argon2id$")


def test_signing_out_twice_asks_for_nothing(network) -> None:
    browser = network.browser("jakaja-1")
    browser.submit("/sign-out")
    assert browser.submit("/sign-out").headers["location"] == "/console/sign-in"


def test_a_new_invitation_ends_the_old_password_before_anybody_takes_it(network) -> None:
    signed_in = network.browser("jakaja-1")
    with network.sessions.begin() as db:
        access = access_of(db, "jakaja-1")
        withdraw_access(db, access, now=NOON)
        invite(db, access, secret=SECRET, now=NOON)
    assert not is_in(signed_in)
    assert network.sign_in(network.browser(), "jakaja-1").status_code == 401


def test_signing_in_again_ends_the_session_that_this_browser_had(network) -> None:
    browser = network.browser("jakaja-1")
    told = browser.cookies[COOKIE]
    browser.cookies.set(COOKIE, told, path="/console")
    assert network.sign_in(browser, "jakaja-1").status_code == 303
    old = network.browser()
    old.cookies.set(COOKIE, told, path="/console")
    assert not is_in(old)


def test_wrong_sign_ins_at_an_address_leave_its_holders_cards_alone(network, clock) -> None:
    browser = network.browser()
    for _ in range(6):
        network.sign_in(browser, "jakaja-1", password="a guess of mine")
    proof = Phone().activation_proof("M9S346Q3D250", now=clock())
    answer = browser.post(
        "/api/v1/activations", content=proof, headers={"content-type": "application/cose"}
    )
    assert answer.json()["code"] == "code_refused"  # and not too_many_tries


def test_neighbours_in_one_ipv6_network_are_one_address(network) -> None:
    for number in range(5):
        browser = network.browser(client=(f"2001:db8::{number + 1}", 1))
        network.sign_in(browser, "jakaja-1", password="a guess of mine")
    same = network.browser(client=("2001:db8::ffff:1", 1))
    assert network.sign_in(same, "jakaja-1").status_code == 429
    other = network.browser(client=("2001:db8:0:1::1", 1))
    assert network.sign_in(other, "jakaja-1").status_code == 303


def test_where_signing_in_leads_is_never_somebody_elses_page(network, clock) -> None:
    for then in ("//evil.example/x", "https://evil.example", "/\\evil.example", "javascript:x"):
        answer = network.sign_in(network.browser(), "jakaja-1", then=then)
        assert answer.headers["location"] == "/console/"
        clock.advance(seconds=30)
    back = network.browser().open("/look?language=sv&back=//evil.example")
    assert back.headers["location"] == "/console/"


def test_a_page_that_was_asked_for_comes_after_signing_in(network) -> None:
    browser = network.browser()
    asked = browser.open("/cards?birth_year=1975")
    then = field_of(asked, "then")
    answer = network.sign_in(browser, "jakaja-1", then=then)
    assert answer.headers["location"] == "/console/cards?birth_year=1975"


def test_two_locations_cannot_have_one_name(network) -> None:
    with network.sessions() as db:
        for handle, refused in (("jakaja-1", HandleTaken), ("Ä", MalformedHandle)):
            with pytest.raises(refused):
                grant_access(db, None, handle=handle, secret=SECRET, now=NOON)


def test_the_language_and_size_are_the_readers(network) -> None:
    browser = network.browser()
    assert "Kirjaudu" in words(browser.open("/sign-in"))
    sv = browser.get("/console/sign-in", headers={"accept-language": "sv-FI,fi;q=0.5"})
    assert 'lang="sv"' in sv.text
    browser.open("/look?language=en&size=150&back=/console/sign-in")
    page = browser.open("/sign-in")
    assert 'lang="en" class="text-150"' in page.text
    browser.open("/look?language=xx&size=9000&back=/console/sign-in")
    assert 'lang="en" class="text-150"' in browser.open("/sign-in").text


def test_the_demo_box_is_for_the_demo_only(network) -> None:
    assert "kulttuuria kaikille" not in network.browser().open("/sign-in").text


def test_sessions_that_are_over_are_swept_out(network, clock) -> None:
    network.browser("jakaja-1")
    clock.advance(hours=10, seconds=1)
    network.browser("jakaja-2")
    with network.sessions() as db:
        left = db.scalars(select(ConsoleSession)).all()
        assert [s.usable_until - s.started_at for s in left] == [timedelta(hours=10)]

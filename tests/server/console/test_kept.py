"""A form whose session ended meanwhile: it waits, unread, for the location that typed it."""

from tests.server.console.conftest import field_of

TYPED = {"birth_year": "1975", "home_postcode": "33100", "note": 'a "quote" <b>'}


def interrupted(network, clock, handle: str = "jakaja-1"):
    """Send a form after the session ended; gives the browser and what the sign-in page carries."""
    browser = network.browser(handle)
    clock.advance(hours=2)
    asked = browser.submit("/cards/new", **TYPED)
    assert asked.status_code == 401
    assert "1975" not in asked.text  # who sits there now is not known yet
    return browser, {"then": field_of(asked, "then"), "kept": field_of(asked, "kept")}


def test_a_form_that_waits_while_one_signs_in_is_not_lost(network, clock) -> None:
    browser, fields = interrupted(network, clock)
    wrong = network.sign_in(browser, "jakaja-1", password="a wrong one, long", **fields)
    assert {name: field_of(wrong, name) for name in fields} == fields
    going_on = network.sign_in(browser, "jakaja-1", **fields)
    assert going_on.status_code == 200
    assert 'action="/console/cards/new"' in going_on.text
    assert field_of(going_on, "birth_year") == "1975"
    assert "<b>" not in going_on.text


def test_a_form_waits_for_the_location_that_typed_it_and_for_no_other(network, clock) -> None:
    browser, fields = interrupted(network, clock)
    other = network.sign_in(browser, "jakaja-2", **fields)
    assert other.status_code == 303
    assert "1975" not in other.text


def test_a_form_that_waited_too_long_or_was_made_up_is_left_out(network, clock) -> None:
    browser, fields = interrupted(network, clock)
    clock.advance(hours=10, seconds=1)
    assert network.sign_in(browser, "jakaja-1", **fields).status_code == 303
    clock.advance(seconds=30)
    for made_up in ('{"birth_year": "1990"}', "[" * 50_000, "\ud800".encode("utf-8", "replace")):
        fields = {"then": "/cards/new", "kept": made_up}
        assert network.sign_in(network.browser(), "jakaja-1", **fields).status_code == 303
        clock.advance(seconds=30)

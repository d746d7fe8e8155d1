"""Looking through places: what passes, what is over, and names of all kinds."""

from datetime import UTC, datetime, timedelta

import pytest

from mobile_app.directory.places import Sieve, When, end_of, places_of, sift
from mobile_app.directory.suggestion import suggest, week_of
from mobile_app.directory.words import door_words, known, room_words, when_words
from mobile_app.ui.texts import Texts
from shared.scan import Category
from tests.factories import NOON
from tests.mobile_app.directory.town import HELSINKI, directory, event, venue

NOBODY: frozenset[str] = frozenset()


def names(told, sieve: Sieve, *, favourites=NOBODY, now=NOON) -> list[str]:
    return [one.title for one in sift(places_of(told), sieve, favourites=favourites, now=now)]


TOWN = directory(
    event(101, name="Konsertti", languages=["sv"], places_left=3),
    event(102, hours=30, name="Näytelmä", places_left=0, category=Category.EDUCATION),
    event(103, hours=24 * 20, name="Peli", accessibility=["captions"], venue_id=venue(2).venue_id),
    venues=[
        venue(1, languages=["fi"], accessibility=["step_free"]),
        venue(2, name="Åreena", municipality="091", categories=[Category.SPORT]),
    ],
)


@pytest.mark.parametrize(
    ("sieve", "found"),
    [
        (Sieve(), ["Konsertti", "Näytelmä", "Peli", "Teatteri 1", "Åreena"]),
        (Sieve(words="KONS"), ["Konsertti"]),
        (Sieve(words="åreena"), ["Peli", "Åreena"]),
        (Sieve(words="helsingfors peli"), ["Peli"]),
        (Sieve(town="091"), ["Peli", "Åreena"]),
        (Sieve(category=Category.SPORT), ["Åreena"]),
        (Sieve(category=Category.EDUCATION), ["Näytelmä"]),
        (Sieve(when=When.TODAY), ["Konsertti"]),
        (Sieve(when=When.WEEK), ["Konsertti"]),  # it is Sunday
        (Sieve(when=When.MONTH), ["Konsertti", "Näytelmä"]),
        (Sieve(language="sv"), ["Konsertti"]),
        (Sieve(language="fi"), ["Näytelmä", "Teatteri 1"]),
        (Sieve(accessibility=frozenset({"step_free"})), ["Konsertti", "Näytelmä", "Teatteri 1"]),
        (Sieve(accessibility=frozenset({"captions", "step_free"})), []),
        (Sieve(free=True), ["Konsertti", "Peli"]),
    ],
)
def test_what_is_looked_for_passes(sieve, found) -> None:
    assert names(TOWN, sieve) == found


def test_favourites_alone() -> None:
    liked = frozenset({str(venue(2).venue_id)})

    assert names(TOWN, Sieve(favourites=True), favourites=liked) == ["Åreena"]


def test_an_event_that_is_over_is_not_shown_whatever_the_list_says() -> None:
    told = directory(event(hours=-3), event(102, hours=-1))

    assert names(told, Sieve()) == ["Konsertti 102", "Teatteri 1"]


def test_a_phone_whose_clock_stands_in_1970_shows_everything() -> None:
    lost = datetime(1970, 1, 1, tzinfo=UTC)

    assert len(names(TOWN, Sieve(), now=lost)) == 5
    assert names(TOWN, Sieve(when=When.TODAY), now=lost) == []


def test_an_event_of_a_venue_that_is_not_listed_is_left_out() -> None:
    told = directory(event(venue_id=venue(9).venue_id))

    assert names(told, Sieve()) == ["Teatteri 1"]


@pytest.mark.parametrize("name", ["Ä" * 120, "مسرح المدينة", "🎭 Sirkus 🎪"])
def test_names_of_all_kinds_are_found(name: str) -> None:
    told = directory(event(name=name))

    assert names(told, Sieve(words=name[:4])) == [name]


def test_weeks_and_months_end_as_the_calendar_on_the_wall_says() -> None:
    december = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)  # 23.30 in Helsinki, a Thursday

    assert end_of(When.TODAY, december) == datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert end_of(When.WEEK, december) == datetime(2027, 1, 3, 22, tzinfo=UTC)
    assert end_of(When.MONTH, december) == datetime(2026, 12, 31, 22, tzinfo=UTC)
    summer = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks go on that night
    assert end_of(When.WEEK, summer) == datetime(2026, 3, 29, 21, tzinfo=UTC)


def test_words_say_when_and_what_room_there_is() -> None:
    t = Texts("fi")
    night = event(hours=9.5)

    assert when_words(t, event()) == "22.11.2026 klo 19.00\N{EN DASH}21.00"
    assert "23.11.2026 klo 1.30" in when_words(t, night)
    assert room_words(t, event(places_left=1)) == "1 paikka jäljellä"
    assert room_words(t, event(places_left=0)) == "Ei paikkoja jäljellä"
    assert room_words(t, event()) is None


def test_what_to_say_is_said_in_the_holders_language_else_in_finnish_else_by_us() -> None:
    both = directory(venues=[venue(greetings={"fi": "Hei!", "en": "Hello!"})])
    [place] = places_of(both)
    assert [door_words(Texts(tag), place) for tag in ("fi", "sv", "en")] == [
        "Hei!",
        "Hei!",
        "Hello!",
    ]
    [silent] = places_of(directory())
    assert door_words(Texts("sv"), silent).startswith("Hej. Jag har ett Kaikukort.")


def test_codes_that_this_app_does_not_know_are_passed_over() -> None:
    assert known(["new", "sv", "fi"], {"fi": "x", "sv": "y"}) == ["fi", "sv"]


class TestSuggestion:
    """One for the week, always the same, near if possible."""

    def test_it_stays_the_same_all_week_and_as_others_are_added(self) -> None:
        many = [event(100 + n, hours=24 * 7 + n) for n in range(30)]
        first = suggest(places_of(directory(*many)), towns=(), now=NOON - timedelta(days=3))
        assert first is not None
        again = suggest(places_of(directory(*many[::-1])), towns=(), now=NOON)
        assert again is not None
        assert again.name == first.name
        picks = {
            suggest(places_of(directory(*many)), towns=(), now=NOON - timedelta(weeks=n)).name
            for n in range(-1, 1)
        }
        assert len(picks) == 2

    def test_it_prefers_the_own_municipality_and_what_has_room_and_costs_nothing(self) -> None:
        told = directory(
            event(101, places_left=0),
            event(102, pays_cents=500),
            event(103, cancelled=True),
            event(104, hours=24 * 15),
            event(105, hours=-1),
            event(106),
            event(107, venue_id=venue(2).venue_id),
            venues=[venue(), venue(2, municipality=HELSINKI.code)],
        )
        near = suggest(places_of(told), towns={"091"}, now=NOON)
        assert near is not None
        assert near.title == "Konsertti 107"
        far = suggest(places_of(told), towns={"049"}, now=NOON)
        assert far is not None
        assert far.title in {"Konsertti 106", "Konsertti 107"}

    def test_without_events_a_venue_is_suggested_and_without_venues_nothing(self) -> None:
        found = suggest(places_of(directory()), towns=(), now=NOON)
        assert found is not None
        assert found.title == "Teatteri 1"
        assert suggest(places_of(directory(venues=[])), towns=(), now=NOON) is None

    def test_weeks_are_those_of_the_calendar(self) -> None:
        assert week_of(NOON) == "2026-W47"
        assert week_of(datetime(2026, 11, 22, 22, tzinfo=UTC)) == "2026-W48"

"""What the card says in words, and when."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from mobile_app.card.held import HeldCard, Trouble
from mobile_app.card.standing import Hindrance, Standing, standing_of
from mobile_app.card.words import (
    clock_words,
    doubt_words,
    hindrance_words,
    offline_words,
    running_out_words,
    validity_words,
)
from mobile_app.ui.texts import Language, Texts
from shared.card import CardFacts, CardState
from shared.rules.validity import day_begins_s

NOON = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NEVER_OFF = timedelta()


def held(**over) -> HeldCard:
    facts = {
        "card_id": UUID(int=1),
        "card_code": "7K3M9QX2A",
        "community": False,
        "children": 2,
        "first_valid_on": date(2026, 3, 1),
        "last_valid_on": date(2027, 2, 28),
        "state": CardState.VALID,
    }
    facts |= {name: over.pop(name) for name in list(over) if name in facts}
    given = {
        "credential": b"",
        "key_name": "card",
        "facts": CardFacts(**facts),
        "from_at": NOON - timedelta(days=5),
        "until_at": NOON + timedelta(days=30),
        "issued_at": NOON - timedelta(days=5),
        "heard_at": NOON - timedelta(hours=2),
    }
    return HeldCard(**(given | over))


def standing_at(
    card: HeldCard, now: datetime, *, error: timedelta = NEVER_OFF, believed: bool = True
) -> Standing:
    return standing_of(card, now=now, clock_error=error, clock_believed=believed)


def hindrance(card: HeldCard, now: datetime = NOON) -> Hindrance | None:
    return standing_at(card, now).hindrance


def days_left(card: HeldCard, now: datetime = NOON) -> int | None:
    return standing_at(card, now).days_left


def test_validity_says_day_and_company() -> None:
    t = Texts("fi")
    assert validity_words(t, held()) == "Voimassa 28.2.2027 asti · sinä + enintään 2 lasta"
    assert validity_words(t, held(children=1)) == "Voimassa 28.2.2027 asti · sinä + 1 lapsi"
    assert validity_words(t, held(children=0)) == "Voimassa 28.2.2027 asti · sinulle"
    community = held(children=10, community=True)
    assert validity_words(t, community).endswith("ohjaaja + enintään 10 henkilöä")
    assert validity_words(Texts("en"), held()) == (
        "Valid until 28 February 2027 · you + up to 2 children"
    )


def test_valid_card_can_be_shown() -> None:
    assert hindrance(held()) is None


@pytest.mark.parametrize(
    ("card", "why"),
    [
        (held(trouble=Trouble.MOVED), Hindrance.MOVED),
        (held(trouble=Trouble.BLOCKED), Hindrance.BLOCKED),
        (held(state=CardState.BLOCKED), Hindrance.BLOCKED),
        (held(trouble=Trouble.EXPIRED), Hindrance.EXPIRED),
        (held(last_valid_on=date(2026, 11, 21)), Hindrance.EXPIRED),
        (held(first_valid_on=date(2026, 11, 23)), Hindrance.NOT_YET_VALID),
        (held(from_at=NOON + timedelta(hours=1)), Hindrance.NOT_YET_VALID),
        (held(until_at=NOON), Hindrance.RUN_OUT),
    ],
)
def test_card_that_no_door_would_accept_is_not_shown(card: HeldCard, why: Hindrance) -> None:
    assert hindrance(card) is why


def test_card_is_valid_through_its_last_day_in_helsinki() -> None:
    card = held(last_valid_on=date(2026, 11, 22), until_at=NOON + timedelta(days=1))
    last_moment_s = day_begins_s(date(2026, 11, 23)) - 1

    assert hindrance(card, datetime.fromtimestamp(last_moment_s, UTC)) is None
    assert hindrance(card, datetime.fromtimestamp(last_moment_s + 1, UTC)) is Hindrance.EXPIRED


@pytest.mark.parametrize(("days", "said"), [(8, None), (7, 7), (3, 3), (1, 1), (0.5, 0)])
def test_credential_that_runs_out_is_told_in_the_last_week(days: float, said: int | None) -> None:
    assert days_left(held(until_at=NOON + timedelta(days=days))) == said


def test_card_that_ends_with_its_credential_asks_for_no_network() -> None:
    ends = day_begins_s(date(2026, 11, 26))
    card = held(last_valid_on=date(2026, 11, 25), until_at=datetime.fromtimestamp(ends, UTC))

    assert days_left(card) is None


def test_clock_is_told_only_when_doors_would_mind() -> None:
    off = standing_at(held(), NOON, error=timedelta(seconds=61)).clock_off
    assert off == timedelta(seconds=61)
    assert standing_at(held(), NOON, error=timedelta(seconds=-60)).clock_off is None
    assert "7 minuuttia edellä" in clock_words(Texts("fi"), timedelta(minutes=7))
    assert "7 minuuttia jäljessä" in clock_words(Texts("fi"), timedelta(minutes=-7))
    assert "119 minuuttia" in clock_words(Texts("fi"), timedelta(minutes=119))
    for year in (timedelta(days=365), timedelta(days=-365)):
        assert "minuuttia" not in clock_words(Texts("fi"), year)
        assert "Aseta päivä ja kello" in clock_words(Texts("fi"), year)


@pytest.mark.parametrize("language", list(Language))
def test_every_hindrance_has_a_heading_and_a_next_step(language: Language) -> None:
    t = Texts(language)
    faces = {why: hindrance_words(t, why, held()) for why in Hindrance}

    assert len({title for title, _ in faces.values()}) == len(Hindrance)
    assert len({step for _, step in faces.values()}) == len(Hindrance)
    assert t.day(date(2026, 3, 1)) in faces[Hindrance.NOT_YET_VALID][1]


@pytest.mark.parametrize(
    "card",
    [
        held(last_valid_on=date(2026, 11, 21)),
        held(first_valid_on=date(2026, 11, 23)),
        held(from_at=NOON + timedelta(hours=1)),
        held(until_at=NOON),
    ],
)
def test_hindrance_of_time_alone_is_the_clocks_word_when_nobody_vouches_for_it(
    card: HeldCard,
) -> None:
    assert standing_at(card, NOON, believed=True).clock_says is None
    assert standing_at(card, NOON, believed=False).clock_says == NOON
    assert standing_at(held(), NOON, believed=False).clock_says is None


@pytest.mark.parametrize(
    "card",
    [
        held(trouble=Trouble.MOVED, last_valid_on=date(2026, 11, 21)),
        held(trouble=Trouble.EXPIRED, last_valid_on=date(2026, 11, 21)),
        held(state=CardState.EXPIRED, last_valid_on=date(2026, 11, 21)),
        held(state=CardState.BLOCKED, until_at=NOON),
        held(state=CardState.NOT_YET_VALID, first_valid_on=date(2026, 11, 23)),
    ],
)
def test_what_the_server_said_is_doubted_by_no_clock(card: HeldCard) -> None:
    assert standing_at(card, NOON, believed=False).clock_says is None


def test_doubtful_correction_turns_no_clock() -> None:
    card, error = held(last_valid_on=date(2026, 11, 21)), timedelta(days=-365)

    assert standing_at(card, NOON, error=error, believed=True).clock_off == error
    assert standing_at(card, NOON, error=error, believed=False).clock_off is None


@pytest.mark.parametrize("language", list(Language))
def test_doubtful_clock_is_asked_about_instead_of_calling_the_card_over(language: Language) -> None:
    t = Texts(language)
    doubted = (Hindrance.EXPIRED, Hindrance.NOT_YET_VALID)
    over, early = (hindrance_words(t, why, held(), clock_says=NOON) for why in doubted)

    assert over[0] == early[0] != hindrance_words(t, Hindrance.EXPIRED, held())[0]
    assert over[1] != early[1]
    assert all(t.moment(NOON) in step for _, step in (over, early))
    run_out = hindrance_words(t, Hindrance.RUN_OUT, held(), clock_says=NOON)
    assert run_out == hindrance_words(t, Hindrance.RUN_OUT, held())
    assert t.moment(NOON) in doubt_words(t, NOON)


def test_offline_line_says_since_when() -> None:
    assert "22.11.2026 klo 12.00" in offline_words(Texts("fi"), NOON)
    assert "22.11.2026 kl. 12.00" in offline_words(Texts("sv"), NOON)
    assert "22 November 2026, 12:00" in offline_words(Texts("en"), NOON)


def test_running_out_counts_days() -> None:
    t = Texts("fi")
    assert len({running_out_words(t, days) for days in (0, 1, 3, 7)}) == 4
    assert "7 päivän" in running_out_words(t, 7)

"""What a venue calls a holder: the same for ever, and another at every other venue."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.feedback.pseudonyms import pseudonym_of
from tests.factories import SECRET

IDS = st.uuids()


@given(IDS, IDS)
def test_it_has_five_digits_and_stays(holder: UUID, venue: UUID) -> None:
    number = pseudonym_of(holder, venue, secret=SECRET)
    assert 10_000 <= number <= 99_999
    assert number == pseudonym_of(holder, venue, secret=SECRET)


@given(st.lists(IDS, min_size=40, max_size=40, unique=True), IDS, IDS)
def test_two_venues_cannot_lay_their_numbers_side_by_side(holders, one: UUID, other: UUID) -> None:
    here = [pseudonym_of(holder, one, secret=SECRET) for holder in holders]
    there = [pseudonym_of(holder, other, secret=SECRET) for holder in holders]
    if one != other:
        assert sum(a == b for a, b in zip(here, there, strict=True)) <= 2


@given(IDS, IDS)
def test_without_the_key_nobody_makes_it(holder: UUID, venue: UUID) -> None:
    guesses = {pseudonym_of(holder, venue, secret=b"guess %d" % n) for n in range(50)}
    assert len(guesses) > 40

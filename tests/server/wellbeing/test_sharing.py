"""Sharing wellbeing: only by consent, one number for a month, and taking back always wins."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from server.card.models import Card
from server.wellbeing.models import WellbeingConsent, WellbeingShare
from tests.server.callers import all_at_a_lock, refusal

OCTOBER, NOVEMBER = "2026-10-01", "2026-11-01"


@pytest.fixture
def share(http):
    def share(holder, sharing_id, meter="mood", **points):
        months = [
            {"month": month.replace("_", "-")[1:], "points": n} for month, n in points.items()
        ]
        body = {"meter": meter, "months": months}
        return http.put(f"wellbeing-sharings/{sharing_id}", json=body, headers=holder.speaking)

    return share


@pytest.fixture
def stop(http):
    return lambda holder, sharing_id: http.delete(
        f"wellbeing-sharings/{sharing_id}", headers=holder.speaking
    )


@pytest.fixture
def sharing(share, stop):
    return share, stop


def kept(desk) -> list[tuple[str, str, int]]:
    rows = desk.rows(WellbeingShare)
    return sorted((one.meter.value, one.month.isoformat(), one.points) for one in rows)


def test_what_is_shared_takes_the_place_of_what_was(desk, holder, share) -> None:
    sharing_id = uuid4()
    assert share(holder, sharing_id, m2026_10_01=3).json()["months"] == 1
    assert share(holder, sharing_id, m2026_10_01=4, m2026_11_01=5).json()["months"] == 2
    assert share(holder, sharing_id, m2026_10_01=4, m2026_11_01=5).is_success, "the same again"

    assert kept(desk) == [("mood", OCTOBER, 4), ("mood", NOVEMBER, 5)]


def test_meters_are_shared_apart(desk, holder, share, stop) -> None:
    mood, who5 = uuid4(), uuid4()
    share(holder, mood, m2026_11_01=2)
    share(holder, who5, "who5", m2026_11_01=48)

    assert stop(holder, mood).json()["stopped_at"] is not None
    assert kept(desk) == [("who5", NOVEMBER, 48)]


def test_what_was_on_its_way_when_it_was_taken_back_is_refused(desk, holder, share, stop) -> None:
    sharing_id = uuid4()
    share(holder, sharing_id, m2026_11_01=2)
    assert stop(holder, sharing_id).is_success
    assert stop(holder, sharing_id).is_success, "the same again"

    assert refusal(share(holder, sharing_id, m2026_11_01=2)) == (409, "sharing_stopped")
    assert kept(desk) == []


def test_taking_back_may_come_before_the_consent_itself(desk, holder, share, stop) -> None:
    sharing_id = uuid4()
    assert stop(holder, sharing_id).is_success

    assert refusal(share(holder, sharing_id, m2026_11_01=2)) == (409, "sharing_stopped")
    assert kept(desk) == []


def test_a_new_consent_takes_the_place_of_an_older_phones(desk, holder, share) -> None:
    older, newer = uuid4(), uuid4()
    share(holder, older, m2026_10_01=1)
    share(holder, newer, m2026_11_01=2)

    assert kept(desk) == [("mood", NOVEMBER, 2)]
    assert refusal(share(holder, older, m2026_10_01=1)) == (409, "sharing_stopped")
    assert [one.stopped_at is None for one in desk.rows(WellbeingConsent)].count(True) == 1


def test_anothers_consent_and_another_meters_are_refused(make_holder, share, stop) -> None:
    one, other, sharing_id = make_holder(), make_holder(), uuid4()
    share(one, sharing_id, m2026_11_01=2)

    assert refusal(share(other, sharing_id, m2026_11_01=2)) == (409, "sharing_id_taken")
    assert refusal(stop(other, sharing_id)) == (409, "sharing_id_taken")
    assert refusal(share(one, sharing_id, "who5", m2026_11_01=4)) == (409, "sharing_id_taken")


@pytest.mark.parametrize(
    ("meter", "points"), [("mood", 0), ("mood", 6), ("who5", -4), ("who5", 50), ("who5", 104)]
)
def test_a_number_that_the_meter_does_not_give_is_refused(
    desk, holder, share, meter, points
) -> None:
    answer = share(holder, uuid4(), meter, m2026_11_01=points)
    assert refusal(answer) == (422, "points_out_of_range")
    assert desk.count(WellbeingConsent) == 0


@pytest.mark.parametrize("month", ["m2026_11_02", "m2026_12_01", "m2013_12_01"])
def test_a_month_that_is_none_is_refused(holder, share, month) -> None:
    assert refusal(share(holder, uuid4(), **{month: 3})) == (422, "month_out_of_range")


def test_a_month_twice_is_refused(http, holder) -> None:
    months = [{"month": NOVEMBER, "points": n} for n in (1, 2)]
    body = {"meter": "mood", "months": months}
    answer = http.put(f"wellbeing-sharings/{uuid4()}", json=body, headers=holder.speaking)
    assert refusal(answer) == (422, "month_out_of_range")


@pytest.mark.parametrize("round_", range(3))
def test_taking_back_wins_whatever_is_sent_at_the_same_time(
    desk, holder, sharing, engine, round_
) -> None:
    share, stop = sharing
    sharing_id = uuid4()
    share(holder, sharing_id, m2026_10_01=3)
    uploads = [lambda n=n: share(holder, sharing_id, m2026_11_01=n) for n in (1, 2, 3)]
    calls = [*uploads[:round_], lambda: stop(holder, sharing_id), *uploads[round_:]]

    answers = all_at_a_lock(engine, select(Card), *calls)

    assert answers[round_].is_success
    for answer in answers:
        assert answer.is_success or refusal(answer) == (409, "sharing_stopped")
    assert kept(desk) == []

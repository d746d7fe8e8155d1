"""This visit is not mine: said once, also without network, and what became of it."""

from datetime import timedelta

import pytest

from mobile_app.visit.diary import entries_of
from mobile_app.visit.dispute import can_be_disputed
from mobile_app.visit.state import Visits
from server.access.service import grant_access
from server.dispute.service import of_venue, settle_dispute
from server.scan.service import record_scan
from server.venue.models import Venue
from server.visit.models import Dispute, Visit, Voiding
from shared.visit import DisputeOutcome
from tests.factories import NOON, SECRET, make_report, make_scanner
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone, rows
from tests.mobile_app.visit.history import visit

NOT_MINE = "Tämä ei ole minun käyntini"
YES = "Kerro, että se ei ole minun"


@pytest.fixture
async def visited(phone: HolderPhone, code: str, register, ring, settings) -> HolderPhone:
    """A holder whose card was scanned at a theatre."""
    card = await phone.activated(code)
    scanner = make_scanner(register)
    report = make_report(card.qr_text, at=NOON)
    record_scan(register, scanner, report, ring=ring, settings=settings, now=NOON)
    register.commit()
    return phone


async def dispute(holder: HolderPhone) -> None:
    """Open the visit and say that it is not one's own."""
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says("Teatteri"))
        visits = Visits(holder.device)
        await visits.load()
        await app.go(f"/visits/{visits.entries[0].name}")
        await app.press(NOT_MINE)
        await app.press(YES)
        await app.until(lambda: app.says("Kerroit, että tämä ei ole sinun käyntisi."))


async def sees(holder: HolderPhone, words: str) -> None:
    """Open the visits and read these words."""
    async with Harness(holder.main, route="/visits") as app:
        await app.until(lambda: app.says(words))


async def test_a_word_reaches_the_register_and_the_history_says_it_waits(
    visited: HolderPhone, register
) -> None:
    await dispute(visited)

    assert len(rows(register, Dispute)) == 1
    await sees(visited, "Kerroit, että tämä ei ole sinun käyntisi. Kohde selvittää asiaa.")


async def test_without_network_it_waits_and_is_sent_once_later(
    visited: HolderPhone, register
) -> None:
    visits = Visits(visited.device)
    await visits.refresh()
    visited.network.down = True
    await visits.dispute(visits.entries[0].name)
    restarted = Visits(visited.device)
    await restarted.load()
    assert list(restarted.said) == [visits.entries[0].name]
    assert rows(register, Dispute) == []

    visited.network.down, visited.network.loses_answers = False, 3
    await restarted.refresh()
    visited.network.loses_answers = 0
    await restarted.refresh()
    await restarted.refresh()

    assert len(rows(register, Dispute)) == 1
    assert restarted.said == {}
    assert restarted.entries[0].dispute is not None


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (DisputeOutcome.UNDONE, "Kerroit, että tämä ei ole sinun käyntisi. Se on kumottu."),
        (
            DisputeOutcome.HAPPENED,
            "Kerroit, että tämä ei ole sinun käyntisi. Kohteen mukaan käynti tapahtui.",
        ),
    ],
)
async def test_what_is_decided_is_told(visited: HolderPhone, register, outcome, words) -> None:
    await dispute(visited)
    venue = rows(register, Venue)[0]
    access, _ = grant_access(register, venue, handle="kohde", secret=SECRET, now=NOON)
    told = rows(register, Dispute)[0]
    settle_dispute(register, of_venue(venue.id), told.id, outcome, access_id=access.id, now=NOON)
    register.commit()

    await sees(visited, words)
    undone = rows(register, Voiding)
    assert bool(undone) == (outcome is DisputeOutcome.UNDONE)


async def test_a_refusal_for_good_is_told_and_not_asked_again(
    visited: HolderPhone, register
) -> None:
    visits = Visits(visited.device)
    await visits.refresh()
    visited.network.refuse("/disputes", "disputed_visit_too_old", status=409)
    await visits.dispute(visits.entries[0].name)
    asked = visited.network.asked("/disputes")
    await visits.refresh()

    assert visited.network.asked("/disputes") == asked == 1
    assert visits.said[visits.entries[0].name].refusal == "disputed_visit_too_old"
    assert len(rows(register, Visit)) == 1


def test_what_is_old_undone_or_ones_own_is_not_offered() -> None:
    fresh, old, undone = entries_of(
        [visit(1), visit(400), visit(2, voided_at=NOON, visited_at=NOON - timedelta(days=900))],
        [],
        {},
    )

    assert can_be_disputed(fresh, now=NOON)
    assert not can_be_disputed(old, now=NOON)
    assert not can_be_disputed(undone, now=NOON)

"""The door against the real server: paired, scanning, cut off, undone. The network is ours."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mobile_app.device.api import Role
from mobile_app.device.device import Device
from mobile_app.scan.purpose import Purpose
from mobile_app.scan.state import ScannerState
from mobile_app.scan.words import matter_line, staff_line
from mobile_app.sync.outbox import Matter, MatterKind
from mobile_app.sync.upkeep import Upkeep
from mobile_app.ui.texts import Texts
from mobile_app.venue.state import VenueState
from server.area.models import Area
from server.area.rules import set_local_only
from server.card.desk import block_card
from server.ids import new_id
from server.venue.models import Scanner, Venue
from server.venue.service import draw_pairing_code
from server.visit.models import Visit, Voiding
from shared.rules.admission import Reason
from shared.scan import Category
from tests.factories import NOON, SECRET, make_report, make_venue
from tests.factories import HolderPhone as Holder
from tests.mobile_app.phones import HolderPhone as Phone


def count(register: Session, table: type) -> int:
    with register.begin():
        return register.scalar(select(func.count()).select_from(table)) or 0


async def open_desk(venue: VenueState) -> ScannerState:
    upkeep = Upkeep(venue.device, venue.scanner, on_gone=venue.lose, on_known=venue.learn)
    state = ScannerState(venue.device, upkeep, Purpose(Category.CULTURE))
    await state.load()
    await state.beat()
    return state


@pytest.fixture
def device(phone: Phone, ring) -> Device:
    return replace(phone.device, roots=ring.roots)


@pytest.fixture
async def venue(device: Device, register: Session) -> VenueState:
    with register.begin():
        place = make_venue(register)
        code = draw_pairing_code(register, place, scanner_name="Ovi", secret=SECRET, now=NOON)
    venue = VenueState(device)
    await venue.load()
    await venue.enrol(code)
    assert venue.trouble is None
    return venue


@pytest.fixture
def holder(register: Session, ring, settings) -> Holder:
    with register.begin():
        return Holder(register, ring=ring, settings=settings)


async def test_a_card_becomes_a_visit_in_the_register(venue, holder, register) -> None:
    desk = await open_desk(venue)

    await desk.read(holder.show())
    assert desk.shown.scan.reasons == [Reason.OK]
    desk.set_children(2)
    await desk.admit()
    await desk.upkeep.settle()

    with register.begin():
        visit = register.scalars(select(Visit)).one()
    assert (visit.children, visit.assistant) == (2, False)
    assert desk.upkeep.readiness.waiting == 0
    assert list(desk.upkeep.matters) == []


async def test_a_lost_answer_is_still_one_visit(venue, holder, register, phone) -> None:
    desk = await open_desk(venue)
    await desk.read(holder.show())
    phone.network.loses_answers = 1
    await desk.admit()
    await desk.upkeep.settle()
    assert (count(register, Visit), desk.upkeep.readiness.waiting) == (1, 1)

    await desk.beat()

    assert (count(register, Visit), desk.upkeep.readiness.waiting) == (1, 0)


async def test_an_undone_visit_is_voided_in_the_register(venue, holder, register, phone) -> None:
    desk = await open_desk(venue)
    await desk.read(holder.show())
    await desk.admit()
    await desk.upkeep.settle()
    phone.clock.pass_time(minutes=5)

    await desk.undo(desk.visits[0].scan_id)
    await desk.upkeep.settle()

    assert (count(register, Visit), count(register, Voiding)) == (1, 1)
    assert list(desk.upkeep.matters) == []


async def test_what_only_the_register_knew_is_told_to_staff(venue, holder, register, phone) -> None:
    desk = await open_desk(venue)
    phone.network.down = True
    with register.begin():
        block_card(register, register.merge(holder.card), now=NOON)
    await desk.read(holder.show())
    assert desk.shown.scan.reasons == [Reason.OK]  # this door could not know
    await desk.admit()
    await desk.upkeep.settle()

    phone.network.down = False
    await desk.beat()

    [matter] = desk.upkeep.matters
    assert matter.kind is MatterKind.DIFFERS
    assert Reason.REVOKED in matter.reasons


async def test_a_card_code_is_known_to_the_register(venue, holder) -> None:
    desk = await open_desk(venue)

    await desk.read(holder.card.code)

    assert (desk.shown.scan.reasons, desk.shown.scan.end) == ([Reason.OK_CODE], 2)


async def test_a_local_pilot_is_told_at_once_of_a_code_and_afterwards_of_a_token(
    venue, holder, register
) -> None:
    desk = await open_desk(venue)
    with register.begin():
        here = register.get_one(Venue, venue.scanner.venue_id)
        away = Area(id=new_id(NOON), municipality_code="049", name="Espoo")
        set_local_only(away, local_only=True, now=NOON)
        register.add(away)
        register.flush()
        here.area_id = away.id

    await desk.read(holder.card.code)
    assert desk.shown.scan.reasons == [Reason.LOCAL_ONLY]
    assert "eri alueilta" in staff_line(Texts(), Reason.LOCAL_ONLY, most=None)
    await desk.decline()
    await desk.next()

    await desk.read(holder.show())
    assert desk.shown.scan.reasons == [Reason.OK]  # no code tells where a card is from
    await desk.admit()
    await desk.upkeep.settle()
    [matter] = desk.upkeep.matters
    assert (matter.kind, matter.reasons) == (MatterKind.DIFFERS, [Reason.LOCAL_ONLY])
    assert count(register, Visit) == 1


def test_a_reason_that_this_app_has_no_words_for_asks_for_a_newer_app() -> None:
    newer = Matter(MatterKind.DIFFERS, make_report(None), reasons=[])
    assert "Päivitä" in matter_line(Texts(), newer)


async def test_a_removed_scanner_goes_back_to_pairing(venue, holder, register) -> None:
    desk = await open_desk(venue)
    with register.begin():
        scanner = register.get_one(Scanner, venue.scanner.scanner_id)
        scanner.revoked_at = NOON
    entry = venue.device.api._entries[Role.SCANNER]
    venue.device.api.sign_in_with(Role.SCANNER, entry.prove)  # its bearer is over
    await desk.read(holder.show())
    await desk.admit()
    await desk.upkeep.settle()

    assert (venue.scanner, venue.trouble) == (None, "scanner_revoked")
    assert venue.left_waiting == 1

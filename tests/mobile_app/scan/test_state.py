"""The scanner's verbs, over real tokens, a real file and a network that can be cut."""

from datetime import timedelta

import pytest

from mobile_app.scan.shown import Note, Stage
from shared.rules.admission import Colour, Reason
from shared.token.credential import CardClass
from tests.mobile_app.door import CARD_CODE, DAY_S, NOON_S, Issuer
from tests.mobile_app.fakes import NOON


async def test_a_shown_card_is_green_and_the_scan_is_on_disk_first(bench) -> None:
    state = await bench.open()
    on_disk: list[list[str]] = []
    put = bench.device.store.put

    async def put_and_look(key, value) -> None:
        await put(key, value)
        if key.startswith("door/scan/"):
            on_disk.append([key, state.shown])

    bench.device.store.put = put_and_look
    await state.read(bench.issuer.card().show())

    assert (state.shown.stage, state.shown.scan.colour) == (Stage.ASKED, Colour.GREEN)
    assert state.shown.scan.reasons == [Reason.OK]
    assert state.shown.scan.end == 2
    assert on_disk == [[f"door/scan/{state.shown.scan.scan_id}", None]]  # no colour was shown yet


async def test_confirming_makes_the_visit_and_the_server_hears_of_it_at_once(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    state.set_children(2)
    state.set_assistant(True)
    bench.clock.pass_time(seconds=5)

    await state.admit()
    await state.upkeep.settle()

    [report] = bench.network.reports.values()
    assert (report.admitted, report.children, report.assistant) == (True, 2, True)
    assert report.closed_at == NOON + timedelta(seconds=5)
    assert state.shown.stage is Stage.VISITED
    assert state.upkeep.readiness.waiting == 0
    assert len(state.visits) == 1
    assert await bench.names("door/scan/") == await bench.names("door/outbox/") == []


async def test_visit_ledger_row_and_report_are_one_write(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card().show())
    writes: list[set[str]] = []
    put_all = bench.device.store.put_all

    async def watch(records) -> None:
        writes.append({name.split("/")[1] for name in records})
        await put_all(records)

    bench.device.store.put_all = watch
    await state.admit()

    assert writes[0] == {"scan", "outbox", "ledger", "ledger-key", "visit"}


@pytest.mark.parametrize(
    ("over", "shown_ago_s", "reason"),
    [
        ({"until_s": NOON_S - 1}, 0, Reason.EXPIRED),
        ({"not_before_s": NOON_S + 60, "until_s": NOON_S + DAY_S}, 0, Reason.NOT_YET_VALID),
        ({}, 181, Reason.OLD_CODE),
        ({}, -121, Reason.FUTURE_CODE),
        ({"place": 9}, 0, Reason.REVOKED),
        ({}, 90, Reason.CLOCK_SKEW),
        ({"place": 70_000}, 0, Reason.STATUS_UNKNOWN),
        ({"card_class": CardClass.COMMUNITY, "count": 12}, 0, Reason.OK_COMMUNITY),
    ],
)
async def test_every_colour_comes_from_what_is_signed(bench, over, shown_ago_s, reason) -> None:
    bench.network.status_lists[0] = bench.issuer.status_list(bits=b"\x00\x02" + b"\0" * 62)
    state = await bench.open()

    await state.read(bench.issuer.card(**over).show(at=NOON - timedelta(seconds=shown_ago_s)))

    assert state.shown.scan.reason is reason


async def test_a_card_of_a_strangers_issuer_is_red_when_the_keys_are_fresh(bench) -> None:
    state = await bench.open()

    await state.read(Issuer().card().show())

    assert state.shown.scan.reasons == [Reason.FORGED]


async def test_red_is_closed_at_once_and_makes_no_visit(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card(until_s=NOON_S - 1).show())
    await state.upkeep.settle()

    [report] = bench.network.reports.values()
    assert (state.shown.stage, report.admitted) == (Stage.CLOSED, False)
    await state.admit()
    assert state.visits == []


async def test_of_a_strangers_code_nothing_is_kept(bench) -> None:
    state = await bench.open()
    secret = "https://bank.example/login?password=hunter2"

    await state.read(secret)
    await state.upkeep.settle()

    assert state.shown.scan.reasons == [Reason.NOT_A_CARD]
    [report] = bench.network.reports.values()
    assert report.text is None
    bench.close()
    assert b"hunter2" not in (bench.folder / "door.db").read_bytes()
    bench.device = bench._make_device()


async def test_an_activation_code_is_no_card_at_a_door(bench) -> None:
    state = await bench.open()

    await state.read("K1A:M9S346Q3D250")

    assert (state.shown.scan.reasons, state.shown.scan.text) == ([Reason.NOT_A_CARD], None)


async def test_the_stepper_ends_at_the_cards_number(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card(count=1).show())

    state.set_children(-1)
    assert state.children == 0
    state.set_children(5)
    assert state.children == 1


async def test_without_children_one_tap_leads_to_the_next(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card(count=0).show())

    await state.admit()

    assert (state.shown, state.note, len(state.visits)) == (None, Note.VISIT_STORED, 1)


async def test_enter_confirms_green_then_goes_on_but_never_decides_amber(bench) -> None:
    state = await bench.open()
    await state.read_typed(bench.issuer.card().show() + "\r\n")
    await state.read_typed("")
    assert state.shown.stage is Stage.VISITED
    await state.read_typed("\n")
    assert state.shown is None

    await state.read_typed(
        bench.issuer.card(sub="AAAAAAAAAA").show(at=NOON - timedelta(seconds=90))
    )
    await state.read_typed("")
    assert (state.shown.stage, state.note) == (Stage.ASKED, Note.CHOOSE_ONE)


async def test_a_small_number_typed_under_a_verdict_is_the_children(bench) -> None:
    state = await bench.open()
    await state.read_typed(bench.issuer.card().show())

    await state.read_typed("1")
    assert (state.children, state.note) == (1, None)
    await state.read_typed("")

    assert state.visits[0].report.children == 1


async def test_only_one_line_ending_is_taken_off(bench) -> None:
    state = await bench.open()

    await state.read_typed(bench.issuer.card().show() + "\n\n")

    assert state.shown.scan.reasons == [Reason.NOT_A_CARD]


async def test_a_card_code_is_judged_by_the_register(bench) -> None:
    state = await bench.open()

    await state.read_typed(f"{CARD_CODE[:3]}-{CARD_CODE[3:6]}-{CARD_CODE[6:]}".lower())

    assert (state.shown.scan.reasons, state.shown.scan.end) == ([Reason.OK_CODE], 1)
    await state.admit()
    await state.upkeep.settle()
    assert [report.text for report in bench.network.reports.values()] == [CARD_CODE]


async def test_a_card_code_without_network_is_the_doors_own_decision(bench) -> None:
    state = await bench.open()
    bench.network.online = False

    await state.read(CARD_CODE)

    assert state.shown.scan.reasons == [Reason.CODE_OFFLINE]
    await state.admit()
    assert state.upkeep.readiness.waiting == 1


async def test_the_register_can_ask_for_a_rest(bench) -> None:
    state = await bench.open()
    bench.network.refuse["card-questions"] = (429, "resting")

    await state.read(CARD_CODE)

    assert (state.shown, state.note) == (None, Note.RESTING)
    assert await bench.names("door/outbox/") == []


async def test_a_scanner_that_was_removed_hears_it(bench) -> None:
    state = await bench.open()
    bench.network.refuse["scans"] = (401, "scanner_revoked")
    await state.read(bench.issuer.card().show())
    await state.admit()
    await state.upkeep.settle()

    assert bench.gone == ["scanner_revoked"]
    assert state.upkeep.readiness.waiting == 1  # kept for the next pairing


async def test_paper_is_green_on_line_and_asked_about_off_line(bench) -> None:
    state = await bench.open()
    await state.read(bench.issuer.card(paper=True).paper())
    assert state.shown.scan.reasons == [Reason.OK_PAPER]
    await state.decline()

    bench.clock.pass_time(minutes=5)
    await state.read(bench.issuer.card(paper=True, sub="AAAAAAAAAA").paper())
    assert state.shown.scan.reasons == [Reason.PAPER_OFFLINE]


async def test_without_any_keys_staff_decide_and_children_still_count(bench) -> None:
    bench.network.online = False
    state = await bench.open()

    await state.read(bench.issuer.card(count=3).show())

    assert (state.shown.scan.reasons, state.shown.scan.end) == ([Reason.KEY_NOT_HERE], 3)


async def test_a_status_list_is_fetched_when_a_card_names_it(bench) -> None:
    state = await bench.open()
    bench.network.status_lists[1] = bench.issuer.status_list(1)

    await state.read(bench.issuer.card(place=(1 << 16) + 5).show())

    assert state.shown.scan.reasons == [Reason.OK]

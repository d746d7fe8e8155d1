"""What is stored about me: everything that leads to a holder is told, or says why not."""

from uuid import uuid4

from server.card.models import Card
from server.mine.erasure import erase_holder
from server.mine.service import NOT_TOLD, TOLD
from server.schema import METADATA
from tests.server.callers import one_session, refusal

ROOTS = {"holder", "card", "visit", "credential"}


def tables_that_lead_to_a_holder() -> set[str]:
    """Follow the references: a table that points at one that leads to a holder does so, too."""
    leading = {"holder"}
    while True:
        more = {
            table.name
            for table in METADATA.sorted_tables
            if {key.column.table.name for key in table.foreign_keys} & leading
            or {"holder_id", "card_id"} & set(table.columns.keys())
        }
        if more <= leading:
            return leading
        leading |= more


def test_every_table_that_leads_to_a_holder_is_told_or_says_why_not() -> None:
    leading = tables_that_lead_to_a_holder()

    assert leading >= ROOTS
    assert leading == TOLD | NOT_TOLD.keys()
    assert all(NOT_TOLD.values())


def test_a_holder_reads_everything_and_in_words(
    http, desk, make_holder, make_scanner, clock
) -> None:
    holder = make_holder(
        grounds="income_support", life_situation="studying", gender="woman", children=1
    )
    front, back = (make_scanner(desk.venue(name=name)) for name in ("Teatteri", "Halli"))
    visit_id = front.scan(holder.show()).json()["visit_id"]
    clock.advance(minutes=1)
    back.scan(holder.show(), admitted=False)
    told = {"dispute_id": str(uuid4()), "visit_id": visit_id}
    http.post("disputes", json=told, headers=holder.speaking)
    months = [{"month": "2026-11-01", "points": 64}]
    http.put(
        f"wellbeing-sharings/{uuid4()}", json={"meter": "who5", "months": months},
        headers=holder.speaking,
    )  # fmt: skip

    answer = holder.read("holder").json()

    [card] = answer["cards"]
    assert (card["distributor_name"], card["birth_year"], card["home_postcode"]) == (
        "Asema", 1975, "02100",
    )  # fmt: skip
    assert card["life_situation"]["names"]["sv"] == "Studerande"
    assert card["gender"]["names"]["en"] == "Woman"
    assert {"fi", "sv", "en", "selko"} <= card["grounds"]["names"].keys()
    assert [one["kind"] for one in card["signed"]] == ["mobile"]
    assert len(card["codes"]) == 1
    assert len(card["signed_in_until"]) == 1
    assert (answer["visits"], answer["scans_kept"]) == (1, 2)
    assert [(one["venue_name"], one["admitted"]) for one in answer["scans"]] == [
        ("Halli", False),
        ("Teatteri", True),
    ]
    assert [one["visit_id"] for one in answer["disputes"]] == [visit_id]
    assert [one["months"] for one in answer["wellbeing"]] == [months]


def test_an_answer_tells_of_nobody_else(make_holder, scanner) -> None:
    one, other = make_holder(), make_holder()
    scanner.scan(other.show())

    answer = one.read("holder").json()

    assert (len(answer["cards"]), answer["visits"], answer["scans"]) == (1, 0, [])


def test_only_the_own_phone_reads_it_and_nobody_once_it_is_erased(
    http, desk, holder, engine
) -> None:
    assert refusal(http.get("holder")) == (401, "sign_in_required")
    [card] = desk.rows(Card)
    with one_session(engine) as db:
        erase_holder(db, card.holder_id, now=holder.clock())
    assert refusal(holder.read("holder")) == (401, "sign_in_required")

"""Tables as people make them, and as they should not be."""

from datetime import UTC, datetime

import pytest

from server.paperform.errors import TableEmpty, TableTooLong, TableUnreadable
from server.paperform.table import LINES_MOST, PaperVisit, count_lines, read_table, write_table
from server.problems import Problem
from shared.scan import Category
from shared.token.codes import complete_code
from tests.factories import NOON

CODE = next(c for c in (complete_code(f"7K3M9QX{n}") for n in "23456789") if c)
PRINTED = f"{CODE[:3]}-{CODE[3:6]}-{CODE[6:]}"
BOTH = ["culture", "sport"]


def read(text: str | bytes, own=("culture",)):
    content = text.encode() if isinstance(text, str) else text
    lines = read_table(content, own=own, now=NOON)
    count_lines(content)
    return list(lines)


def one(text: str, own=("culture",)) -> PaperVisit:
    [line] = read(text, own)
    assert isinstance(line.means, PaperVisit), line.means
    return line.means


def problem(text: str, own=("culture",)) -> str:
    [line] = read(text, own)
    assert isinstance(line.means, Problem), line.means
    return line.means.code


def test_a_line_says_when_who_and_how_many() -> None:
    visit = one(f"päivä;kello;kortti;lapset;avustaja\n20.11.2026;18.30;{PRINTED};2;kyllä\n")
    assert visit == PaperVisit(
        CODE, datetime(2026, 11, 20, 16, 30, tzinfo=UTC), Category.CULTURE, 2, assistant=True
    )


@pytest.mark.parametrize(
    "text",
    [
        f"Date,Card code\n2026-11-20,{CODE}\n",
        f"\ufeffpvm;koodi\r\n20.11.2026;{CODE.lower()}\r\n",
        f"DAG\tKORT\n20.11.2026\t{PRINTED}\n",
        f"lapset;kortti;päivä;muuta\n;{CODE};20.11.2026;terve\n\n;;;\n",
        f'"päivä";"kortti"\n"20.11.2026";" {CODE} "',
    ],
)
def test_tables_of_many_programs_are_read(text) -> None:
    visit = one(text)
    assert (visit.code, visit.children, visit.assistant) == (CODE, 0, False)
    assert visit.visited_at == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def test_a_table_in_latin_1_is_read() -> None:
    [line] = read(f"päivä;kortti;lapset\n20.11.2026;{CODE};1\n".encode("latin-1"))
    assert isinstance(line.means, PaperVisit)


def test_today_without_a_time_is_never_in_the_future() -> None:
    early = NOON.replace(hour=6)
    [line] = read_table(f"päivä;kortti\n22.11.2026;{CODE}".encode(), own=["culture"], now=early)
    assert line.means.visited_at == early


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("31.2.2026;;X;", "malformed_card_code"),
        (f"31.2.2026;;{CODE};", "malformed_day"),
        (f"20.11.26;;{CODE};", "malformed_day"),
        (f";;{CODE};", "malformed_day"),
        (f"20.11.0026;;{CODE};", "malformed_day"),
        (f"20.11.2026;25.00;{CODE};", "malformed_time"),
        (f"20.11.2026;6pm;{CODE};", "malformed_time"),
        (f"20.11.2026;;{CODE};kaksi", "malformed_number"),
        (f"20.11.2026;;{CODE};-1", "malformed_number"),
        (f"20.11.2026;;{CODE[:-1]};", "malformed_card_code"),
        ("20.11.2026;;=HYPERLINK(1);", "malformed_card_code"),
    ],
)
def test_each_mistake_has_its_own_name(cells, code) -> None:
    assert problem(f"päivä;kello;kortti;lapset\n{cells}\n") == code


def test_what_a_visit_was_for_is_said_where_there_are_several() -> None:
    head = "päivä;kortti;luokka\n20.11.2026;"
    assert one(f"{head}{CODE};Liikunta", BOTH).category is Category.SPORT
    assert one(f"{head}{CODE};", ["sport"]).category is Category.SPORT
    assert problem(f"{head}{CODE};", BOTH) == "malformed_category"
    assert problem(f"{head}{CODE};tiede", BOTH) == "malformed_category"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", TableEmpty),
        ("\n\n", TableEmpty),
        ("päivä;kortti\n", TableEmpty),
        ("päivä;kortti\n;\n", TableEmpty),
        ("nimi;osoite\nMaija;Kotikatu", TableUnreadable),
        (b"\x00\x01\x02PK\x03\x04" * 50, TableUnreadable),
        ("päivä;kortti\n" + f"20.11.2026;{CODE}\n" * (LINES_MOST + 1), TableTooLong),
        ("päivä;kortti\n" + f"20.11.2026;{CODE};{'x' * 900}\n" * 10_000, TableTooLong),
        ('päivä;kortti\n"' + "x" * 200_000, TableUnreadable),
    ],
)
def test_what_is_no_table_is_refused_whole(text, refused) -> None:
    with pytest.raises(refused):
        read(text)


def test_a_table_may_have_fifty_thousand_lines() -> None:
    assert count_lines(("päivä;kortti\n" + f"20.11.2026;{CODE}\n" * LINES_MOST).encode()) == 50_000


def test_a_table_written_again_is_the_same_and_says_what_is_wrong() -> None:
    lines = read(f"pvm;klo;koodi;lapsia\n20.11.2026;18:30;{PRINTED};2\n;;;\n19.11.2026;;{CODE};\n")
    table = write_table(((line.written, "Korjaa") for line in lines), remarks="Huomautus")
    assert [line.means for line in read(table)] == [line.means for line in lines]
    assert table.splitlines()[0] == "päivä;kello;kortti;lapset;avustaja;luokka;Huomautus"
    assert table.splitlines()[1].endswith(";Korjaa")


def test_no_cell_that_is_written_again_is_a_formula() -> None:
    formulas = ["=1+1", "+1", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A0"]
    head, *rows = "päivä;kello;kortti;lapset", *(f"{one};-;x;{one}" for one in formulas)
    lines = read("\n".join([head, *rows]))
    table = write_table(((line.written, line.means.code) for line in lines), remarks="Huomautus")
    cells = [cell for row in table.splitlines() for cell in row.split(";")]
    assert [cell for cell in cells if len(cell) > 1 and cell[0] in "=+-@"] == []
    assert [line.written for line in read(table)] == [line.written for line in lines]

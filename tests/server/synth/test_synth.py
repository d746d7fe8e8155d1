"""Synthetic data add up to the national figures, and reports say so."""

from collections.abc import Sequence
from random import Random

import pytest
from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.card.models import Card
from server.holder.models import Holder
from server.report.models import ReportCard, ReportCell, ReportChange, ReportUse
from server.report.rollup.check import differing_cells
from server.report.rollup.recount import rebuild
from server.report.rollup.upkeep import catch_up
from server.report.service import national_years
from server.report.years import NationalYear
from server.synth.codes import Codes
from server.synth.load import fill
from server.synth.shape import PUBLISHED
from server.synth.town import Ids, SyntheticArea, build_towns
from server.visit.models import Visit
from shared.token.codes import CodeKind, check_code, complete_code


def count(engine: Engine) -> None:
    with Session(engine) as db, db.begin():
        rebuild(db)


def count_one_by_one(engine: Engine) -> None:
    """Count as a running server does."""
    with Session(engine) as db, db.begin():
        for table in (ReportCell, ReportUse, ReportCard, ReportChange):
            db.execute(delete(table))
        db.execute(insert(ReportChange).from_select(["holder_id"], select(Holder.id)))
    settled = 1
    while settled:
        with Session(engine) as db, db.begin():
            settled = catch_up(db, most=2000)


def come_out(engine: Engine, years: Sequence[NationalYear]) -> None:
    with Session(engine) as db:
        told = {row.year: row for row in national_years(db)}
    assert sorted(told) == [shape.year for shape in years]
    for shape in years:
        row = told[shape.year]
        assert (row.cards, row.used, row.uses) == (shape.cards, shape.used, shape.uses)
        assert dict(row.adults) == dict(shape.adults)
        assert dict(row.children) == dict(shape.children)
        assert row.municipalities == shape.municipalities


@pytest.mark.parametrize(
    "engine", [pytest.param("sqlite", marks=pytest.mark.thorough), "postgres"], indirect=True
)
def test_the_five_published_years_come_out_of_the_visits(engine: Engine) -> None:
    fill(engine, years=PUBLISHED)
    count(engine)

    come_out(engine, PUBLISHED)


def test_both_databases_are_filled_alike_and_soundly(engine: Engine) -> None:
    years = PUBLISHED[1:2]
    visits = fill(engine, years=years)
    count_one_by_one(engine)

    with Session(engine) as db:
        assert visits == db.scalar(select(func.count()).select_from(Visit)) == 7_283
        for code in db.scalars(select(Card.code).limit(50)):
            check_code(code, CodeKind.CARD)
        assert list(differing_cells(db)) == []
    come_out(engine, years)


def test_the_same_seed_makes_the_same_network() -> None:
    def towns(seed: int) -> list[SyntheticArea]:
        chance = Random(seed)  # noqa: S311 - a test
        return build_towns(chance, Ids(chance), many=20)

    assert towns(7) == towns(7) != towns(8)


def test_a_register_with_people_in_it_is_left_alone(sqlite_engine: Engine) -> None:
    fill(sqlite_engine, years=PUBLISHED[1:2])

    with pytest.raises(ValueError, match="empty database"):
        fill(sqlite_engine)


def test_codes_are_real_ones_and_the_same_however_many_are_made_at_a_time() -> None:
    codes, others = Codes(987_654_321), Codes(987_654_321)
    made = [code.decode() for code in codes.many(3000).tolist()]
    in_parts = [code.decode() for n in (1, 999, 2000) for code in others.many(n).tolist()]

    assert made == in_parts
    assert len(set(made)) == 3000
    assert all(complete_code(code[:-1]) == code for code in made)


def test_what_fails_halfway_leaves_nothing(engine: Engine) -> None:
    def stop(_said: str) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        fill(engine, years=PUBLISHED[1:2], say=stop)

    with Session(engine) as db:
        for table in (Area, Holder, Card, Visit):
            assert db.scalar(select(func.count()).select_from(table)) == 0
    assert fill(engine, years=PUBLISHED[1:2]) > 0

"""Fills an empty database with a synthetic network, in one transaction."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from random import Random
from typing import Any, cast

import numpy as np
from sqlalchemy import Engine, Table, insert, select

from server.card.models import Card
from server.holder.models import Holder
from server.report.years import NationalYear
from server.scan.models import Scan
from server.synth.bulk import loading
from server.synth.codes import Codes
from server.synth.life import Year
from server.synth.shape import YEARS
from server.synth.town import Ids, build_towns, rows_of
from server.visit.models import Visit

Say = Callable[[str], None]


def fill(
    engine: Engine,
    *,
    seed: int = 1,
    scale: int = 1,
    years: Iterable[NationalYear] = YEARS,
    say: Say = lambda _: None,
) -> int:
    """Fill an empty database with a synthetic network; gives the number of visits.

    All of it or nothing. Figures of reports are not counted: `rebuild` does that.

    Raises:
        ValueError: The database has holders, and may be a real one.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret
    ids, codes = Ids(chance), Codes(chance.getrandbits(30))
    many = np.random.default_rng(seed)
    shapes = list(years)
    towns = build_towns(chance, ids, many=max(shape.municipalities for shape in shapes))
    tables = {of.__tablename__: cast("Table", of.__table__) for of in (Holder, Card, Scan, Visit)}
    visits = 0
    with engine.begin() as connection:
        if connection.scalar(select(Holder.id).limit(1)) is not None:
            raise ValueError("synthetic data go into an empty database only")
        places: dict[Any, list[dict[str, Any]]] = {}
        first = min(shape.year for shape in shapes)
        for table, row in rows_of(towns, at=datetime(first, 1, 1, 8, tzinfo=UTC)):
            places.setdefault(table, []).append(row)
        for table, rows in places.items():
            connection.execute(insert(table), rows)
        with loading(connection, list(tables.values())) as load:
            for shape in shapes:
                year = Year(shape, towns, chance=many, ids=ids, codes=codes, scale=scale)
                for name, columns in year.cards():
                    load(tables[name], columns)
                for scan, visit in year.visits():
                    load(tables["scan"], scan)
                    load(tables["visit"], visit)
                    visits += len(scan["id"])
                    say(f"{shape.year}: {visits:,} visits")
            say("Indexes …")
    return visits

"""What is searched after an erasure: every value of the database, for every trace of a holder."""

from sqlalchemy import select

from server.card.models import Card, SignedCredential
from server.schema import METADATA
from server.visit.models import Visit
from shared.token.codes import print_code


def put(http, holder, path: str, **body):
    return http.put(path, json=body, headers=holder.speaking)


def everything_kept(engine) -> dict[tuple[str, str], str]:
    """Every value of every column of every table, as text, by table and column."""
    kept: dict[tuple[str, str], str] = {}
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for name, value in row.items():
                    place = (table.name, str(name))
                    kept[place] = f"{kept.get(place, '')}\n{written(value)}"
    return kept


def written(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def traces_of(desk, card: Card) -> set[str]:
    """All that could lead to the holder: ids, codes, names of credentials, keys."""
    cards = [one for one in desk.rows(Card) if one.holder_id == card.holder_id]
    ours = {one.id for one in cards}
    signed = [one for one in desk.rows(SignedCredential) if one.card_id in ours]
    found = {str(card.holder_id), *(str(one) for one in ours)}
    for one in cards:
        found |= {one.code}
        found |= {one.key_x.hex()} if one.key_x else set()
    found |= {one.sub for one in signed} | {one.raw.hex() for one in signed}
    return found | {one.sub for one in desk.rows(Visit)} | {print_code(card.code).lower()}

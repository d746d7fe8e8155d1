"""Made-up cards and a made-up door; everything can be overridden."""

from dataclasses import replace
from typing import Any

from shared.rules.admission import Door, Judgement, Knowledge, decide
from shared.token.cose import settle
from shared.token.credential import CardClass, Credential, draft_credential
from shared.token.keyset import IssuerKey, KeyRole, KeySet
from shared.token.paper import draft_paper
from shared.token.presentation import draft_presentation, write_text
from shared.token.status import StatusList
from tests.shared.keys import ISSUER, PAPER_PRESS, PHONE, STATUS, TestKey, verify

NOW_S = 1_795_341_600  # 2026-11-22T10:00:00Z
DAY_S = 86_400
ISSUER_KID, PAPER_KID, STATUS_KID = b"\x00\x11", b"\x00\x31", b"\x00\x02"
DOOR = Door(event="E1", venue="V1", device="D1")


def make_credential(**overrides: Any) -> Credential:
    """A personal card with three children, valid from two days ago."""
    credential = Credential(
        sub="q7Rk2-XzT0",
        not_before_s=1_795_125_600,
        until_s=1_798_149_600,
        card_class=CardClass.PERSONAL,
        count=3,
        place=41,
        holder=PHONE.point,
    )
    return replace(credential, **overrides)


def issue(credential: Credential, *, key: TestKey = ISSUER, kid: bytes = ISSUER_KID) -> bytes:
    return key.seal(draft_credential(credential, kid=kid))


def show_bytes(credential: Credential, *, shown_at_s: int = NOW_S, key: TestKey = PHONE) -> bytes:
    return key.seal(draft_presentation(issue(credential), shown_at_s=shown_at_s))


def show(credential: Credential, *, shown_at_s: int = NOW_S, key: TestKey = PHONE) -> str:
    return write_text(show_bytes(credential, shown_at_s=shown_at_s, key=key))


def print_paper(credential: Credential) -> str:
    draft = draft_paper(replace(credential, holder=None), kid=PAPER_KID)
    return write_text(PAPER_PRESS.seal(draft))


def make_keys() -> dict[bytes, IssuerKey]:
    signers = [
        (ISSUER_KID, ISSUER, KeyRole.MOBILE),
        (PAPER_KID, PAPER_PRESS, KeyRole.PAPER),
        (STATUS_KID, STATUS, KeyRole.STATUS),
    ]
    return {
        kid: IssuerKey(kid, key.point, role, NOW_S - 300 * DAY_S, NOW_S + 300 * DAY_S)
        for kid, key, role in signers
    }


def make_status(**overrides: Any) -> StatusList:
    """List 0, all places free, a minute old."""
    listed = StatusList(
        number=0,
        issued_at_s=NOW_S - 60,
        until_s=NOW_S + DAY_S,
        ttl_s=3_600,
        seq=9,
        bits=bytes(8_192),
    )
    return replace(listed, **overrides)


def make_knowledge(**overrides: Any) -> Knowledge:
    """A door that knows all and has seen nobody."""
    knows = Knowledge(
        key_set=KeySet(9, NOW_S - DAY_S, NOW_S + 30 * DAY_S, make_keys(), b""),
        status={0: make_status()},
        clock_sure=True,
        ledger={},
        ledger_online=True,
    )
    return replace(knows, **overrides)


def judge(text: str, *, now_s: int = NOW_S, door: Door = DOOR, **knowledge: Any) -> Judgement:
    return settle(decide(text, now_s=now_s, knows=make_knowledge(**knowledge), door=door), verify)

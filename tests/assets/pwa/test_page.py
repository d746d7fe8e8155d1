"""The page's JavaScript and the app's Python write the same bytes and judge a card alike."""

import json
import os
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from mobile_app.card.held import HeldCard, Trouble
from mobile_app.card.standing import Hindrance, standing_of
from mobile_app.device.clock import SystemClock
from server.clock import seconds, utc_now
from shared.card import CardFacts, CardState
from shared.token import base45
from shared.token.credential import CardClass
from shared.token.presentation import draft_presentation, write_text
from shared.wire import to_base64url
from tests.shared.cards import NOW_S, issue, make_credential
from tests.shared.keys import OTHER_PHONE, PHONE, SCANNER, TestKey

HERE = Path(__file__).parent
NOW = datetime.fromtimestamp(NOW_S, UTC)
PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1


def test_page_and_app_agree(tmp_path: Path) -> None:
    vectors = tmp_path / "vectors.json"
    vectors.write_text(json.dumps(make_vectors()))

    run = subprocess.run(  # noqa: S603 - our own arguments
        ["node", "--test", str(HERE / "page.test.mjs")],  # noqa: S607 - wherever it is installed
        env=os.environ | {"VECTORS": str(vectors)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    assert "fail 0" in run.stdout


def make_vectors() -> dict[str, Any]:
    cards = [
        make_credential(),
        make_credential(count=0, place=0),
        make_credential(count=23, place=0xFFFF_FFFF, card_class=CardClass.COMMUNITY),
        make_credential(count=7, place=300),
    ]
    times = (1_600_000_000, NOW_S, 4_294_967_295)
    texts = (b"", b"A", b"AB", b"Hello!!", b"base-45", b"ietf!", bytes(range(256)), b"\xff" * 257)
    return {
        "presentations": [presentation(issue(card), at_s) for card in cards for at_s in times],
        "points": [point(key) for key in (PHONE, OTHER_PHONE, SCANNER)] + bad_points(),
        "base45": [{"raw": raw.hex(), "text": base45.encode(raw)} for raw in texts],
        "standings": standings(),
        "clocks": clocks(),
    }


def presentation(credential: bytes, at_s: int) -> dict[str, Any]:
    draft = draft_presentation(credential, shown_at_s=at_s)
    signature = PHONE.sign(draft.bytes_to_sign())
    sealed = draft.seal(signature)
    return {
        "credential": to_base64url(credential),
        "at_s": at_s,
        "to_sign": draft.bytes_to_sign().hex(),
        "signature": signature.hex(),
        "point": compressed(PHONE).hex(),
        "sealed": sealed.hex(),
        "text": write_text(sealed),
    }


def compressed(key: TestKey) -> bytes:
    return (b"\x03" if key.point.odd else b"\x02") + key.point.x


def point(key: TestKey) -> dict[str, Any]:
    signed = b"signed"
    return {
        "point": compressed(key).hex(),
        "signature": key.sign(signed).hex(),
        "signed": signed.hex(),
        "holds": True,
    }


def bad_points() -> list[dict[str, Any]]:
    good = point(PHONE)
    other_half = (b"\x02" if PHONE.point.odd else b"\x03") + PHONE.point.x
    off_the_curve = b"\x02" + (1).to_bytes(32, "big")
    beyond = b"\x02" + PRIME.to_bytes(32, "big")
    return [
        good | {"point": bad.hex(), "holds": False} for bad in (other_half, off_the_curve, beyond)
    ]


def standings() -> list[dict[str, Any]]:
    facts = CardFacts(
        card_id=UUID(int=7),
        card_code="7KM4P2QXC",
        state=CardState.VALID,
        first_valid_on=date(2026, 11, 1),
        last_valid_on=date(2027, 10, 31),
        children=2,
        community=False,
    )
    held = HeldCard(
        credential=issue(make_credential()),
        key_name="card-1",
        facts=facts,
        from_at=NOW - timedelta(days=2),
        until_at=NOW + timedelta(days=30),
        issued_at=NOW,
        heard_at=NOW,
    )
    last_evening = datetime(2027, 10, 31, 21, 59, 59, tzinfo=UTC)  # 23.59.59 in Helsinki
    long_lived = replace(held, until_at=datetime(2028, 1, 1, tzinfo=UTC))
    cases = {
        "good": (held, NOW),
        "moved": (replace(held, trouble=Trouble.MOVED), NOW),
        "blocked by refusal": (replace(held, trouble=Trouble.BLOCKED), NOW),
        "blocked by facts": (replace(held, facts=replace(facts, state=CardState.BLOCKED)), NOW),
        "expired by refusal": (replace(held, trouble=Trouble.EXPIRED), NOW),
        "expired by facts": (replace(held, facts=replace(facts, state=CardState.EXPIRED)), NOW),
        "not begun by facts": (
            replace(held, facts=replace(facts, state=CardState.NOT_YET_VALID)),
            NOW - timedelta(days=40),
        ),
        "last second of the last day": (long_lived, last_evening),
        "first second after it": (long_lived, last_evening + timedelta(seconds=1)),
        "before its first day": (held, datetime(2026, 10, 31, 21, 59, 59, tzinfo=UTC)),
        "before the credential": (held, NOW - timedelta(days=2, seconds=1)),
        "credential run out": (held, NOW + timedelta(days=30)),
        "credential's last second": (held, NOW + timedelta(days=30, seconds=-1)),
        "moved and expired": (
            replace(held, trouble=Trouble.MOVED),
            last_evening.replace(year=2030),
        ),
    }
    return [
        {
            "name": f"{name}, {'with' if believed else 'without'} a clock to believe",
            "held": card.to_record(),
            "now": now.isoformat(),
            "believed": believed,
            "hindrance": hindrance_name(card, now, believed=believed),
        }
        for name, (card, now) in cases.items()
        for believed in (True, False)
    ]


def hindrance_name(card: HeldCard, now: datetime, *, believed: bool) -> str | None:
    standing = standing_of(card, now=now, clock_error=timedelta(), clock_believed=believed)
    by_clock = standing.clock_says is not None and standing.hindrance is not Hindrance.RUN_OUT
    if standing.hindrance is None or by_clock:
        return "clock" if by_clock else None
    return standing.hindrance.name.lower()


def clocks() -> list[dict[str, Any]]:
    """What the app's own clock makes of each record now; the page is told the same moment."""
    now_s = seconds(utc_now())
    day_s = 86_400
    records = {
        "never heard": None,
        "heard before records told when": {"error_s": 0},
        "heard just now": {"error_s": 0, "heard_s": now_s, "seen_s": now_s},
        "heard almost a day ago": {
            "error_s": 0,
            "heard_s": now_s - day_s + 60,
            "seen_s": now_s - 60,
        },
        "heard over a day ago": {"error_s": 0, "heard_s": now_s - day_s - 60, "seen_s": now_s - 60},
        "turned back since": {"error_s": 0, "heard_s": now_s + 60, "seen_s": now_s + 60},
        "turned back a little": {"error_s": 0, "heard_s": now_s + 4, "seen_s": now_s + 4},
        "wrong and known to be": {"error_s": 31_536_000, "heard_s": now_s, "seen_s": now_s},
    }
    return [
        {
            "name": name,
            "record": record,
            "device_s": now_s,
            "likely": SystemClock(record).is_likely(),
        }
        for name, record in records.items()
    ]

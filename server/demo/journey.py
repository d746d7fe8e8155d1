"""The main job without a browser: grant, activate, show, photograph, read, report, look it up.

Only the grant and the pairing code come from the database (a person at a desk makes those); all
else goes over HTTP to a running server, as a phone and a scanner would.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from server.area.models import AreaPostcode
from server.clock import Clock
from server.demo.phone import Phone
from server.demo.photo import photograph, read_photo, render_qr
from server.distributor.models import Distributor
from server.grant.service import CardRequest, grant_card
from server.ids import new_id
from server.settings import Settings
from server.venue.models import Venue
from server.venue.service import draw_pairing_code
from shared.card import IssuedCredential
from shared.rules.admission import Reason
from shared.scan import Category, ScanReceipt, ScanReport
from shared.signin import Bearer, FreshNonce
from shared.token.codes import print_code
from shared.venue import EnrolledScanner
from shared.visit import HolderVisit, VisitPage
from shared.wire import COSE_MEDIA_TYPE, T, from_base64url, from_json, to_json

_TRIES = 20

Say = Callable[[str], None]


class JourneyStopped(RuntimeError):
    """A step did not do what it should; the message says which, and what the server answered."""


@dataclass(frozen=True, slots=True)
class _Desk:
    activation_code: str
    pairing_code: str
    category: Category


def walk(  # noqa: PLR0913 - all by keyword
    sessions: "sessionmaker[Session]",
    http: httpx.Client,
    *,
    settings: Settings,
    clock: Clock,
    say: Say,
    pictures: Path,
    seed: int,
) -> HolderVisit:
    """Walk the whole way once, saying each step.

    Args:
        sessions: The database of the running server, for the grant.
        http: Speaks to the running server; its base URL ends in `/api/v1/`.
        settings: As the server's.
        clock: The time.
        say: Hears one line per step.
        pictures: Folder for the QR code and the photograph of it.
        seed: Of the chance that makes the photograph bad.

    Returns:
        The visit, as the holder's history shows it.

    Raises:
        JourneyStopped: A step failed.
    """
    _checked(http.get("health"))  # before a card is granted for nothing
    desk = _at_the_desk(sessions, settings=settings, now=clock())
    say(f"granted    activation code {print_code(desk.activation_code)}")
    phone, scanner = Phone(), Phone()
    issued = _post(
        http,
        "activations",
        IssuedCredential,
        cose=phone.activation_proof(desk.activation_code, now=clock()),
    )
    credential = from_base64url(issued.credential)
    say(
        f"activated  card {print_code(issued.card.card_code)}, valid to {issued.card.last_valid_on}"
    )
    enrolled = _post(
        http,
        "pairings",
        EnrolledScanner,
        cose=scanner.pairing_proof(desk.pairing_code, now=clock()),
    )
    say(f"paired     scanner of {enrolled.venue_name}")
    shown = phone.present(credential, now=clock())
    read = _photographed(shown, pictures=pictures, seed=seed, say=say)
    at = clock()
    report = ScanReport(
        scan_id=new_id(at),
        text=read,
        category=desk.category,
        scanned_at=at,
        closed_at=at + timedelta(seconds=2),
        admitted=True,
        children=min(1, issued.card.children),
        assistant=False,
        reasons=[Reason.OK],
    )
    device = str(enrolled.scanner_id)
    bearer = _sign_in(
        http, "scanner-sessions", lambda nonce: scanner.device_proof(device, nonce, now=clock())
    )
    receipt = _post(http, "scans", ScanReceipt, json=to_json(report), bearer=bearer)
    say(f"reported   {receipt.outcome}, {receipt.colour}: {', '.join(receipt.reasons)}")
    bearer = _sign_in(
        http, "holder-sessions", lambda nonce: phone.service_proof(credential, nonce, now=clock())
    )
    page = from_json(VisitPage, _checked(http.get("visits", headers=_speaking(bearer))))
    for visit in page.visits:
        if visit.visit_id == receipt.visit_id:
            say(f"stored     {to_json(visit)}")
            return visit
    raise JourneyStopped("the visit is not in the holder's history")


def _at_the_desk(sessions: "sessionmaker[Session]", *, settings: Settings, now: datetime) -> _Desk:
    secret = settings.secret
    with sessions.begin() as db:
        distributor = db.scalars(select(Distributor).limit(1)).first()
        postcode = db.scalars(select(AreaPostcode.postcode).limit(1)).first()
        venue = db.scalars(select(Venue).order_by(Venue.name).limit(1)).first()
        if distributor is None or venue is None:
            raise JourneyStopped("the database is empty: run seed-demo first")
        request = CardRequest(birth_year=1975, home_postcode=postcode, children=2)
        granted = grant_card(db, distributor, request, secret=secret, now=now)
        pairing = draw_pairing_code(db, venue, scanner_name="demo-journey", secret=secret, now=now)
        return _Desk(granted.activation_code, pairing, Category(venue.categories[0]))


def _photographed(text: str, *, pictures: Path, seed: int, say: Say) -> str:
    """Photograph the code until pyzbar reads it, as a camera does frame after frame."""
    pictures.mkdir(parents=True, exist_ok=True)
    picture = render_qr(text)
    picture.save(pictures / "card.png")
    chance = random.Random(seed)  # noqa: S311 - makes noise, not secrets
    for attempt in range(1, _TRIES + 1):
        photo = photograph(picture, chance=chance)
        photo.save(pictures / "photo.png")
        if read_photo(photo) == [text]:
            frame = f"frame {attempt}, {pictures / 'photo.png'}"
            say(f"read       {len(text)} characters by pyzbar in {frame}")
            return text
    raise JourneyStopped(f"pyzbar read none of {_TRIES} frames")


def _sign_in(http: httpx.Client, path: str, prove: Callable[[bytes], bytes]) -> str:
    nonce = from_base64url(_post(http, "nonces", FreshNonce).nonce)
    return _post(http, path, Bearer, cose=prove(nonce)).bearer


def _post(  # noqa: PLR0913 - all by keyword
    http: httpx.Client,
    path: str,
    kind: type[T],
    *,
    cose: bytes | None = None,
    json: str | None = None,
    bearer: str | None = None,
) -> T:
    media_type = COSE_MEDIA_TYPE if cose is not None else "application/json"
    answer = http.post(
        path,
        content=cose if cose is not None else json,
        headers={"Content-Type": media_type} | ({} if bearer is None else _speaking(bearer)),
    )
    return from_json(kind, _checked(answer))


def _speaking(bearer: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {bearer}"}


def _checked(answer: httpx.Response) -> bytes:
    if not answer.is_success:
        raise JourneyStopped(f"{answer.request.url.path}: {answer.status_code} {answer.text}")
    return answer.content

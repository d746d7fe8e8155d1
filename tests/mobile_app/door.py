"""A door for tests: real keys, real documents, a scanner on a real file, a made-up network."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from mobile_app.device.api import Api, Role
from mobile_app.device.decoder import Decoder
from mobile_app.device.device import Device
from mobile_app.device.httpx_http import HttpxHttp
from mobile_app.device.process_key_store import ProcessKeyStore
from mobile_app.device.sqlite_store import SqliteStore
from mobile_app.scan.purpose import Purpose
from mobile_app.scan.state import ScannerState
from mobile_app.sync.upkeep import Upkeep
from server.demo.phone import Phone
from server.signing import make_private_key, point_of, sign_es256
from shared.event import VenueEvent
from shared.problem import ProblemReport
from shared.rules.admission import Colour, Reason
from shared.scan import (
    BatchReceipt,
    CardAnswer,
    Category,
    ScanBatch,
    ScanOutcome,
    ScanReceipt,
    ScanRefusal,
    ScanReport,
)
from shared.signin import Bearer, FreshNonce
from shared.token.codes import complete_code
from shared.token.credential import CardClass, Credential, draft_credential
from shared.token.keyset import IssuerKey, KeyRole, draft_key_set
from shared.token.paper import draft_paper
from shared.token.presentation import write_text
from shared.token.status import draft_status_list
from shared.venue import EnrolledScanner, ScannerLimits, ScannerSnapshot
from shared.visit import VoidReceipt
from shared.wire import from_json, to_base64url, to_json
from tests.mobile_app.fakes import NOON, BlindDecoder, FakeClock

BASE_URL = "https://kaiku.example"
NOON_S = int(NOON.timestamp())
DAY_S = 86_400
ROOT_KID = b"\xff\x01"
KIDS = {KeyRole.MOBILE: b"\x00\x11", KeyRole.STATUS: b"\x00\x12", KeyRole.PAPER: b"\x00\x13"}
VENUE = UUID("0198c0de-0000-7000-8000-000000000001")
SCANNER = UUID("0198c0de-0000-7000-8000-000000000002")
CARD_CODE = next(code for n in "23456789ABC" if (code := complete_code(f"7K3M9QX{n}")))


def make_scanner(**over: Any) -> EnrolledScanner:
    given = {
        "scanner_id": SCANNER,
        "scanner_name": "Ovi",
        "venue_id": VENUE,
        "venue_name": "Museo Milavida",
        "categories": list(Category),
        "server_time": NOON,
    }
    return EnrolledScanner(**(given | over))


class Issuer:
    """Everything that signs, with keys made for one test."""

    def __init__(self) -> None:
        self.root = make_private_key()
        self.keys = {role: make_private_key() for role in KeyRole}

    @property
    def roots(self) -> dict[bytes, Any]:
        return {ROOT_KID: point_of(self.root)}

    def key_set(self, *, seq: int = 1, issued_at_s: int = NOON_S - 3600, root: Any = None) -> bytes:
        keys = [
            IssuerKey(KIDS[role], point_of(key), role, NOON_S - 90 * DAY_S, NOON_S + 90 * DAY_S)
            for role, key in self.keys.items()
        ]
        draft = draft_key_set(
            seq=seq,
            issued_at_s=issued_at_s,
            until_s=issued_at_s + 60 * DAY_S,
            keys=keys,
            root_kid=ROOT_KID,
        )
        return draft.seal(sign_es256(root or self.root, draft.bytes_to_sign()))

    def status_list(
        self,
        number: int = 0,
        *,
        issued_at_s: int = NOON_S - 840,
        seq: int = 1,
        bits: bytes = b"\0" * 64,
    ) -> bytes:
        draft = draft_status_list(
            number=number,
            issued_at_s=issued_at_s,
            until_s=issued_at_s + 7 * DAY_S,
            ttl_s=3600,
            seq=seq,
            bits=bits,
            kid=KIDS[KeyRole.STATUS],
        )
        return draft.seal(sign_es256(self.keys[KeyRole.STATUS], draft.bytes_to_sign()))

    def card(self, *, paper: bool = False, **over: Any) -> "HeldCard":
        phone = Phone()
        given = {
            "sub": "q7Rk2-XzT0",
            "not_before_s": NOON_S - 2 * DAY_S,
            "until_s": NOON_S + 20 * DAY_S,
            "card_class": CardClass.PERSONAL,
            "count": 2,
            "place": 41,
            "holder": None if paper else phone.point,
        }
        credential = Credential(**(given | over))
        role = KeyRole.PAPER if paper else KeyRole.MOBILE
        draft = (draft_paper if paper else draft_credential)(credential, kid=KIDS[role])
        return HeldCard(phone, draft.seal(sign_es256(self.keys[role], draft.bytes_to_sign())))


@dataclass(frozen=True)
class HeldCard:
    """A card in somebody's hand."""

    phone: Phone
    credential: bytes

    def show(self, *, at=NOON) -> str:
        return self.phone.present(self.credential, now=at)

    def paper(self) -> str:
        return write_text(self.credential)


class Network(httpx.AsyncBaseTransport):
    """A server that keeps what it hears, and a line that can be cut before or after it."""

    def __init__(self, issuer: Issuer) -> None:
        self.online = True
        self.lose_answers = 0
        self.key_set = issuer.key_set()
        self.status_lists = {0: issuer.status_list()}
        self.reports: dict[UUID, ScanReport] = {}
        self.heard = 0
        self.voided: list[UUID] = []
        self.code_answer = CardAnswer(Colour.GREEN, [Reason.OK_CODE], 1, community=False)
        self.refuse: dict[str, tuple[int, str]] = {}
        self.differs: list[Reason] = []
        self.bad_reports: dict[UUID, str] = {}
        self.events: list[VenueEvent] = []
        self.ask_first = False
        self.told_at = NOON

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.online:
            raise httpx.ConnectError("no network")
        await request.aread()
        answer = self._answer(request.url.path.removeprefix("/api/v1/"), request.content)
        if self.lose_answers:
            self.lose_answers -= 1
            raise httpx.ReadError("tunnel")
        return answer

    def _answer(self, path: str, body: bytes) -> httpx.Response:
        if path in self.refuse:
            status, code = self.refuse[path]
            problem = ProblemReport(status, code, code)
            return httpx.Response(status, text=to_json(problem))
        if path == "key-set":
            return httpx.Response(200, content=self.key_set)
        if path.startswith("status-lists/"):
            return self._list(int(path.removeprefix("status-lists/")))
        return httpx.Response(200, text=to_json(self._value(path, body)))

    def _list(self, number: int) -> httpx.Response:
        raw = self.status_lists.get(number)
        if raw is not None:
            return httpx.Response(200, content=raw)
        return httpx.Response(404, text=to_json(ProblemReport(404, "not_found", "not found")))

    def _value(self, path: str, body: bytes) -> object:
        answers: dict[str, Callable[[], object]] = {
            "nonces": lambda: FreshNonce(to_base64url(b"n" * 16), NOON),
            "scanner-sessions": lambda: Bearer("bearer", NOON, NOON),
            "scanner": make_scanner,
            "scanner/snapshot": self._snapshot,
            "pairings": make_scanner,
            "card-questions": lambda: self.code_answer,
            "scans": lambda: self._receipt(from_json(ScanReport, body)),
            "scans/batch": lambda: self._receipts(from_json(ScanBatch, body)),
            "voidings": lambda: self._void(UUID(json.loads(body)["scan_id"])),
        }
        return answers[path]()

    def _snapshot(self) -> ScannerSnapshot:
        return ScannerSnapshot(
            version="1",
            scanner=replace(make_scanner(), server_time=self.told_at),
            key_set=to_base64url(self.key_set),
            status_lists={n: to_base64url(raw) for n, raw in self.status_lists.items()},
            limits=ScannerLimits(23, 900, 500, 524_288),
            events=self.events,
            ask_first=self.ask_first,
        )

    def _void(self, scan_id: UUID) -> VoidReceipt:
        self.voided.append(scan_id)
        return VoidReceipt(scan_id, NOON)

    def _receipts(self, batch: ScanBatch) -> BatchReceipt:
        return BatchReceipt([self._receipt_or_refusal(report) for report in batch.scans])

    def _receipt_or_refusal(self, report: ScanReport) -> ScanReceipt | ScanRefusal:
        code = self.bad_reports.get(report.scan_id)
        return self._receipt(report) if code is None else ScanRefusal(report.scan_id, code)

    def _receipt(self, report: ScanReport) -> ScanReceipt:
        self.heard += 1
        known = report.scan_id in self.reports
        self.reports.setdefault(report.scan_id, report)
        return ScanReceipt(
            scan_id=report.scan_id,
            outcome=ScanOutcome.ALREADY_RECORDED if known else ScanOutcome.RECORDED,
            visit_id=report.scan_id if report.admitted else None,
            colour=self.differs[0].colour if self.differs else Colour.GREEN,
            reasons=self.differs or report.reasons,
            differs=bool(self.differs),
        )


@dataclass
class DoorBench:
    """One paired scanner. `restart` makes new objects over the same file, as after a crash."""

    folder: Path
    issuer: Issuer = field(default_factory=Issuer)
    clock: FakeClock = field(default_factory=FakeClock)
    gone: list[str] = field(default_factory=list)
    scanner: EnrolledScanner = field(default_factory=make_scanner)
    decoder: Decoder = field(default_factory=BlindDecoder)

    def __post_init__(self) -> None:
        self.network = Network(self.issuer)
        self.device = self._make_device()

    def _make_device(self) -> Device:
        store = SqliteStore(self.folder / "door.db")
        network = httpx.AsyncClient(transport=self.network, base_url=BASE_URL)
        api = Api(HttpxHttp(network), self.clock)

        async def prove(_: bytes) -> bytes:
            return b"proof"

        api.sign_in_with(Role.SCANNER, prove)
        return Device(
            clock=self.clock,
            store=store,
            keys=ProcessKeyStore(store),
            api=api,
            decoder=self.decoder,
            roots=self.issuer.roots,
            base_url=BASE_URL,
            preview=True,
        )

    async def open(
        self, category: Category = Category.CULTURE, *, fetch: bool = True
    ) -> ScannerState:
        async def on_gone(code: str) -> None:
            self.gone.append(code)

        upkeep = Upkeep(self.device, self.scanner, on_gone=on_gone)
        state = ScannerState(self.device, upkeep, Purpose(category))
        await state.load()
        if fetch:
            await state.beat()
        return state

    async def restart(self) -> ScannerState:
        self.device.store.close()
        self.device = self._make_device()
        return await self.open(fetch=False)

    async def names(self, prefix: str = "door/") -> list[str]:
        return [name for name, _ in await self.device.store.under(prefix)]

    def close(self) -> None:
        self.device.store.close()

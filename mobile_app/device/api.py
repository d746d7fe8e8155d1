"""The server, as this phone sees it: one method for each thing that is asked of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from mobile_app.device.clock import Clock
from mobile_app.device.http import Answer, Http, NoAnswer
from shared import protocol
from shared.card import CardFacts, IssuedCredential
from shared.directory import Directory
from shared.holder import Erasure, RegisterAnswer
from shared.problem import ProblemReport
from shared.scan import (
    BatchReceipt,
    CardAnswer,
    CardQuestion,
    ScanBatch,
    ScanReceipt,
    ScanReport,
)
from shared.signin import Bearer, FreshNonce
from shared.venue import EnrolledScanner, ScannerSnapshot
from shared.visit import DisputeReport, ToldDispute, VisitPage, VoidReceipt, VoidRequest
from shared.wellbeing import Sharing, SharingReceipt
from shared.wire import COSE_MEDIA_TYPE, from_base64url, from_json, to_json

T = TypeVar("T")
Prover = Callable[[bytes], Awaitable[bytes]]
"""Signs the proof of a device key over the server's nonce."""

SIGN_IN_REQUIRED = "sign_in_required"
"""The code of a refusal that means: there is no bearer, and none can be had."""


class ServerUnreachable(Exception):
    """No answer, or none of ours; the request may or may not have been carried out."""


class Refused(Exception):
    """The server answered, and said no. `code` is stable; show words for it."""

    def __init__(self, code: str, retry_after_s: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s


class _Unchanged(Exception):
    """The server has nothing newer than what was named as held."""


class Role(StrEnum):
    """Who signs in: each has its own proof and its own bearer."""

    HOLDER = "holder-sessions"
    SCANNER = "scanner-sessions"


@dataclass(slots=True)
class _Entry:
    """How one role gets in: the proof it can make, and the bearer it holds."""

    prove: Prover | None = None
    bearer: Bearer | None = None


class Api:
    """The server's endpoints. Signs in by itself, when it must, with the prover of the role.

    Every method raises `ServerUnreachable` or `Refused`.

    Args:
        http: Leads to the server's own address.
        clock: Learns the server's time from the answers that carry it.
    """

    def __init__(self, http: Http, clock: Clock | None = None) -> None:
        self._http = http
        self._clock = clock
        self._entries = {role: _Entry() for role in Role}
        self._when_too_old: Callable[[], None] | None = None

    def when_too_old(self, tell: Callable[[], None] | None) -> None:
        """Call *tell* whenever the server does not understand this version of the app."""
        self._when_too_old = tell

    def sign_in_with(self, role: Role, prove: Prover | None) -> None:
        """Use *prove* from now on; `None` signs out. A bearer of the old key is dropped."""
        self._entries[role] = _Entry(prove)

    async def nonce(self) -> FreshNonce:
        """Ask for a nonce to put into one proof."""
        return await self._read(FreshNonce, "POST", "nonces")

    async def key_set(self) -> bytes:
        """Fetch the signed key set."""
        return await self._send("GET", "key-set")

    async def status_list(self, number: int) -> bytes:
        """Fetch one signed status list."""
        return await self._send("GET", f"status-lists/{number}")

    async def activate(self, proof: bytes, *, replace_phone: bool = False) -> IssuedCredential:
        """Exchange an activation code for a credential of this phone's key."""
        query = {"replace_phone": "true"} if replace_phone else {}
        return await self._read(IssuedCredential, "POST", "activations", raw=proof, query=query)

    async def sign_in_holder(self, proof: bytes) -> Bearer:
        """Trade a service proof for a bearer, and keep it."""
        return await self._sign_in(Role.HOLDER, proof)

    async def renew(self) -> IssuedCredential:
        """Ask for a fresh credential of the same key."""
        return await self._as(Role.HOLDER, IssuedCredential, "POST", "credentials")

    async def card(self) -> CardFacts:
        """Fetch the card as the register has it."""
        return await self._as(Role.HOLDER, CardFacts, "GET", "card")

    async def visits(self, *, cursor: str | None = None, limit: int = 50) -> VisitPage:
        """Fetch some of the holder's visits, newest first."""
        query = {"limit": str(limit)} | ({} if cursor is None else {"cursor": cursor})
        return await self._as(Role.HOLDER, VisitPage, "GET", "visits", query=query)

    async def directory(self, *, held: str | None) -> Directory | None:
        """Fetch where one can go, without saying who asks; None if it is as *held*."""
        try:
            return await self._read(Directory, "GET", "directory", held=held)
        except _Unchanged:
            return None

    async def as_holder(self, kind: type[T], method: str, path: str, **rest: Any) -> T:
        """Ask for anything else that the holder may have, as a *kind*."""
        return await self._as(Role.HOLDER, kind, method, path, **rest)

    async def dispute(self, report: DisputeReport) -> ToldDispute:
        """Say that a visit is not one's own. Safe to send again."""
        return await self._as(Role.HOLDER, ToldDispute, "POST", "disputes", body=report)

    async def share(self, sharing_id: UUID, sharing: Sharing) -> SharingReceipt:
        """Share a meter by a consent. Safe to send again."""
        path = f"wellbeing-sharings/{sharing_id}"
        return await self._as(Role.HOLDER, SharingReceipt, "PUT", path, body=sharing)

    async def stop_sharing(self, sharing_id: UUID) -> SharingReceipt:
        """Take a consent back, whether it has arrived or not."""
        path = f"wellbeing-sharings/{sharing_id}"
        return await self._as(Role.HOLDER, SharingReceipt, "DELETE", path)

    async def register(self) -> RegisterAnswer:
        """Fetch all that the register has about the holder, but the visits."""
        return await self._as(Role.HOLDER, RegisterAnswer, "GET", "holder")

    async def erase(self, proof: bytes) -> Erasure:
        """Erase the holder; a proof over a fresh nonce says who asks."""
        return await self._read(Erasure, "POST", "erasures", raw=proof)

    async def pair(self, proof: bytes) -> EnrolledScanner:
        """Exchange a pairing code for the right to scan for a venue."""
        return await self._read(EnrolledScanner, "POST", "pairings", raw=proof)

    async def sign_in_scanner(self, proof: bytes) -> Bearer:
        """Trade a device proof for a bearer, and keep it."""
        return await self._sign_in(Role.SCANNER, proof)

    async def scanner(self) -> EnrolledScanner:
        """Fetch what the server knows about this scanner."""
        return await self._as(Role.SCANNER, EnrolledScanner, "GET", "scanner")

    async def snapshot(
        self, lists: Sequence[int], *, held: str | None, waiting: int | None = None
    ) -> ScannerSnapshot | None:
        """Fetch all that a scanner refreshes, with these status lists; None if it is as *held*.

        *waiting* tells how many of its reports have not been confirmed; older servers overlook it.
        """
        query = [("lists", number) for number in lists]
        if waiting is not None:
            query.append(("waiting", waiting))
        rest = {"query": query, "held": held}
        try:
            return await self._as(Role.SCANNER, ScannerSnapshot, "GET", "scanner/snapshot", **rest)
        except _Unchanged:
            return None

    async def report_scan(self, report: ScanReport) -> ScanReceipt:
        """Report one scan. Safe to send again: `scan_id` makes it happen once."""
        return await self._as(Role.SCANNER, ScanReceipt, "POST", "scans", body=report)

    async def report_scans(self, batch: ScanBatch) -> BatchReceipt:
        """Report many scans; each gets its own answer."""
        return await self._as(Role.SCANNER, BatchReceipt, "POST", "scans/batch", body=batch)

    async def ask_card(self, question: CardQuestion) -> CardAnswer:
        """Ask the register about a card code."""
        return await self._as(Role.SCANNER, CardAnswer, "POST", "card-questions", body=question)

    async def void_visit(self, request: VoidRequest) -> VoidReceipt:
        """Undo the visit that a scan made."""
        return await self._as(Role.SCANNER, VoidReceipt, "POST", "voidings", body=request)

    async def _as(self, role: Role, kind: type[T], method: str, path: str, **rest: Any) -> T:
        """Send as *role*; sign in first when there is no bearer, and once more when it is over."""
        entry = self._entries[role]
        fresh = entry.bearer is None
        bearer = entry.bearer or await self._prove(role)
        try:
            return await self._read(kind, method, path, bearer=bearer.bearer, **rest)
        except Refused as refused:
            if fresh or refused.code != SIGN_IN_REQUIRED:
                raise
        bearer = await self._prove(role)
        return await self._read(kind, method, path, bearer=bearer.bearer, **rest)

    async def _prove(self, role: Role) -> Bearer:
        prove = self._entries[role].prove
        if prove is None:
            raise Refused(SIGN_IN_REQUIRED)
        nonce = await self.nonce()
        return await self._sign_in(role, await prove(from_base64url(nonce.nonce)))

    async def _sign_in(self, role: Role, proof: bytes) -> Bearer:
        entry = self._entries[role]
        bearer = await self._read(Bearer, "POST", role.value, raw=proof)
        entry.bearer = bearer
        return bearer

    async def _read(self, kind: type[T], method: str, path: str, **rest: Any) -> T:
        """Send, read the answer as a *kind*, and set the clock by it when it tells the time."""
        content = await self._send(method, path, **rest)
        try:
            answer = from_json(kind, content)
        except ValueError as error:  # a captive portal says 200 to everything
            raise ServerUnreachable from error
        server_time = getattr(answer, "server_time", None)
        if self._clock is not None and isinstance(server_time, datetime):
            self._clock.learn(server_time)
        return answer

    async def _send(  # noqa: PLR0913 - the parts of one HTTP request
        self,
        method: str,
        path: str,
        *,
        raw: bytes | None = None,
        body: object = None,
        query: dict[str, str] | Sequence[tuple[str, int]] | None = None,
        bearer: str | None = None,
        held: str | None = None,
    ) -> bytes:
        headers = {protocol.HEADER: str(protocol.SPOKEN)}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        if held is not None:
            headers["If-None-Match"] = f'"{held}"'
        if raw is not None:
            headers["Content-Type"] = COSE_MEDIA_TYPE
        elif body is not None:
            raw = to_json(body).encode()
            headers["Content-Type"] = "application/json"
        address = f"/api/v1/{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            answer = await self._http.send(method, address, content=raw, headers=headers)
        except NoAnswer as error:
            raise ServerUnreachable from error
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return answer.content
        if answer.status == HTTPStatus.NOT_MODIFIED and held is not None:
            raise _Unchanged
        if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            refusal = _refusal(answer)
            if getattr(refusal, "code", None) == protocol.TOO_OLD and self._when_too_old:
                self._when_too_old()
            raise refusal
        raise ServerUnreachable(f"status {answer.status}")


def _refusal(answer: Answer) -> Refused | ServerUnreachable:
    try:
        problem = from_json(ProblemReport, answer.content)
    except ValueError:
        if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # whoever stands before the server
            return Refused("too_large")
        return ServerUnreachable(f"status {answer.status}, and not in our words")
    return Refused(problem.code, problem.retry_after_s)

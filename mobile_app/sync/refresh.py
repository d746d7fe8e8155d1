"""What the scanner knows without asking: the issuers' keys and the lists of closed cards.

Both are signed documents. One that is refused changes nothing: the old one stays and grows older,
and the door says so.
"""

import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.store import Record
from shared.token.cose import Checks, settle_async
from shared.token.errors import Refusal, TokenError, TokenRefused
from shared.token.keyset import IssuerKey, KeySet, accept_key_set
from shared.token.status import StatusList, accept_status_list
from shared.venue import ScannerSnapshot
from shared.wire import from_base64url, to_base64url

T = TypeVar("T")

ALWAYS = 0
"""The status list that every scanner keeps; others are fetched when a card names them."""

MOST_LISTS = 16
"""The server answers for so many at once."""

_KEY_SET = "door/key-set"
_LISTS = "door/status/"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ages:
    """How old the knowledge is, in seconds; `None` while there is none."""

    keys_s: int | None
    status_s: int | None


class Refresh:
    """Fetches, checks and keeps the signed documents.

    `heard_at` is when the server last answered; `snapshot` is what it said last of this scanner and
    of its own limits, which nobody has signed; `refused` is why the last document was not
    accepted, and `None` again as soon as one is.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._held: tuple[int, bytes] | None = None
        self._list_bytes: dict[int, bytes] = {}
        self._version: str | None = None
        self._refusals = 0
        self.snapshot: ScannerSnapshot | None = None
        self.key_set: KeySet | None = None
        self.status: dict[int, StatusList] = {}
        self.heard_at: datetime | None = None
        self.refused: str | None = None

    async def load(self) -> None:
        """Take up what an earlier run accepted; the signatures are checked again.

        Each is judged at its own time: a set that has run out since is old, not unknown. The
        sequence number counts even if the set itself is not believed any more.
        """
        if (record := await self._device.store.get(_KEY_SET)) is not None:
            raw = from_base64url(record["raw"])
            self._held = (record["seq"], raw)
            self.key_set = await self._believe(
                accept_key_set(
                    raw, roots=self._device.roots, held=None, now_s=record["issued_at_s"]
                )
            )
        for name, record in await self._device.store.under(_LISTS):
            raw = from_base64url(record["raw"])
            listed = await self._believe(
                accept_status_list(
                    raw, keys=self._keys(), held_issued_at_s=0, now_s=record["issued_at_s"]
                )
            )
            if listed is not None:
                self._take_up(int(name.removeprefix(_LISTS)), listed, raw)

    async def fetch(self, *, waiting: int | None = None) -> None:
        """Ask for everything this scanner needs. Without network nothing changes.

        *waiting* is told to the server on the way, for the venue to see.
        """
        try:
            if not await self._fetch_snapshot(waiting):
                await self._fetch_key_set()
                for number in self._numbers():
                    await self._fetch_list(number)
            if self._is_behind():
                await self._fetch_key_set()
        except ServerUnreachable:
            return

    async def fetch_list(self, number: int) -> None:
        """Ask for one list that a card has named."""
        try:
            await self._fetch_list(number)
        except ServerUnreachable:
            return

    def ages(self, now: datetime) -> Ages:
        """Say how old keys and lists are; keys count from their last confirmation."""
        now_s = int(now.timestamp())
        listed = self.status.get(ALWAYS)
        return Ages(
            keys_s=None if self.key_set is None else max(0, now_s - self._confirmed_at_s()),
            status_s=None if listed is None else max(0, now_s - listed.issued_at_s),
        )

    def _confirmed_at_s(self) -> int:
        """Give the newest signed time that names the sequence number of our key set."""
        if self.key_set is None:
            return 0
        seq = self.key_set.seq
        same = [listed.issued_at_s for listed in self.status.values() if listed.seq == seq]
        return max([self.key_set.issued_at_s, *same])

    def _is_behind(self) -> bool:
        held = 0 if self.key_set is None else self.key_set.seq
        return any(listed.seq > held for listed in self.status.values())

    def _numbers(self) -> list[int]:
        """Give the status lists that this scanner keeps: the first ones, if too many were named."""
        return sorted({ALWAYS, *self.status})[:MOST_LISTS]

    async def _fetch_snapshot(self, waiting: int | None) -> bool:
        """Ask for everything at once; tells whether the server would answer that."""
        try:
            snapshot = await self._device.api.snapshot(
                self._numbers(), held=self._version, waiting=waiting
            )
        except Refused as refused:  # not signed in, or an older server: everybody may read the rest
            _log.warning("a snapshot is not to be had: %s", refused.code)
            return False
        self.heard_at = self._device.clock.now()
        if snapshot is None:
            return True
        self.snapshot, seen = snapshot, self._refusals
        await self._take_key_set(_read_raw(snapshot.key_set))
        for number in self._numbers():
            if number in snapshot.status_lists:
                await self._take_list(number, _read_raw(snapshot.status_lists[number]))
        # What was refused is asked for again: "unchanged" would hide it behind an old document.
        self._version = snapshot.version if self._refusals == seen else None
        return True

    async def _fetch_key_set(self) -> None:
        raw = await self._ask(self._device.api.key_set())
        if raw is not None:
            await self._take_key_set(raw)

    async def _take_key_set(self, raw: bytes) -> None:
        if self.key_set is not None and raw == self.key_set.raw:
            return
        accepted = await self._believe(
            accept_key_set(raw, roots=self._device.roots, held=self._held, now_s=self._now_s())
        )
        if accepted is None:
            return
        record: Record = {
            "raw": to_base64url(raw),
            "seq": accepted.seq,
            "issued_at_s": accepted.issued_at_s,
        }
        await self._device.store.put(_KEY_SET, record)
        self.key_set, self._held = accepted, (accepted.seq, raw)

    async def _fetch_list(self, number: int) -> None:
        raw = await self._ask(self._device.api.status_list(number))
        if raw is not None:
            await self._take_list(number, raw)

    async def _take_list(self, number: int, raw: bytes) -> None:
        if self.key_set is None or raw == self._list_bytes.get(number):
            return
        held = self.status.get(number)
        accepted = await self._believe(
            accept_status_list(
                raw,
                keys=self._keys(),
                held_issued_at_s=0 if held is None else held.issued_at_s,
                now_s=self._now_s(),
            )
        )
        if accepted is None:
            return
        if accepted.number != number:  # a good list of other cards must not stand in for ours
            self._note_refusal(Refusal.UNKNOWN_KEY)
            return
        record: Record = {"raw": to_base64url(raw), "issued_at_s": accepted.issued_at_s}
        await self._device.store.put(f"{_LISTS}{number:05}", record)
        self._take_up(number, accepted, raw)

    async def _ask(self, answer: Awaitable[bytes]) -> bytes | None:
        try:
            raw = await answer
        except Refused as refused:
            _log.warning("a signed document is not to be had: %s", refused.code)
            return None
        self.heard_at = self._device.clock.now()
        return raw

    async def _believe(self, checks: Checks[T]) -> T | None:
        try:
            accepted = await settle_async(checks, self._device.keys.verify)
        except TokenError as error:
            self._note_refusal(error.code)
            return None
        except TokenRefused as refused:
            self._note_refusal(refused.reason)
            return None
        self.refused = None
        return accepted

    def _note_refusal(self, code: str) -> None:
        self.refused = code
        self._refusals += 1
        _log.warning("a signed document was not accepted: %s", code)

    def _take_up(self, number: int, listed: StatusList, raw: bytes) -> None:
        self.status = {**self.status, number: listed}
        self._list_bytes[number] = raw

    def _keys(self) -> Mapping[bytes, IssuerKey]:
        return {} if self.key_set is None else self.key_set.keys

    def _now_s(self) -> int:
        return int(self._device.clock.now().timestamp())


def _read_raw(written: str) -> bytes:
    """Read a document out of a snapshot; what is not base64url is no document of any kind."""
    try:
        return from_base64url(written)
    except ValueError:
        return b""

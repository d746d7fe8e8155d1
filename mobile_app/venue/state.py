"""This device as a venue's scanner: paired once, then remembered with what visits are for."""

from contextlib import suppress
from dataclasses import dataclass

import flet as ft

from mobile_app.device.api import Refused, Role, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.device.key_store import KeysAway
from mobile_app.device.store import StoreRefused
from mobile_app.sync.outbox import KEY_LOST, KEYS_AWAY, count_waiting
from mobile_app.sync.record import as_record, readable
from shared.scan import Category
from shared.token.codes import read_pairing_code
from shared.token.errors import TokenError
from shared.token.proof import draft_device_proof, draft_pairing_proof
from shared.venue import EnrolledScanner

KEY = "scanner"

_SCANNER = "door/scanner"
_CATEGORY = "door/category"

NOT_A_CODE = "not_a_code"
UNREACHABLE = "unreachable"


@ft.observable
@dataclass(eq=False)
class VenueState:
    """Enrolment. `trouble` is a code to show words for: ours, or the server's."""

    device: Device
    scanner: EnrolledScanner | None = None
    category: Category | None = None
    loaded: bool = False
    busy: bool = False
    trouble: str | None = None
    left_waiting: int = 0

    async def load(self) -> None:
        """Take up an earlier enrolment."""
        record = await self.device.store.get(_SCANNER)
        for _, scanner in readable(EnrolledScanner, [] if record is None else [(_SCANNER, record)]):
            self._enter(scanner)
            await self._recall_category()
        self.left_waiting = await count_waiting(self.device.store)
        self.loaded = True

    async def enrol(self, text: str) -> None:
        """Pair this device with a venue by a typed or scanned pairing code."""
        if self.busy:
            return
        self.trouble = None
        try:
            code = read_pairing_code(text, base_url=self.device.base_url)
        except TokenError:
            self.trouble = NOT_A_CODE
            return
        self.busy = True
        try:
            await self._pair(code)
        except ServerUnreachable:
            self.trouble = UNREACHABLE
        except Refused as refused:
            self.trouble = refused.code
        except (KeysAway, StoreRefused):
            self.trouble = KEYS_AWAY
        finally:
            self.busy = False

    async def choose(self, category: Category) -> None:
        """Choose what visits are for, and remember it."""
        await self.device.store.put(_CATEGORY, {"category": category.value})
        self.category = category

    async def learn(self, scanner: EnrolledScanner) -> None:
        """Take note of what the server says about this scanner now."""
        await self.device.store.put(_SCANNER, as_record(scanner))
        self.scanner = scanner
        await self._recall_category()

    async def lose(self, code: str) -> None:
        """Go back to pairing: the server does not know this scanner any more.

        What waits in the outbox stays; the next pairing with the same venue sends it.
        """
        self.device.api.sign_in_with(Role.SCANNER, None)
        await self.device.store.put_all({_SCANNER: None})
        with suppress(KeysAway):
            await self.device.keys.forget(KEY)
        self.left_waiting = await count_waiting(self.device.store)
        self.trouble = code
        self.scanner = None

    async def _pair(self, code: str) -> None:
        keys = self.device.keys
        # The same key as in an answer that got lost: then the same code gives the same answer.
        point = await keys.point_of(KEY) or await keys.make_key(KEY)
        at_s = int(self.device.clock.now().timestamp())
        draft = draft_pairing_proof(code, key=point, at_s=at_s)
        proof = draft.seal(await self._sign(draft.bytes_to_sign()))
        scanner = await self.device.api.pair(proof)
        await self.device.store.put(_SCANNER, as_record(scanner))
        self._enter(scanner)
        await self._recall_category()

    def _enter(self, scanner: EnrolledScanner) -> None:
        async def prove(nonce: bytes) -> bytes:
            at_s = int(self.device.clock.now().timestamp())
            draft = draft_device_proof(str(scanner.scanner_id), nonce=nonce, at_s=at_s)
            return draft.seal(await self._sign(draft.bytes_to_sign()))

        self.device.api.sign_in_with(Role.SCANNER, prove)
        self.scanner = scanner

    async def _sign(self, data: bytes) -> bytes:
        try:
            return await self.device.keys.sign(KEY, data)
        except KeyError as lost:
            raise Refused(KEY_LOST) from lost
        except KeysAway as away:
            raise Refused(KEYS_AWAY) from away

    async def _recall_category(self) -> None:
        """Use what was chosen last; a venue with one category has nothing to choose."""
        offered = [] if self.scanner is None else self.scanner.categories
        record = await self.device.store.get(_CATEGORY)
        chosen = None if record is None else Category(record["category"])
        if len(offered) == 1:
            chosen = offered[0]
        self.category = chosen if chosen in offered else None

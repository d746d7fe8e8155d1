"""From a text to a verdict, with what this scanner knows. Nothing is written here."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from mobile_app.device.api import Refused, ServerUnreachable
from mobile_app.device.device import Device
from mobile_app.scan.ledger import Ledger
from mobile_app.scan.purpose import Purpose
from mobile_app.sync.outbox import ENROL_AGAIN
from mobile_app.sync.refresh import Refresh
from shared.rules.admission import (
    SHOWN_GREEN_S,
    CodeStanding,
    Colour,
    Door,
    Judgement,
    Knowledge,
    LedgerRow,
    Reason,
    decide,
    decide_card_code,
    verdict_of,
)
from shared.scan import CardAnswer, CardQuestion
from shared.token.codes import TextKind, sort_text
from shared.token.cose import settle_async
from shared.token.credential import CardClass
from shared.token.errors import TokenError
from shared.token.paper import PaperCard
from shared.token.presentation import Presentation, read_token

ANSWER_WITHIN_S = 4.0
"""How long a queue waits for the register's word on a card code before the door decides alone."""

LIMITS_WITHIN_S = 1.5
"""How long it waits for what the register counts of a card that this scanner finds good."""

LIST_WITHIN_S = 1.5
"""How long it waits for keys, or for a status list, that this scanner has not had before."""

HEARD_WITHIN_S = 60
"""The server was heard this lately: the scanner is online."""

_TIMES_OF_A_CARD = {Reason.EXPIRED, Reason.NOT_YET_VALID, Reason.KEY_RETIRED}

_LIST_OF = 16
"""The status list number is the place without its lowest sixteen bits (K1 §3)."""


class Resting(Exception):
    """The register wants a pause: this scanner asked about too many unknown codes."""

    def __init__(self, retry_after_s: int | None) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class ScannerGone(Exception):
    """The server does not know this scanner any more."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Medium(Enum):
    """What was read."""

    PHONE = "phone"
    PAPER = "paper"
    CODE = "code"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text means at this door. `text` is what may be kept of it: none of ours is not.

    `most` is how many may come along, `None` when only the register could know. `before_at` is when
    the same card came in here last, to the same event.
    """

    text: str | None
    reasons: tuple[Reason, ...]
    medium: Medium
    most: int | None = 0
    community: bool = False
    sub: str | None = None
    shown_at_s: int | None = None
    before_at: datetime | None = None


NOT_OURS = Reading(None, (Reason.NOT_A_CARD,), Medium.NOTHING)


class Judge:
    """Decides offline about tokens; asks the register about card codes."""

    def __init__(self, device: Device, refresh: Refresh, ledger: Ledger) -> None:
        self._device = device
        self._refresh = refresh
        self._ledger = ledger

    async def judge(self, text: str, *, door: Door, purpose: Purpose) -> Reading:
        """Judge *text* now.

        Raises:
            Resting, ScannerGone: The register was asked about a card code, and said so.
        """
        found = sort_text(text, base_url=self._device.base_url)
        if found.kind is TextKind.CARD_CODE:
            return await self._judge_code(found.value, door=door, purpose=purpose)
        if found.kind is TextKind.TOKEN:
            return await self._judge_token(found.value, door=door, purpose=purpose)
        return NOT_OURS  # also an activation or pairing code: a secret, and nobody's card

    async def _judge_token(self, text: str, *, door: Door, purpose: Purpose) -> Reading:
        try:
            token = read_token(text)
        except TokenError:
            return NOT_OURS
        await self._make_ready_for(token.credential.place >> _LIST_OF)
        now_s = self._now_s()
        sub = token.credential.sub
        rows = await self._ledger.rows_of(sub, now_s=now_s)
        knows = Knowledge(
            key_set=self._refresh.key_set,
            status=self._refresh.status,
            clock_sure=self._trusts_clock(token.shown_at_s, now_s),
            ledger={sub: rows},
            ledger_online=self._is_online(),
        )
        judgement = await settle_async(
            decide(text, now_s=now_s, knows=knows, door=door), self._device.keys.verify
        )
        reasons = _without_doubt(judgement, now_s, sure=knows.clock_sure)
        return Reading(
            text=text,
            reasons=await self._with_limits(reasons, text, purpose=purpose),
            medium=Medium.PAPER if isinstance(token, PaperCard) else Medium.PHONE,
            # Unproven when the key is not here: the server counts.
            most=0 if purpose.is_course else token.credential.count,
            community=token.credential.card_class is CardClass.COMMUNITY,
            sub=judgement.sub,
            shown_at_s=token.shown_at_s,
            before_at=_last_visit(rows, door),
        )

    async def _judge_code(self, code: str, *, door: Door, purpose: Purpose) -> Reading:
        question = CardQuestion(code, purpose.category, purpose.event_id)
        answer = await self._ask(question, within_s=ANSWER_WITHIN_S)
        now_s = self._now_s()
        sub = f"code:{code}"
        rows = await self._ledger.rows_of(sub, now_s=now_s)
        own = decide_card_code(
            None if answer is None else _standing(answer),
            sub=sub,
            now_s=now_s,
            ledger={sub: rows},
            door=door,
        )
        reasons = list(own.reasons)
        if answer is not None and own.reason is not Reason.SAME_SCAN:
            reasons += answer.reasons
        verdict = verdict_of(
            (reason for reason in reasons if reason is not Reason.OK_CODE),
            otherwise=Reason.OK_CODE,
        )
        return Reading(
            text=code,
            reasons=_joined(verdict.reasons, purpose.reasons),
            medium=Medium.CODE,
            most=_most_with(answer, purpose),
            community=answer is not None and answer.community,
            sub=sub,
            before_at=_last_visit(rows, door),
        )

    async def _with_limits(
        self, reasons: tuple[Reason, ...], text: str, *, purpose: Purpose
    ) -> tuple[Reason, ...]:
        """Add that places or shares are used up, where the register alone can count them."""
        if reasons[0].colour is Colour.RED or reasons[0] is Reason.SAME_SCAN:
            return reasons
        more = list(purpose.reasons)
        snapshot = self._refresh.snapshot
        if snapshot is not None and snapshot.ask_first and self._is_online():
            question = CardQuestion(text, purpose.category, purpose.event_id)
            with suppress(Resting):  # it rests from guessed codes; this card is genuine
                answer = await self._ask(question, within_s=LIMITS_WITHIN_S)
                more += [] if answer is None else answer.reasons
        return _joined(reasons, more)

    async def _ask(self, question: CardQuestion, *, within_s: float) -> CardAnswer | None:
        try:
            async with asyncio.timeout(within_s):
                return await self._device.api.ask_card(question)
        except (ServerUnreachable, TimeoutError):
            return None
        except Refused as refused:
            if refused.code in ENROL_AGAIN:
                raise ScannerGone(refused.code) from refused
            if refused.retry_after_s is not None or refused.code == "resting":
                raise Resting(refused.retry_after_s) from refused
            return None  # the way in is shut just now; the queue is not

    async def _make_ready_for(self, number: int) -> None:
        """Fetch what this card needs and this scanner never had; the queue waits only so long."""
        try:
            async with asyncio.timeout(LIST_WITHIN_S):
                if self._refresh.key_set is None:
                    await self._refresh.fetch()
                if number not in self._refresh.status and self._is_online():
                    await self._refresh.fetch_list(number)
        except TimeoutError:
            return

    def _trusts_clock(self, shown_at_s: int | None, now_s: int) -> bool:
        """Tell whether to judge by our clock; one that the code itself agrees with may be likely.

        A scanner that was started without network would otherwise doubt every card all evening.
        """
        clock = self._device.clock
        if clock.is_sure() or shown_at_s is None:
            return clock.is_sure()
        earliest_s, latest_s = SHOWN_GREEN_S
        return clock.is_likely() and earliest_s <= now_s - shown_at_s <= latest_s

    def _is_online(self) -> bool:
        heard = self._refresh.heard_at
        if heard is None:
            return False
        return abs((self._device.clock.now() - heard).total_seconds()) <= HEARD_WITHIN_S

    def _now_s(self) -> int:
        return int(self._device.clock.now().timestamp())


def identity_of(text: str) -> tuple[str, int | None] | None:
    """Give what makes two readings the same: `sub` and time of a token, never its bytes (§6.4)."""
    try:
        token: Presentation | PaperCard = read_token(text)
    except TokenError:
        return None
    return token.credential.sub, token.shown_at_s


def _without_doubt(judgement: Judgement, now_s: int, *, sure: bool) -> tuple[Reason, ...]:
    """Call no card expired that was shown while it was valid, when our own clock is in doubt.

    Either the clock is wrong or the code is old, and old it is called: the card's own time says
    nothing then.
    """
    reasons, token = judgement.verdict.reasons, judgement.token
    if sure or not judgement.proven or not isinstance(token, Presentation):
        return reasons
    credential = token.credential
    if not credential.not_before_s <= token.shown_at_s < credential.until_s:
        return reasons
    if credential.not_before_s <= now_s < credential.until_s:
        return reasons
    return tuple(reason for reason in reasons if reason not in _TIMES_OF_A_CARD) or reasons


def _joined(own: tuple[Reason, ...], more: Iterable[Reason]) -> tuple[Reason, ...]:
    """Put what speaks against a card together; the scanner's own yes stays if nothing does."""
    if own[0] is Reason.SAME_SCAN:
        return own
    found = [reason for reason in (*own, *more) if reason.colour is not Colour.GREEN]
    return verdict_of(found, otherwise=own[0]).reasons


def _most_with(answer: CardAnswer | None, purpose: Purpose) -> int | None:
    if purpose.is_course:
        return 0
    return None if answer is None else answer.children


def _last_visit(rows: Sequence[LedgerRow], door: Door) -> datetime | None:
    times = [row.at_s for row in rows if row.event == door.event]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _standing(answer: CardAnswer) -> CodeStanding:
    if Reason.CODE_UNKNOWN in answer.reasons:
        return CodeStanding.UNKNOWN
    if Reason.CODE_BLOCKED in answer.reasons:
        return CodeStanding.BLOCKED
    if Reason.CODE_EXPIRED in answer.reasons:
        return CodeStanding.OUTSIDE
    return CodeStanding.KNOWN

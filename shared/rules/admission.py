"""Who comes in: the decision at the door. The scanner and the server run the same function.

Every rule that applies adds its reason; the worst wins. Nothing of a token is believed before its
signatures are checked. The age of the door's data alone never makes red, and the phone's clock
never makes a card expired or not yet valid (R24).

Source: K1 §10; R23, R24.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from shared.rules.ledger import Door, LedgerRow, default_event, with_ledger
from shared.rules.verdict import Colour, Reason, Verdict, verdict_of
from shared.token.cose import Checks, GoodSignatures
from shared.token.credential import CardClass, Credential
from shared.token.errors import FormCode, TokenError
from shared.token.keyset import IssuerKey, KeyRole
from shared.token.paper import PaperCard
from shared.token.presentation import Presentation, read_token, verify_token

__all__ = [
    "CodeStanding",
    "Colour",
    "Door",
    "Judgement",
    "KeySource",
    "Knowledge",
    "LedgerRow",
    "Reason",
    "Status",
    "Verdict",
    "decide",
    "decide_card_code",
    "decide_token",
    "default_event",
    "verdict_of",
]

SHOWN_GREEN_S = (-30, 60)
"""Now less `iat`, both ends included: a code lives 30 s, and a clock may be 30 s off."""
SHOWN_AMBER_S = (-120, 180)
SHOWN_UNSURE_S = 600
"""Either way, when the scanner's own clock is not sure."""
STATUS_FRESH_S = 86_400
STATUS_USABLE_S = 14 * 86_400
"""An older list counts as no list; its `seq` and issue time still count."""
KEYS_FRESH_S = 7 * 86_400
BEHIND_MOST_S = 300
"""How far the scanner's clock may be behind the newest signed time it holds."""
SCAN_WAITS_S = 600
"""A scan that nobody confirms is closed as not admitted after this."""
CLOCK_SURE_S = 86_400
"""A clock is sure when a server's time was seen within this and the monotonic clock agrees."""
CLOCK_AGREES_S = 5


class KeySource(Protocol):
    """What a decision needs of a key set."""

    @property
    def seq(self) -> int:
        """Its sequence number."""

    @property
    def issued_at_s(self) -> int:
        """When a root signed it."""

    @property
    def until_s(self) -> int:
        """From when on it no longer holds."""

    @property
    def keys(self) -> Mapping[bytes, IssuerKey]:
        """All keys by `kid`."""


class Status(Protocol):
    """What a decision needs of a status list."""

    @property
    def seq(self) -> int:
        """The newest key set the issuer had published."""

    @property
    def issued_at_s(self) -> int:
        """When the status key signed it."""

    @property
    def until_s(self) -> int:
        """From when on it is not fresh."""

    def bit(self, index: int) -> int | None:
        """1 revoked or suspended, 0 valid, None beyond the end."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All a door knows. Only accepted key sets and status lists may stand here.

    `status` is by list number, `ledger` by `sub`. `clock_sure` speaks of the scanner's own clock,
    `ledger_online` of the ledger that doors share.
    """

    key_set: KeySource | None
    status: Mapping[int, Status]
    clock_sure: bool
    ledger: Mapping[str, Sequence[LedgerRow]]
    ledger_online: bool

    def has_fresh_keys(self, now_s: int) -> bool:
        """Whether the key set was confirmed within 7 days, is not over, and none newer is known."""
        if self.key_set is None or now_s >= self.key_set.until_s:
            return False
        if any(listed.seq > self.key_set.seq for listed in self.status.values()):
            return False
        confirmed = [s.issued_at_s for s in self.status.values() if s.seq == self.key_set.seq]
        return now_s - max([self.key_set.issued_at_s, *confirmed]) <= KEYS_FRESH_S

    def newest_signed_s(self) -> int:
        """The newest issue time among all accepted documents, 0 without any."""
        signed = [listed.issued_at_s for listed in self.status.values()]
        if self.key_set is not None:
            signed.append(self.key_set.issued_at_s)
        return max(signed, default=0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and what it is about.

    `token` is what the text says, None when it is no token. Believe it only when `proven`: then
    its signatures were good. `count`, `community` and `sub` keep to that by themselves; 0, False
    and None mean that nothing is known. `form` is set for NOT_A_CARD.
    """

    verdict: Verdict
    token: Presentation | PaperCard | None = None
    proven: bool = False
    form: FormCode | None = None

    @property
    def count(self) -> int:
        """The most who may come along: children, or persons with the leader of a community."""
        return 0 if self._credential is None else self._credential.count

    @property
    def community(self) -> bool:
        """Whether it is a community card."""
        return self._credential is not None and self._credential.card_class is CardClass.COMMUNITY

    @property
    def sub(self) -> str | None:
        """The credential id."""
        return None if self._credential is None else self._credential.sub

    @property
    def _credential(self) -> Credential | None:
        return self.token.credential if self.token is not None and self.proven else None


def decide(
    text: str,
    *,
    now_s: int,
    knows: Knowledge,
    door: Door,
    remembered: GoodSignatures | None = None,
) -> Checks[Judgement]:
    """Judge what the camera read, by the door's clock *now_s* and what it *knows*.

    Never raises for any text. *remembered* spares verifying an issuer's signature twice; the
    presentation's is verified every time.

    Source: K1 §10.4, line by line.
    """
    try:
        token = read_token(text)
    except TokenError as error:
        return Judgement(Verdict((Reason.NOT_A_CARD,)), form=error.code)
    return (
        yield from decide_token(token, now_s=now_s, knows=knows, door=door, remembered=remembered)
    )


def decide_token(
    token: Presentation | PaperCard,
    *,
    now_s: int,
    knows: Knowledge,
    door: Door,
    remembered: GoodSignatures | None = None,
) -> Checks[Judgement]:
    """Judge a token that was read before; otherwise as `decide`.

    Source: K1 §10.4, from the second line on.
    """
    key = knows.key_set.keys.get(token.kid) if knows.key_set is not None else None
    if key is None:
        fresh = knows.has_fresh_keys(now_s)
        return _unproven(token, Reason.UNKNOWN_KEY if fresh else Reason.KEY_NOT_HERE)
    if key.role is not _role_for(token):
        return _unproven(token, Reason.UNKNOWN_KEY)
    if not (yield from verify_token(token, key.point, remembered=remembered)):
        return _unproven(token, Reason.FORGED)
    if now_s < knows.newest_signed_s() - BEHIND_MOST_S:
        return Judgement(Verdict((Reason.SCANNER_CLOCK,)), token, proven=True)
    found = with_ledger(
        set(_reasons(token, key, now_s, knows)),
        knows.ledger.get(token.credential.sub, ()),
        shown_at_s=token.shown_at_s,
        now_s=now_s,
        door=door,
    )
    return Judgement(verdict_of(found, otherwise=_ok(token)), token, proven=True)


class CodeStanding(StrEnum):
    """What the register says about a card code. Outside: the card is over or has not begun."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    OUTSIDE = "outside"


_CODE_REASONS = {
    None: {Reason.CODE_OFFLINE},
    CodeStanding.KNOWN: set[Reason](),
    CodeStanding.UNKNOWN: {Reason.CODE_UNKNOWN},
    CodeStanding.BLOCKED: {Reason.CODE_BLOCKED},
    CodeStanding.OUTSIDE: {Reason.CODE_EXPIRED},
}


def decide_card_code(
    standing: CodeStanding | None,
    *,
    sub: str | None,
    now_s: int,
    ledger: Mapping[str, Sequence[LedgerRow]],
    door: Door,
) -> Verdict:
    """Judge a card code by the register's word, None when the register cannot be reached.

    *sub* is `code:` and the keyed hash that ledger rows of this code have, None when it has none.
    It has no signature and no time of its own; the ledger counts as for paper.

    Source: K1 §10.5.
    """
    rows = ledger.get(sub, ()) if sub is not None else ()
    found = with_ledger(_CODE_REASONS[standing], rows, shown_at_s=None, now_s=now_s, door=door)
    return verdict_of(found, otherwise=Reason.OK_CODE)


def _unproven(token: Presentation | PaperCard, reason: Reason) -> Judgement:
    return Judgement(Verdict((reason,)), token)


def _role_for(token: Presentation | PaperCard) -> KeyRole:
    return KeyRole.PAPER if isinstance(token, PaperCard) else KeyRole.MOBILE


def _ok(token: Presentation | PaperCard) -> Reason:
    if token.credential.card_class is CardClass.COMMUNITY:
        return Reason.OK_COMMUNITY
    return Reason.OK_PAPER if isinstance(token, PaperCard) else Reason.OK


def _reasons(
    token: Presentation | PaperCard, key: IssuerKey, now_s: int, knows: Knowledge
) -> Iterator[Reason]:
    credential = token.credential
    if not key.is_in_use(now_s):
        yield Reason.KEY_RETIRED
    if now_s >= credential.until_s:
        yield Reason.EXPIRED
    if now_s < credential.not_before_s:
        yield Reason.NOT_YET_VALID
    yield from _status_reasons(credential.place, now_s, knows)
    if not knows.has_fresh_keys(now_s):
        yield Reason.KEYS_OLD
    if not isinstance(token, PaperCard):
        yield from _clock_reasons(now_s - token.shown_at_s, sure=knows.clock_sure)
    elif not knows.ledger_online:
        yield Reason.PAPER_OFFLINE


def _status_reasons(place: int, now_s: int, knows: Knowledge) -> Iterator[Reason]:
    listed = knows.status.get(place >> 16)
    usable = listed is not None and now_s - listed.issued_at_s <= STATUS_USABLE_S
    bit = listed.bit(place & 0xFFFF) if listed is not None and usable else None
    if listed is None or bit is None:
        yield Reason.STATUS_UNKNOWN
    elif bit:
        yield Reason.REVOKED
    elif now_s - listed.issued_at_s > STATUS_FRESH_S or now_s >= listed.until_s:
        yield Reason.STATUS_OLD


def _clock_reasons(shown_ago_s: int, *, sure: bool) -> Iterator[Reason]:
    least_s, most_s = SHOWN_AMBER_S if sure else (-SHOWN_UNSURE_S, SHOWN_UNSURE_S)
    if shown_ago_s > most_s:
        yield Reason.OLD_CODE
    elif shown_ago_s < least_s:
        yield Reason.FUTURE_CODE
    elif not sure:
        yield Reason.CLOCK_UNSURE
    elif not SHOWN_GREEN_S[0] <= shown_ago_s <= SHOWN_GREEN_S[1]:
        yield Reason.CLOCK_SKEW

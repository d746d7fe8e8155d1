"""Replay: what rows about the same card say about showing it again.

Source: K1 §10.1, §10.2, §10.4.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.rules.validity import local_day
from shared.rules.verdict import Colour, Reason

SAME_FRAME_S = 10
"""The camera reads the same code again, at the same device and event."""
MOVED_QUICKLY_S = 600
"""Between two venues."""
PAPER_MOVED_QUICKLY_S = 86_400
"""Between two venues, for what can be copied: paper, and card codes."""
LEDGER_KEEPS_S = 48 * 3_600
"""Rows older than this may be dropped."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One confirmed visit, as doors remember it.

    `sub` is the credential's, or `code:` and a keyed hash for a card code. `shown_at_s` is the
    presentation's time, None for paper and card codes. `at_s` is the confirmation.
    """

    sub: str
    shown_at_s: int | None
    event: str
    venue: str
    device: str
    at_s: int


@dataclass(frozen=True, slots=True)
class Door:
    """Where a scan happens."""

    event: str
    venue: str
    device: str


def default_event(venue: str, category: str, at_s: int) -> str:
    """The event when none is chosen: venue, category and local day, `V1/museum/2026-11-22`."""
    return f"{venue}/{category}/{local_day(at_s)}"


def is_same_scan(
    rows: Iterable[LedgerRow], *, shown_at_s: int | None, now_s: int, door: Door
) -> bool:
    """Whether this very code was confirmed at this device and event 0…10 s ago."""
    return any(
        row.event == door.event
        and row.device == door.device
        and row.shown_at_s == shown_at_s
        and 0 <= now_s - row.at_s <= SAME_FRAME_S
        for row in rows
    )


def shown_before(
    rows: Iterable[LedgerRow], *, shown_at_s: int | None, now_s: int, door: Door
) -> Iterator[Reason]:
    """The reasons that earlier visits of the same card give; may repeat.

    *shown_at_s* is None for what has no clock of its own and can be copied.
    """
    for row in rows:
        if row.event == door.event:
            yield Reason.ALREADY_IN
            continue
        if shown_at_s is not None and row.shown_at_s == shown_at_s:
            yield Reason.REPLAY
        if row.venue == door.venue:
            continue
        apart_s = abs(now_s - row.at_s)
        if apart_s < MOVED_QUICKLY_S:
            yield Reason.ELSEWHERE
        elif shown_at_s is None and apart_s < PAPER_MOVED_QUICKLY_S:
            yield Reason.PAPER_AGAIN


def with_ledger(
    found: set[Reason],
    rows: Sequence[LedgerRow],
    *,
    shown_at_s: int | None,
    now_s: int,
    door: Door,
) -> set[Reason]:
    """Add what the ledger says to what was *found* before.

    The same scan again leaves other ambers out: only the reds stay, or else SAME_SCAN.
    """
    if is_same_scan(rows, shown_at_s=shown_at_s, now_s=now_s, door=door):
        reds = {reason for reason in found if reason.colour is Colour.RED}
        return reds or {Reason.SAME_SCAN}
    return found | set(shown_before(rows, shown_at_s=shown_at_s, now_s=now_s, door=door))

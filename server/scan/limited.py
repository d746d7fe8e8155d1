"""What limits add to a finding: that a door is full, or that a card has had its share."""

from dataclasses import replace

from server.limit.uses import Use, Uses
from server.scan.register import Finding, Reading, what_was_found
from shared.rules.admission import Reason, verdict_of


def with_limits(finding: Finding, reading: Reading, uses: Uses, *, persons: int) -> Finding:
    """Add which limits it would break that *persons* take a place (R18, R19)."""
    if finding.card is None or finding.verdict.reason is Reason.SAME_SCAN:
        return finding
    broken = uses.broken_by(finding.card, use_of(reading, persons=persons))
    if not broken:
        return finding
    found = [*what_was_found(finding.verdict), *broken]
    return replace(finding, verdict=verdict_of(found, otherwise=Reason.OK))


def use_of(reading: Reading, *, persons: int) -> Use:
    """Say what limits need to know of a reading."""
    return Use(
        event=reading.door.event,
        event_id=reading.event_id,
        category=reading.category,
        course=reading.course,
        places=None if reading.named is None else reading.named.places,
        at=reading.at,
        persons=persons,
    )

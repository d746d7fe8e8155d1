"""Shares and changes in per cent, as every figure of reports has them."""


def in_percent(share: float) -> int:
    """Round a share of 0 to 1; a little is not nothing, and nearly all is not all."""
    found = round(100 * share)
    return min(max(found, 1), 99) if 0 < share < 1 else found


def growth(now: int, before: int) -> int | None:
    """Give by how many per cent something grew; nothing grows from nothing."""
    return round(100 * (now - before) / before) if before else None

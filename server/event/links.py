"""Addresses that a phone is sent to."""

from urllib.parse import urlsplit

LINK_MOST = 500


def is_safe_link(link: str) -> bool:
    """Tell whether a phone may be sent there: https, a named host, and nothing odd in it."""
    if len(link) > LINK_MOST or not link.isascii() or not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None

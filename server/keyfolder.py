"""The key folder of a running server: read again by itself when somebody has brought new keys.

Every process looks for itself, so that for half a minute one may serve the newer key set and
another the older. Doors keep the newer of the two, and a key that is announced signs nothing yet.

Source: ADR 0018.
"""

from datetime import datetime, timedelta
from pathlib import Path

import structlog

from server.clock import seconds
from server.signing import KEY_SET_FILE, KEYS_FILE, ROOTS_FILE, KeyRing, load_key_ring
from shared.token.errors import TokenError, TokenRefused

LOOK_EVERY = timedelta(seconds=30)

log = structlog.get_logger()

Stamp = tuple[tuple[str, int, int], ...]


class KeyFolder:
    """The key ring that is in use; `trouble` says why what lies in the folder is not."""

    def __init__(self, folder: Path, *, now: datetime, ring: KeyRing | None = None) -> None:
        """Read *folder*, or take *ring* and look at no folder at all.

        Raises:
            OSError, TokenError, TokenRefused: As `load_key_ring` does.
        """
        self._folder = None if ring is not None else folder
        self._stamp = _stamp(folder) if ring is None else ()
        self._looked_at = now
        self.ring = ring or load_key_ring(folder, now_s=seconds(now))
        self.trouble: str | None = None

    def ring_at(self, now: datetime) -> KeyRing:
        """Give the ring; now and then look first whether there is a newer one."""
        if self._folder is not None and abs(now - self._looked_at) >= LOOK_EVERY:
            self._looked_at = now
            self._look(self._folder, now)
        return self.ring

    def _look(self, folder: Path, now: datetime) -> None:
        try:
            stamp = _stamp(folder)
            if stamp == self._stamp:
                return
            fresh = load_key_ring(folder, now_s=seconds(now))
        except (OSError, ValueError, TypeError, KeyError, TokenError, TokenRefused) as error:
            self._stay("unreadable", type(error).__name__)  # half of it may still be on its way
            return
        if fresh.roots != self.ring.roots:
            self._stay("other_roots")
        elif fresh.key_set.seq < self.ring.key_set.seq:
            self._stay("older")
        else:
            self.ring, self._stamp, self.trouble = fresh, stamp, None
            log.info("keys_read", seq=fresh.key_set.seq)

    def _stay(self, trouble: str, error: str = "") -> None:
        self.trouble = trouble
        log.error("keys_not_read", trouble=trouble, error=error, seq=self.ring.key_set.seq)


def _stamp(folder: Path) -> Stamp:
    """Tell when each file of a key folder was last written."""
    named = [folder / name for name in (KEYS_FILE, KEY_SET_FILE, ROOTS_FILE)]
    found = [(path, path.stat()) for path in (*named, *sorted(folder.glob("*.pem")))]
    return tuple((path.name, told.st_mtime_ns, told.st_size) for path, told in found)

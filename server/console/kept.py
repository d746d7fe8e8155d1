"""A form whose session ended while it was filled in: it waits, sealed, inside the sign-in page.

Sealed, because who sits there now is not known yet; sent on only for the location that typed it.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

from server.clock import seconds

KEPT_FOR = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was typed, and the location that was signed in before, if that is known."""

    fields: Mapping[str, str]
    owner: str | None


def seal_form(form: KeptForm, *, secret: bytes, now: datetime) -> str:
    """Seal a form for the sign-in page to carry."""
    content = json.dumps({"fields": dict(form.fields), "owner": form.owner}).encode()
    return _box(secret).encrypt_at_time(content, seconds(now)).decode()


def open_form(sealed: str, *, secret: bytes, now: datetime) -> KeptForm | None:
    """Open what a sign-in page carried; nothing if it is none of ours, or too old."""
    life_s = int(KEPT_FOR.total_seconds())
    try:
        content = _box(secret).decrypt_at_time(sealed.encode(), life_s, seconds(now))
    except InvalidToken:
        return None
    kept = json.loads(content)
    return KeptForm(kept["fields"], kept["owner"])


def _box(secret: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret, b"kept forms", "sha256")))

"""Make, renew and rotate keys. The one place that touches the private root keys.

Run it where the roots are, then carry the key folder to the server: the roots never go there.
"""

import json
import secrets
from dataclasses import replace
from pathlib import Path

from server.keycare import ANNOUNCED_S, KEY_LIFE_S, KEY_SET_LIFE_S, LAST_CREDENTIAL_S
from server.signing import (
    KEY_SET_FILE,
    KEYS_FILE,
    ROOTS_FILE,
    load_key_ring,
    make_private_key,
    point_of,
    read_private_key,
    sign_es256,
    write_private_key,
)
from shared.token.keyset import IssuerKey, KeyRole, draft_key_set

_ROOT_IDS = (b"\xff\x01", b"\xff\x02")
_FIRST_ROOT_ID = 0xFF00


def make_keys(*, keys_dir: Path, roots_dir: Path, from_s: int, now_s: int) -> int:
    """Make two roots, one key of each role and a signed key set; leave alone what exists.

    Args:
        keys_dir: Goes to the server.
        roots_dir: Does not.
        from_s: The keys may have signed since then.
        now_s: The key set is signed now.

    Returns:
        The sequence number of the key set.
    """
    if (keys_dir / KEY_SET_FILE).exists():
        return load_key_ring(keys_dir, now_s=None).key_set.seq
    for folder in (keys_dir, roots_dir):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    roots = []
    for kid in _ROOT_IDS:
        root = make_private_key()
        write_private_key(roots_dir / f"{kid.hex()}.pem", root)
        roots.append({"kid": kid.hex(), "x": point_of(root).x.hex(), "odd": point_of(root).odd})
    (keys_dir / ROOTS_FILE).write_text(json.dumps(roots, indent=1))
    keys: list[IssuerKey] = []
    for role in KeyRole:
        taken = {key.kid for key in keys}
        keys.append(_new_key(keys_dir, role=role, taken=taken, from_s=from_s, now_s=now_s))
    return _sign_key_set(keys_dir, roots_dir, keys=keys, seq=1, now_s=now_s)


def rotate_key(
    *, keys_dir: Path, roots_dir: Path, role: KeyRole | None, now_s: int, lost: bool = False
) -> int:
    """Sign the key set anew, also one that has run out; with a *role*, add a new key of it.

    The new key is only announced at first: it signs from `ANNOUNCED_S` on, when every door has
    heard of it, and the old one stays accepted for as long as the last thing it signed lives. When
    somebody else has the old one (*lost*), it ends now and the new one begins now.

    Returns:
        The new sequence number.

    Source: K1 §11.
    """
    ring = load_key_ring(keys_dir, now_s=None)
    begins_s = now_s if lost else now_s + ANNOUNCED_S
    keys = list(ring.keys.values())
    if role is not None:
        ends_s = begins_s + (0 if lost else LAST_CREDENTIAL_S[role])
        keys = [_ended(key, ends_s) if key.role is role else key for key in keys]
        taken = set(ring.keys)
        keys.append(_new_key(keys_dir, role=role, taken=taken, from_s=begins_s, now_s=now_s))
    return _sign_key_set(keys_dir, roots_dir, keys=keys, seq=ring.key_set.seq + 1, now_s=now_s)


def _ended(key: IssuerKey, at_s: int) -> IssuerKey:
    # A key that was announced and has not begun still needs a moment to be in a key set.
    return replace(key, until_s=max(min(key.until_s, at_s), key.not_before_s + 1))


def _new_key(
    keys_dir: Path, *, role: KeyRole, taken: set[bytes], from_s: int, now_s: int
) -> IssuerKey:
    kid = next(
        kid
        for kid in iter(lambda: secrets.token_bytes(2), None)
        if kid not in taken and int.from_bytes(kid, "big") < _FIRST_ROOT_ID
    )
    private = make_private_key()
    write_private_key(keys_dir / f"{kid.hex()}.pem", private)
    until_s = now_s + KEY_LIFE_S + LAST_CREDENTIAL_S[role]
    return IssuerKey(
        kid=kid, point=point_of(private), role=role, not_before_s=from_s, until_s=until_s
    )


def _sign_key_set(
    keys_dir: Path, roots_dir: Path, *, keys: list[IssuerKey], seq: int, now_s: int
) -> int:
    root_kid = _ROOT_IDS[0]
    until_s = now_s + KEY_SET_LIFE_S
    # A key that has ended is still listed while something it signed may be shown: the door then
    # says "renew your card" and not "unknown issuer".
    listed = [key for key in keys if key.until_s + LAST_CREDENTIAL_S[key.role] > now_s]
    unsigned = draft_key_set(
        seq=seq, issued_at_s=now_s, until_s=until_s, keys=listed, root_kid=root_kid
    )
    root = read_private_key(roots_dir / f"{root_kid.hex()}.pem")
    raw = unsigned.seal(sign_es256(root, unsigned.bytes_to_sign()))
    rows = [
        {
            "kid": key.kid.hex(),
            "x": key.point.x.hex(),
            "odd": key.point.odd,
            "role": int(key.role),
            "nbf": key.not_before_s,
            "exp": key.until_s,
        }
        for key in keys
    ]
    # In this order: a key that stands in no key set signs nothing.
    _put_in_place(keys_dir / KEYS_FILE, json.dumps(rows, indent=1).encode())
    _put_in_place(keys_dir / KEY_SET_FILE, raw)
    return seq


def _put_in_place(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)

"""Run test vectors of the format k1-vectors/1 against the code of this repository.

Source: K1 §16.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.rules.admission import Door, Knowledge, LedgerRow, decide
from shared.token.codes import (
    TextKind,
    read_activation_code,
    read_card_code,
    read_pairing_code,
    sort_text,
)
from shared.token.cose import PublicPoint, settle
from shared.token.errors import TokenError, TokenRefused
from shared.token.keyset import IssuerKey, KeyRole, KeySet, accept_key_set
from shared.token.presentation import read_token_bytes
from shared.token.proof import (
    check_nonce,
    check_service_proof,
    read_device_proof,
    verify_activation_proof,
    verify_device_proof,
    verify_pairing_proof,
    verify_service_proof,
)
from shared.token.status import StatusList, accept_status_list, inflate
from tests.shared.keys import verify

FORMAT = "k1-vectors/1"

Vector = Mapping[str, Any]
Got = dict[str, Any]


class NotVectors(Exception):
    """The file is none of this format."""


@dataclass(frozen=True)
class VectorFile:
    """The keys and contexts that all vectors of a file share, and the vectors."""

    roots: Mapping[bytes, PublicPoint]
    keys: Mapping[bytes, IssuerKey]
    contexts: Mapping[str, Mapping[str, Any]]
    vectors: list[Vector]


@dataclass(frozen=True)
class Outcome:
    """How one vector went; `failure` is empty when it passed."""

    name: str
    failure: str


def read_vectors(path: Path) -> VectorFile:
    """Read a vector file.

    Raises:
        NotVectors: It cannot be read, or is of another format.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise NotVectors(f"{path}: the format is {found['format']!r}, not {FORMAT}")
        return VectorFile(
            roots={bytes.fromhex(root["kid"]): _point(root) for root in found["roots"]},
            keys={key.kid: key for key in map(_issuer_key, found["issuer_keys"])},
            contexts=dict(found["contexts"]),
            vectors=list(found["vectors"]),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotVectors(f"{path}: not a file of the format {FORMAT} ({error!r})") from error


def run(file: VectorFile, *, thorough: bool = False) -> Iterator[Outcome]:
    """Run every vector; an exception in one is a failure of that one.

    *thorough* also compares what the format only recommends: `form`, and the reason of `bytes`.
    """
    for number, vector in enumerate(file.vectors, start=1):
        yield run_one(file, vector, number=number, thorough=thorough)


def run_one(file: VectorFile, vector: Vector, *, number: int, thorough: bool) -> Outcome:
    """Run one vector; *number* names it when it has no name."""
    name = f"{number}"
    try:
        name = f"{number} {vector['op']} {vector['name']}"
        expected = dict(vector["expect"])
        got = _OPERATIONS[vector["op"]](file, vector)
        if not thorough:
            expected.pop("form", None)
        if not thorough and vector["op"] == "bytes":
            expected.pop("reason", None)
        wrong = {field for field in expected if got.get(field) != expected[field]}
    except Exception as error:  # noqa: BLE001 - whatever it is, the other vectors must still run
        return Outcome(name, f"unexpected {error!r}")
    return Outcome(
        name, "; ".join(f"{f}: want {expected[f]!r}, got {got.get(f)!r}" for f in sorted(wrong))
    )


def _decide(file: VectorFile, vector: Vector) -> Got:
    fields = {**file.contexts[vector["context"]], **vector.get("override", {})}
    ledger: dict[str, list[LedgerRow]] = {}
    for row in fields["ledger"]:
        ledger.setdefault(row[0], []).append(LedgerRow(*row))
    knows = Knowledge(
        key_set=KeySet(fields["keys_seq"], fields["keys_iat"], fields["keys_exp"], file.keys, b""),
        status={int(number): _status(int(number), *it) for number, it in fields["status"].items()},
        clock_sure=fields["clock_sure"],
        ledger=ledger,
        ledger_online=fields["ledger_online"],
    )
    door = Door(event=fields["event"], venue=fields["venue"], device=fields["device"])
    judged = settle(decide(vector["text"], now_s=vector["now"], knows=knows, door=door), verify)
    return {
        "outcome": judged.verdict.colour.value,
        "reason": judged.verdict.reason.upper(),
        "all": [reason.upper() for reason in judged.verdict.reasons],
        "form": judged.form.upper() if judged.form else None,
    }


def _bytes(_file: VectorFile, vector: Vector) -> Got:
    try:
        read_token_bytes(bytes.fromhex(vector["hex"]))
    except TokenError as error:
        return _refused(error.code)
    return _accepted()


def _key_set(file: VectorFile, vector: Vector) -> Got:
    held = None
    if vector.get("stored_seq"):
        held = (vector["stored_seq"], bytes.fromhex(vector.get("stored_hex") or ""))
    raw, now_s = bytes.fromhex(vector["hex"]), vector["now"]
    settle(accept_key_set(raw, roots=file.roots, held=held, now_s=now_s), verify)
    return _accepted()


def _status_list(file: VectorFile, vector: Vector) -> Got:
    listed = settle(
        accept_status_list(
            bytes.fromhex(vector["hex"]),
            keys=file.keys,
            held_issued_at_s=vector.get("stored_iat") or 0,
            now_s=vector["now"],
        ),
        verify,
    )
    lookups = vector["expect"].get("lookups", [])
    return {**_accepted(), "lookups": [[index, listed.bit(index)] for index, _ in lookups]}


def _activation(_file: VectorFile, vector: Vector) -> Got:
    return _accepted(read_activation_code(vector["text"], base_url=vector.get("base")))


def _pairing(_file: VectorFile, vector: Vector) -> Got:
    return _accepted(read_pairing_code(vector["text"], base_url=vector.get("base")))


def _card_code(_file: VectorFile, vector: Vector) -> Got:
    return _accepted(read_card_code(vector["text"]))


def _dispatch(_file: VectorFile, vector: Vector) -> Got:
    found = sort_text(vector["text"], base_url=vector.get("base"))
    if found.kind is TextKind.NOT_A_CARD:
        return {"outcome": "refused", "reason": "not_a_card"}
    return {**_accepted(found.value), "reason": found.kind.value.replace("_", "")}


def _proof(file: VectorFile, vector: Vector) -> Got:
    raw = bytes.fromhex(vector["hex"])
    if vector["proof"] == "activation":
        return _accepted(settle(verify_activation_proof(raw), verify).code)
    if vector["proof"] == "pairing":
        return _accepted(settle(verify_pairing_proof(raw), verify).code)
    key, nonce = _point(vector["key"]), bytes.fromhex(vector["nonce"])
    if vector["proof"] == "device":
        device = read_device_proof(raw)
        known = key if device.device_id == vector["device"] else None
        check_nonce(settle(verify_device_proof(device, key=known), verify), nonce)
        return _accepted(device.device_id)
    if vector["proof"] != "service":
        raise LookupError(vector["proof"])
    service = settle(verify_service_proof(raw, keys=file.keys), verify)
    check_service_proof(
        service, nonce=nonce, current_key=key, card_until_s=vector["card_exp"], now_s=vector["now"]
    )
    return _accepted(service.credential.sub)


def _or_refused(operation: Callable[[VectorFile, Vector], Got]) -> Callable[..., Got]:
    def judged(file: VectorFile, vector: Vector) -> Got:
        try:
            return operation(file, vector)
        except TokenError:
            return _refused("form")
        except TokenRefused as refused:
            return _refused(refused.reason)

    return judged


_OPERATIONS: Mapping[str, Callable[[VectorFile, Vector], Got]] = {
    "decide": _decide,
    "bytes": _bytes,
    "keyset": _or_refused(_key_set),
    "status": _or_refused(_status_list),
    "activation": _or_refused(_activation),
    "pairing": _or_refused(_pairing),
    "cardcode": _or_refused(_card_code),
    "dispatch": _dispatch,
    "proof": _or_refused(_proof),
}


def _accepted(value: str | None = None) -> Got:
    return {"outcome": "accepted", "reason": "OK", "value": value}


def _refused(reason: str) -> Got:
    return {"outcome": "refused", "reason": reason.upper()}


def _point(found: Mapping[str, Any]) -> PublicPoint:
    return PublicPoint(x=bytes.fromhex(found["x"]), odd=found["odd"])


def _issuer_key(found: Mapping[str, Any]) -> IssuerKey:
    kid, role = bytes.fromhex(found["kid"]), KeyRole(found["role"])
    return IssuerKey(kid, _point(found), role, found["nbf"], found["exp"])


def _status(number: int, stream: str, issued_at_s: int, until_s: int, seq: int) -> StatusList:
    bits = inflate(bytes.fromhex(stream))
    return StatusList(number, issued_at_s, until_s, ttl_s=1, seq=seq, bits=bits)

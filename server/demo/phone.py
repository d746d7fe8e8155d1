"""A phone or a scanner in software, for the demo and the headless journey: a key, its proofs."""

from datetime import datetime

from server.clock import seconds
from server.signing import make_private_key, point_of, sign_es256
from shared.token.cose import Unsigned
from shared.token.presentation import draft_presentation, write_text
from shared.token.proof import (
    draft_activation_proof,
    draft_device_proof,
    draft_pairing_proof,
    draft_service_proof,
)


class Phone:
    """One device key, made when the device is."""

    def __init__(self) -> None:
        self._key = make_private_key()
        self.point = point_of(self._key)

    def activation_proof(self, code: str, *, now: datetime) -> bytes:
        """Ask for the card of an activation code."""
        return self._seal(draft_activation_proof(code, key=self.point, at_s=seconds(now)))

    def pairing_proof(self, code: str, *, now: datetime) -> bytes:
        """Ask to be the scanner of a pairing code."""
        return self._seal(draft_pairing_proof(code, key=self.point, at_s=seconds(now)))

    def service_proof(self, credential: bytes, nonce: bytes, *, now: datetime) -> bytes:
        """Sign in as a card's phone."""
        return self._seal(draft_service_proof(credential, nonce=nonce, at_s=seconds(now)))

    def device_proof(self, device_id: str, nonce: bytes, *, now: datetime) -> bytes:
        """Sign in as a scanner."""
        return self._seal(draft_device_proof(device_id, nonce=nonce, at_s=seconds(now)))

    def present(self, credential: bytes, *, now: datetime) -> str:
        """Show the card: the text of the QR of this moment."""
        return write_text(self._seal(draft_presentation(credential, shown_at_s=seconds(now))))

    def _seal(self, unsigned: Unsigned) -> bytes:
        return unsigned.seal(sign_es256(self._key, unsigned.bytes_to_sign()))

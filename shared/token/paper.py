"""The paper credential: a card printed on paper, shown alone, a lower trust class.

Source: K1 §5.
"""

from dataclasses import dataclass

from shared.token.cose import Envelope, Unsigned
from shared.token.credential import (
    PAPER_TYP,
    Credential,
    SignedCredential,
    claims_of,
    draft_claims,
)


@dataclass(frozen=True, slots=True)
class PaperCard:
    """A printed card of right form; nothing in it is known to be true yet."""

    signed: SignedCredential

    @property
    def credential(self) -> Credential:
        """What the issuer is said to have signed."""
        return self.signed.credential

    @property
    def kid(self) -> bytes:
        """The issuer key's two bytes."""
        return self.signed.kid

    @property
    def shown_at_s(self) -> None:
        """Paper has no clock."""
        return


def draft_paper(credential: Credential, *, kid: bytes) -> Unsigned:
    """Write a paper credential for the issuer key *kid* (two bytes, role 3) to sign.

    Raises:
        ValueError: A value is out of its range, or there is a holder key.
    """
    if credential.holder is not None:
        raise ValueError("paper has no key")
    return draft_claims(credential, kid=kid, typ=PAPER_TYP)


def paper_card(envelope: Envelope, raw: bytes) -> PaperCard:
    """Read a paper credential from its opened envelope and its bytes.

    Raises:
        TokenError: It is anything else.
    """
    return PaperCard(SignedCredential(*claims_of(envelope, typ=PAPER_TYP), raw, envelope))

"""Why a token, a document or a proof was refused.

TokenError      code: length · prefix · base45 · cbor · form     the form is wrong
TokenRefused    reason: unknown_key · forged · rollback · …      the form is right, the truth is not

Parsers raise TokenError and nothing else, for any input. What a card of right form can still meet
at the door (unknown key, forged, expired …) is a verdict with reasons and no exception: see
`shared.rules.admission`.

Source: K1 §2.5, §7, §8, §9.
"""

from enum import StrEnum


class FormCode(StrEnum):
    """Which layer of the form was wrong. For logs and tests; people read NOT_A_CARD."""

    LENGTH = "length"
    PREFIX = "prefix"
    BASE45 = "base45"
    CBOR = "cbor"
    FORM = "form"


class TokenError(Exception):
    """The input is none of ours."""

    def __init__(self, code: FormCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Refusal(StrEnum):
    """Why a key set, a status list or a proof of right form is not accepted."""

    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    ROLLBACK = "rollback"
    FUTURE = "future"
    EXPIRED = "expired"
    KEY_RETIRED = "key_retired"
    NONCE = "nonce"
    KEY_CHANGED = "key_changed"
    UNKNOWN_DEVICE = "unknown_device"


class TokenRefused(Exception):
    """The form is right and the content is not to be believed or not to be used."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason

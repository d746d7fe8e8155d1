"""Why somebody could not sign in."""

from server.problems import Problem


class SignInRequired(Problem):
    """The bearer is missing or over; prove the device key again."""

    status = 401
    code = "sign_in_required"


class MalformedProof(Problem):
    """The proof is not of the form of K1."""

    status = 422
    code = "malformed_proof"


class ForgedProof(Problem):
    """A signature of the proof does not hold."""

    status = 422
    code = "forged_proof"


class UnknownKey(Problem):
    """The credential was signed by no key of this server."""

    status = 401
    code = "unknown_key"


class NonceRefused(Problem):
    """The nonce was never given, is older than five minutes or was used before."""

    status = 401
    code = "nonce_refused"


class KeyChanged(Problem):
    """The card has moved to another phone."""

    status = 401
    code = "key_changed"
    keeps_changes = True  # the nonce is spent


class UnknownDevice(Problem):
    """No scanner has this id; pair it again."""

    status = 401
    code = "unknown_device"


class ScannerRevoked(Problem):
    """The venue or its coordinator has ended this scanner's access."""

    status = 401
    code = "scanner_revoked"
    keeps_changes = True  # the nonce is spent


class CodeRefused(Problem):
    """The code is unknown, used or over (which of these is not told)."""

    status = 404
    code = "code_refused"
    keeps_changes = True


class TooManyTries(Problem):
    """Five wrong codes within an hour; wait, then try again."""

    status = 429
    code = "too_many_tries"

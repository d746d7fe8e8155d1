"""Why somebody could not sign in to the console, or was not given access."""

from server.problems import Problem


class SignInRefused(Problem):
    """The name, the password or the code does not match (which of them is not told)."""

    status = 401
    code = "sign_in_refused"
    keeps_changes = True  # the wrong try counts


class OneTimeCodeUsed(Problem):
    """These six digits have been used; the next ones appear within half a minute."""

    status = 401
    code = "one_time_code_used"


class InvitationRefused(Problem):
    """The invitation is unknown, used or over; the coordinator can send a new one."""

    status = 404
    code = "invitation_refused"


class PasswordTooWeak(Problem):
    """A password has 12 to 200 characters and does not contain the location's own name."""

    status = 422
    code = "password_too_weak"


class WrongOneTimeCode(Problem):
    """The six digits are not the ones that the authenticator shows now."""

    status = 422
    code = "wrong_one_time_code"


class MalformedInitials(Problem):
    """Initials are 2 to 4 letters; they may be left out."""

    status = 422
    code = "malformed_initials"


class HandleTaken(Problem):
    """Another location signs in by this name."""

    status = 409
    code = "handle_taken"


class MalformedHandle(Problem):
    """The name to sign in by has 3 to 60 small letters a-z, digits and hyphens."""

    status = 422
    code = "malformed_handle"

"""What can be wrong with a card."""

from server.problems import Problem


class CardBlocked(Problem):
    """The card is closed; the place that gave it helps."""

    status = 401
    code = "card_blocked"
    keeps_changes = True  # of a sign-in: the nonce is spent


class CardExpired(Problem):
    """The card is over; ask for a new one where it was granted."""

    status = 401
    code = "card_expired"
    keeps_changes = True  # of a sign-in: the nonce is spent


class CardOnAnotherPhone(Problem):
    """The card lives on another phone, which would stop showing it. Ask the holder first."""

    status = 409
    code = "card_on_another_phone"


class ChildrenOutOfRange(Problem):
    """The number of children is not from 0 to 23."""

    status = 422
    code = "children_out_of_range"

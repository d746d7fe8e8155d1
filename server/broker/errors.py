"""Why a broker's request was refused. Of an order nothing was stored."""

from collections.abc import Sequence
from dataclasses import asdict

from server.broker.wire import UseRefusal
from server.problems import Problem


class BrokerKeyRefused(Problem):
    """No key was sent, or it is no broker's, or it has ended."""

    status = 401
    code = "broker_key_refused"


class BrokerNotForVenue(Problem):
    """This venue has not let the broker record uses for it."""

    status = 403
    code = "broker_not_for_venue"


class OrderEventUnknown(Problem):
    """The venue has no such event."""

    status = 404
    code = "event_unknown"


class OrderEventOver(Problem):
    """The event is over."""

    status = 409
    code = "event_over"


class OrderCategoryMissing(Problem):
    """An order without an event says for which of the venue's categories it is."""

    status = 422
    code = "order_category_missing"


class OrderOutOfRange(Problem):
    """An order has 1 to 50 uses, each with an id of its own."""

    status = 422
    code = "order_out_of_range"


class UsesRefused(Problem):
    """At least one use was refused, so none was recorded; `refusals` says which and why."""

    status = 409
    code = "uses_refused"
    keeps_changes = True  # that unknown card codes were named is remembered

    def __init__(self, refusals: Sequence[UseRefusal]) -> None:
        super().__init__()
        self.refusals = refusals
        self.members = {"refusals": [asdict(refusal) for refusal in refusals]}


class BrokerUnnamed(Problem):
    """A broker needs a name of 1 to 120 characters."""

    status = 422
    code = "broker_unnamed"

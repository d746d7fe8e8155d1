"""Why wellbeing is not taken."""

from server.problems import Problem


class SharingStopped(Problem):
    """The holder has taken this consent back; nothing is taken by it any more."""

    status = 409
    code = "sharing_stopped"


class SharingIdTaken(Problem):
    """This consent is another holder's, or for another meter."""

    status = 409
    code = "sharing_id_taken"


class PointsOutOfRange(Problem):
    """The meter gives no such number."""

    status = 422
    code = "points_out_of_range"


class MonthOutOfRange(Problem):
    """A month is named by its first day, once, from 2014 to now; 120 at most."""

    status = 422
    code = "month_out_of_range"

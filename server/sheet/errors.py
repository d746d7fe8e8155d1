"""Why sheets are not printed together."""

from server.problems import Problem


class NoCardChosen(Problem):
    """No card is chosen."""

    status = 422
    code = "no_card_chosen"


class SheetsGone(Problem):
    """The file was downloaded or its day is over; it can be had once."""

    status = 410
    code = "sheets_gone"

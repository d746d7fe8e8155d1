"""What goes wrong on pages only."""

from server.problems import Problem


class NotHere(Problem):
    """There is no such page, or nothing of this location's at it."""

    status = 404
    code = "not_here"


class ForeignForm(Problem):
    """The form was not sent from a page of this console."""

    status = 403
    code = "foreign_form"


class MalformedMoment(Problem):
    """A day with its time is missing."""

    status = 422
    code = "malformed_moment"


class LocationUnnamed(Problem):
    """A location needs a name of 1 to 120 characters."""

    status = 422
    code = "location_unnamed"


class CategoryMissing(Problem):
    """A venue records visits of at least one category."""

    status = 422
    code = "category_missing"


class ScannerUnnamed(Problem):
    """A scanner needs a name of 1 to 60 characters."""

    status = 422
    code = "scanner_unnamed"


class FormUsed(Problem):
    """A card was granted with this form, and now it says something else."""

    status = 409
    code = "form_used"


class CountyMissing(Problem):
    """An analyst is of one of the wellbeing counties of the list."""

    status = 422
    code = "county_missing"

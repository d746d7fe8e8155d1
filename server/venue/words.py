"""What a venue admits for, in words."""

from server.texts import N_
from shared.scan import Category

CATEGORIES: dict[Category, str] = {
    Category.CULTURE: N_("Culture"),
    Category.EDUCATION: N_("Education"),
    Category.SCIENCE: N_("Science"),
    Category.SPORT: N_("Sport"),
}

"""What the directory's codes are called."""

from collections.abc import Mapping

from server.texts import N_

LANGUAGE_NAMES: Mapping[str, str] = {
    "fi": N_("in Finnish"),
    "sv": N_("in Swedish"),
    "en": N_("in English"),
    "se": N_("in Northern Sami"),
    "uk": N_("in Ukrainian"),
    "ru": N_("in Russian"),
    "et": N_("in Estonian"),
    "ar": N_("in Arabic"),
    "so": N_("in Somali"),
    "fse": N_("in Finnish sign language"),
}
"""In the order of `shared.directory.LANGUAGES`."""

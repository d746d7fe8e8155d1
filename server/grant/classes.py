"""The national classes of what a holder may tell of own will.

The same everywhere, so that they can be counted. A code never changes once it is used; the words
are in the catalogues. The grounds of a grant are a list in the settings: `server.grant.grounds`.
"""

from server.texts import N_

LIFE_SITUATIONS: dict[str, str] = {
    "working": N_("At work"),
    "unemployed": N_("Unemployed"),
    "studying": N_("Studying"),
    "retired": N_("Retired"),
    "at_home": N_("At home with children or as a carer"),
    "rehabilitating": N_("On sick leave or in rehabilitation"),
    "other": N_("Something else"),
}

GENDERS: dict[str, str] = {
    "woman": N_("Woman"),
    "man": N_("Man"),
    "other": N_("Another gender"),
}

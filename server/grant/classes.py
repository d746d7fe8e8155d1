"""The national classes: on what grounds a card is granted, and what a holder may tell of own will.

The same everywhere, so that they can be counted. A code never changes once it is used; the words
are in the catalogues.
"""

from server.texts import N_

GROUNDS: dict[str, str] = {
    "income_support": N_("Basic social assistance"),
    "unemployment_benefit": N_("Unemployment benefit (general support or earnings-related)"),
    "small_pension": N_("National or guarantee pension"),
    "sickness_benefit": N_("Sickness or rehabilitation benefit"),
    "student_benefit": N_("Student benefits"),
    "parental_benefit": N_("Parental or home care allowance"),
    "reception_allowance": N_("Reception allowance"),
    "debts": N_("Debt adjustment or enforcement"),
    "other_tight": N_("Another tight financial situation"),
}

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

"""What people may rely on at an event. A code never changes; the words are in the catalogues."""

from server.texts import N_

ACCESSIBILITY: dict[str, str] = {
    "step_free": N_("Step-free way in"),
    "accessible_toilet": N_("Accessible toilet"),
    "wheelchair_places": N_("Places for wheelchairs"),
    "induction_loop": N_("Induction loop"),
    "sign_language": N_("Sign language interpreting"),
    "captions": N_("Captions"),
    "audio_description": N_("Audio description"),
    "plain_language": N_("In plain language"),
    "quiet": N_("Quiet or relaxed performance"),
    "guide_dog": N_("Guide dogs are welcome"),
}

"""The instant card's words: the app's own sentences, taken from its catalogues at build time."""

import json
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"fi": "fi", "sv": "sv", "en": "en", "selko": "fi"}
"""Each with the tag that browsers and screen readers know it by."""

DOMAINS = ("app", "page")

SENTENCES = {
    "title": "Kaikukortti",
    "community": "Kaikukortti community card",
    "label": "The QR code of your card. It changes every 30 seconds. Tap to enlarge.",
    "countdown": "New code in {seconds} s",
    "failed": "The code cannot be shown just now.",
    "moved": "Your card is on another phone now",
    "blocked": "Your card is closed",
    "expired": "Your card's time is over",
    "not_yet_valid": "Your card is not valid yet",
    "clock": "Is your phone's clock right?",
    "run_out": "Your card needs the network",
    "locked": "The app is locked",
    "no_card": "No card is on this phone yet. The app is starting.",
    "starting": "The app is starting.",
    "elsewhere": "The app is open in another tab.",
    "use_here": "Use it here",
    "broken": "The app did not start. Close it and open it again.",
}
"""The app says the next step to take, too, a moment later."""


def write_words(locale: Path, to: Path) -> None:
    """Write the sentences of every language; one that is missing stops the build."""
    words = {
        language: {"lang": tag} | _words(locale / language / "LC_MESSAGES")
        for language, tag in LANGUAGES.items()
    }
    to.write_text(json.dumps(words, ensure_ascii=False))


def _words(folder: Path) -> dict[str, str]:
    said: dict[object, object] = {}
    for domain in DOMAINS:
        with (folder / f"{domain}.po").open("rb") as file:
            said |= {message.id: message.string for message in read_po(file)}
    return {name: str(said[msgid] or _missing(folder, msgid)) for name, msgid in SENTENCES.items()}


def _missing(folder: Path, msgid: str) -> str:
    raise SystemExit(f"{folder}: no words for {msgid!r}")

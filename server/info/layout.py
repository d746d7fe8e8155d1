"""The public pages: simple text files that people can edit, read into a tiny structure.

`# ` begins the title, `## ` a section, `- ` an item of a list, `=> address words` a link; every
other line is a paragraph. Nothing else has a meaning, and nothing in it is HTML: the template
escapes it all. `{controller}` stands for the one thing that differs between servers.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from server.texts import Language

_PAGES = Path(__file__).parent / "pages"
_AGREEMENTS = Path(__file__).parent / "agreements"
_SAFE_LINKS = ("https://", "mailto:")


class PageName(StrEnum):
    """The pages that everybody may read."""

    ACCESSIBILITY = "accessibility"
    PRIVACY = "privacy"
    TERMS = "terms"


class MalformedPage(ValueError):
    """A page's file is not of the form above."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a link (words and address), or a list (items)."""

    words: str = ""
    address: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@cache
def read_page(language: Language, name: PageName, *, controller: str) -> tuple[Section, ...]:
    """Read a page in *language*; the first heading is its title.

    *controller* is the name and contact of whoever keeps the register, on one line.
    """
    source = (_PAGES / language / f"{name}.md").read_text(encoding="utf-8")
    return parse_page(source, controller=controller)


@cache
def read_agreement(language: Language, version: int, *, controller: str) -> tuple[Section, ...]:
    """Read a version of what distributors and venues agree to; the first heading is its title."""
    source = (_AGREEMENTS / language / f"{version}.md").read_text(encoding="utf-8")
    return parse_page(source, controller=controller)


def parse_page(source: str, *, controller: str) -> tuple[Section, ...]:
    """Read the text of a page.

    Raises:
        MalformedPage: It does not begin with its title, or a link leads elsewhere than the web.
    """
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    if not lines or not lines[0].startswith("# "):
        raise MalformedPage("title")
    found: list[tuple[str, list[Block]]] = []
    for line in lines:
        mark, _, rest = line.partition(" ")
        words = (rest if mark in {"#", "##", "-", "=>"} else line).replace(
            "{controller}", controller
        )
        if mark in {"#", "##"}:
            found.append((words, []))
        elif mark == "-":
            _add_item(found[-1][1], words)
        else:
            found[-1][1].append(_link(words) if mark == "=>" else Block(words=words))
    return tuple(Section(heading, tuple(blocks)) for heading, blocks in found)


def _add_item(blocks: list[Block], words: str) -> None:
    if blocks and blocks[-1].items:
        blocks[-1] = Block(items=(*blocks[-1].items, words))
    else:
        blocks.append(Block(items=(words,)))


def _link(rest: str) -> Block:
    address, _, words = rest.partition(" ")
    if not address.startswith(_SAFE_LINKS) or not words:
        raise MalformedPage(rest)
    return Block(words=words, address=address)

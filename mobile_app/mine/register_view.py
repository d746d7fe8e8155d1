"""What the register knows about me, in words."""

from collections.abc import Iterator
from functools import partial

import flet as ft

from mobile_app.mine.register import Register
from mobile_app.ui.context import use_app
from mobile_app.ui.every import use_every
from mobile_app.ui.made import use_made
from mobile_app.ui.notice import Tone, heading, notice, paragraph, screen, wide_button
from mobile_app.ui.saving import use_saving
from mobile_app.ui.texts import Texts
from mobile_app.wellbeing.sharing_view import METER_NAMES
from shared.holder import Named, RegisterAnswer, RegisteredCard
from shared.token.codes import print_code

ASK_EVERY_S = 300
READINGS_SHOWN = 20


@ft.component
def RegisterScreen() -> ft.View:
    """Say everything that the register has, with its age."""
    app = use_app()
    t = app.texts
    page = ft.context.page
    register = use_made(lambda: Register(app.device))
    saving = use_saving()

    async def look() -> None:
        if not register.loaded:
            await register.load()
        await register.refresh()

    async def save() -> None:
        await saving.save("kaikukortti-register.json", register.as_json())

    use_every(ASK_EVERY_S, look)
    body: list[ft.Control] = [
        heading(t("What the register knows of me")),
        *_standing(t, register),
        paragraph(t("No name, no identity code, no address: the register has no place for them.")),
    ]
    if register.answer is not None:
        body += _answer(t, register)
        body.append(wide_button(t("Save as a file (JSON)"), save, main=False))
    body += saving.told
    body.append(wide_button(t("Ask again"), register.refresh, icon=ft.Icons.REFRESH, main=False))
    body += [
        heading(t("Erase me"), level=2),
        paragraph(t("You can have everything erased, from the register and from this phone.")),
        wide_button(
            t("Erase me"),
            lambda: page.navigate("/mine/erase"),
            icon=ft.Icons.DELETE_FOREVER,
            main=False,
        ),
    ]
    return screen("/mine/register", body)


def _standing(t: Texts, register: Register) -> list[ft.Control]:
    drawn: list[ft.Control] = []
    if register.offline:
        words = t("No connection. This is what the register said last.")
        if register.answer is None:
            words = t("No connection. Come back when there is one.")
        drawn.append(notice(words, live=True))
    elif register.refusal is not None:
        words = t("The server did not answer this. Open your card and see what it says.")
        drawn.append(notice(words, tone=Tone.HEED, live=True))
    if register.heard_at is not None:
        drawn.append(paragraph(t("As of {moment}", moment=t.moment(register.heard_at)), quiet=True))
    return drawn


def _answer(t: Texts, register: Register) -> Iterator[ft.Control]:
    answer = register.answer
    if answer is None:
        return
    for card in answer.cards:
        code = print_code(card.card_code)
        yield heading(t("Card {code}", code=code), level=2)
        yield from (paragraph(line) for line in card_words(t, card))
    yield heading(t("Visits and readings"), level=2)
    yield from (paragraph(line) for line in reading_words(t, answer))
    yield heading(t("Shared wellbeing"), level=2)
    shared = [one for one in answer.wellbeing if one.stopped_at is None and one.meter is not None]
    if not shared:
        yield paragraph(t("You share nothing of your wellbeing."))
    for one in shared:
        if one.meter is not None:
            words = t.plural("{n} month is shared", "{n} months are shared", len(one.months))
            yield paragraph(f"{t(METER_NAMES[one.meter])}: {words}")
            yield wide_button(
                t("Stop sharing"),
                partial(register.stop_sharing, one.meter),
                main=False,
            )


def card_words(t: Texts, card: RegisteredCard) -> Iterator[str]:
    """Say all that is kept with a card."""
    place, day = card.distributor_name, t.moment_day(card.granted_at)
    yield t("Granted by {place} on {day}.", place=place, day=day)
    first, last = t.day(card.first_valid_on), t.day(card.last_valid_on)
    yield t("In force from {first} to {last}.", first=first, last=last)
    if card.community:
        yield t("A card of a community.")
    if card.birth_year is not None:
        yield t("Year of birth: {year}", year=card.birth_year)
    if card.home_postcode is not None:
        yield t("Home postcode: {postcode}", postcode=card.home_postcode)
    yield t("Number of children: {n}", n=card.children)
    for words, told in (
        (t("Grounds: {words}", words=_name(t, card.grounds)), card.grounds),
        (t("Life situation: {words}", words=_name(t, card.life_situation)), card.life_situation),
        (t("Gender: {words}", words=_name(t, card.gender)), card.gender),
    ):
        if told is not None:
            yield words
    if card.blocked_at is not None:
        yield t("Closed {moment}", moment=t.moment(card.blocked_at))
    if card.follows_code is not None:
        yield t("It follows the card {code}.", code=print_code(card.follows_code))
    if card.phone_key is not None:
        yield t("The key of your phone, by which doors know that the card is yours.")
    good = [one for one in card.signed if one.revoked_at is None]
    yield t.plural(
        "{n} signed card for phone or paper, with its dates",
        "{n} signed cards for phone or paper, with their dates",
        len(card.signed),
    )
    if good:
        until = max(one.usable_until for one in good)
        yield t("The last of them is good until {moment}.", moment=t.moment(until))
    yield t.plural(
        "{n} code for activating, which the register itself cannot read",
        "{n} codes for activating, which the register itself cannot read",
        len(card.codes),
    )
    yield t.plural(
        "{n} entry in the log of what offices did with the card",
        "{n} entries in the log of what offices did with the card",
        card.acts,
    )


def reading_words(t: Texts, answer: RegisterAnswer) -> Iterator[str]:
    """Say visits, readings, conflicts and disputes."""
    yield t("In the register since {day}.", day=t.moment_day(answer.known_since_at))
    yield t.plural(
        "{n} visit, which is in your list of visits",
        "{n} visits, which are in your list of visits",
        answer.visits,
    )
    yield t.plural(
        "{n} reading at a door, also if it became no visit",
        "{n} readings at doors, also those that became no visit",
        answer.scans_kept,
    )
    for one in answer.scans[:READINGS_SHOWN]:
        words = t("came in") if one.admitted else t("did not come in")
        yield f"{t.moment(one.scanned_at)} · {one.venue_name} · {words}"
    if answer.conflicts:
        yield t.plural(
            "{n} time two doors read the card for the same event",
            "{n} times two doors read the card for the same event",
            len(answer.conflicts),
        )
    if answer.threads:
        yield t.plural(
            "{n} conversation with a venue, which is in your messages",
            "{n} conversations with venues, which are in your messages",
            answer.threads,
        )
    if answer.follows:
        yield t("You follow: {places}", places=", ".join(answer.follows))
    if answer.disputes:
        yield t.plural(
            "{n} visit of which you said that it is not yours",
            "{n} visits of which you said that they are not yours",
            len(answer.disputes),
        )


def _name(t: Texts, named: Named | None) -> str:
    if named is None:
        return ""
    return named.names.get(t.language.value, named.names.get("fi", named.code))

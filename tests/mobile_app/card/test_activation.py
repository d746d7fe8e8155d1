"""Activating a card: every way in, and every way it can be refused."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from mobile_app.card.activation import Activation
from mobile_app.card.held import CARD, Trouble
from mobile_app.card.proofs import kept_card, key_name_of
from mobile_app.card.words import refusal_words
from mobile_app.ui.texts import Language, Texts
from shared.token.codes import activation_link, complete_code, print_code
from tests.factories import NOON
from tests.mobile_app.phones import BASE_URL, HolderPhone, grant

UNKNOWN_CODE = next(
    code for n in "23456789ABCDEF" if (code := complete_code(f"7K3M9QX2B4{n}")) is not None
)


async def attempt_on(phone: HolderPhone) -> Activation:
    return Activation(phone.device, await phone.card())


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda code: code, id="as-it-is"),
        pytest.param(print_code, id="as-printed"),
        pytest.param(lambda code: f" {print_code(code).lower()} ", id="small-letters-and-spaces"),
        pytest.param(lambda code: activation_link(BASE_URL, code), id="link"),
        pytest.param(lambda code: f"K1A:{code}", id="short-form"),
    ],
)
async def test_code_brings_the_card_however_it_is_written(
    phone: HolderPhone, code: str, write
) -> None:
    bare = code.replace("-", "")
    attempt = await attempt_on(phone)
    await attempt.submit(write(bare))

    assert attempt.done
    assert attempt.card.held is not None
    assert attempt.card.held.facts.children == 2


async def test_slip_of_the_pen_is_found_without_asking_the_server(
    phone: HolderPhone, code: str
) -> None:
    bare = code.replace("-", "")
    wrong = bare[:-1] + ("A" if bare[-1] != "A" else "B")
    attempt = await attempt_on(phone)
    await attempt.submit(wrong)

    assert attempt.refusal == "symbols"
    assert phone.network.requests == []


async def test_unknown_code_is_refused_and_its_key_is_forgotten(phone: HolderPhone) -> None:
    attempt = await attempt_on(phone)
    await attempt.submit(UNKNOWN_CODE)

    assert attempt.refusal == "code_refused"
    assert not attempt.busy
    assert phone.store.records == {}


async def test_too_many_tries_tell_how_long_to_wait(phone: HolderPhone, code: str) -> None:
    phone.network.refuse("/activations", "too_many_tries", status=429, wait_s=1500)
    attempt = await attempt_on(phone)
    await attempt.submit(code)

    assert (attempt.refusal, attempt.retry_after_s) == ("too_many_tries", 1500)
    assert "25" in refusal_words(Texts("fi"), "too_many_tries", 1500)


async def test_server_lets_nobody_guess_for_long(phone: HolderPhone) -> None:
    attempt = await attempt_on(phone)
    for _ in range(6):
        await attempt.submit(UNKNOWN_CODE)

    assert attempt.refusal == "too_many_tries"
    assert attempt.retry_after_s is not None
    assert attempt.retry_after_s > 0


async def test_unreachable_server_is_told_and_the_code_stays_good(
    phone: HolderPhone, code: str
) -> None:
    phone.network.down = True
    attempt = await attempt_on(phone)
    await attempt.submit(code)
    assert attempt.refusal == "unreachable"

    phone.network.down = False
    await attempt.submit(code)

    assert attempt.done
    assert attempt.refusal is None


async def test_lost_answer_is_asked_for_again_with_the_same_key(
    phone: HolderPhone, code: str
) -> None:
    phone.network.loses_answers = 1
    attempt = await attempt_on(phone)
    await attempt.submit(code)
    assert attempt.refusal == "unreachable"

    await attempt.submit(code)  # the server has used the code up already

    assert attempt.done


async def test_card_on_another_phone_asks_first_and_leaving_it_uses_nothing_up(
    phone: HolderPhone, code: str
) -> None:
    phone.network.refuse("/activations", "card_on_another_phone", status=409)
    attempt = await attempt_on(phone)
    await attempt.submit(code)
    assert attempt.asks_to_replace
    assert attempt.refusal is None

    attempt.leave()
    assert not attempt.asks_to_replace
    phone.network.refusals.clear()
    await attempt.submit(code)

    assert attempt.done


async def test_moving_the_card_tells_the_server_that_the_holder_agreed(
    phone: HolderPhone, code: str
) -> None:
    phone.network.refuse("/activations", "card_on_another_phone", status=409)
    attempt = await attempt_on(phone)
    await attempt.submit(code)
    phone.network.refusals.clear()
    await attempt.replace()

    assert attempt.done
    assert "replace_phone=true" in phone.network.requests[-1]
    assert "replace_phone" not in phone.network.requests[0]


async def test_new_card_takes_the_place_of_the_old_with_its_key_and_history(
    phone: HolderPhone, code: str, register
) -> None:
    old = await phone.activated(code)
    assert old.held is not None
    await phone.store.put("visit/history", {"page": {}})
    _, other_code = grant(register, now=NOON, children=5)
    attempt = Activation(phone.device, old)
    await attempt.submit(other_code)

    assert old.held.facts.children == 5
    assert "visit/history" not in phone.store.records
    assert f"key/{key_name_of(code.replace('-', ''))}" not in phone.store.records


async def test_new_card_is_shown_while_the_phone_still_tidies_up(
    phone: HolderPhone, code: str, register, monkeypatch
) -> None:
    card = await phone.activated(code)
    tidies = asyncio.Event()

    async def never_ends(_: str) -> None:
        tidies.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(phone.device.keys, "forget", never_ends)
    attempt = Activation(phone.device, card)
    submitting = asyncio.create_task(attempt.submit(grant(register, now=NOON, children=5)[1]))
    await tidies.wait()
    submitting.cancel()

    assert attempt.done
    assert card.held is not None
    assert card.held.facts.children == 5


async def test_the_link_opened_again_shows_the_card_and_keeps_its_key(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    attempt = Activation(phone.device, card)
    await attempt.submit(code)

    assert attempt.done
    assert phone.network.asked("activations") == 1
    assert f"key/{key_name_of(code.replace('-', ''))}" in phone.store.records


async def test_a_used_code_is_refused_to_a_card_that_moved_and_its_key_stays(
    phone: HolderPhone, code: str
) -> None:
    card = await phone.activated(code)
    assert card.held is not None
    card.held = card.held.refused(Trouble.MOVED, NOON)
    phone.network.refuse("/activations", "code_refused", status=401)
    attempt = Activation(phone.device, card)
    await attempt.submit(code)

    assert (attempt.done, attempt.refusal) == (False, "code_refused")
    assert f"key/{key_name_of(code.replace('-', ''))}" in phone.store.records


async def test_an_answer_about_the_old_card_does_not_bring_it_back(
    phone: HolderPhone, code: str, register, monkeypatch
) -> None:
    card = await phone.activated(code)
    forget = phone.device.keys.forget

    async def hear_first(name: str) -> None:
        await card.contact()
        await forget(name)

    monkeypatch.setattr(phone.device.keys, "forget", hear_first)
    _, other_code = grant(register, now=NOON, children=5)
    await Activation(phone.device, card).submit(other_code)

    kept = await kept_card(phone.device)
    assert kept is not None
    assert (kept.facts.children, card.held) == (5, kept)


async def test_the_old_key_goes_when_no_old_answer_is_left_in_the_store(
    phone: HolderPhone, code: str, register, monkeypatch
) -> None:
    """An answer about the old card is written after the new one, before that is shown."""
    card = await phone.activated(code)
    put_all, forget = phone.store.put_all, phone.device.keys.forget
    written, seen_off = asyncio.Event(), asyncio.Event()
    contacts: list[asyncio.Task[None]] = []
    kept: list[int] = []

    async def put(records: Mapping[str, Any]) -> None:
        await put_all(records)
        if CARD not in records:
            return
        if not contacts:
            contacts.append(asyncio.create_task(card.contact()))
            await written.wait()
        elif not written.is_set():
            written.set()
            await seen_off.wait()

    async def see(name: str) -> None:
        found = await kept_card(phone.device)
        assert found is not None
        kept.append(found.facts.children)
        await forget(name)

    monkeypatch.setattr(phone.store, "put_all", put)
    monkeypatch.setattr(phone.device.keys, "forget", see)
    _, other_code = grant(register, now=NOON, children=5)
    await Activation(phone.device, card).submit(other_code)
    seen_off.set()
    await contacts[0]

    assert kept == [5]
    assert await kept_card(phone.device) == card.held


@pytest.mark.parametrize("language", list(Language))
def test_every_refusal_has_words_of_its_own(language: Language) -> None:
    t = Texts(language)
    codes = ["symbols", "code_refused", "too_many_tries", "unreachable", "anything else"]

    words = [refusal_words(t, code, 120) for code in codes]

    assert len(set(words)) == len(codes)
    if language is not Language.ENGLISH:
        assert not set(words) & {refusal_words(Texts("en"), code, 120) for code in codes}

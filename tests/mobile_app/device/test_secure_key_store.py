"""The key of a phone: in its secure storage and nowhere else, also when that goes wrong."""

import asyncio
import json

import flet as ft
import msgpack
import pytest

from mobile_app.device import secure_key_store
from mobile_app.device.key_store import KeyLost, KeysAway
from mobile_app.device.p256 import is_signed, read_private_key
from mobile_app.device.secure_key_store import SecureKeyStore, open_vault
from shared.token.cose import SignatureCheck
from tests.mobile_app.fakes import MemoryVault
from tests.mobile_app.harness import Harness

LOCKED = RuntimeError("PlatformException(-25308, User interaction is not allowed.)")


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture
def keys(vault: MemoryVault) -> SecureKeyStore:
    return SecureKeyStore(vault)


async def test_key_signs_what_everybody_can_verify(keys: SecureKeyStore) -> None:
    point = await keys.make_key("card")
    signature = await keys.sign("card", b"data")

    assert await keys.point_of("card") == point
    assert is_signed(SignatureCheck(b"data", signature, point))
    assert await keys.verify(SignatureCheck(b"data", signature, point))
    assert not await keys.verify(SignatureCheck(b"other", signature, point))


async def test_key_is_the_same_after_a_restart_and_gone_when_forgotten(vault, keys) -> None:
    point = await keys.make_key("card")
    again = SecureKeyStore(vault)
    assert await again.point_of("card") == point

    await again.forget("card")

    assert vault.secrets == {}
    assert await again.point_of("card") is None
    with pytest.raises(KeyLost):
        await again.sign("card", b"data")


async def test_key_is_in_memory_only_while_it_signs(vault, keys) -> None:
    await keys.make_key("card")
    await keys.sign("card", b"data")

    assert list(vars(keys).values()) == [vault]
    vault.secrets.clear()  # nothing is left here that could go on signing
    with pytest.raises(KeyLost):
        await keys.sign("card", b"data")


async def test_two_keys_do_not_meet(keys) -> None:
    card, scanner = await keys.make_key("card-1"), await keys.make_key("scanner")
    await keys.forget("card-1")

    assert card != scanner
    assert await keys.point_of("scanner") == scanner


@pytest.mark.parametrize("instead", ["Data has been reset", "", "bm90IGEga2V5", "ä"])
async def test_what_android_says_after_throwing_a_key_away_is_no_key(vault, keys, instead) -> None:
    await keys.make_key("card")
    [place] = vault.secrets
    vault.secrets[place] = instead

    assert await keys.point_of("card") is None
    with pytest.raises(KeyLost):
        await keys.sign("card", b"data")


async def test_locked_storage_is_away_and_nothing_is_lost(vault, keys) -> None:
    point = await keys.make_key("card")
    vault.failing = LOCKED
    for call in (
        keys.sign("card", b""),
        keys.point_of("card"),
        keys.make_key("b"),
        keys.forget("c"),
    ):
        with pytest.raises(KeysAway):
            await call
    vault.failing = None

    assert await keys.point_of("card") == point


async def test_storage_that_never_answers_is_away(monkeypatch) -> None:
    class Silent(MemoryVault):
        async def get(self, key: str) -> str | None:
            await asyncio.Event().wait()
            return await super().get(key)

    monkeypatch.setattr(secure_key_store, "_ANSWER_WITHIN_S", 0.01)
    with pytest.raises(KeysAway):
        await SecureKeyStore(Silent()).sign("card", b"data")


async def test_key_that_cannot_be_read_back_was_never_made(vault, keys) -> None:
    vault.keeps = False

    with pytest.raises(KeysAway):
        await keys.make_key("card")


async def test_the_phone_is_told_that_the_key_stays_here() -> None:
    """On the wire to the client, as Flet 1.0.5 writes it."""
    kept: dict[str, str] = {}
    points = []

    async def main(page: ft.Page) -> None:
        keys = SecureKeyStore(open_vault())
        points.append(await keys.make_key("card"))
        page.add(ft.Text("made"))
        page.data = keys

    methods = {
        ("SecureStorage", "set"): lambda told: kept.update({told["key"]: told["value"]}),
        ("SecureStorage", "get"): lambda told: kept.get(told["key"]),
    }
    async with Harness(main, methods=methods) as app:
        [service] = [one for one in app.page._services._services if one._c == "SecureStorage"]
        told = msgpack.unpackb(app._wire.pack(service))

    assert told["ios_options"]["accessibility"] == "first_unlock_this_device"
    assert not told["ios_options"].get("synchronizable")
    [text] = kept.values()
    assert read_private_key(text).key_size == 256
    assert len(points) == 1
    assert "BEGIN" not in json.dumps(kept)

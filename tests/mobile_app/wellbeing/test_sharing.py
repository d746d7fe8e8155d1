"""Nothing of wellbeing leaves the phone but what a preview has shown; and it can be stopped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from mobile_app.device.api import Api
from mobile_app.device.http import Answer
from mobile_app.mine.errands import run_errands
from mobile_app.mood.mood import Mood
from mobile_app.visit.own import Draft
from mobile_app.visit.state import Visits
from mobile_app.wellbeing.scales import WHO5
from mobile_app.wellbeing.sharing import SHARING, Shares, Stage, months_to_share
from mobile_app.wellbeing.state import Wellbeing
from server.wellbeing.models import WellbeingConsent, WellbeingShare
from shared.wellbeing import Meter, SharedMonth
from tests.mobile_app.harness import Harness
from tests.mobile_app.phones import HolderPhone, Network, rows

NOTE = "Itkin ja nauroin"
NOVEMBER = [SharedMonth(date(2026, 11, 1), 2)]


@dataclass
class Tapped(Network):
    """A network that writes down everything that passes."""

    sent: list[str] = field(default_factory=list)

    async def send(
        self, method: str, path: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        self.sent.append(f"{method} {path} {content!r} {dict(headers)}")
        return await super().send(method, path, content=content, headers=headers)


@pytest.fixture
async def tapped(phone: HolderPhone, code: str) -> HolderPhone:
    """A holder with a mood, answers, a note and an own visit, all traffic written down."""
    network = Tapped(phone.network.server)
    phone.network = network
    phone.device = replace(phone.device, api=Api(network, phone.clock))
    await phone.activated(code)
    wellbeing = Wellbeing(phone.device)
    await wellbeing.tell(Mood.BAD)
    await wellbeing.answer(WHO5, [1, 2, 3, 1, 2])
    visits = Visits(phone.device)
    await visits.add_own(Draft("Salainen kellari", "1.11.2026"))
    await visits.write_note(visits.entries[0].name, NOTE)
    return phone


async def look_everywhere(holder: HolderPhone) -> None:
    routes = ("/", "/visits", "/wellbeing", "/wellbeing/sharing", "/wellbeing/sharing/mood")
    for route in (*routes, "/mine", "/mine/register", "/settings"):
        async with Harness(holder.main, route=route) as app:
            await app.settle()
            if route == "/visits":
                await app.until(lambda: holder.network.asked("GET /api/v1/visits"))


async def test_a_whole_life_without_consent_sends_no_mood_no_score_and_no_note(
    tapped: HolderPhone,
) -> None:
    await look_everywhere(tapped)
    await run_errands(tapped.device, Shares(tapped.device))

    sent = "\n".join(tapped.network.sent)
    assert "GET /api/v1/visits" in sent
    for private in (NOTE, "kellari", "mood", "who5", "wellbeing", "points"):
        assert private not in sent, private
    bodies = {one.split()[1] for one in tapped.network.sent if " None {" not in one}
    proven = {"/api/v1/activations", "/api/v1/holder-sessions"}
    assert bodies <= proven, "only proofs of the key are sent"


async def test_after_consent_only_what_the_preview_showed_is_sent(tapped: HolderPhone) -> None:
    async with Harness(tapped.main, route="/wellbeing/sharing/mood") as app:
        await app.until(lambda: app.says("Marraskuu 2026: Huonolta (2/5)"))
        assert not any("wellbeing-sharings" in one for one in tapped.network.sent)
        await app.press("Jaa juuri tämä")
        await app.until(lambda: app.says("Tämä on jaettu."))
    await look_everywhere(tapped)

    [shared] = [one for one in tapped.network.sent if "PUT /api/v1/wellbeing-sharings" in one]
    body = json.loads(shared.split("b'")[1].split("'")[0])
    assert body == {"meter": "mood", "months": [{"month": "2026-11-01", "points": 2}]}
    sent = "\n".join(tapped.network.sent)
    for private in (NOTE, "kellari", "who5"):
        assert private not in sent


async def test_backing_out_of_the_preview_shares_nothing(tapped: HolderPhone) -> None:
    async with Harness(tapped.main, route="/wellbeing/sharing/who5") as app:
        await app.until(lambda: app.says("Marraskuu 2026: 36/100 pistettä"))
        await app.press("Älä jaa mitään")
    assert not any("wellbeing-sharings" in one for one in tapped.network.sent)


async def shared_by(holder: HolderPhone) -> Shares:
    shares = Shares(holder.device)
    await shares.load()
    return shares


async def test_stopping_without_network_waits_and_goes_first(tapped: HolderPhone, register) -> None:
    shares = await shared_by(tapped)
    await shares.agree(Meter.MOOD, NOVEMBER)
    assert len(rows(register, WellbeingShare)) == 1
    tapped.network.down = True
    await shares.stop(Meter.MOOD)
    await shares.agree(Meter.WHO5, [SharedMonth(date(2026, 11, 1), 36)])
    assert not shares.is_on(Meter.MOOD)

    tapped.network.down = False
    tapped.network.requests.clear()
    await run_errands(tapped.device, Shares(tapped.device))

    told = [one.split()[0] for one in tapped.network.requests if "sharings" in one]
    assert told == ["DELETE", "PUT"]
    assert [one.meter for one in rows(register, WellbeingShare)] == [Meter.WHO5]
    assert (await shared_by(tapped)).agreed.keys() == {Meter.WHO5}


async def test_a_stop_in_the_middle_of_an_upload_wins(tapped: HolderPhone, register) -> None:
    """The answer to the upload is lost; it is stopped before the upload could be repeated."""
    shares = await shared_by(tapped)
    await shares.device.api.card()  # signed in
    tapped.network.loses_answers = 1
    await shares.agree(Meter.MOOD, NOVEMBER)
    assert shares.agreed[Meter.MOOD].stage is Stage.WAITING
    late = shares.agreed[Meter.MOOD].sharing_id

    await shares.stop(Meter.MOOD)

    assert rows(register, WellbeingShare) == []
    assert {one.id: one.stopped_at is None for one in rows(register, WellbeingConsent)} == {
        late: False
    }
    assert shares.agreed == {}


async def test_sharing_again_after_a_stop_is_a_new_consent(tapped: HolderPhone, register) -> None:
    shares = await shared_by(tapped)
    for _ in range(2):
        await shares.agree(Meter.MOOD, NOVEMBER)
        await shares.stop(Meter.MOOD)
    await shares.agree(Meter.MOOD, NOVEMBER)

    assert len(rows(register, WellbeingConsent)) == 3
    assert len(rows(register, WellbeingShare)) == 1


async def test_what_another_phone_stopped_is_off_here_too(tapped: HolderPhone) -> None:
    shares = await shared_by(tapped)
    await shares.agree(Meter.MOOD, NOVEMBER)
    await shares.device.api.stop_sharing(shares.agreed[Meter.MOOD].sharing_id)
    await shares.agree(Meter.MOOD, [SharedMonth(date(2026, 11, 1), 3)])

    assert shares.agreed == {}


async def test_the_register_says_what_is_shared_and_stops_it(tapped: HolderPhone, register) -> None:
    await (await shared_by(tapped)).agree(Meter.MOOD, NOVEMBER)
    await tapped.store.put_all({f"{SHARING}mood": None})  # as on another phone of the card
    async with Harness(tapped.main, route="/mine/register") as app:
        await app.until(lambda: app.says("1 kuukausi on jaettu"))
        await app.press("Lopeta jakaminen")
        await app.until(lambda: app.says("Et jaa hyvinvoinnistasi mitään."))
    assert rows(register, WellbeingShare) == []


def test_a_month_is_its_mean_mood_or_its_last_score() -> None:
    moods = {date(2026, 10, 1): Mood.BAD, date(2026, 10, 2): Mood.GOOD, date(2026, 11, 1): Mood.BAD}

    assert months_to_share(Meter.MOOD, moods, ()) == [
        SharedMonth(date(2026, 10, 1), 3),
        SharedMonth(date(2026, 11, 1), 2),
    ]
    assert months_to_share(Meter.WHO5, moods, ()) == []

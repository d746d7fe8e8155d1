"""The holder's app and server as processes, and a bad line between: every post once, none lost."""

import asyncio
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from server.clock import utc_now
from server.feedback.models import FeedbackPost
from server.visit.models import Visit
from tests.factories import make_report
from tests.server.callers import one_session
from tests.sync.door import open_door
from tests.sync.holder import open_phone
from tests.sync.line import Cut, line_to


@pytest.fixture
def posts(town):
    def words() -> list[str]:
        with one_session(town.engine) as db:
            return sorted(db.scalars(select(FeedbackPost.words)))

    before = words()
    return lambda: [one for one in words() if one not in before]


@pytest.fixture
async def visit(town, place, tmp_path: Path) -> str:
    """A phone in its folder that has been scanned at the place; gives the visit."""
    url = f"http://127.0.0.1:{town.port}"
    roots = town.settings.keys_dir / "roots.json"
    code = town.desk.grant().activation_code
    async with open_phone(tmp_path / "phone", url, code=code) as (card, _):
        report = make_report(card.qr_text, at=utc_now())
    async with open_door(place.folder, url, roots=roots, code=place.pairing_code()) as door:
        await door.device.store.put_all(door.outbox.entry(report))
        await door.outbox.drain()
    with one_session(town.engine) as db:
        mine = select(Visit.id).where(Visit.scan_id == report.scan_id)
        return str(db.scalars(mine).one())


async def told_in_a_process(folder: Path, url: str, visit: str, words: str):
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.sync.holder", folder, url, visit, words,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("cut", list(Cut), ids=lambda cut: cut.name.lower())
async def test_wherever_the_line_is_cut_a_post_is_there_once(
    town, visit, tmp_path, posts, cut
) -> None:
    async with line_to(town.port, of="feedback") as line:
        async with open_phone(tmp_path / "phone", line.url) as (_, feedback):
            line.cuts = [cut]
            await feedback.tell(UUID(visit), "Teatteri", f"Katki {cut.name}", 4)
            assert len(feedback.waiting) == 1
        async with open_phone(tmp_path / "phone", line.url) as (_, feedback):
            assert len(feedback.waiting) == 1  # the app was closed, the post was not lost
            await feedback.refresh()
            await feedback.refresh()
            assert (feedback.waiting, len(feedback.threads[0].posts)) == ((), 1)
    assert posts() == [f"Katki {cut.name}"]


async def test_an_app_that_is_killed_before_the_answer_sends_again_and_there_is_one_post(
    town, visit, tmp_path, posts
) -> None:
    async with line_to(town.port, of="feedback") as line:
        sent = asyncio.Event()
        line.when_sent = sent.set
        line.cuts = [Cut.BEFORE_THE_ANSWER]
        phone = tmp_path / "phone"
        app = await told_in_a_process(phone, line.url, visit, "Sovellus kuoli")
        await asyncio.wait_for(sent.wait(), timeout=60)
        app.kill()
        await app.wait()
        async with open_phone(phone, line.url) as (_, feedback):
            assert [post.words for post in feedback.waiting] == ["Sovellus kuoli"]
            await feedback.refresh()
            assert feedback.waiting == ()
    assert posts() == ["Sovellus kuoli"]


async def test_a_server_that_is_killed_loses_no_post(town, visit, tmp_path, posts) -> None:
    async with line_to(town.port, of="feedback") as line:
        async with open_phone(tmp_path / "phone", line.url) as (_, feedback):
            line.when_sent = town.kill
            await feedback.tell(UUID(visit), "Teatteri", "Palvelin kuoli", 4)
            assert len(feedback.waiting) == 1
        line.when_sent = lambda: None
        town.start()
        async with open_phone(tmp_path / "phone", line.url) as (_, feedback):
            await feedback.refresh()
            assert (feedback.waiting, feedback.offline) == ((), False)
    assert posts() == ["Palvelin kuoli"]

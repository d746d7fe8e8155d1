"""How much room ten years of use take on a phone: the file that the app writes, photos apart."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from mobile_app.device.sqlite_store import SqliteStore
from mobile_app.mood.mood import Mood
from mobile_app.visit.own import NOTES, Note
from mobile_app.visit.shelf import History, records_of
from mobile_app.wellbeing.scales import WHO5
from mobile_app.wellbeing.state import ANSWERS, MOODS, Answered
from shared.scan import Category
from shared.visit import HolderVisit
from tests.factories import NOON

DAYS = 3_650
VISITS = 5_000
"""500 a year: two on every working day."""

NOTE = "Lapset nauroivat, ja minä myös. Ensi kerralla otetaan mummo mukaan, hän pitäisi tästä. "
MOST_BYTES = 10_000_000


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


async def test_ten_years_of_visits_notes_moods_and_answers_take_less_than_ten_megabytes(
    tmp_path: Path,
) -> None:
    store = SqliteStore(tmp_path / "store.sqlite3")
    visits = [
        HolderVisit(
            visit_id=UUID(int=number),
            venue_name="Keskustan teatterin pieni näyttämö",
            category=Category.CULTURE,
            visited_at=NOON - timedelta(hours=17 * number),
            children=2,
            assistant=False,
            voided_at=None,
            event_name="Kesäyön uni, ennakkonäytös perheille",
        )
        for number in range(VISITS)
    ]
    days = [NOON - timedelta(days=number) for number in range(DAYS)]
    notes = {NOTES + str(one.visit_id): Note(NOTE, Mood.GOOD).to_record() for one in visits}
    moods = {f"{MOODS}{day:%Y-%m-%d}": {"mood": Mood.GOOD} for day in days}
    answers = {
        f"{ANSWERS}{day:%Y-%m-%d}-{WHO5.name}": Answered(day, WHO5, (3,) * 5).to_record()
        for day in days[::30]
    }

    await store.put_all({**records_of([], History(visits, NOON)), **notes, **moods, **answers})
    store.close()

    assert len(notes) + len(moods) + len(answers) == VISITS + DAYS + len(days[::30])
    size = bytes_in(tmp_path)
    assert size < MOST_BYTES, f"{size / 1e6:.1f} MB"

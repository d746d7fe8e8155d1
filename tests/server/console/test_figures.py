"""Pages of figures of an area, for its coordinator."""

import pytest
from httpx2 import Response
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.audit.service import Act


def headline(told: Response, title: str) -> str:
    """What a number on top of live figures is."""
    return told.text.split(f"<dt>{title}</dt>")[1].split("<strong>")[1].split("</strong>")[0]


@pytest.mark.usefixtures("busy")
def test_a_coordinator_reads_the_own_area_and_that_is_written_down(network) -> None:
    told = network.browser("vastuu-1").open("/figures")

    assert headline(told, "Käyttökertoja yhteensä") == "14"
    assert headline(told, "Täällä käyneitä kortinhaltijoita") == "12"
    with network.sessions() as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.act == Act.FIGURES_READ))
    assert entry.detail == "2026"


@pytest.mark.usefixtures("busy")
def test_another_areas_figures_are_not_there_whatever_year_is_asked(network) -> None:
    for year in ("", "2026", "20xx", "9999"):
        told = network.browser("vastuu-2").open(f"/figures?year={year}")
        assert told.status_code == 200
        assert "Lukuja ei vielä ole" in told.text

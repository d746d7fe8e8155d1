"""Pages of figures of an area, for its coordinator."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.audit.service import Act
from tests.factories import make_area
from tests.server.console.conftest import headline
from tests.server.report.published import publish


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


@pytest.mark.usefixtures("busy")
def test_only_places_that_a_published_year_tells_of_are_linked_to(network) -> None:
    with network.sessions.begin() as db:
        publish(db, "2025")
        make_area(db, "211", "Kangasala")
    told = network.browser("hyvinvointialue").open("/figures?year=2026").text

    assert "/console/statistics/2025/837" in told
    assert "/console/statistics/2025/211" not in told


@pytest.mark.usefixtures("busy")
def test_a_county_is_not_asked_to_guess_why_it_is_never_told_of_children(network) -> None:
    county, area = (
        network.browser(who).open("/figures") for who in ("hyvinvointialue", "vastuu-1")
    )

    assert headline(county, "Käyttökertoja yhteensä") == "14"
    for title in ("Niistä lapsia", "Kirjattu vuorokauden sisällä"):
        assert f"<dt>{title}</dt>" not in county.text
        assert f"<dt>{title}</dt>" in area.text

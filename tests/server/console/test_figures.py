"""Pages of figures of an area, for its coordinator."""

import pytest
from sqlalchemy import select

from server.audit.models import AuditEntry
from server.audit.service import Act


@pytest.mark.usefixtures("busy")
def test_a_coordinator_reads_the_own_area_and_that_is_written_down(network) -> None:
    told = network.browser("vastuu-1").open("/figures")

    facts = told.text.split('<dl class="facts">')[1].split("</dl>")[0]
    assert "<dd>14</dd>" in facts
    assert "<dd>12</dd>" in facts
    with network.sessions() as db:
        [entry] = db.scalars(select(AuditEntry).where(AuditEntry.act == Act.FIGURES_READ))
    assert entry.detail == "2026"


@pytest.mark.usefixtures("busy")
def test_another_areas_figures_are_not_there_whatever_year_is_asked(network) -> None:
    for year in ("", "2026", "20xx", "9999"):
        told = network.browser("vastuu-2").open(f"/figures?year={year}")
        assert told.status_code == 200
        assert "Lukuja ei vielä ole" in told.text

"""The report API tells what was published, and no more."""

import csv
import io
from datetime import timedelta

import pytest
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.area.models import Area
from server.report.published.atlas import read_atlas
from server.report.published.dictionary import DICTIONARY
from server.report.published.wire import DataDictionary, OpenData, PublishedYears, ReportYear
from server.report.rollup.cells import area_scope, venue_scope
from server.venue.models import Venue
from tests.factories import make_area, make_venue
from tests.server.report.published import publish

YEAR = "/api/v1/report/2026"
OPEN = "/api/v1/report/open-data"
NOT_BEFORE = ("uses", "cards", "used", "unused")


@pytest.fixture
def area(db: Session) -> Area:
    for code, name in (("604", "Pirkkala"), ("837", "Tampere")):
        made = make_area(db, code, name)
        make_venue(db, area=made, name=f"=1+1 {name}", categories=["sport"])
    db.commit()
    return made


@pytest.fixture
def figures(db: Session, area: Area):
    hidden = frozenset({("uses", area_scope(area.id), "cat:sport"), ("stars", "fi", "all")})
    publish(db, "2025", percent=50, only=NOT_BEFORE)
    told = publish(db, "2026", hidden=hidden)
    db.commit()
    return told


def read(answer, kind):
    assert answer.status_code == 200
    return TypeAdapter(kind).validate_json(answer.content)


def scopes(db: Session) -> dict[str, str]:
    return {place.code: scope for scope, place in read_atlas(db).items()}


def in_unit(key, n):
    if n is None:
        return None, ".."
    return n / 10 if key[0] in {"before", "after", "stars"} else n, None


@pytest.mark.usefixtures("figures")
def test_the_years_and_who_may_use_them_are_told(client) -> None:
    told = read(client.get("/api/v1/report/years"), PublishedYears)

    assert [one.year for one in told.years] == ["2025", "2026"]
    assert told.terms.licence == "CC BY 4.0"
    assert told.terms.method == "http://testserver/console/statistics/method"


def test_a_year_is_told_whole_and_what_is_hidden_has_no_value(client, db, figures) -> None:
    told = read(client.get(YEAR), ReportYear)

    scope = scopes(db)
    said = {
        (one.kind, scope[one.place], one.slice): (one.value, one.status) for one in told.figures
    }
    assert len(said) == len(told.figures)
    assert said == {key: in_unit(key, n) for key, n in figures.items()}
    assert {one.place for one in told.places} == {one.place for one in told.figures}


@pytest.mark.parametrize("code", ["837", "county-08", "fi"])
def test_one_place_can_be_asked_for(client, db, figures, code) -> None:
    told = read(client.get(YEAR, params={"place": code}), ReportYear)

    own = {key for key in figures if key[1] == scopes(db)[code]}
    assert {(one.kind, one.slice) for one in told.figures} == {(k, part) for k, _, part in own}
    assert [one.place for one in told.places] == [code]


def test_a_venue_is_a_place_too(client, db, figures, area) -> None:
    venue = db.scalars(select(Venue).where(Venue.area_id == area.id)).one()
    told = read(client.get(YEAR, params={"place": f"venue-{venue.id}"}), ReportYear)

    assert [one.value for one in told.figures] == [figures["uses", venue_scope(venue.id), "all"]]
    assert told.places[0].within == "837"


@pytest.mark.parametrize(
    ("path", "code", "detail"),
    [
        ("/api/v1/report/2024", "not_published", None),
        (f"{YEAR}?place=49", "place_miswritten", "049 Espoo"),
        (f"{YEAR}?place=049", "place_not_in_network", "049 Espoo"),
        (f"{YEAR}?place=911", "place_merged_away", "541 Nurmes, 2020"),
        (f"{YEAR}?place=000", "place_unknown", None),
        (f"{YEAR}?place=venue-x", "place_unknown", None),
    ],
)
@pytest.mark.usefixtures("figures")
def test_what_is_not_there_is_refused_by_name(client, path, code, detail) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] == code
    assert answer.json()["detail"] == detail


@pytest.mark.usefixtures("figures")
def test_a_place_that_came_later_is_refused_by_name(client, db) -> None:
    make_area(db, "211", "Kangasala")
    db.commit()

    assert client.get(f"{YEAR}?place=211").json()["code"] == "place_not_published"


@pytest.mark.parametrize("year", ["26", "20266", "abcd", "years2"])
def test_what_is_no_year_is_a_malformed_request(client, year) -> None:
    assert client.get(f"/api/v1/report/{year}").json()["code"] == "malformed_request"


def test_open_data_are_of_all_years_and_rounded(client, db, figures) -> None:
    told = read(client.get(f"{OPEN}.json"), OpenData)

    scope = scopes(db)
    for one in told.figures:
        if one.year == "2026":
            exact, status = in_unit(key := (one.kind, scope[one.place], one.slice), figures[key])
            assert one.status == status
            if exact is None:
                assert one.value is None
            else:
                step = 0.5 if isinstance(exact, float) else 5
                assert one.value is not None
                assert abs(one.value - exact) <= step / 2
                assert one.value % step == 0
    assert {one.year for one in told.figures} == {"2025", "2026"}
    assert len([one for one in told.figures if one.year == "2026"]) == len(figures)


@pytest.mark.usefixtures("figures")
def test_the_open_table_says_what_the_open_json_says(client) -> None:
    told = read(client.get(f"{OPEN}.json"), OpenData)
    answer = client.get(f"{OPEN}.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'rel="license"' in answer.headers["link"]
    assert [(r["year"], r["place"], r["kind"], r["slice"], r["value"]) for r in rows] == [
        (one.year, one.place, one.kind, one.slice, one.status or str(one.value))
        for one in told.figures
    ]
    assert {"'=1+1 Tampere", "Tammerfors"} <= {row["place_sv"] for row in rows}


@pytest.mark.parametrize("path", ["years", "dictionary", "2026", "open-data.json", "open-data.csv"])
@pytest.mark.parametrize("named", ["W/{}", '"of-old", {}', "*"])
@pytest.mark.usefixtures("figures")
def test_who_has_it_already_is_told_that_nothing_changed(client, path, named) -> None:
    first = client.get(f"/api/v1/report/{path}")
    held = {"If-None-Match": named.format(first.headers["etag"])}
    again = client.get(f"/api/v1/report/{path}", headers=held)

    assert first.headers["cache-control"] == "public, max-age=600"
    assert first.headers["access-control-allow-origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")


def test_a_newly_published_year_is_in_the_open_data_at_once(client, db, figures, clock) -> None:
    before = client.get(f"{OPEN}.json").headers["etag"]
    publish(db, "2027", only=NOT_BEFORE)
    db.commit()
    clock.advance(seconds=1)

    told = client.get(f"{OPEN}.json")

    assert told.headers["etag"] != before
    assert len(told.json()["figures"]) > len(figures)


def test_whole_years_are_gathered_once_in_ten_minutes(client, db, area, figures, clock) -> None:
    client.get(YEAR)
    db.get_one(Area, area.id).municipality_code = "211"
    db.commit()

    clock.now += timedelta(minutes=9)
    assert figures
    assert "837" in {one["place"] for one in client.get(YEAR).json()["places"]}
    clock.now += timedelta(minutes=2)
    assert "211" in {one["place"] for one in client.get(YEAR).json()["places"]}


def test_the_dictionary_has_words_for_every_figure_in_three_languages(client, figures) -> None:
    told = read(client.get("/api/v1/report/dictionary"), DataDictionary)

    assert len(told.figures) == len(DICTIONARY)
    for entry in told.figures:
        for words in (entry.name, entry.meaning, entry.limits):
            assert words.keys() == {"fi", "sv", "en"}
            assert all(words.values())
        assert entry.unit in told.units
    named = {(entry.kind, part.slice) for entry in told.figures for part in entry.parts}
    open_ones = {(k, p) for k, _, p in figures if p.startswith("home:") or p[:4] == "2026"}
    assert {(kind, part) for kind, _, part in figures} <= named | open_ones

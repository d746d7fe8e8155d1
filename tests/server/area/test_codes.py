"""The official code lists are whole, and a municipality is found however it is written."""

import re
from collections import Counter

import pytest

from server.area.codes import BY_NAME, COUNTIES, MUNICIPALITIES, county_of
from server.area.errors import IncompleteMunicipalityCode, UnknownMunicipality
from server.area.models import Area
from server.area.service import find_municipality
from server.ids import new_id
from server.texts import Language
from tests.factories import NOON

IN_EACH_COUNTY = {
    "01": 7, "02": 6, "03": 10, "04": 2, "05": 27, "06": 16, "07": 11, "08": 23, "09": 10,
    "10": 6, "11": 9, "12": 11, "13": 19, "14": 13, "15": 22, "16": 18, "17": 14, "18": 8,
    "19": 30, "20": 8, "21": 21, "90": 1, "91": 16,
}  # fmt: skip


def test_there_are_308_municipalities_with_codes_of_three_digits() -> None:
    assert len(MUNICIPALITIES) == 308
    assert all(re.fullmatch(r"[0-9]{3}", code) for code in MUNICIPALITIES)
    assert all(code == one.code for code, one in MUNICIPALITIES.items())
    assert list(MUNICIPALITIES) == sorted(MUNICIPALITIES)


def test_every_municipality_is_in_one_of_21_counties_or_helsinki_or_aland() -> None:
    assert Counter(one.county_code for one in MUNICIPALITIES.values()) == IN_EACH_COUNTY
    assert COUNTIES.keys() == IN_EACH_COUNTY.keys()
    assert county_of("091") == "90"
    assert county_of("478") == "91"
    assert county_of("000") is None


@pytest.mark.parametrize(
    ("code", "finnish", "swedish", "county"),
    [
        ("005", "Alajärvi", "Alajärvi", "Etelä-Pohjanmaan hyvinvointialue"),
        ("049", "Espoo", "Esbo", "Länsi-Uudenmaan hyvinvointialue"),
        ("091", "Helsinki", "Helsingfors", "Helsingin kaupunki"),
        ("245", "Kerava", "Kervo", "Vantaan ja Keravan hyvinvointialue"),
        ("478", "Maarianhamina", "Mariehamn", "Ahvenanmaa"),
        ("837", "Tampere", "Tammerfors", "Pirkanmaan hyvinvointialue"),
        ("992", "Äänekoski", "Äänekoski", "Keski-Suomen hyvinvointialue"),
    ],
)
def test_known_municipalities_stand_where_they_are(code, finnish, swedish, county) -> None:
    found = MUNICIPALITIES[code]
    assert (found.name(Language.FINNISH), found.name(Language.SWEDISH)) == (finnish, swedish)
    assert COUNTIES[found.county_code].name(Language.FINNISH) == county


def test_names_are_clean_and_no_two_share_one() -> None:
    names = [name for one in MUNICIPALITIES.values() for name in {one.name_fi, one.name_sv}]
    names += [name for one in COUNTIES.values() for name in (one.name_fi, one.name_sv, one.name_en)]
    assert all(name and name == " ".join(name.split()) for name in names)
    assert all(
        found.code == one.code
        for one in MUNICIPALITIES.values()
        for found in (BY_NAME[one.name_fi.casefold()], BY_NAME[one.name_sv.casefold()])
    )


@pytest.mark.parametrize(
    "typed", ["049", "Espoo", "esbo", "049 Espoo", "049 Esbo", " 049,  espoo ", "049-Espoo"]
)
def test_a_municipality_is_found_by_code_or_name_in_both_languages(typed) -> None:
    assert find_municipality(typed).code == "049"


@pytest.mark.parametrize("typed", ["49", "49 Espoo"])
def test_a_code_without_its_zero_is_refused_with_the_whole_one(typed) -> None:
    with pytest.raises(IncompleteMunicipalityCode, match="049 Espoo"):
        find_municipality(typed)


@pytest.mark.parametrize("typed", ["", "000", "0491", "049 Tampere", "Espo", "49 Tampere", "\n"])
def test_what_is_in_no_list_is_refused(typed) -> None:
    with pytest.raises(UnknownMunicipality):
        find_municipality(typed)


def test_an_area_has_the_county_of_its_municipality_by_itself(db) -> None:
    known = Area(id=new_id(NOON), municipality_code="837", name="Tampere")
    merged_away = Area(id=new_id(NOON), municipality_code="588", name="Pertunmaa")
    db.add_all([known, merged_away])
    db.flush()
    assert (known.county_code, merged_away.county_code) == ("08", None)

"""The documentation is true: every answer that the server can give is in it."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.app import API, create_app
from server.broker.errors import BrokerUnnamed
from server.broker.service import add_broker
from server.card.errors import ChildrenOutOfRange
from server.directory.errors import VisitorTextTooLong
from server.message.errors import NewsEmpty, NewsTooLong, TooMuchNews
from server.problems import Problem
from server.report.errors import (
    AlreadyPublished,
    MalformedMonth,
    NotPublished,
    PeriodEndsTooSoon,
    PeriodToCome,
    PeriodTooLong,
    PlaceMergedAway,
    PlaceMiswritten,
    PlaceNotInNetwork,
    PlaceNotPublished,
    PlaceUnknown,
    VenueNotInArea,
    YearStillOpen,
)
from server.scan.errors import ScanNotWaiting
from tests.factories import NOON, SECRET
from tests.server.callers import one_session

CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
GENTLY = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
CONSOLE = {
    "access", "area", "console", "event", "grant", "info", "limit", "paperform", "report",
    "sheet", "work",
}  # fmt: skip
OF_SCANNERS = {"scanner", "scans", "card-questions", "voidings"}
NO_REFUSAL = {"200", "304"}
REFUSES_NOTHING = {f"{API}/health", f"{API}/key-set"}


@pytest.fixture
def described(sqlite_engine, settings, ring) -> dict:
    return create_app(sqlite_engine, settings, ring=ring).openapi()


def operations(described: dict):
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_route_documents_its_refusals(described) -> None:
    paths = set()
    for path, _method, operation in operations(described):
        paths.add(path)
        assert path.startswith(API)
        refused = {status for status in operation["responses"] if status not in NO_REFUSAL}
        assert bool(refused) == (path not in REFUSES_NOTHING), path
        for status in refused:
            answer = operation["responses"][status]
            assert list(answer["content"]) == ["application/problem+json"], (path, status)
            assert answer["description"].startswith("`"), (path, status)
    assert len(paths) == 42


def test_what_needs_a_bearer_documents_401_and_what_has_a_body_413(described) -> None:
    for path, _method, operation in operations(described):
        if "security" in operation:
            code = "broker_key_refused" if "/broker" in path else "sign_in_required"
            assert f"`{code}`" in operation["responses"]["401"]["description"], path
        if "requestBody" in operation:
            assert "`too_large`" in operation["responses"]["413"]["description"], path


def test_every_documented_code_is_a_refusal_of_the_server(described) -> None:
    codes = {kind.code for kind in kinds_of(Problem)}
    documented = {
        line.split("`")[1]
        for _path, _method, operation in operations(described)
        for status, answer in operation["responses"].items()
        if status not in NO_REFUSAL
        for line in answer["description"].split("\n\n")
    }

    assert documented <= codes
    of_the_whole_server = {"app_too_old", "server_error", "preview_is_local"}
    of_the_console = {kind.code for kind in kinds_of(Problem) if is_of_the_console(kind)}
    assert codes - documented == of_the_whole_server | of_the_console


def kinds_of(problem: type[Problem]) -> Iterator[type[Problem]]:
    for kind in problem.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def is_of_the_console(kind: type[Problem]) -> bool:
    """Whether pages alone refuse with it: they are no part of the API."""
    of_pages = {
        BrokerUnnamed, ChildrenOutOfRange, ScanNotWaiting, VisitorTextTooLong, NewsEmpty,
        NewsTooLong, TooMuchNews, YearStillOpen, AlreadyPublished, MalformedMonth,
        PeriodEndsTooSoon, PeriodTooLong, PeriodToCome, VenueNotInArea,
    }  # fmt: skip
    of_the_api = {
        NotPublished, PlaceUnknown, PlaceMiswritten, PlaceNotInNetwork, PlaceMergedAway,
        PlaceNotPublished,
    }  # fmt: skip
    if kind in of_the_api:
        return False
    return kind in of_pages or kind.__module__.split(".")[1] in CONSOLE


def test_every_reference_leads_somewhere(described) -> None:
    def references(node):
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else [])
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(described):
        kind, name = reference.removeprefix("#/components/").split("/")
        assert name in described["components"][kind], reference


def test_every_operation_says_what_it_does(described) -> None:
    for path, _method, operation in operations(described):
        assert operation["description"], path


@schemathesis.serializer("application/cose")
def as_it_is(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class TestGeneratedRequests:
    """Requests that a machine made up from the documentation find nothing undocumented."""

    @pytest.fixture
    def api_schema(self, engine, settings, ring, clock, desk):
        desk.grant()
        return schemathesis.openapi.from_asgi(
            "/openapi.json", create_app(engine, settings, ring=ring, clock=clock)
        )

    @pytest.fixture
    def broker(self, engine) -> dict[str, str]:
        with one_session(engine) as db:
            _, key = add_broker(db, name="Lippupalvelu", secret=SECRET, now=NOON)
        return {"Authorization": f"Bearer {key}"}

    def test_nothing_undocumented_comes_back(self, api_schema, holder, scanner, broker) -> None:
        operations = [found.ok() for found in api_schema.get_all_operations()]
        assert len(operations) == 44
        for operation in operations:
            concept = operation.path.split("/")[3]
            who = scanner if concept in OF_SCANNERS else holder
            try_out(operation, broker if concept == "broker" else who.speaking)


def try_out(operation, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy())
    @GENTLY
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKED)

    check()

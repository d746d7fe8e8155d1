"""One transaction per request, committed before the answer leaves, or not at all."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.card.models import Card, SignedCredential
from server.scan.models import Scan
from server.signin.models import WrongTry
from server.visit.models import Visit
from tests.server.callers import HttpHolder, refusal


@pytest.fixture
def commits(engine):
    seen: list[str] = []

    def note(_connection) -> None:
        seen.append("commit")

    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


@pytest.fixture
def failing_commits():
    """From now on no transaction can be committed."""

    def fail(_session) -> None:
        raise OSError("the disk is full")

    def start() -> None:
        event.listen(Session, "before_commit", fail)

    yield start
    event.remove(Session, "before_commit", fail)


def test_a_scan_that_could_not_be_committed_is_no_success(
    scanner, holder, desk, failing_commits
) -> None:
    failing_commits()

    assert refusal(scanner.scan(holder.show())) == (500, "server_error")
    assert (desk.count(Scan), desk.count(Visit)) == (0, 0)


def test_an_activation_that_could_not_be_committed_is_no_success(
    desk, http, clock, failing_commits
) -> None:
    phone, code = HttpHolder(http, clock), desk.grant().activation_code
    failing_commits()

    assert refusal(phone.activate(code)) == (500, "server_error")
    assert desk.count(SignedCredential) == 0
    assert desk.rows(Card)[0].key_x is None


def test_a_wrong_try_that_could_not_be_committed_is_no_ordinary_refusal(
    desk, http, clock, failing_commits
) -> None:
    phone, code = HttpHolder(http, clock), desk.pairing_code()
    failing_commits()

    assert refusal(phone.activate(code)) == (500, "server_error")
    assert desk.count(WrongTry) == 0


def test_every_request_is_one_transaction(scanner, holder, commits) -> None:
    for act in (
        lambda: scanner.scan(holder.show()),
        holder.renew,
        lambda: scanner.ask("scans/batch", '{"scans": []}'),
    ):
        commits.clear()
        assert act().is_success
        assert commits == ["commit"]


def test_a_refused_request_commits_nothing(scanner, holder, commits) -> None:
    text = holder.show()
    commits.clear()

    assert refusal(scanner.scan(text, children=9)) == (422, "too_many_children")
    assert commits == []


def test_reading_does_not_wait_for_a_writer(holder, engine) -> None:
    with engine.begin() as connection:  # on SQLite this holds the write lock
        connection.execute(Visit.__table__.select())

        assert holder.read("visits").is_success
        assert holder.http.get("health").json()["ok"] is True

"""Long work: taken up by one process at a time, stopped, gone on with, and forgotten."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from server.access.service import grant_access
from server.ids import new_id
from server.work.errors import TooMuchWork, WorkLost, WorkNotFound
from server.work.models import Work, WorkFile, WorkKind, WorkState
from server.work.runner import Runner, Shift, in_steps
from server.work.service import (
    LEASE,
    ask_for_work,
    cancel_work,
    keep_file,
    rest_work,
    resume_work,
    take_work,
    work_of,
)
from tests.factories import NOON, SECRET, make_venue

STEPS = 3


@pytest.fixture
def sessions(engine):
    return sessionmaker(engine, expire_on_commit=False)


@pytest.fixture
def asker(sessions):
    with sessions.begin() as db:
        venue = make_venue(db)
        access, _ = grant_access(db, venue, handle="kohde-1", secret=SECRET, now=NOON)
        return {"access_id": access.id, "place_id": venue.id}


@pytest.fixture
def ask(sessions, asker):
    def ask(*, now=NOON, **over):
        given = {"total": STEPS, "kept_for": timedelta(days=7)} | asker | over
        with sessions.begin() as db:
            return ask_for_work(db, WorkKind.PAPER_LOOK, now=now, **given).id

    return ask


def count_up(chunk) -> bool:
    chunk.work.done += 1
    return chunk.work.done < STEPS


@pytest.fixture
def make_runner(sessions, clock):
    def make(step=count_up) -> Runner:
        return Runner(sessions, {WorkKind.PAPER_LOOK: in_steps(lambda: step)}, clock=clock)

    return make


def state_of(sessions, work_id) -> tuple[WorkState, int]:
    with sessions() as db:
        work = db.get_one(Work, work_id)
        return work.state, work.done


def change(sessions, work_id, act, **how) -> None:
    with sessions.begin() as db:
        act(db.get_one(Work, work_id), **how)


def test_work_is_done_chunk_by_chunk_and_by_turns(sessions, make_runner, ask) -> None:
    first, second = ask(), ask()
    runner = make_runner()
    for _ in range(3):
        assert runner.do_turn()
    assert {state_of(sessions, one)[1] for one in (first, second)} == {1, 2}
    runner.work_off()
    assert [state_of(sessions, one) for one in (first, second)] == [(WorkState.DONE, 3)] * 2
    assert not runner.do_turn()


def test_what_is_cancelled_stops_and_goes_on_from_there(sessions, make_runner, ask) -> None:
    work_id, runner = ask(), make_runner()
    runner.do_turn()
    change(sessions, work_id, cancel_work, now=NOON)
    runner.work_off()
    assert state_of(sessions, work_id) == (WorkState.CANCELLED, 1)
    change(sessions, work_id, resume_work, now=NOON)
    runner.work_off()
    assert state_of(sessions, work_id) == (WorkState.DONE, 3)
    change(sessions, work_id, cancel_work, now=NOON)
    assert state_of(sessions, work_id)[0] is WorkState.DONE  # what is done is not stopped any more


def test_what_a_dead_process_held_is_taken_over_once_its_lease_is_out(
    sessions, make_runner, ask, clock
) -> None:
    work_id = ask()
    dead, heir = make_runner(), make_runner()
    dead.do_turn()
    heir.work_off()
    assert state_of(sessions, work_id) == (WorkState.RUNNING, 1)
    clock.advance(seconds=LEASE.total_seconds())
    heir.do_turn()
    assert state_of(sessions, work_id) == (WorkState.RUNNING, 2)

    dead.do_turn()  # it was only slow: it hears that the work is another's, and does nothing
    assert state_of(sessions, work_id) == (WorkState.RUNNING, 2)
    heir.work_off()
    assert state_of(sessions, work_id) == (WorkState.DONE, 3)


def test_a_process_that_stops_leaves_its_work_to_the_next_at_once(
    sessions, make_runner, ask
) -> None:
    work_id, leaving = ask(), make_runner()
    leaving.do_turn()
    leaving.stop()
    assert state_of(sessions, work_id) == (WorkState.WAITING, 1)
    make_runner().work_off()
    assert state_of(sessions, work_id) == (WorkState.DONE, 3)


def test_two_processes_never_take_the_same_work(sessions, ask) -> None:
    ids = {ask() for _ in range(3)}
    together = Barrier(6)
    taken = []

    def take() -> None:
        together.wait()
        with sessions.begin() as db:
            work = take_work(db, lease=new_id(NOON), now=NOON)
            taken.append(work and work.id)

    threads = [Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(filter(None, taken)) == sorted(ids)


def test_a_chunk_that_takes_long_is_not_taken_over_while_it_is_done(sessions, ask, clock) -> None:
    work_id, lease = ask(), new_id(NOON)
    with sessions.begin() as db:
        assert take_work(db, lease=lease, now=NOON)
    stolen = []

    def steal() -> None:
        with sessions.begin() as db:
            stolen.append(take_work(db, lease=new_id(NOON), now=clock()))

    thief = Thread(target=steal)
    with Shift(sessions, clock, work_id, lease).chunk() as chunk:
        clock.advance(minutes=5)
        thief.start()
        thief.join(timeout=0.5)  # SQLite makes it wait, PostgreSQL passes over what is locked
        chunk.work.done += 1
        chunk.work.leased_until = clock() + LEASE
    thief.join()
    assert stolen == [None]
    assert state_of(sessions, work_id) == (WorkState.RUNNING, 1)


def test_a_chunk_that_fails_leaves_nothing_and_can_be_tried_again(
    sessions, make_runner, ask
) -> None:
    broken = [True]

    def step(chunk) -> bool:
        goes_on = count_up(chunk)
        if chunk.work.done == 2 and broken:
            raise RuntimeError(broken.pop())
        return goes_on

    work_id, runner = ask(), make_runner(step)
    runner.work_off()
    assert state_of(sessions, work_id) == (WorkState.FAILED, 1)
    change(sessions, work_id, resume_work, now=NOON)
    runner.work_off()
    assert state_of(sessions, work_id) == (WorkState.DONE, 3)


def test_work_that_rests_is_left_alone_until_then(sessions, make_runner, ask, clock) -> None:
    def step(chunk) -> bool:
        if chunk.work.done == 1 and chunk.at == NOON:
            rest_work(chunk.work, until=NOON + timedelta(minutes=1))
            return False
        return count_up(chunk)

    work_id, runner = ask(), make_runner(step)
    runner.work_off()
    assert state_of(sessions, work_id) == (WorkState.WAITING, 1)
    clock.advance(minutes=1)
    runner.work_off()
    assert state_of(sessions, work_id) == (WorkState.DONE, 3)


def test_a_location_has_three_unfinished_pieces_of_work_at_most(make_runner, ask) -> None:
    for _ in range(3):
        ask()
    with pytest.raises(TooMuchWork):
        ask()
    make_runner().work_off()
    ask()


def test_work_is_nobody_elses(sessions, ask, asker) -> None:
    work_id = ask()
    with sessions() as db:
        assert work_of(db, asker["place_id"], work_id).id == work_id
        for place_id, wanted in ((new_id(NOON), work_id), (asker["place_id"], new_id(NOON))):
            with pytest.raises(WorkNotFound):
                work_of(db, place_id, wanted)


def test_old_work_is_forgotten_with_all_that_belongs_to_it(
    sessions, make_runner, ask, clock
) -> None:
    work_id = ask()
    with sessions.begin() as db:
        keep_file(db, db.get_one(Work, work_id), b"table")
    clock.advance(days=8)
    with pytest.raises(WorkLost), Shift(sessions, clock, work_id, new_id(NOON)).chunk():
        pass
    change(sessions, work_id, cancel_work, now=clock())
    make_runner().work_off()
    with sessions() as db:
        assert db.scalars(select(Work)).all() == []
        assert db.scalars(select(WorkFile)).all() == []

"""Does long work in the server's own process, in a thread of its own, a chunk at a time.

    ask (a page) ──▶ row `work` ──▶ taken by one process ──▶ chunk, pause, chunk, pause … ──▶ done
                                         ▲                         │
                                         └── lease runs out ◀── killed

Each chunk is one short transaction that asks first whether the work is still held. Between chunks
it pauses, for half as long as the chunk took, so that a scan at a door waits for one at most.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from server.clock import Clock
from server.db import READS
from server.ids import new_id
from server.work.errors import WorkLost
from server.work.models import Work, WorkKind, WorkState
from server.work.service import (
    begin_again,
    fail_work,
    finish_work,
    forget_old_work,
    held_work,
    is_anything_old,
    is_due,
    take_work,
)

log = structlog.get_logger()

LOOKS_EVERY_S = 3.0
"""How often an idle process looks for work that another one asked for, or left behind."""
AT_ONCE = 4
"""So many pieces of work go on by turns: fifty sheets do not wait for 50,000 lines."""
PAUSE_SHARE, PAUSE_MOST_S = 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Chunk:
    """One short transaction of a piece of work that is held."""

    db: Session
    work: Work
    at: datetime


class Shift:
    """One process's hold on one piece of work."""

    def __init__(
        self, sessions: "sessionmaker[Session]", clock: Clock, work_id: UUID, lease: UUID
    ) -> None:
        self._sessions, self._clock = sessions, clock
        self.work_id, self._lease = work_id, lease

    @contextmanager
    def chunk(self) -> Iterator[Chunk]:
        """Open a transaction in which nobody else has this work; committed at its end.

        Raises:
            WorkLost: It was cancelled, or taken over.
        """
        with self._sessions.begin() as db:
            now = self._clock()
            yield Chunk(db, held_work(db, self.work_id, lease=self._lease, now=now), now)


Step = Callable[[Chunk], bool]
"""Does the next of a piece of work within one transaction; False when all is done."""
Job = Callable[[Shift], Iterator[None]]
"""How work of one kind is done: a chunk for each turn; when it ends, the work is done."""


class Does(Protocol):
    """Looks, or does a little, within one transaction."""

    def __call__(self, db: Session, *, now: datetime) -> bool:
        """Tell whether there was anything."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is never done for good: a little of it whenever there is any."""

    is_due: Does
    """Only reads."""
    do: Does


def in_steps(begin: Callable[[], Step]) -> Job:
    """Make a job of steps; *begin* makes the first, which may remember how far it is."""

    def job(shift: Shift) -> Iterator[None]:
        step, goes_on = begin(), True
        while goes_on:
            with shift.chunk() as chunk:
                goes_on = step(chunk)
            yield

    return job


def do_at_once(step: Step, chunk: Chunk) -> None:
    """Do a small piece of work in the transaction that asks for it."""
    while step(chunk):
        pass
    if chunk.work.state is WorkState.WAITING and chunk.work.due_at <= chunk.at:
        finish_work(chunk.work, now=chunk.at)


class Runner:
    """Does the work of *jobs*, and a little of each of the *chores* in between.

    Started once in each process of the server.
    """

    def __init__(
        self,
        sessions: "sessionmaker[Session]",
        jobs: Mapping[WorkKind, Job],
        *,
        clock: Clock,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._sessions, self._jobs, self._clock = sessions, jobs, clock
        self._chores = (*chores, Chore(is_anything_old, forget_old_work))
        self._turns: OrderedDict[UUID, tuple[Shift, Iterator[None]]] = OrderedDict()
        self._called, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work in the background."""
        self._thread = threading.Thread(target=self._work, name="long-work", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the chunk that is being done, and leave the rest to others."""
        self._stopping.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join()
        for shift, _ in self._turns.values():
            self._end(shift, begin_again)
        self._turns.clear()

    def call(self) -> None:
        """Tell that there is work, so that nobody waits for the next look."""
        self._called.set()

    def work_off(self) -> None:
        """Do here and now all that is due."""
        while self.do_turn():
            pass

    def do_turn(self) -> bool:
        """Do a little of each chore, take up more work, do a chunk of a piece that is held.

        False if nothing was done.
        """
        did_chore = sum(self._do_chore(chore) for chore in self._chores) > 0
        self._take_up()
        if not self._turns:
            return did_chore
        work_id, (shift, turns) = self._turns.popitem(last=False)
        if self._goes_on(shift, turns):
            self._turns[work_id] = shift, turns  # behind the others
        return True

    def _work(self) -> None:
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                busy = self.do_turn()
            except Exception:  # the database is away: look again later
                log.exception("work_failed")
                busy = False
            took_s = time.monotonic() - begun
            self._called.wait(min(PAUSE_SHARE * took_s, PAUSE_MOST_S) if busy else LOOKS_EVERY_S)
            self._called.clear()

    def _take_up(self) -> None:
        if len(self._turns) >= AT_ONCE:
            return
        now = self._clock()
        with self._sessions() as db:
            db.connection(execution_options={READS: True})  # to look is no reason to queue
            if not is_due(db, now=now):
                return
        lease = new_id(now)
        with self._sessions.begin() as db:
            work = take_work(db, lease=lease, now=now, besides=self._turns.keys())
            if work is None:
                return
        shift = Shift(self._sessions, self._clock, work.id, lease)
        self._turns[work.id] = shift, self._jobs[work.kind](shift)

    def _goes_on(self, shift: Shift, turns: Iterator[None]) -> bool:
        try:
            next(turns)
        except StopIteration:
            self._end(shift, finish_work)
        except WorkLost:
            pass
        except OperationalError:  # the database is away: the lease runs out, and somebody goes on
            log.exception("work_interrupted", work=str(shift.work_id))
        except Exception:
            log.exception("work_failed", work=str(shift.work_id))
            self._end(shift, fail_work)
        else:
            return True
        return False

    def _end(self, shift: Shift, end: Callable[..., None]) -> None:
        try:
            with shift.chunk() as chunk:
                end(chunk.work, now=chunk.at)
        except WorkLost:
            pass

    def _do_chore(self, chore: Chore) -> bool:
        now = self._clock()
        try:
            with self._sessions() as db:
                db.connection(execution_options={READS: True})
                if not chore.is_due(db, now=now):
                    return False
            with self._sessions.begin() as db:
                return chore.do(db, now=now)
        except Exception:  # the work of others goes on without it
            log.exception("chore_failed")
            return False

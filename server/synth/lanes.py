"""Lanes into a database: threads with a connection each, so that two processors load at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import Engine, Table, insert

from server.synth.bulk import loading
from server.synth.life import Columns


class Lane:
    """A thread with a transaction of its own; it does one thing after the other."""

    def __init__(self, engine: Engine, tables: Sequence[Table]) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._transaction, self._loading = ExitStack(), ExitStack()
        self._last: Future[Any] = self._thread.submit(self._begin, engine, tables)

    def _begin(self, engine: Engine, tables: Sequence[Table]) -> None:
        self._connection = self._transaction.enter_context(engine.begin())
        self._load = self._loading.enter_context(loading(self._connection, tables))

    def insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        """Put a few rows into a table, which a model may stand for."""
        self._do(lambda: self._connection.execute(insert(table), rows))

    def load(self, table: Table, columns: Columns) -> None:
        """Put in many rows."""
        self._do(lambda: self._load(table, columns))

    def make_indexes(self) -> None:
        """Make what loading left out."""
        self._do(self._loading.close)

    def end(self) -> None:
        """End the transaction: what was put in is there."""
        self._do(self._transaction.close)

    def wait(self) -> None:
        """Wait for what was begun last.

        Raises:
            Exception: What it raised.
        """
        self._last.result()

    def give_up(self, problem: BaseException) -> None:
        """Take everything back that is not committed."""
        self._last.exception()
        for open_ in (self._loading, self._transaction):
            self._thread.submit(open_.__exit__, type(problem), problem, None).exception()

    def _do(self, work: Callable[[], object]) -> None:
        self.wait()
        self._last = self._thread.submit(work)


@contextmanager
def lanes_into(engine: Engine, groups: Sequence[Sequence[Table]]) -> Iterator[list[Lane]]:
    """Open a lane for each group of tables; in the end all are committed, or none is."""
    lanes = [Lane(engine, tables) for tables in groups]
    try:
        yield lanes
        for step in (Lane.make_indexes, Lane.wait, Lane.end, Lane.wait):
            for lane in lanes:
                step(lane)
    except BaseException as problem:
        for lane in lanes:
            lane.give_up(problem)
        raise

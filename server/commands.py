"""The command line of reports: check and count anew, publish, and fill with synthetic data."""

from itertools import islice
from typing import Annotated

import typer
from sqlalchemy.orm import Session, sessionmaker

from server.clock import utc_now
from server.db import open_database
from server.problems import Problem
from server.report.publishing.publication import publish_year
from server.report.rollup.upkeep import catch_up
from server.settings import read_settings

BULK = 2_000
"""Changes settled at once where nobody waits for it."""
MOST_TOLD = 50
"""Wrong figures that are printed at most."""

commands = typer.Typer()


@commands.command("check-rollups")
def check_rollups() -> None:
    """Bring the figures of reports up to date, and count them all a second time."""
    from server.report.rollup.check import differing_cells  # noqa: PLC0415 - numpy: servers go without

    sessions = sessionmaker(open_database(read_settings().database_url))
    _catch_up(sessions)
    with sessions() as db:
        wrong = list(islice(differing_cells(db), MOST_TOLD))
    for (period, scope, part), says, true in wrong:
        typer.echo(f"{period} {scope} {part}: says {says}, the visits say {true}")
    if wrong:
        typer.echo("Mend them with rebuild-rollups.")
        raise typer.Exit(1)
    typer.echo("Every figure is what the visits say.")


@commands.command("rebuild-rollups")
def rebuild_rollups() -> None:
    """Count all figures of reports anew. With SQLite doors wait for it, some seconds."""
    from server.report.rollup.recount import rebuild  # noqa: PLC0415 - numpy: servers go without

    with sessionmaker(open_database(read_settings().database_url)).begin() as db:
        rebuild(db)
    typer.echo("Every figure is counted anew.")


@commands.command()
def synth(
    scale: Annotated[int, typer.Option(help="times the national figures: 1, 10, 100")] = 1,
    seed: Annotated[int, typer.Option(help="the same seed makes the same network")] = 1,
) -> None:
    """Fill an empty database with a synthetic network of the size of the country's."""
    from server.report.rollup.recount import rebuild  # noqa: PLC0415 - numpy: servers go without
    from server.synth.load import fill  # noqa: PLC0415

    engine = open_database(read_settings().database_url)
    try:
        visits = fill(engine, scale=scale, seed=seed, say=_say)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    _say("Counting …")
    with sessionmaker(engine).begin() as db:
        rebuild(db)
    typer.echo(f"\r{visits:,} visits, and every figure of them.")


@commands.command("publish-year")
def publish(year: Annotated[int, typer.Argument(help="a year that is over")]) -> None:
    """Publish the figures of a year, once and for all, with the small ones hidden."""
    sessions = sessionmaker(open_database(read_settings().database_url))
    _catch_up(sessions)
    try:
        with sessions.begin() as db:
            came_out = publish_year(db, year, now=utc_now())
    except Problem as problem:
        raise typer.BadParameter(f"{problem.code}: {type(problem).__doc__}") from problem
    typer.echo(f"{year} is published: {came_out.figures} figures; {came_out.hidden} stay hidden.")
    if came_out.given_away:
        typer.echo(f"Of these the national yearly table gives {came_out.given_away} away.")


def _say(words: str) -> None:
    typer.echo(f"\r{words:<40}", nl=False)


def _catch_up(sessions: "sessionmaker[Session]") -> None:
    settled = 1
    while settled:
        with sessions.begin() as db:
            settled = catch_up(db, most=BULK)

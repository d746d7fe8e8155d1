"""The command line: `python -m server COMMAND`. Settings come from the environment (KAIKU_…)."""

import gc
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx
import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import sessionmaker

from server.access.models import Access, Role
from server.access.service import grant_access, invite
from server.app import API, create_app
from server.clock import seconds, utc_now
from server.commands import commands
from server.db import open_database
from server.demo.accesses import DEMO_PASSWORD, fresh_broker_key, seed_accesses
from server.demo.certificate import make_certificate
from server.demo.journey import JourneyStopped, walk
from server.demo.seed import DEMO_HISTORY_S, DemoCode, fresh_codes, seed_demo
from server.keycare import DAY_S
from server.keygen import make_keys, rotate_key
from server.logs import set_up_logs
from server.problems import Problem
from server.schema import migrate
from server.settings import Settings, read_settings
from server.signing import load_key_ring
from shared.token.codes import print_code
from shared.token.keyset import KeyRole

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Kaikukanta, the card register.")
cli.add_typer(commands)

_ROLES = {role.name.lower(): role for role in KeyRole}
_ROLE_NAMES = ", ".join(_ROLES)
_LOCAL = "%Y-%m-%d %H:%M"
_LOUD = """
  ****************************************************************************
  *  DEMO: the secrets of this server are printed in its source code.        *
  *  Anybody can make cards for it. Never give it a real person's data.      *
  ****************************************************************************
"""


@cli.command("migrate")
def migrate_database() -> None:
    """Bring the database to the newest schema."""
    migrate(open_database(_settings().database_url))
    print("The database is up to date.")


@cli.command()
def keygen(
    rotate: Annotated[str | None, typer.Option(help=f"{_ROLE_NAMES}: announce a new key")] = None,
    lost: Annotated[str | None, typer.Option(help=f"{_ROLE_NAMES}: end the old key now")] = None,
    resign: Annotated[bool, typer.Option(help="sign the key set for another 90 days")] = False,  # noqa: FBT002 - an option has a name
) -> None:
    """Make the signing keys and the key set, or renew them. Needs KAIKU_ROOTS_DIR."""
    settings = _settings()
    if settings.roots_dir is None:
        raise typer.BadParameter("set KAIKU_ROOTS_DIR to the folder of the root keys")
    if {rotate, lost} - {None, *_ROLES} or None not in {rotate, lost}:
        raise typer.BadParameter(f"say --rotate or --lost, with one of {_ROLE_NAMES}")
    folders = {"keys_dir": settings.keys_dir, "roots_dir": settings.roots_dir}
    now_s = seconds(utc_now())
    history_s = DEMO_HISTORY_S if settings.demo else DAY_S  # a clock may be a little behind
    seq = make_keys(**folders, from_s=now_s - history_s, now_s=now_s)
    name = rotate or lost
    if name is not None or resign:
        role = None if name is None else _ROLES[name]
        seq = rotate_key(**folders, role=role, now_s=now_s, lost=lost is not None)
    print(f"Key set {seq} is signed. A server reads it within half a minute of its coming.")
    print(f"Keep {settings.roots_dir} off line and in two places.")


@cli.command("seed-demo")
def seed() -> None:
    """Fill an empty database with a small network, and print fresh codes to try it with."""
    settings = _settings()
    if not settings.demo:
        raise typer.BadParameter("seed-demo wants KAIKU_DEMO=1")
    now = utc_now()
    ring = load_key_ring(settings.keys_dir, now_s=seconds(now))
    with sessionmaker(open_database(settings.database_url), expire_on_commit=False).begin() as db:
        seed_demo(db, ring=ring, settings=settings, now=now)
        handles = seed_accesses(db, settings=settings, now=now)
        codes = fresh_codes(db, settings=settings, now=now)
        broker_key = fresh_broker_key(db, settings=settings, now=now)
    _print_codes("Activation codes, one use, 72 hours (the holder's app)", codes.activations)
    _print_codes("Pairing codes, one use, 15 minutes (scanner mode)", codes.pairings)
    _print_codes("Card codes, printed on the cards (type one at the door)", codes.cards)
    print(f'\nConsole: the password of all is "{DEMO_PASSWORD}", the page itself tells the codes')
    for handle, place in handles:
        print(f"  {handle:24} {place}")
    print(f"\nTicket broker: the key for {settings.base_url}{API}/broker, until the next start")
    print(f"  {broker_key}")


@cli.command("invite-national")
def invite_national(
    handle: Annotated[str, typer.Argument(help="what the national service signs in as")],
) -> None:
    """Give the national service access to the console, or a new invitation to it."""
    settings = _settings()
    secret = settings.secret
    with sessionmaker(open_database(settings.database_url)).begin() as db:
        access = db.scalar(select(Access).where(Access.handle == handle))
        try:
            if access is None:
                access, code = grant_access(db, None, handle=handle, secret=secret, now=utc_now())
            elif access.role is Role.SERVICE:
                code = invite(db, access, secret=secret, now=utc_now())
            else:
                raise typer.BadParameter(f"{handle} is a {access.role}")
        except Problem as problem:
            raise typer.BadParameter(f"{problem.code}: {type(problem).__doc__}") from problem
    print("Open this link once, within 7 days:")
    print(f"  {settings.base_url}/console/invitation/{code}")


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="processes; the live preview wants one")] = 1,
    tls_dir: Annotated[
        Path | None, typer.Option(help="demo: make a certificate for KAIKU_BASE_URL here")
    ] = None,
) -> None:
    """Start the server."""
    settings = _settings()
    files = None
    if tls_dir is not None:
        if not settings.demo:
            raise typer.BadParameter("a certificate made on the spot is for the demo")
        hosts = [urlsplit(settings.base_url).hostname or "localhost", "localhost", "127.0.0.1"]
        files = make_certificate(tls_dir, hosts=hosts, now=utc_now())
    if settings.demo:
        print(_LOUD)
    at = settings.base_url
    print(f"  API          {at}/openapi.json   is it well? {at}{API}/health")
    if settings.live:
        print(f"  Preview      {at}/live/            holder: give an activation code")
        print(f"               {at}/live/activate#   the same, with the code behind the #")
        print(f"               {at}/live/door        venue: give a pairing code")
    print(f"  Console      {at}/console/         sign in as a distributor, venue, coordinator")
    if settings.pwa_dir.is_dir():
        print(f"  Browser app  {at}/app/             keeps its key in the browser")
    if files is not None:
        print(f"  Certificate  {files.authority}")
        print("               installed on a phone as an authority, it ends the warnings there")
    uvicorn.run(
        "server.__main__:build_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Anybody could write the header: believed, it would give endless tries and open /live.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        ssl_certfile=None if files is None else files.certificate,
        ssl_keyfile=None if files is None else files.key,
    )


@cli.command("demo-journey")
def demo_journey(
    pictures: Annotated[Path, typer.Option(help="where the QR code and its photograph go")] = Path(
        "build/demo"
    ),
    chance: Annotated[int, typer.Option(help="seed of the bad photograph")] = 1,
) -> None:
    """Grant, show, photograph, scan and store against the running server, without a browser."""
    settings = _settings()
    sessions = sessionmaker(open_database(settings.database_url), expire_on_commit=False)
    try:
        with httpx.Client(base_url=f"{settings.base_url}{API}/", timeout=30) as http:
            walk(
                sessions,
                http,
                settings=settings,
                clock=utc_now,
                say=print,
                pictures=pictures,
                seed=chance,
            )
    except JourneyStopped as stopped:
        print(f"stopped    {stopped}")
    except httpx.TransportError as error:
        print(f"stopped    no answer from {settings.base_url}: {error}")
    except DatabaseError:
        print("stopped    the database has no tables: run migrate and seed-demo first")
    else:
        return
    raise typer.Exit(1)


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    app = build_app()
    print(json.dumps(app.openapi(), indent=1, ensure_ascii=False))


def build_app() -> FastAPI:
    """Build the server from the environment."""
    settings = _settings()
    set_up_logs(readable=settings.demo)
    app = create_app(open_database(settings.database_url), settings, works=True)
    # What is loaded by now stays for ever: looking through it for garbage again and again would
    # stop a large batch for longer than all its SQL takes.
    gc.collect()
    gc.freeze()
    return app


def _settings() -> Settings:
    return read_settings()


def _print_codes(title: str, codes: Sequence[DemoCode]) -> None:
    print(f"\n{title}")
    for code in codes:
        print(f"  {print_code(code.code):16} {code.label}")


if __name__ == "__main__":
    cli()

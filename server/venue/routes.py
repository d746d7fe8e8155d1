"""HTTP: pairing and signing in scanners."""

from fastapi import APIRouter, Depends

from server.actors import Client, ServerSettings
from server.clock import Now
from server.db import Db
from server.problems import refusals
from server.signin.codes import slow_down
from server.signin.errors import (
    CodeRefused,
    ForgedProof,
    MalformedProof,
    NonceRefused,
    ScannerRevoked,
    SignInRequired,
    TooManyTries,
    UnknownDevice,
)
from server.venue.actors import SignedInScanner
from server.venue.service import enrol_scanner, scanner_facts, sign_in_scanner
from server.wire import CoseBytes, TooLarge
from shared.signin import Bearer
from shared.venue import EnrolledScanner

router = APIRouter(tags=["scanner"])


@router.post(
    "/pairings",
    dependencies=[Depends(slow_down)],
    responses=refusals(MalformedProof, ForgedProof, CodeRefused, TooManyTries, TooLarge),
)
def pair(
    proof: CoseBytes, db: Db, now: Now, client: Client, settings: ServerSettings
) -> EnrolledScanner:
    """Make the device that signed this pairing proof a scanner of the code's venue."""
    secret = settings.secret
    return enrol_scanner(db, proof, secret=secret, client=client, now=now)


@router.post(
    "/scanner-sessions",
    responses=refusals(
        MalformedProof, ForgedProof, UnknownDevice, NonceRefused, ScannerRevoked, TooLarge
    ),
)
def sign_in(proof: CoseBytes, db: Db, now: Now) -> Bearer:
    """Sign a scanner in by its device proof."""
    return sign_in_scanner(db, proof, now=now)


@router.get("/scanner", responses=refusals(SignInRequired))
def read_scanner(scanner: SignedInScanner, now: Now) -> EnrolledScanner:
    """Read which venue the scanner belongs to."""
    return scanner_facts(scanner, scanner.venue, now)

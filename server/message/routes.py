"""HTTP: a holder's inbox, and the venues that fill it."""

from uuid import UUID

from fastapi import APIRouter

from server.card.actors import SignedInHolder
from server.clock import Now
from server.db import Db
from server.message.errors import TooManyFollowed, VenueUnknown
from server.message.service import follow_venue, list_followed, list_inbox, unfollow_venue
from server.problems import refusals
from server.signin.errors import SignInRequired
from server.visit.errors import MalformedCursor
from server.visit.routes import Cursor, Limit
from shared.message import FollowedVenues, MessagePage

router = APIRouter(tags=["message"])


@router.get("/messages", responses=refusals(SignInRequired, MalformedCursor))
def read_inbox(
    holder: SignedInHolder, db: Db, limit: Limit = 50, cursor: Cursor = None
) -> MessagePage:
    """Read what venues and the area's coordinator sent, newest first."""
    return list_inbox(db, holder, limit=limit, cursor=cursor)


@router.get("/followed-venues", responses=refusals(SignInRequired))
def read_followed(holder: SignedInHolder, db: Db) -> FollowedVenues:
    """Read which venues the holder follows."""
    return list_followed(db, holder.holder_id)


@router.put(
    "/followed-venues/{venue_id}",
    responses=refusals(SignInRequired, VenueUnknown, TooManyFollowed),
)
def follow(venue_id: UUID, holder: SignedInHolder, db: Db, now: Now) -> FollowedVenues:
    """Follow a venue: its messages come into the inbox from now on."""
    return follow_venue(db, holder.holder_id, venue_id, now=now)


@router.delete("/followed-venues/{venue_id}", responses=refusals(SignInRequired))
def unfollow(venue_id: UUID, holder: SignedInHolder, db: Db) -> FollowedVenues:
    """Follow a venue no more."""
    return unfollow_venue(db, holder.holder_id, venue_id)

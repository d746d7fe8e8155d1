"""Print a card: sign the credential that a sheet of paper carries."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.card.issue import draw_credential, revoke_credentials, store_credential
from server.card.models import Card, CredentialKind, SignedCredential
from server.clock import seconds
from server.signing import KeyRing
from shared.rules.validity import day_begins_s
from shared.token.keyset import KeyRole
from shared.token.paper import draft_paper

_ONE_DAY = timedelta(days=1)


def issue_paper_credential(
    db: Session, card: Card, *, ring: KeyRing, status_lists: int, now: datetime
) -> SignedCredential:
    """Sign a credential for paper, as long as the card; every earlier printed one is closed.

    The card's row is locked: two desks that print at once leave one printed card, the later one.

    Raises:
        NoSigningKey: No key for paper may sign now.
        StatusListsFull: There is no free place.

    Source: K1 §5.
    """
    db.execute(select(Card.id).where(Card.id == card.id).with_for_update())
    revoke_credentials(db, card, now=now, kinds=(CredentialKind.PAPER,))
    credential = draw_credential(
        db,
        card,
        not_before_s=day_begins_s(card.first_valid_on),
        until_s=day_begins_s(card.last_valid_on + _ONE_DAY),
        holder=None,
        status_lists=status_lists,
        now=now,
    )
    sealed = ring.seal(
        KeyRole.PAPER,
        lambda kid: draft_paper(credential, kid=kid),
        now_s=seconds(now),
        until_s=credential.until_s,
    )
    return store_credential(db, card, credential, sealed, kind=CredentialKind.PAPER, now=now)

"""Print a card: what its sheet tells. Every sheet before it is over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.area.rules import children_age_in
from server.audit.service import Act, note_act
from server.card.models import Card
from server.card.paper import issue_paper_credential
from server.card.service import check_usable
from server.distributor.models import Distributor
from server.grant.service import ACTIVATION_LIFE, replace_activation_code
from server.settings import Settings
from server.sheet.facts import Sheet
from server.signing import KeyRing
from shared.token.codes import activation_link
from shared.token.presentation import write_text


def print_card(  # noqa: PLR0913 - all by keyword
    db: Session,
    card: Card,
    *,
    distributor_name: str,
    access_id: UUID,
    ring: KeyRing,
    settings: Settings,
    now: datetime,
    work_id: UUID | None = None,
) -> Sheet:
    """Sign a paper card and draw a code for the phone; who printed it is written down.

    Raises:
        CardBlocked, CardExpired: Nothing was printed.
    """
    check_usable(card, now)
    paper = issue_paper_credential(db, card, ring=ring, status_lists=settings.status_lists, now=now)
    code = replace_activation_code(db, card, secret=settings.secret, now=now)
    note_act(
        db, Act.SHEET_PRINTED, access_id=access_id, card_id=card.id, subject_id=work_id, now=now
    )
    return Sheet(
        card_code=card.code,
        paper_text=write_text(paper.raw),
        activation_code=code,
        activation_link=activation_link(settings.base_url, code),
        activation_until=now + ACTIVATION_LIFE,
        children=card.children,
        children_age=children_age_in(db, db.get_one(Distributor, card.distributor_id).area_id),
        community=card.community,
        first_valid_on=card.first_valid_on,
        last_valid_on=card.last_valid_on,
        distributor_name=distributor_name,
    )

"""The door without network: parse a presentation and judge it by what the door holds."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from server.clock import seconds
from server.demo.phone import Phone
from server.signing import KeyRing, verify_es256
from shared.rules.admission import Colour, Judgement, Knowledge, decide
from shared.rules.ledger import Door, LedgerRow
from shared.token.cose import GoodSignatures, settle
from shared.token.presentation import read_token
from tests.bench.figures import Figure, Plan, Samples, Yardstick, sample, sample_each
from tests.bench.tokens import Shown, make_issuer, make_shown, make_status, verify_once

BUDGET_MS = 5
REMEMBERED_BUDGET_MS = 1
LEDGER_ROWS = 100_000

DOOR = Door(event="V1/culture/today", venue="V1", device="D1")


def measure(plan: Plan) -> Iterator[Figure]:
    ring = make_issuer(plan.now)
    cards = [
        make_shown(ring, Phone(), now=plan.now, number=8 * number)
        for number in range(plan.times(500, 100))
    ]
    knows = make_knowledge(ring, cards, plan=plan)
    bare = sample(verify_once(), times=plan.times(2000, 200))
    yardstick = Yardstick(what="bare P-256 verify", value=bare.median)
    parsed = sample_each([_parsing(card) for card in cards])
    decided = sample_each([_deciding(card, knows, plan=plan) for card in cards])
    remembered = _remembered(cards, knows, plan=plan)
    raw = {"bare": bare.raw(), "ledger_rows": LEDGER_ROWS}
    yield Figure(
        what="presentation: parse",
        value=parsed.median,
        yardstick=yardstick,
        raw=raw | {"parsed": parsed.raw()},
    )
    yield Figure(
        what="offline decision, ledger of 100,000",
        value=decided.median,
        budget=BUDGET_MS,
        yardstick=yardstick,
        raw=raw | {"decided": decided.raw()},
    )
    yield Figure(
        what="offline decision, p95", value=decided.p95, budget=BUDGET_MS, yardstick=yardstick
    )
    yield Figure(
        what="… credential remembered, over the bare verify",
        value=remembered.median - bare.median,
        budget=REMEMBERED_BUDGET_MS,
        yardstick=yardstick,
        raw=raw | {"remembered": remembered.raw()},
    )


def make_knowledge(ring: KeyRing, cards: Sequence[Shown], *, plan: Plan) -> Knowledge:
    """All a door can hold: a full ledger, in which every one of *cards* was elsewhere yesterday."""
    yesterday_s = seconds(plan.now - timedelta(days=1))
    strangers = [f"Other{number:05}" for number in range(LEDGER_ROWS - len(cards))]
    ledger = {
        sub: [LedgerRow(sub, yesterday_s, "V2/culture/yesterday", "V2", "D2", yesterday_s)]
        for sub in [*strangers, *(card.sub for card in cards)]
    }
    return Knowledge(
        key_set=ring.key_set,
        status={0: make_status(ring, now=plan.now)},
        clock_sure=True,
        ledger=ledger,
        ledger_online=False,
    )


def judge(text: str, knows: Knowledge, *, plan: Plan, **how: GoodSignatures) -> Judgement:
    """Decide as a door does; a bench that measures refusals would measure less."""
    checks = decide(text, now_s=seconds(plan.now), knows=knows, door=DOOR, **how)
    judgement = settle(checks, verify_es256)
    if judgement.verdict.colour is not Colour.GREEN:
        raise RuntimeError(f"not a card that comes in: {judgement.verdict.reasons}")
    return judgement


def _parsing(card: Shown) -> Callable[[], object]:
    return lambda: read_token(card.text)


def _deciding(card: Shown, knows: Knowledge, *, plan: Plan) -> Callable[[], object]:
    return lambda: judge(card.text, knows, plan=plan)


def _remembered(cards: Sequence[Shown], knows: Knowledge, *, plan: Plan) -> Samples:
    good = GoodSignatures()
    card = cards[0]
    return sample(
        lambda: judge(card.text, knows, plan=plan, remembered=good), times=plan.times(1000, 200)
    )

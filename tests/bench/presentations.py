"""The holder's phone: sign a presentation, and draw it as a QR code."""

from collections.abc import Iterator

from mobile_app.ui.qr_code import draw_qr
from server.demo.phone import Phone
from tests.bench.figures import Figure, Plan, Yardstick, sample
from tests.bench.tokens import make_issuer, make_shown, sign_once

BUDGET_MS = 40


def measure(plan: Plan) -> Iterator[Figure]:
    phone = Phone()
    shown = make_shown(make_issuer(plan.now), phone, now=plan.now)
    bare = sample(sign_once(), times=plan.times(500, 100))
    yardstick = Yardstick(what="bare P-256 signature", value=bare.median)
    written = sample(
        lambda: phone.present(shown.credential, now=plan.now), times=plan.times(500, 100)
    )
    drawn = sample(
        lambda: draw_qr(phone.present(shown.credential, now=plan.now)), times=plan.times(100, 25)
    )
    raw = {"bare": bare.raw()}
    yield Figure(
        what="presentation: sign, write text",
        value=written.median,
        yardstick=yardstick,
        raw=raw | {"written": written.raw()},
    )
    yield Figure(
        what="presentation: sign, write, draw",
        value=drawn.median,
        budget=BUDGET_MS,
        yardstick=yardstick,
        raw=raw | {"drawn": drawn.raw()},
    )
    yield Figure(
        what="presentation: sign, write, draw, p95",
        value=drawn.p95,
        budget=BUDGET_MS,
        yardstick=yardstick,
    )

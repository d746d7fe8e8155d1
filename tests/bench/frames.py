"""The door's camera: from an encoded frame to a verdict, by both decoders."""

import asyncio
import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageFilter
from pyzbar import pyzbar

from mobile_app.device.decoder import Decoder
from mobile_app.device.pillow_decoder import PyzbarDecoder, ZxingDecoder
from mobile_app.ui.qr_code import draw_qr
from server.demo.phone import Phone
from shared.rules.admission import Knowledge
from tests.bench.decisions import judge, make_knowledge
from tests.bench.figures import Figure, Plan, Samples, Yardstick, sample_each
from tests.bench.tokens import make_issuer, make_shown

SIZES = ((1280, 720), (720, 480))
BUDGETS_MS = {("zxing", 720): 60, ("pyzbar", 720): 150}
TURNED_MOST = 12.0

_ROOM = 110
_CODE_SHARE = (0.45, 0.8)  # of the frame's height


@dataclass(frozen=True, slots=True)
class Frame:
    """What the camera delivers, and the same in grey, as a decoder alone would get it."""

    jpeg: bytes
    grey: Image.Image
    text: str


def measure(plan: Plan) -> Iterator[Figure]:
    ring = make_issuer(plan.now)
    cards = [
        make_shown(ring, Phone(), now=plan.now, number=8 * number)
        for number in range(plan.times(60, 8))
    ]
    knows = make_knowledge(ring, cards, plan=plan)
    chance = random.Random(1)  # noqa: S311 - makes frames, not secrets
    for width, height in SIZES:
        frames = [take_frame(card.text, size=(width, height), chance=chance) for card in cards]
        for name, decoder, alone in (
            ("zxing", ZxingDecoder(), _zxing_alone),
            ("pyzbar", PyzbarDecoder(), _pyzbar_alone),
        ):
            bare = sample_each([_looking(frame, alone) for frame in frames])
            verdicts, read = _judge_all(frames, decoder, knows, plan=plan)
            yield Figure(
                what=f"frame {width}x{height} to verdict, {name}, p95",
                value=verdicts.p95,
                budget=BUDGETS_MS.get((name, height)),
                yardstick=Yardstick(what="decoder alone, QR only, p95", value=bare.p95),
                raw={"verdicts": verdicts.raw(), "bare": bare.raw()},
            )
            yield Figure(
                what=f"frame {width}x{height}, {name}: frames read",
                value=100 * read / len(frames),
                unit=f"% of {len(frames)}",
            )


def take_frame(text: str, *, size: tuple[int, int], chance: random.Random) -> Frame:
    """Photograph a phone held up to the camera: turned, out of focus, in uneven, poor light."""
    width, height = size
    side = int(height * chance.uniform(*_CODE_SHARE))
    code = Image.open(io.BytesIO(draw_qr(text))).convert("L")
    phone = code.resize((side, side), Image.Resampling.BILINEAR).rotate(
        chance.uniform(-TURNED_MOST, TURNED_MOST),
        expand=True,
        fillcolor=_ROOM,
        resample=Image.Resampling.BICUBIC,
    )
    frame = Image.new("L", size, _ROOM)
    aside = chance.randint(-width // 10, width // 10)
    frame.paste(phone, ((width - phone.width) // 2 + aside, (height - phone.height) // 2))
    frame = Image.blend(frame, Image.linear_gradient("L").resize(size), 0.2)
    frame = frame.filter(ImageFilter.GaussianBlur(height / 720 * chance.uniform(0.6, 1.2)))
    frame = Image.blend(frame, Image.effect_noise(size, 40), 0.15)
    written = io.BytesIO()
    frame.convert("RGB").save(written, "JPEG", quality=85)
    return Frame(written.getvalue(), Image.open(written).convert("L"), text)


def _judge_all(
    frames: Sequence[Frame], decoder: Decoder, knows: Knowledge, *, plan: Plan
) -> tuple[Samples, int]:
    """Decode and judge every frame; a frame that is not read takes its time, too."""
    read: list[str] = []

    def look(frame: Frame) -> None:
        texts = runner.run(decoder.decode(frame.jpeg))
        if texts[:1] == [frame.text]:
            judge(texts[0], knows, plan=plan)
            read.append(texts[0])

    with asyncio.Runner() as runner:
        look(frames[0])
        read.clear()
        samples = sample_each([_looking(frame, look) for frame in frames])
    return samples, len(read)


def _looking(frame: Frame, look: Callable[[Frame], object]) -> Callable[[], object]:
    return lambda: look(frame)


def _zxing_alone(frame: Frame) -> object:
    return zxingcpp.read_barcodes(frame.grey, formats=zxingcpp.BarcodeFormat.QRCode)


def _pyzbar_alone(frame: Frame) -> object:
    return pyzbar.decode(frame.grey, symbols=[pyzbar.ZBarSymbol.QRCODE])

"""Frames as a phone's camera stream brings them: what flet_camera 1.0.5 makes of the sensor's.

Every frame arrives as JPEG of quality 100. Android's sensor gives YUV 4:2:0 with luminance from 16
to 235, and the client reads it as if it went from 0 to 255: the picture is a little grey. iOS gives
BGRA. Both lie on their side while the phone stands upright.
"""

import io

import qrcode
import zxingcpp
from PIL import Image

SIZE = (720, 480)
"""ResolutionPreset.MEDIUM."""


def scene(text: str, *, side: int = 340) -> Image.Image:
    """A code on a telephone's screen, held up to the camera; seen with the sensor upright."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=4, box_size=6)
    code.add_data(text)
    code.make()
    drawn = code.make_image().convert("L").resize((side, side), Image.Resampling.BILINEAR)
    return _in_the_middle(drawn)


def striped_scene(text: str) -> Image.Image:
    """The stripes of a card code on a printed card."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.Code39).to_image(scale=3)
    stripes = drawn if isinstance(drawn, Image.Image) else Image.fromarray(drawn)
    return _in_the_middle(stripes.resize((440, 110), Image.Resampling.NEAREST))


def android_frame(seen: Image.Image) -> bytes:
    """Give the frame that an Android phone streams of what is seen."""
    luminance = seen.rotate(90, expand=True).point(lambda value: 16 + value * 219 // 255)
    half = (luminance.width // 2, luminance.height // 2)
    warm = [Image.new("L", half, tint).resize(luminance.size) for tint in (118, 139)]
    return _jpeg(Image.merge("YCbCr", (luminance, *warm)).convert("RGB"))


def ios_frame(seen: Image.Image) -> bytes:
    """Give the frame that an iPhone streams of what is seen."""
    upright = seen.rotate(90, expand=True).convert("RGBA")
    red, green, blue, alpha = upright.split()
    raw = Image.merge("RGBA", (blue, green, red, alpha)).tobytes()
    back = Image.frombuffer("RGBA", upright.size, raw, "raw", "BGRA", 0, 1)
    return _jpeg(back.convert("RGB"))


def frame_event(jpeg: bytes, *, kind: str = "yuv420") -> dict[str, object]:
    """Give the event that carries a frame, as the client writes it."""
    return {
        "width": SIZE[0],
        "height": SIZE[1],
        "format": kind,
        "encoded_format": "jpeg",
        "bytes": jpeg,
    }


def _in_the_middle(drawn: Image.Image) -> Image.Image:
    frame = Image.new("L", SIZE, 130)
    frame.paste(drawn, ((SIZE[0] - drawn.width) // 2, (SIZE[1] - drawn.height) // 2))
    return frame


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=100)
    return buffer.getvalue()

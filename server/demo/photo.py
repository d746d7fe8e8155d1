"""A bad photograph of a QR code, for the headless journey: turned, blurred, noisy, unevenly lit."""

import random

import qrcode
from PIL import Image, ImageFilter
from pyzbar.pyzbar import ZBarSymbol, decode
from qrcode.constants import ERROR_CORRECT_L
from qrcode.util import MODE_ALPHA_NUM, QRData

_QUIET_ZONE = 4
_BACKGROUND = 190


def render_qr(text: str, *, module_px: int = 8) -> Image.Image:
    """Draw a token as K1 §4 asks: alphanumeric mode, error level L, quiet zone of four modules."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, box_size=module_px, border=_QUIET_ZONE)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    code.make(fit=True)
    image: Image.Image = code.make_image().get_image()
    return image.convert("L")


def photograph(picture: Image.Image, *, chance: random.Random, turned: float = 12.0) -> Image.Image:
    """Photograph *picture* badly: turned by up to *turned* degrees, blurred, with sensor noise."""
    angle = chance.uniform(-turned, turned)
    photo = picture.rotate(
        angle, expand=True, fillcolor=_BACKGROUND, resample=Image.Resampling.BICUBIC
    )
    photo = photo.resize((480, 480), Image.Resampling.BILINEAR).filter(
        ImageFilter.GaussianBlur(1.1)
    )
    noise = Image.effect_noise(photo.size, 38)
    return Image.blend(photo, noise, 0.18)


def read_photo(photo: Image.Image) -> list[str]:
    """Read every QR code in a photograph with pyzbar."""
    return [found.data.decode() for found in decode(photo, symbols=[ZBarSymbol.QRCODE])]

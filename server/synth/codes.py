"""Card codes by the hundred thousand: the same check symbol as `complete_code`'s, in columns.

The check is the pure system MOD 37,36 of ISO/IEC 7064.
"""

from string import ascii_uppercase, digits

import numpy as np
from numpy.typing import NDArray

from shared.token.codes import ALPHABET

_STEP = 7
_PLACES = np.arange(35, -1, -5)
"""Where the five bits of each of eight symbols stand."""

_CHECKS = np.frombuffer((digits + ascii_uppercase).encode(), dtype=np.uint8)
_SYMBOLS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_VALUES = np.searchsorted(_CHECKS, _SYMBOLS)


class Codes:
    """Codes that are the same for the same number of 30 bits; no two are alike."""

    def __init__(self, number: int) -> None:
        self._number = number

    def many(self, n: int) -> NDArray[np.bytes_]:
        """Make the next *n*, nine symbols each."""
        drawn = self._number + _STEP * np.arange(1, n + n // 4 + 100)  # a ninth is misread
        symbols = drawn[:, None] >> _PLACES & 31
        product = np.full(len(drawn), 36)
        for value in _VALUES[symbols].T:
            total = (product + value) % 36
            product = 2 * np.where(total == 0, 36, total) % 37
        checks = _CHECKS[(37 - product) % 36]
        fit = np.flatnonzero(np.isin(checks, _SYMBOLS))[:n]
        self._number = int(drawn[fit[-1]])
        codes = np.column_stack([_SYMBOLS[symbols[fit]], checks[fit]])
        return np.ascontiguousarray(codes).view("S9").reshape(-1)

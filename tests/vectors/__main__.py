"""`python -m tests.vectors FILE`: run a vector file, a line for each failure, then the sum.

Exit code 0 when all passed, 1 when any failed, 2 when the file is not of the format.
"""

import sys
from pathlib import Path

from tests.vectors.runner import NotVectors, read_vectors, run

_FAILED, _NOT_VECTORS = 1, 2


def main(arguments: list[str]) -> int:
    """Run the one file named in *arguments*."""
    if len(arguments) != 1:
        print("usage: python -m tests.vectors FILE", file=sys.stderr)
        return _NOT_VECTORS
    try:
        file = read_vectors(Path(arguments[0]))
    except NotVectors as error:
        print(error, file=sys.stderr)
        return _NOT_VECTORS
    passed = failed = 0
    for outcome in run(file):
        if outcome.failure:
            failed += 1
            print(_in_one_line(f"FAILED {outcome.name}: {outcome.failure}"))
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return _FAILED if failed else 0


def _in_one_line(text: str) -> str:
    """A vector's name may hold anything, also line ends and halves of surrogate pairs."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

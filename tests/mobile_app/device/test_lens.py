"""What the camera passes on, by a clock that the test moves."""

from datetime import timedelta

import pytest

from mobile_app.device.lens import CameraTrouble, Gaze, trouble_of
from tests.mobile_app.fakes import NOON


def at(seconds: float):
    return NOON + timedelta(seconds=seconds)


def test_a_text_is_passed_on_once_while_it_stays_in_sight() -> None:
    gaze = Gaze()

    assert gaze.see(["K1:A"], at(0)) == "K1:A"
    assert [gaze.see(["K1:A"], at(n)) for n in (1, 2, 4, 6)] == [None] * 4
    assert gaze.see(["K1:B"], at(7)) == "K1:B"


def test_a_text_counts_anew_after_three_seconds_out_of_sight() -> None:
    gaze = Gaze()
    gaze.see(["K1:A"], at(0))
    gaze.see([], at(1))

    assert gaze.see(["K1:A"], at(2.9)) is None
    assert gaze.see(["K1:A"], at(5.9)) == "K1:A"


def test_a_verdict_that_was_read_for_a_minute_does_not_make_the_code_new() -> None:
    gaze = Gaze()
    gaze.see(["K1:A"], at(0))
    gaze.rest(at(60))

    assert gaze.see(["K1:A"], at(61)) is None


def test_four_seconds_without_a_text_are_told_once() -> None:
    gaze = Gaze()
    gaze.see([], at(0))

    assert not gaze.is_unreadable(at(3.9))
    assert gaze.is_unreadable(at(4))
    assert not gaze.is_unreadable(at(9))
    gaze.see(["K1:A"], at(10))
    gaze.see([], at(11))
    assert gaze.is_unreadable(at(14))


def test_the_time_under_a_verdict_does_not_count_as_unreadable() -> None:
    gaze = Gaze()
    gaze.see([], at(0))
    gaze.rest(at(60))
    gaze.see([], at(61))

    assert not gaze.is_unreadable(at(64))


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ("CameraException(CameraAccessDenied, The user denied)", CameraTrouble.DENIED),
        ("NotAllowedError: Permission denied", CameraTrouble.DENIED),
        ("CameraException(cameraNotFound, No camera)", CameraTrouble.NO_CAMERA),
        ("UnimplementedError: onStreamedFrameAvailable()", CameraTrouble.UNSUPPORTED),
        ("CameraException(disposed)", CameraTrouble.FAILED),
    ],
)
def test_the_platforms_message_tells_what_is_wrong(said, trouble) -> None:
    assert trouble_of(RuntimeError(said)) is trouble

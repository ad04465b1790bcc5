"""A moment on the command line: seconds, minutes, hours."""

import argparse

import pytest

from wearsound.cli.arguments import moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("12.5", 12.5),
        (".5", 0.5),
        ("1:30", 90),
        ("90:00", 5400),
        ("1:02:03.5", 3723.5),
        ("0:07", 7),
    ],
)
def test_seconds_and_minutes(text: str, seconds: float) -> None:
    assert moment(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "-1", "1:60", "1:5", "1:70:00", ":30", ".", "1:", "nan", "inf", "1:30:", "1 30", "٣"]
)
def test_what_is_no_moment_is_said(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="or minutes such as 1:30"):
        moment(text)

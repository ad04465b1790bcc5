"""Keys that several kinds of files have, and what they take, in the same words everywhere."""

from __future__ import annotations

_WORD = "a lower-case word: letters, digits and _, such as"

LANES = {
    "lanes": "a table of at most 16 lanes, such as { room = [1, 2], body = [3] }",
    "lanes.*": "channels counted from 1 to 64, such as [1, 2]",
    "lanes name": f'{_WORD} "room"',
}
"""Which channels are heard as what."""

REMOTE = {
    "remote": "a table of at most 16 lanes, such as { knobs = { cutoff = [0, 127] } }",
    "remote.*": "what each value spans, such as { cutoff = [0, 127] }",
    "remote name": f'{_WORD} "knobs"',
    "remote.*.*": "two numbers, the lower first",
    "remote.* name": f'{_WORD} "cutoff"',
}
"""Numbers from outside."""

CALIBRATION = {
    "calibration": "tables of learned numbers, at most 16",
    "calibration.*": "a table of numbers, at most 64",
    "calibration name": f'{_WORD} "body"',
    "calibration.*.*": "a number from -200 to 200",
    "calibration.* name": f'{_WORD} "floor_low"',
}
"""What was learned."""

PART = {
    "file": 'the name of a gallery file, or a path that begins with a dot, such as "./own.toml"',
    "sha256": "64 hexadecimal digits, in quotes",
}
"""A file that a show was made of."""


def parts(kinds: tuple[str, ...]) -> dict[str, str]:
    """What the tables of such files are."""
    return {kind: f"one table that begins with [{kind}], one bracket" for kind in kinds} | PART

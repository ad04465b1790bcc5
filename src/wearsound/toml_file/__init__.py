"""TOML files that a person or a stranger wrote, read within bounds: whatever is wrong is said in a sentence.

`read` reads bytes and text, `lines` knows where each key stands, `words` says what is wrong with a file that is
read into a msgspec Struct, all of it at once.
"""

from wearsound.toml_file.read import (
    MAX_BYTES,
    MAX_DEPTH,
    line_of,
    parse_toml,
    parsed,
    read_bounded,
    read_lines,
    read_small,
    read_toml,
    refuse,
    utf8,
    where,
)

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "line_of",
    "parse_toml",
    "parsed",
    "read_bounded",
    "read_lines",
    "read_small",
    "read_toml",
    "refuse",
    "utf8",
    "where",
]

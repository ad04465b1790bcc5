"""Values that several kinds of files take in the same way, with their bounds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)")]
"""A lower-case name of ours: a lane, a value of one."""

Line = Annotated[
    str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*$(?!\n)")
]
"""A line of a person's words, with nothing that a terminal would obey, ends the line, or turns words around."""

FileName = Annotated[str, Meta(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$(?!\n)")]
"""A path, or the name of a gallery file."""

Channel = Annotated[int, Meta(ge=1, le=64)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
Decibels = Annotated[float, Meta(ge=-200, le=200)]
Seed = Annotated[int, Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
"""A whole number of 64 bits, as much as TOML must hold."""

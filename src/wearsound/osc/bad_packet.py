"""Why a datagram is refused: a word to count by, and a sentence."""

from __future__ import annotations

from typing import Literal, get_args

Reason = Literal[
    "too long",
    "not OSC",
    "truncated",
    "left over",
    "element",
    "too deep",
    "too many",
    "address",
    "types",
    "string",
    "blob",
    "not finite",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Every word that `BadPacket.reason` may be, for counting."""


class BadPacket(ValueError):
    """A datagram that is refused as a whole; `reason` is one of REASONS, the text says it in plain words."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason

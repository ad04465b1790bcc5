"""What really happens in a take, as a listener must find it: seconds in the sound file."""

from __future__ import annotations

from dataclasses import dataclass, field

Span = tuple[float, float]


@dataclass(slots=True)
class Truth:
    """Times in seconds: the first touch of every foot-fall, of every tap, and from where to where each stroke rubs.

    `conditions` name what makes the take hard: {"kind": "walk", "corner": "below 30 Hz", ...}.
    """

    seconds: float
    steps: list[float] = field(default_factory=list)
    taps: list[float] = field(default_factory=list)
    rubs: list[Span] = field(default_factory=list)
    conditions: dict[str, str] = field(default_factory=dict)

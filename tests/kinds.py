"""A small tree with every kind of parameter in it, as rooms hand them to a show."""

from __future__ import annotations

from wearsound.core import Parameter
from wearsound.osc.tree import Tree

MASTER = Parameter("/wear/master", "how much of all light comes through", default=1.0, read=lambda: 0.75)
PATTERN = Parameter(
    "/wear/zone/chest/pattern", "which pattern plays", "whole", low=0, high=15, read=lambda: 3
)
BLACKOUT = Parameter("/wear/blackout", "1 keeps everything dark", "switch", read=lambda: 0)
PANIC = Parameter("/wear/panic", "dark, still and silent", "trigger")
LEAD = Parameter(
    "/wear/tempo/lead", "who leads", "text", choices=("ear", "hand"), read=lambda: "ear", settable=False
)
TITLE = Parameter("/wear/title", "what the show is called", "text", read=lambda: "Übung")
GLOW = Parameter("/wear/zone/chest/glow", "how brightly it shines", step=0.001, read=lambda: 0.25)
RELEASE = Parameter("/wear/zone/chest/glow/release", "the patch plays it again", "trigger")
MOVE = Parameter("/wear/move/arm", "all of the arm", "list", low=-2, high=2, read=lambda: (0.5, -1.0, 2.0))
MOVE_X = Parameter("/wear/move/arm/x", "the arm, sideways", low=-2, high=2, read=lambda: 0.5)
ATTACK = Parameter(
    "/wear/param/bass-chest-glow/attack", "seconds to rise", unit="s", high=10.0, read=lambda: 0.03
)
NUDGE = Parameter("/wear/delay/window", "how much later it is", unit="ms", high=10_000.0)
"""Can be set and not asked."""

ALL = (MASTER, PATTERN, BLACKOUT, PANIC, LEAD, TITLE, GLOW, RELEASE, MOVE, MOVE_X, ATTACK, NUDGE)


def every_kind() -> Tree:
    """All of them."""
    return Tree(ALL)

"""What the arguments of another program's message are to what it plays: /1/fader1 is the master, says the rig."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wearsound.osc import bind as osc_bind
from wearsound.osc.bind import Bind, Bound, laid, place
from wearsound.osc.packet import Arg
from wearsound.osc.tree import BadValue, Tree
from wearsound.osc.value import number


def binds_of(binds: Iterable[Bind], tree: Tree) -> osc_bind.Binds[str]:
    """Those of foreign addresses; MIDI's are not for here."""
    return osc_bind.Binds(binds, tree, lambda source: source if source.startswith("/") else None, words=True)


def played(bound: Bound, args: Sequence[Arg]) -> tuple[Arg, ...] | None:
    """A foreign message's arguments for our parameter, ready for `osc.tree.clean`; None where nothing fires.

    A word stays a word where one is taken, a list takes all numbers from `arg` on, a trigger fires without any.
    BadValue where the argument is missing or no number.
    """
    bind, kind = bound.bind, bound.parameter.kind
    if kind == "trigger" and not args:
        return ()
    if len(args) <= bind.arg:
        raise BadValue(f"{bind.source} comes without argument {bind.arg}, which plays {bind.to}")
    arg = args[bind.arg]
    if kind == "text" and isinstance(arg, str):
        return (arg,)
    if kind == "list":
        places = [_place(bind, each) for each in args[bind.arg :]]
        return tuple(value for at in places for value in laid(bound.parameter, at))
    return bound.at(_place(bind, arg), tuple(args))


def _place(bind: Bind, arg: Arg) -> float:
    x = number(arg)
    if x is None:
        raise BadValue(f"{bind.source} brings no number, which {bind.to} needs")
    return place(x, bind.span)

"""`wearsound osc learn`: move a control, and from then on it moves what was named. The rig remembers."""

from __future__ import annotations

import argparse
import queue
import threading
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from wearsound import gallery
from wearsound.core import Parameter
from wearsound.errors import DeviceError, MissingError, PatchError
from wearsound.osc.allow import Welcome
from wearsound.osc.packet import Arg, BadPacket, read
from wearsound.osc.tree import Tree
from wearsound.osc.value import number
from wearsound.show.osc_learn import HANDS_OFF, Learned, Watch
from wearsound.show.osc_listen import datagrams, listening

if TYPE_CHECKING:
    from wearsound.show.load import Show
    from wearsound.show.rig import Rig

Heard = tuple[str, list[float | None]]
"""A control and the numbers that came of it."""


def run(options: argparse.Namespace) -> int:
    """Listen, say which control it was, and write it into the rig; 3 if nothing was moved."""
    from wearsound.show.load import load
    from wearsound.show.rig import Bind
    from wearsound.show.rig_learn import learn_bind
    from wearsound.show.tree import tree_of

    show = load(options.show, rig=options.rig)
    assert show.rig is not None
    assert show.rig_path is not None
    _must_be_own(show.rig_path)
    tree = tree_of(show)
    parameter = target(options.target, tree, show)
    learned = _watch(options, show.rig, parameter)
    if learned.source in tree:
        raise PatchError(f"{learned.source} is an address of this show itself: that control needs no bind")
    span = learned.span
    before = [bind.to for bind in show.rig.bind if (bind.source, bind.arg) == (learned.source, learned.arg)]
    learn_bind(show.rig_path, Bind(source=learned.source, to=parameter.address, arg=learned.arg, span=span))
    which = f", argument {learned.arg}" if learned.arg else ""
    print(f"{learned.source}{which}, from {span[0]:g} to {span[1]:g}, now moves {parameter.address}")
    for address in before:
        if address != parameter.address:
            print(f"it no longer moves {address}")
    print(
        f"saved in {show.rig_path}, for the next start of a show with it; turned the wrong way? swap the two"
    )
    print("numbers of `in` there")
    return 0


def target(text: str, tree: Tree, show: Show) -> Parameter:
    """The parameter that was named: by its address, or as `lane.value` of the rig."""
    lane, dot, value = text.partition(".")
    address = f"/wear/move/{lane}/{value}" if dot and not text.startswith("/") else text
    parameter = tree.get(address)
    if parameter is None:
        near = tree.nearest(address) if address.startswith("/") else ""
        lanes = (
            [f"{name}.{one}" for name, values in show.rig.remote.items() for one in values]
            if show.rig
            else []
        )
        hint = f"; did you mean {near}?" if near else ""
        if not address.startswith("/") or dot:
            hint = f"; its values are {', '.join(lanes)}" if lanes else "; the rig has no [remote] values"
        raise PatchError(
            f"{text!r} is nothing that {show.name} or its rig has{hint} (`wearsound osc tree` lists all)"
        )
    if parameter.kind in ("text", "list"):
        raise PatchError(
            f"{text!r} takes {'a word' if parameter.kind == 'text' else 'several numbers'}, which no one control "
            "says; `wearsound osc tree` lists all"
        )
    if not parameter.settable:
        raise PatchError(f"{text!r} can only be asked, not moved; `wearsound osc tree` lists all")
    return parameter


def _must_be_own(path: Path) -> None:
    """Before anybody moves anything: a rig that came along is nobody's own."""
    if path.resolve() in {file.resolve() for file in gallery.files("rig").values()}:
        raise PatchError(
            f"{path.stem} came with wearsound, so nothing is written into it: `wearsound new rig my-room --from "
            f"{path.stem}`, then use --rig my-room.toml"
        )


def _watch(options: argparse.Namespace, rig: Rig, parameter: Parameter) -> Learned:
    watch, began = Watch(), time.monotonic()
    moving = "press it" if parameter.kind == "trigger" else "move it from end to end"
    with closing(_midi(rig, options.seconds) if options.midi else _osc(options, rig)) as heard:
        print("hands off for a second...", flush=True)
        for one in heard:
            now = time.monotonic()
            if watch.resting and now - began >= HANDS_OFF:
                watch.rest_over()
                print(f"now: {moving}; it moves {parameter.address}", flush=True)
            if one is not None:
                watch.add(*one, now)
            if watch.still(now) or now - began >= HANDS_OFF + options.seconds:
                break
    ranked = watch.ranking()
    if not ranked:
        raise MissingError(_nothing(watch, options))
    others = [one.source for one in ranked[1:4]]
    if others:
        print("also moved, less: " + ", ".join(others))
    return ranked[0] if not ranked[0].source.startswith("midi ") else _whole(ranked[0])


def _nothing(watch: Watch, options: argparse.Namespace) -> str:
    if not watch.heard:
        return (
            f"nothing came in {options.seconds:g} s: is the control's host this machine and its port the one above? "
            "nothing was saved"
        )
    return (
        f"{watch.heard} messages came, but none moved more than by itself: move one control from end to end; "
        "nothing was saved"
    )


def _whole(learned: Learned) -> Learned:
    """A MIDI control that went nearly all its way goes all of it, which a rig writes as 0 to 1."""
    if learned.span[0] <= 8 and learned.span[1] >= 119:
        return Learned(learned.source, 0, (0.0, 1.0), learned.changes)
    return learned


def _osc(options: argparse.Namespace, rig: Rig) -> Generator[Heard | None, None, None]:
    """What comes by OSC from those whom the rig lets in; None now and then."""
    port = options.port if options.port is not None else rig.door.port or 9000
    welcome = Welcome(rig.door.allow)
    with listening(options.host or rig.door.host, port) as made:
        host, number_ = made.getsockname()[:2]
        print(f"listening at {host}:{number_}", flush=True)
        for came in datagrams(made):
            if came is None:
                yield None
                continue
            if not welcome(came.host):
                continue
            try:
                messages = read(came.datagram)
            except BadPacket:
                continue
            for message in messages:
                yield message.address, [number(arg) for arg in _flat(message.args)]


def _midi(rig: Rig, seconds: float) -> Generator[Heard | None, None, None]:
    """What comes by MIDI; None now and then."""
    try:
        from wearsound.sources.midi import learn
    except ImportError:
        raise DeviceError('MIDI needs its extra: pip install "wearsound[midi]"') from None
    wanted = rig.midi.input if rig.midi else None
    came: queue.SimpleQueue[Heard | DeviceError] = queue.SimpleQueue()

    def hear() -> None:  # a box that nobody touches says nothing, and its listener waits
        try:
            for source, value in learn(wanted, HANDS_OFF + seconds):
                came.put((source, [value]))
        except DeviceError as error:
            came.put(error)

    threading.Thread(target=hear, name="midi learn", daemon=True).start()
    while True:
        try:
            one = came.get(timeout=0.1)
        except queue.Empty:
            yield None
            continue
        if isinstance(one, DeviceError):
            raise one
        yield one


def _flat(args: tuple[Arg, ...]) -> list[Arg]:
    found: list[Arg] = []
    for arg in args:
        found += list(arg) if isinstance(arg, tuple) else [arg]
    return found

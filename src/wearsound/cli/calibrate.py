"""`wearsound calibrate`: teach it what your garment really is.

contact: how a microphone hears your coat, kept in the rig. vibration: what its wearer feels, kept in the garment's
file.
"""

from __future__ import annotations

import argparse
import math
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wearsound.core import Clock
    from wearsound.show.load import Show
    from wearsound.show.vibration_walk import Walk

LATE = 0.1
"""Seconds behind the clock from which a walk goes on as if no time had passed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of this verb."""
    parser.add_argument(
        "what",
        choices=("vibration", "contact"),
        help="vibration: each actuator, until it is felt; contact: a contact microphone: still, walk, rub, tap",
    )
    parser.add_argument("--garment", metavar="G", help="your garment file; vibration is written to it")
    parser.add_argument(
        "--rig", metavar="R", required=True, help="the rig that drives actuators; contact is written to it"
    )
    parser.add_argument("--input", metavar="I", help="contact: a device, or a recording of the four parts")
    parser.add_argument(
        "--parts",
        metavar="A,B,C,D[,END]",
        help="contact: seconds in the recording where still, walk, rub and tap begin, and where the last ends; left "
        "out: quarters. The built-in walk: --input walk --parts 0,4,24,31.5,37",
    )
    parser.add_argument(
        "--lane", metavar="L", default="body", help="contact: the lane of the microphone (body)"
    )
    parser.add_argument("--only", metavar="NAME", action="append", help="this actuator alone (repeatable)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the order in which they are asked")


def run(options: argparse.Namespace) -> int:
    """Walk from actuator to actuator; Enter is "I feel it"; 1 if one was never felt."""
    if options.what == "contact":
        from wearsound.cli.calibrate_contact import run as run_contact

        return run_contact(options)
    from wearsound.errors import PatchError
    from wearsound.gallery import suggest
    from wearsound.show.garment_learn import learn_least, own_garment
    from wearsound.show.load import load

    if options.garment is None:
        raise PatchError("calibrate vibration needs --garment, your garment file: it is written to")
    show = load("bass-denim", garment=options.garment, rig=options.rig)
    names = [actuator.name for actuator in show.garment.actuators]
    if not names:
        raise PatchError(f"{show.garment.path}: has no actuator; sew one in with [[actuator]] first")
    for name in options.only or ():
        if name not in names:
            raise PatchError(f"{show.garment.name} has no actuator {name!r}{suggest(name, names)}")
    own_garment(show.garment_path)
    if show.rig is None or not show.rig.vibration:
        raise PatchError(f"{options.rig}: drives no actuator; give it a [[vibration]] (docs/rig.md)")
    driven = _driven(show)
    for name in options.only or ():
        if name not in driven:
            raise PatchError(
                f"{options.rig}: no [[vibration]] drives {name}; it drives {', '.join(driven)} on {show.garment.name}"
            )
    left = [name for name in names if name not in driven]
    if left and not options.only:
        print(f"left out, as {options.rig} does not drive it or it is a phone: {', '.join(left)}")
    if not driven:
        raise PatchError(f"{options.rig}: drives nothing that can be weak: a phone is on or off")
    found = _walk(show, [names.index(name) for name in options.only or driven], options.seed)
    felt = {name: min(value, driven[name]) for name, value in found.items() if math.isfinite(value)}
    if felt:
        learn_least(show.garment_path, felt)
        print(f"saved in {show.garment_path}: from now on the weakest that is played is what is felt")
    never = [name for name in found if name not in felt]
    if never:
        print(f"never felt: {', '.join(never)}; is it loose, wired to another channel, or broken?")
    return 1 if never else 0


def _driven(show: Show) -> dict[str, float]:
    """The garment's actuators that its rig has a channel for and that can be weak, with the limit of that channel."""
    from wearsound.show.vibration_targets import actuators_of

    assert show.rig is not None
    found: dict[int, float] = {}
    for number, target in enumerate(show.rig.vibration):
        for those in actuators_of(show.rig, number, show.garment).values():
            found |= {actuator: target.limit for actuator in those}
    actuators = show.garment.actuators
    return {actuators[i].name: found[i] for i in sorted(found) if actuators[i].kind != "phone"}


def _walk(show: Show, chosen: Sequence[int], seed: int) -> dict[str, float]:
    """The weakest drive of each chosen actuator that was felt, inf for never."""
    from wearsound.core import Clock, Event
    from wearsound.show.vibration_targets import drivers_of
    from wearsound.show.vibration_walk import TRIES, Walk, order, still

    clock = Clock()
    names = [actuator.name for actuator in show.garment.actuators]
    keys = _Keys()
    heard: dict[int, list[float]] = {}
    with ExitStack() as stack:
        drivers = drivers_of(show.rig, show.garment)
        for driver in drivers:
            stack.callback(driver.close)
            driver.open(clock)
            # What is held back by the rig would be felt a hum too late.
            driver.take(Event(0, f"/wear/delay/{driver.name}", (0.0,)))
        walk = Walk(show.garment, clock, drivers)
        many = f"{len(chosen)} actuator{'s' * (len(chosen) != 1)}"
        print(f"{many}, {TRIES} times each. Enter: I feel it. Ctrl-C: leave, nothing is kept.")
        turns = [actuator for actuator in order(len(names), seed) if actuator in chosen]
        pauses = still(len(turns), seed)
        for number, actuator in enumerate(turns, 1):
            print(f"{number} of {len(turns)} ...", flush=True)
            level = 0.0
            while level == 0.0:
                keys.pressed.clear()
                level = _ascend(walk, actuator, keys, clock, pauses[number - 1])
                if level == 0.0:
                    print("  nothing hummed yet: wait until you feel it; once more ...", flush=True)
            print("  not felt" if math.isinf(level) else f"  {names[actuator]} at {level:.0%}")
            heard.setdefault(actuator, []).append(level)
    return {names[actuator]: sum(found) / len(found) for actuator, found in sorted(heard.items())}


def _ascend(walk: Walk, actuator: int, keys: _Keys, clock: Clock, pause: float) -> float:
    """One ascent by the wall clock: a hop at a time."""
    from wearsound.errors import DeviceError

    began = time.monotonic()
    for hops, level in enumerate(walk.ascend(actuator, keys.pressed.is_set, pause), 1):
        if level is not None:
            return level
        if keys.gone.is_set():
            raise DeviceError(
                "there is no keyboard to press Enter on: run it in a terminal; nothing was kept"
            )
        late = time.monotonic() - began - clock.seconds(hops)
        if late > LATE:  # the program was stopped: what waits must not come all at once
            began += late
        else:
            time.sleep(max(0.0, -late))
    return math.inf


class _Keys:
    """Enter on the keyboard, heard on a thread of its own; `gone` once nobody can press it any more."""

    def __init__(self) -> None:
        self.pressed = threading.Event()
        self.gone = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for _ in sys.stdin:
            self.pressed.set()
        self.gone.set()

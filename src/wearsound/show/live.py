"""A show live: the window, OSC and panic around the same engine that renders."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from wearsound.core import Event, Health, Source, Tape
from wearsound.garment.screen import screen_pixels
from wearsound.outputs.delay import Delayed
from wearsound.outputs.display import display_trouble
from wearsound.outputs.echo import Echo
from wearsound.outputs.screen import ShownScreen
from wearsound.outputs.slot import LAMP_ABSENT, LAMP_ALIVE, LAMP_LOST, LAMP_WAITING
from wearsound.outputs.window import Window
from wearsound.show.build import Built, build
from wearsound.show.doors import Doors
from wearsound.show.hands import hand_to, hands_on
from wearsound.show.light_targets import light_names
from wearsound.show.outputs import light_outputs, loudspeakers, open_window, osc_outputs
from wearsound.show.rig import warnings
from wearsound.show.sensors import SensorWatch
from wearsound.show.speaker_targets import where_it_plays
from wearsound.show.take import with_remote
from wearsound.show.tree import tree
from wearsound.show.unlit import unlit
from wearsound.show.vibration_targets import direct, drivers_of, not_driven, vibration_names

if TYPE_CHECKING:
    from wearsound.show.load import Show
    from wearsound.sources.osc_in.door import Door

log = logging.getLogger(__name__)

LATELY = 2.0
"""Seconds after the last message during which OSC's lamp is lit."""


def play(
    show: Show,
    source: Source,
    *,
    size: tuple[int, int] = (1280, 720),
    display: int = 0,
    fullscreen: bool = False,
    window: bool = True,
    port: int | None = None,
    require_osc: bool = False,
    mute: bool = False,
    tapes: Sequence[Tape] = (),
    prepare: Callable[[Built], object] | None = None,
    say: Callable[[str], None] = print,
) -> Built:
    """Play until the source ends, the window is left, Ctrl-C or SIGTERM; every output is closed neutral.

    Without a display it plays on for OSC and says so. SIGUSR1, the window, OSC and the terminal can panic.
    `port`: where OSC comes in, None for the rig's or 9000, 0 for nowhere; if it is taken the show plays on
    and takes it later, unless `require_osc` (DeviceError). `mute`: nothing is played on loudspeakers.
    `prepare` may attach more to what was built.
    """
    show = with_remote(show, source)
    built = build(show, source.lanes, source.sample_rate, strict=False)
    engine = built.engine
    engine.tapes.extend(tapes)
    if prepare is not None:
        prepare(built)
    screen = _screen(show, built, size, display, fullscreen, say) if window else None
    # OSC and light after the window, so that they are closed before: receivers are told to go dark at once.
    lights = light_outputs(show, built)
    delayed = [*([Delayed(screen)] if screen else []), *osc_outputs(show, built), *lights]
    engine.outputs.extend(delayed)
    drivers = drivers_of(show.rig, show.garment)
    engine.drivers.extend(drivers)
    speakers = [] if mute else loudspeakers(show)
    engine.speakers.extend(speakers)
    told = [unlit(show)]
    if show.rig:
        told += [*warnings(show.rig), *direct(show.rig, show.garment), not_driven(show.rig, show.garment)]
    for sentence in told:
        if sentence:
            say(sentence)
    if show.rig and show.rig.osc:
        say("sends OSC to " + ", ".join(f"{target.host}:{target.port}" for target in show.rig.osc))
    if show.rig and show.rig.light:
        say(f"sends light to {light_names(show.rig.light)}")
    if show.rig and drivers:
        say(f"tries to drive vibration: {vibration_names(show.rig, show.garment)}")
    if speakers:
        say(where_it_plays(show.rig))
    parameters = tree(built, [*delayed, *drivers, *speakers])
    engine.inbox.values = parameters.values
    at_once = hand_to([*(light.output for light in lights), *drivers, *speakers, source])
    if screen is not None:
        screen.at_once = at_once

    def put(event: Event) -> bool:
        """Hands come to light, motors, speakers and a recording that is heard at once, as an engine may hang, and
        to the first three with its next block again."""
        at_once(event)
        return engine.inbox.put(event)

    for part in [*delayed, *drivers]:
        find = getattr(part, "find", None)
        if find is not None:
            find()
    with Doors(show, parameters, put, say, port, require_osc) as doors:
        health = _health_of(source, screen, doors.osc, [*(light.output for light in lights), *drivers])
        door = doors.osc
        sensors = tuple(sensor.lane for sensor in show.rig.sensors) if show.rig and door else ()
        watch = SensorWatch(sensors, lambda: door.sensed if door is not None else {})
        engine.health = watch.around(health)
        if door is not None:
            engine.outputs.append(Echo(parameters, door.tell, lambda: door.subscribers))
        if not delayed and not drivers and not speakers:
            say(
                "nobody sees, hears or feels it: no window, and no OSC, light or vibration target "
                "(--rig laptop sends to 127.0.0.1:9001)"
            )
        with hands_on(put), _swept():
            engine.run(source)
        if door is not None and door.counts.received:
            say(_summary(door, engine.inbox.lost))
    for line_out in [*drivers, *speakers]:
        if sentence := _gaps(line_out):
            say(sentence)
    return built


@contextmanager
def _swept() -> Iterator[None]:
    """What is built already is no garbage and is not looked through for it again: that takes 30 ms, in which no
    callback of a sound device gets its turn."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _gaps(part: object) -> str:
    """What a sound device did not get in time, "" where it got everything."""
    line = getattr(part, "line", None)
    if line is None or not (line.dry or line.skipped):
        return ""
    gaps = line.dry + line.skipped
    what = f"{gaps} gap{'s' * (gaps != 1)} in the {getattr(part, 'name', 'sound')}"
    return f"{what}; the machine was too slow: close other programs"


def _summary(door: Door, lost: int) -> str:
    """How much OSC came in, and why some of it did nothing."""
    counts = door.counts
    refused = ", ".join(f"{number:,} {reason}" for reason, number in sorted(dict(counts.refused).items()))
    parts = [f"OSC in: {counts.served:,} messages"]
    parts += [f"refused: {refused}"] if refused else []
    parts += [f"{counts.unread:,} left unread in a flood"] if counts.unread else []
    parts += [f"{lost:,} triggers too many at once"] if lost else []
    return "; ".join(parts)


def _screen(
    show: Show,
    built: Built,
    size: tuple[int, int],
    display: int,
    fullscreen: bool,
    say: Callable[[str], None],
) -> Window | None:
    trouble = display_trouble()
    if trouble:
        say(f"no window: {trouble}; playing on without one")
        return None
    shown = open_window(show, built, size, display, fullscreen)
    if show.sketch_path is not None:
        built.light.screen = ShownScreen(shown.shown, len(screen_pixels(show.garment)))
    return shown


def _health_of(
    source: Source, window: Window | None, door: Door | None, sent: Sequence[object] = ()
) -> Callable[[], Health]:
    """Age and drops of the sound, how many pictures a second the window really draws, and its lamps.

    The lamp of what goes out is lost while light or vibration cannot be sent; whether it arrives, nobody tells.
    """
    looked, drawn, fps = time.monotonic(), 0, 0.0

    def health() -> Health:
        nonlocal looked, drawn, fps
        now = time.monotonic()
        if window is not None and now - looked >= 1.0:
            fps = (window.drawn - drawn) / (now - looked)
            looked, drawn = now, window.drawn
        if window is not None:
            out = window.lamps[1]
            if sent:
                failing = any(getattr(part, "failing", False) for part in sent)
                out = LAMP_LOST if failing else LAMP_ALIVE
            window.lamps = (_lamp(door, now), out)
        return Health(
            fps=fps,
            age_ms=1000.0 * float(getattr(source, "age", 0.0)),
            drops=int(getattr(source, "lost", 0)),
        )

    return health


def _lamp(door: Door | None, now: float) -> str:
    """Whether OSC comes in: nowhere to, not yet, lately, or its port is taken."""
    if door is None:
        return LAMP_ABSENT
    if not door.listening:
        return LAMP_LOST
    return LAMP_ALIVE if door.heard_at and now - door.heard_at < LATELY else LAMP_WAITING

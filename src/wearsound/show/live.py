"""A show live: the window, OSC and panic around the same engine that renders."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wearsound.core import Event, Source, Tape
from wearsound.outputs.delay import Delayed
from wearsound.outputs.display import display_trouble
from wearsound.outputs.echo import Echo
from wearsound.outputs.window import Window
from wearsound.show.build import Built, build
from wearsound.show.doors import Doors
from wearsound.show.dresser import Dresser
from wearsound.show.evening import Evening
from wearsound.show.hands import hands_on, let_in
from wearsound.show.light_targets import light_names
from wearsound.show.outputs import open_window
from wearsound.show.patch_learn import PatchSaver
from wearsound.show.recorder import Recorder
from wearsound.show.replay import Replay
from wearsound.show.rig import warnings
from wearsound.show.sensors import SensorWatch
from wearsound.show.set_list import Entry, SetList
from wearsound.show.signs import health_of, lamps_of
from wearsound.show.speaker_targets import where_it_plays
from wearsound.show.surroundings import Surroundings
from wearsound.show.take import with_remote
from wearsound.show.unlit import unlit
from wearsound.show.vibration_targets import direct, not_driven, vibration_names
from wearsound.sources.room_time import RoomTime

if TYPE_CHECKING:
    from wearsound.show.load import Show
    from wearsound.sources.osc_in.door import Door

TURN = 0.0005
"""Seconds after which a thread that computes lets another have its turn."""


class Watcher(Protocol):
    """Who looks after this whole process, from another (`guardian`). `at`: which show of the set it begins with;
    `window`: it had a window just before, which shall be back however long that takes, while all else plays."""

    at: int
    window: bool

    def watch(self, built: Built, set_list: SetList | None, source: Source) -> Source:
        """The source to play instead, which tells of every block. [main thread]"""
        ...


def play(
    show: Show,
    source: Source,
    *,
    size: tuple[int, int] = (1280, 720),
    display: int | str | None = None,
    fullscreen: bool = False,
    window: bool = True,
    port: int | None = None,
    require_osc: bool = False,
    mute: bool = False,
    tapes: Sequence[Tape] = (),
    prepare: Callable[[Built], object] | None = None,
    set_list: Sequence[Entry] = (),
    watched: dict[str, Path] | None = None,
    watcher: Watcher | None = None,
    say: Callable[[str], None] = print,
) -> Built:
    """Play until the source ends, the window is left, Ctrl-C or SIGTERM; every output is closed neutral.

    Without a display it plays on for OSC and says so. SIGUSR1, the window, OSC and the terminal can panic.
    `port`: where OSC comes in, None for the rig's or 9000, 0 for nowhere; if it is taken the show plays on
    and takes it later, unless `require_osc` (DeviceError). `mute`: nothing is played on loudspeakers.
    `prepare` may attach more to what was built; `set_list` begins with `show`: with one, what is saved of it is tried
    and then plays (`watched`: at which files to look instead), and others of the set may be called.
    `watcher`: told of every block from the first on.
    """
    show = with_remote(show, source)
    built = build(show, source.lanes, source.sample_rate, strict=False)
    engine = built.engine
    engine.tapes.extend(tapes)
    replay = prepare(built) if prepare is not None else None
    at = watcher.at if watcher is not None else 0
    listed = SetList(set_list, built.clock, at) if set_list else None
    around = Surroundings(built, mute=mute, others=[source])
    recorder = Recorder(around, tapes, source)
    saver = PatchSaver(built)
    around.more = [recorder, saver, *([listed] if listed is not None else [])]
    titles = listed.titles if listed is not None and len(listed.titles) > 1 else ()
    device = str(getattr(source, "name", ""))
    back = watcher is not None and watcher.window
    screen = _screen(show, built, size, display, fullscreen, say, device, titles, back) if window else None
    around.begin(Delayed(screen) if screen is not None else None)
    _say_where(show, around, say)
    if screen is not None:
        screen.at_once = around.at_once
        screen.hurried = back

    def put(event: Event) -> bool:
        """Hands come to light, motors, speakers and a recording that is heard at once, as an engine may hang, and
        to the first three with its next block again."""
        around.at_once(event)
        return engine.inbox.put(event)

    for part in around.outputs:
        find = getattr(part, "find", None)
        if find is not None:
            find()
    with ExitStack() as open_:
        doors = open_.enter_context(Doors(show, around.tree, put, say, port, require_osc))
        door = doors.osc
        if screen is not None:
            Dresser(around, screen, lamps_of(around, door), recorder, listed, device)
        sensors = tuple(sensor.lane for sensor in show.rig.sensors) if show.rig and door else ()
        watch = SensorWatch(sensors, lambda: door.sensed if door is not None else {})
        engine.health = watch.around(health_of(source, screen))
        if door is not None:
            around.echo = Echo(around.tree, door.tell, lambda: door.subscribers)
            engine.outputs.append(around.echo)
        if not engine.outputs and not engine.drivers and not engine.speakers:
            say(
                "nobody sees, hears or feels it: no window, and no OSC, light or vibration target "
                "(--rig laptop sends to 127.0.0.1:9001)"
            )
        if isinstance(replay, Replay):
            replay.live(around)
        if listed is not None:
            evening = Evening(
                listed, around, source, screen, size=size, refuse=recorder.refuse, watched=watched,
            )  # fmt: skip
            open_.enter_context(evening)
        open_.enter_context(recorder)
        open_.enter_context(saver)
        with hands_on(put, lambda: engine.master), _swept():
            played = source
            if watcher is not None:  # whose own hands, of before, come first
                played = watcher.watch(built, listed, source)
            let_in()
            engine.run(RoomTime(played) if source.live else played)
        if door is not None and door.counts.received:
            say(_summary(door, engine.inbox.lost))
    for line_out in [*engine.drivers, *engine.speakers]:
        if sentence := _gaps(line_out):
            say(sentence)
    return built


def _say_where(show: Show, around: Surroundings, say: Callable[[str], None]) -> None:
    """What a performer should know of this room before the show begins."""
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
    if show.rig and around.playing("drivers"):
        say(f"tries to drive vibration: {vibration_names(show.rig, show.garment)}")
    if around.playing("speakers"):
        say(where_it_plays(show.rig))


@contextmanager
def _swept() -> Iterator[None]:
    """What is built already is no garbage and is not looked through for it again: that takes 30 ms, in which no
    callback of a sound device gets its turn. And whoever makes a show ready aside gives turns more often."""
    gc.collect()
    gc.freeze()
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
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
    display: int | str | None,
    fullscreen: bool,
    say: Callable[[str], None],
    device: str,
    titles: Sequence[str],
    back: bool,
) -> Window | None:
    trouble = "" if back else display_trouble()
    if trouble:
        say(f"no window: {trouble}; playing on without one")
        return None
    return open_window(show, built, size, display, fullscreen, device=device, set_list=titles)

"""The program in which one sketch is tried: it draws some frames of quiet and loud, then its process is ended.

Started by `sketch_trial` as `python -m wearsound.show.sketch_trial_process`. It is the performer's own code and may do
anything; what it prints is not heard.
"""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from wearsound.core import Frame, Health, Row, Spec, index_of
from wearsound.errors import PatchError, WearsoundError
from wearsound.instruments.picture import open_picture
from wearsound.show.aside import PATIENCE, STILL
from wearsound.show.aside_process import say, serve
from wearsound.show.rehearsal import told

FRAMES, ENOUGH = 40, 8
"""How many frames are drawn, and how many at the least of one that is slow."""
SLOW = 0.5
"""The share of the time for a trial after which a slow sketch has been seen."""
HUNG = 0.8
"""The share of it after which we say ourselves where it hangs."""
LOOKS = 8
"""How often in that time we look: sooner than we are ended from outside."""
MEMORY = 1 << 30
"""Bytes that a sketch may take beside what is there already."""


def main() -> int:
    """Try what is asked for."""
    os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    serve(_ready, _answer)
    return 0


def _ready() -> None:
    import pygame

    import wearsound.instruments.picture.sketch_picture  # noqa: F401  (so that it is there)

    pygame.display.init()
    nothing = os.open(os.devnull, os.O_WRONLY)
    for heard in (1, 2):
        os.dup2(nothing, heard)
    os.close(nothing)


def _answer(asked: dict[str, Any], to: IO[bytes]) -> None:
    _bound(MEMORY)
    path = Path(asked["sketch"])
    done = threading.Event()
    watch = path, HUNG * asked["longest"], threading.get_ident(), done, to
    threading.Thread(target=_watch, args=watch, daemon=True).start()
    try:
        took = _draw(asked, path)
    except WearsoundError as error:
        said: dict[str, Any] = told(error)
    except MemoryError:
        said = told(PatchError(f"{path}: the sketch needs more memory than there is for it"))
    except (Exception, SystemExit) as error:
        said = told(PatchError(f"{path}: {type(error).__name__}: {error}"))
    else:
        said = {"median": 1000 * statistics.median(took), "worst": 1000 * max(took)}
    done.set()
    say(to, said)


def _draw(asked: dict[str, Any], path: Path) -> list[float]:
    """Seconds of a processor that each frame took: others may keep us waiting, which is not the sketch's fault."""
    import pygame

    size = asked["size"][0], asked["size"][1]
    picture = open_picture(Path(asked["garment"]), path, size, asked["seed"], 60, asked["palette"])
    surface = pygame.Surface(size)
    begun, took = time.monotonic(), list[float]()
    for frame in _frames(asked):
        before = time.thread_time()
        picture.draw(surface, frame)
        took.append(time.thread_time() - before)
        if len(took) >= ENOUGH and time.monotonic() - begun > SLOW * asked["longest"]:
            break
    return took


def _frames(asked: dict[str, Any]) -> Iterator[Frame]:
    """Quiet, loud, all parameters low, all high, then each by itself at both ends, and quiet again."""
    features = [Spec(**spec) for spec in asked["features"]]
    controls = [Spec(**spec) for spec in asked["controls"]]
    own = [spec for spec in controls if spec.name.startswith("sketch.")]
    turns: list[tuple[float, dict[str, float]]] = [(0.0, {}), (0.0, {}), (1.0, {}), (1.0, {}), (0.5, {})]
    turns += [(1.0, {spec.name: spec.low for spec in own}), (1.0, {spec.name: spec.high for spec in own})]
    turns += [(0.7, {spec.name: end}) for spec in own for end in (spec.low, spec.high)]
    turns += [(n % 4 / 3, {}) for n in range(FRAMES - 1 - len(turns))] + [(0.0, {})]
    from wearsound.garment.document import load_garment

    zones = len(load_garment(Path(asked["garment"])).zone_names)
    columns, rows = index_of(features), index_of(controls)
    scenes = asked["scenes"] or [""]
    for number, (loud, turned) in enumerate(turns):
        heard = [
            number // 2 if spec.growing else spec.low + loud * (spec.high - spec.low) for spec in features
        ]
        played = [turned.get(spec.name, spec.default) for spec in controls]
        yield Frame(
            tick=3 * number,
            number=number,
            time=number / 60,
            features=Row(columns, np.array(heard, np.float64)),
            controls=Row(rows, np.array(played, np.float64)),
            lit=np.full((zones, 3), round(255 * loud), np.uint8),
            felt=np.full(zones, loud, np.float32),
            health=Health(),
            seed=asked["seed"],
            scene=scenes[number % len(scenes)],
        )


def _watch(path: Path, seconds: float, drawing: int, done: threading.Event, to: IO[bytes]) -> None:
    """Say where it hangs, as long as we still get a turn; where others keep us waiting it may take longer.

    [a thread of its own]
    """
    begun = before = time.process_time()
    for look in range(1, LOOKS * PATIENCE):
        if done.wait(seconds / LOOKS):
            return
        now = time.process_time()
        if now - begun >= seconds:
            break
        if look % LOOKS == 0:
            if now - before < STILL * seconds:
                break
            before = now
    if not done.is_set():
        step = sys._current_frames().get(drawing)
        while step is not None and Path(step.f_code.co_filename) != path:
            step = step.f_back
        line = f":{step.f_lineno}" if step is not None else ""
        say(to, told(PatchError(f"{path}{line}: the picture has not come back for {seconds:.0f} s")))
        os._exit(1)


def _bound(more: int) -> None:
    """No more memory than that: a machine without any left is nobody's show. Linux tells what is there."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more,) * 2)
    except (ImportError, OSError, ValueError):
        return


if __name__ == "__main__":
    sys.exit(main())

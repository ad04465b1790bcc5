"""A render of the built-in track, without and with the film, and where the time of the film goes."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import material
from benchmarks.child import call
from benchmarks.table import Figure, Part

STEREO_SECONDS = 120.0
FILM_SECONDS = 30.0


def run() -> Part:
    """Each in a program of its own, the second time so that caches are filled."""
    part = Part("Rendering")
    _render("demo", video=True, seconds=1.0)
    with tempfile.TemporaryDirectory() as folder:
        stereo = _render(str(material.write_wav(Path(folder) / "song.wav", STEREO_SECONDS)), video=False)
    demo = _render("demo", video=False)
    film = _render("demo", video=True, seconds=FILM_SECONDS)
    for what, one, least in (
        ("without picture, a stereo file", stereo, 20.0),
        ("without picture, the track's three lanes", demo, 20.0),
        ("720p30 with video, three lanes", film, 1.0),
    ):
        part.figures.append(Figure(what, one["played"] / one["wall"], "x real time", least, least=True))
        part.figures.append(Figure("the same, CPU a second of show", one["cpu"] / one["played"], "s"))
    rest = film["cpu"] - film["draw"] - film["keep"] - film["encode"]
    for what, spent in (
        ("drawing", film["draw"]),
        ("copying, hashing, poster, thumbs", film["keep"]),
        ("encoding, on its own threads", film["encode"]),
        ("hearing, playing, other layers", rest),
    ):
        part.figures.append(Figure(f"of that CPU: {what}", 100 * spent / film["cpu"], "%"))
    pictures = film["played"] * 30
    part.figures.append(Figure("drawing, CPU a picture", 1000 * film["draw"] / pictures, "ms"))
    part.notes.append(
        f"`bass-denim`; {stereo['played']:.0f} s, {demo['played']:.0f} s and {film['played']:.0f} s of show; the time "
        "of one call of `render` in a fresh program, with what it loads on first use."
    )
    return part


def _render(audio: str, *, video: bool, seconds: float | None = None) -> dict[str, float]:
    return call("benchmarks.rendering", {"audio": audio, "video": video, "seconds": seconds})


def child(wanted: dict[str, Any]) -> dict[str, float]:
    """One render and its costs. [a program of its own]"""
    from wearsound.outputs.record.picture import PictureTape
    from wearsound.safety.screen import GuardedPicture
    from wearsound.show.load import load
    from wearsound.show.render import render

    spent: dict[str, float] = {"draw": 0.0, "send": 0.0}
    GuardedPicture.draw = _timed(GuardedPicture.draw, spent, "draw")  # type: ignore[method-assign]
    PictureTape.send = _timed(PictureTape.send, spent, "send")  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        show = load("bass-denim")
        wall, cpu, own = time.perf_counter(), time.process_time(), time.thread_time()
        report = render(
            show,
            wanted["audio"],
            to=f"{folder}/out",
            seconds=wanted["seconds"],
            video=wanted["video"],
            size=tuple(wanted.get("size", (1280, 720))),
        )
        wall, cpu, own = time.perf_counter() - wall, time.process_time() - cpu, time.thread_time() - own
    hops = report.facts["counts"]["hops"]
    return {
        "played": hops * 256 / 48_000,
        "wall": wall,
        "cpu": cpu,
        "draw": spent["draw"],
        "keep": spent["send"] - spent["draw"],
        "encode": cpu - own,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """The most memory this program ever had. Linux counts what its parent had into `ru_maxrss`."""
    if sys.platform.startswith("linux"):
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _timed(act: Callable[..., None], spent: dict[str, float], name: str) -> Callable[..., None]:
    def timed(*args: Any) -> None:
        began = time.thread_time()
        act(*args)
        spent[name] += time.thread_time() - began

    return timed


if __name__ == "__main__":
    print(json.dumps(child(json.loads(sys.argv[1]))))

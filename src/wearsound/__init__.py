"""wearsound: audio-reactive garments, live and offline to the bit.

The public API is three functions, of which the command line is made:
`load(show) -> Show`, `analyze(audio) -> Analysis`, `render(show, audio, to=...) -> Report`.
A sketch is written with `Sketch` and `parameter`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Sketch", "analyze", "load", "parameter", "render"]

if TYPE_CHECKING:
    from wearsound.instruments.picture.sketch import Sketch, parameter
    from wearsound.show.listen import analyze
    from wearsound.show.load import load
    from wearsound.show.render import render

_HOMES = {
    "analyze": "wearsound.show.listen",
    "load": "wearsound.show.load",
    "render": "wearsound.show.render",
    "Sketch": "wearsound.instruments.picture.sketch",
    "parameter": "wearsound.instruments.picture.sketch",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: `import wearsound` and `wearsound --help` must not wait for NumPy.
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'wearsound' has no attribute {name!r}")

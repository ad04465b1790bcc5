"""What the log says of an engine that ended. The codes are those of docs/faults.md."""

from __future__ import annotations

import signal

from wearsound.guardian.ladder import AS_ASKED, LEAST, OFTEN

ENDED, HUNG, LOOPS, LOOPS_STILL = "WS-E01", "WS-E02", "WS-E03", "WS-E04"
_WHO = "the engine"


def ended(code: int, crashed: int) -> str:
    """How it ended, in words: by an exit code, `crashed` for an error of its own, or minus a signal's number."""
    if code >= 0:
        return "ended by an error" if code == crashed else f"ended with exit code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def down(code: str, how: str, rung: int, wait: float, crash: str) -> None:
    """Say that it is gone, and when it begins again (s); `crash`: the file that knows more, "" for none."""
    when = f" in {wait:.0f} s" if wait else ""
    where = " where it was" if rung == AS_ASKED else ""
    known = f"; what is known: {crash}" if crash else ""
    _begin(code, f"the engine {how} and is started again{when}{where}{known}")


def step(rung: int) -> None:
    """Say that something else plays from now on."""
    if rung == LEAST:
        code, what = LOOPS_STILL, "bass-denim plays, without sketch and window"
    else:
        code = LOOPS
        what = "it plays as with --safe: the last good copies of its files, without what a hand had set"
    _begin(code, f"the engine crashed {OFTEN} times within a minute, or its files are broken: {what}")


def back(code: str) -> None:
    """Say that it plays again; the log knows for how long it did not."""
    from wearsound import faults

    faults.end(code, _WHO, "the engine plays")


def _begin(code: str, said: str) -> None:
    from wearsound import faults  # not before it is needed: the parent is small

    faults.begin(code, _WHO, said)

"""What a log says while C libraries are hushed is seen, and what they say is not."""

from __future__ import annotations

import ctypes.util
import subprocess
import sys

import pytest

THREE = """
import logging, os, threading
from wearsound.sources.quiet import Aloud, quiet
logging.basicConfig(format="%(message)s", stream=Aloud())
first, second = quiet(), quiet()
first.__enter__()
threading.Thread(target=logging.warning, args=("from a thread, m\\u00fcde",)).start()
second.__enter__()
os.write(2, b"ALSA says")
first.__exit__(None, None, None)
os.write(2, b"ALSA says more")
logging.warning("within the second")
second.__exit__(None, None, None)
os.write(2, b"loud again")
"""


def test_a_log_is_seen_in_a_hush_and_hushes_may_overlap() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", THREE], capture_output=True, timeout=60, check=True
    )
    assert done.stderr.decode() == "from a thread, müde\nwithin the second\nloud again"


def test_without_a_stderr_nothing_breaks() -> None:
    code = (
        "import sys; sys.stderr = None; from wearsound.sources.quiet import Aloud, quiet\n"
        "with quiet():\n Aloud().write('x')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


ALSA = """
import ctypes, sys
from wearsound.sources.quiet import hush_alsa
if sys.argv[1] == "hushed":
    hush_alsa()
pcm = ctypes.c_void_p()
wrong = ctypes.CDLL("libasound.so.2").snd_pcm_open(ctypes.byref(pcm), b"nothing-is-called-so", 0, 0)
print("refused" if wrong < 0 else "opened")
"""


@pytest.mark.skipif(not ctypes.util.find_library("asound"), reason="no ALSA on this machine")
def test_alsa_is_hushed_and_still_says_what_is_wrong() -> None:
    said = [
        subprocess.run([sys.executable, "-c", ALSA, how], capture_output=True, timeout=60, check=True)
        for how in ("loud", "hushed")
    ]
    assert [done.stdout for done in said] == [b"refused\n", b"refused\n"]
    assert b"ALSA lib" in said[0].stderr
    assert said[1].stderr == b""


ASKED = """
import os, time
from contextlib import contextmanager
from wearsound.sources import desk
from wearsound.sources.quiet import quiet

@contextmanager
def late():
    time.sleep(0.2)  # whoever asks does not get on: the other core's turn
    with quiet():
        yield

def work():  # as sounddevice does when it starts PortAudio
    before, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    time.sleep(0.4)
    os.dup2(before, 2)

desk.quiet = late
desk.ask(work, 5.0)
os.write(2, b"still heard")
"""


def test_what_a_library_hushes_itself_meanwhile_is_loud_again_afterwards() -> None:
    """A log was never seen again where PortAudio's thread began before its asker had hushed descriptor 2."""
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, timeout=60, check=True)
    assert done.stderr == b"still heard"

"""An engine for the guard's tests that starts in no time: it notes what it is told, and does what the words say.

    python -m fake_engine INLET OUTLET

The words are LOG and one deed a start: `plays` (until a signal), `ends N` by exit code, `killed`, `hangs` (deaf to
SIGABRT if `deaf`), `lingers` (told to leave, it says so and stays), `alone` (what it plays is not begun again;
`late`: says so after 0.6 s). Every deed but `refuses N` and `alone` says first that it has begun. The last deed is for
all further starts.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from pathlib import Path

from wearsound.guardian.lines import Hearer, Teller
from wearsound.guardian.signals import HANDS, HEARD, LEAVE

KEPT = {"at": 1, "hands": [["/wear/master", 0.5]], "events": [["/wear/scene/verse"]], "played": 2.0}


def main() -> int:
    inlet, teller, hearer = int(sys.argv[1]), Teller(int(sys.argv[2])), Hearer(int(sys.argv[1]))
    select.select([inlet], [], [])
    orders = hearer.heard()
    if not orders:
        return 0
    log = Path(orders[0]["words"][0])

    def note(**words: object) -> None:
        with log.open("a") as file:
            file.write(json.dumps({**words, "at": time.monotonic(), "pid": os.getpid()}) + "\n")

    started = log.read_text().count('"order"') if log.exists() else 0
    note(order=orders[0])
    deeds = orders[0]["words"][1:]
    deed, _, how = deeds[min(started, len(deeds) - 1)].partition(" ")
    asked = []

    def hear(number: int, frame: object) -> None:
        asked.append(number)
        note(heard=number)
        if number in LEAVE:
            teller.tell({"leaving": True})

    for number in (*LEAVE, *HANDS):
        signal.signal(number, hear)
    if "deaf" in how:
        signal.signal(signal.SIGABRT, hear)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)
    if deed == "refuses":
        return int(how)
    if how == "late":
        time.sleep(0.6)
    teller.tell({"alone": True} if deed == "alone" else {**KEPT, "begun": time.monotonic()})
    if deed == "ends":
        return int(how)
    if deed == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    while deed == "lingers" or not LEAVE_ASKED.intersection(asked):
        if select.select([inlet], [], [], 0.02)[0]:
            note(parent="gone")
            return 0
        if deed == "plays" or (deed == "lingers" and not asked):
            teller.tell({"played": 3.0})
    time.sleep(0.1)  # a terminal's second signal would come now
    return 0


LEAVE_ASKED = set(LEAVE)

if __name__ == "__main__":
    sys.exit(main())

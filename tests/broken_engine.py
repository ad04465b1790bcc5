"""The real engine of a guarded show, but the first fails in the middle of its show and the second hangs there.

    python -m broken_engine INLET OUTLET

COUNT in the environment is a file that grows by a byte a start.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from wearsound.cli import engine_process
from wearsound.engine import Engine

HOPS = 60


def main() -> int:
    count = Path(os.environ["COUNT"])
    step = Engine.step

    def spoilt(engine: Engine, block: Any) -> None:
        if engine.hops > HOPS and count.stat().st_size == 1:
            raise ZeroDivisionError("spoilt")
        if engine.hops > HOPS and count.stat().st_size == 2:
            time.sleep(60)
        step(engine, block)

    def counted(seat: Any) -> bool:
        told = wait(seat)
        with count.open("a") as file:
            file.write("x")
        return told

    from wearsound.guardian.seat import Seat

    wait = Seat.wait
    Seat.wait = counted  # type: ignore[method-assign]
    Engine.step = spoilt  # type: ignore[method-assign]
    return engine_process.main()


if __name__ == "__main__":
    sys.exit(main())

"""What a parameter is now, as the arguments of a message: the same words for answers, dumps and echoes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wearsound.core import Parameter
from wearsound.osc.bundle import Message

Value = tuple[float | int | str, ...]

LARGEST_INT = (1 << 31) - 1
"""OSC's plain whole numbers have 32 bits."""

LARGEST_FLOAT = 3.4e38
"""OSC's plain numbers are float32."""


def value(parameter: Parameter) -> Value | None:
    """What `parameter` is now, rounded to its step; None where it cannot be asked. [any thread]

    Text is one word, a list its numbers, a switch or whole number an int, else one float. Nothing that is not
    finite leaves. A list may be empty: then it is no answer, because a message without arguments is a question.
    """
    return None if parameter.read is None else worded(parameter, parameter.read())


def worded(parameter: Parameter, now: float | str | Sequence[float]) -> Value | None:
    """`now` as the arguments of a message from `parameter`, as `value` gives it. [any thread]"""
    if isinstance(now, str):
        return (now,)
    if isinstance(now, Sequence):
        numbers = [float(x) for x in now]
        if not numbers or not all(map(math.isfinite, numbers)):
            return None
        return tuple(_rounded(parameter, x) for x in numbers)
    x = float(now)
    if not math.isfinite(x):
        return None
    if parameter.kind in ("whole", "switch"):
        return (max(-LARGEST_INT, min(LARGEST_INT, round(x))),)
    return (_rounded(parameter, x),)


def messages(parameters: Sequence[Parameter]) -> list[Message]:
    """One message for each that has a value now, in their order. [any thread]"""
    found = ((parameter.address, value(parameter)) for parameter in parameters)
    return [(address, args) for address, args in found if args is not None]


def number(arg: object) -> float | None:
    """A finite number, however a sender wrote it (i f d h T F or text); None for what is none."""
    if isinstance(arg, bool | int | float):
        found = float(arg)
    elif isinstance(arg, str) and len(arg) <= 32 and "_" not in arg:  # Python alone reads 1_000 as a number
        try:
            found = float(arg)
        except ValueError:
            return None
    else:
        return None
    return found if math.isfinite(found) else None


def _rounded(parameter: Parameter, x: float) -> float:
    if parameter.step > 0:
        x = round(round(x / parameter.step) * parameter.step, 9)
    return max(-LARGEST_FLOAT, min(LARGEST_FLOAT, x))

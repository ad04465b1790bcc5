"""What one of our processes packs and another unpacks: a show made ready to play, with all its memory.

Two things are kept that a plain pickle would lose. Arrays that look into one memory do so again: a meter writes its
column of the ear's features through such a view. And it is unpacked in many small pieces, between which everybody else
of the process gets a turn: nobody but the engine may take long there.
"""

from __future__ import annotations

import io
import pickle
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

DEEP = 7
"""How many levels down things are packed one by one."""
SMALL = 4096
"""Bytes of memory that travel with the words; more travels beside them, and is never copied."""
TURN, REST = 0.0003, 0.0002
"""Seconds of unpacking after which others get a turn, and how long it is at least."""


def pack(thing: Any, to: IO[bytes]) -> None:
    """Write `thing` so that `unpack` reads it."""
    words, memories = io.BytesIO(), list[pickle.PickleBuffer]()
    pickler = _Packer(words, 5, buffer_callback=lambda buffer: _aside(buffer, memories))
    count = 0
    for piece in _pieces(thing, DEEP, set()):
        pickler.dump(piece)
        count += 1
    whole = words.getbuffer()
    sizes = [memory.raw().nbytes for memory in memories]
    to.write(np.array([count, len(whole), len(sizes), *sizes], "<i8").tobytes())
    to.write(whole)
    for memory in memories:
        to.write(memory.raw())
    to.flush()


def unpack(read: Callable[[int], bytearray], rest: Callable[[float], object] = time.sleep) -> Any:
    """What was packed; `read(n)` gives the next n bytes. Only from a process of our own: it may hold anything.

    `rest(seconds)` is called every few tenths of a millisecond. [any thread but the engine's]
    """
    count, n_words, n_memories = (int(n) for n in np.frombuffer(read(24), "<i8"))
    sizes = np.frombuffer(read(8 * n_memories), "<i8").tolist()
    words = io.BytesIO(read(n_words))
    pickled = pickle.Unpickler(words, buffers=[read(size) for size in sizes])
    thing, begun = None, time.perf_counter()
    for _ in range(count):
        thing = pickled.load()
        if time.perf_counter() - begun > TURN:
            rest(REST)
            begun = time.perf_counter()
    return thing


class _Packer(pickle.Pickler):
    """Packs an array that looks into another's memory as just that."""

    def reducer_override(self, thing: Any) -> Any:
        """How an array is made again; all else as ever."""
        if type(thing) is not np.ndarray or thing.dtype.hasobject:
            return NotImplemented
        owner = _owner(thing)
        if owner is thing or not (owner.flags.c_contiguous or owner.flags.f_contiguous):
            return NotImplemented
        at = thing.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
        return _look, (owner, thing.dtype, thing.shape, thing.strides, at, thing.flags.writeable)


def _look(
    owner: NDArray[Any], kind: Any, shape: tuple[int, ...], strides: tuple[int, ...], at: int, writeable: bool
) -> NDArray[Any]:
    """The array that looks into `owner`'s memory, `at` bytes from its beginning."""
    memory = owner if owner.flags.c_contiguous else owner.T
    if 0 in shape:
        return np.ndarray(shape, kind, memory)
    view: NDArray[Any] = np.ndarray(shape, kind, memory, at, strides)
    view.flags.writeable = writeable
    return view


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    """The array whose memory it is."""
    owner: Any = array
    while owner.base is not None:
        below = owner.base if isinstance(owner.base, np.ndarray) else getattr(owner.base, "base", None)
        if not isinstance(below, np.ndarray):
            break
        owner = below
    return owner  # type: ignore[no-any-return]


def _aside(buffer: pickle.PickleBuffer, memories: list[pickle.PickleBuffer]) -> bool:
    """Whether a memory travels with the words."""
    if buffer.raw().nbytes < SMALL:
        return True
    memories.append(buffer)
    return False


def _pieces(thing: Any, deep: int, done: set[int]) -> Iterator[Any]:
    """What `thing` is made of, each before what holds it, and itself last: the packer names what it packed before."""
    if id(thing) in done:
        return
    done.add(id(thing))
    if deep:
        for part in _parts(thing):
            yield from _pieces(part, deep - 1, done)
    yield thing


def _parts(thing: Any) -> list[Any]:
    """What is held, as far as it can be looked at from outside and is worth a piece of its own."""
    if isinstance(thing, list | tuple):
        held = list(thing)
    elif isinstance(thing, dict):
        held = list(thing.values())
    elif isinstance(thing, type) or callable(thing):
        held = [thing.__self__] if hasattr(thing, "__self__") else []
    else:
        names = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        held = [getattr(thing, name) for name in names if name.isidentifier() and hasattr(thing, name)]
        held += getattr(thing, "__dict__", {}).values()
    return [one for one in held if _worth(one)]


def _worth(thing: Any) -> bool:
    if isinstance(thing, str | bytes | int | float | complex | type | None | np.generic | np.ndarray):
        return False
    if isinstance(thing, list | tuple | dict):
        return len(thing) > 8 or any(
            _worth(one) for one in (thing.values() if isinstance(thing, dict) else thing)
        )
    return type(thing).__module__.startswith("wearsound") or hasattr(thing, "__self__")

"""OSC 1.0 address patterns: which addresses a message like /wear/zone/{chest,sleeve_*}/glow means.

No regular expression: the places a pattern may have reached in a text are the bits of one number, and
each piece of the pattern moves them all at once. Nothing is tried twice, so no pattern can be slow.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from wearsound.osc.packet import MAX_ADDRESS

Reason = Literal["too long", "brackets", "too many wildcards", "too many matches"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Every word that `BadPattern.reason` may be, for counting."""

MAX_MATCHES = 64
"""Addresses that one message may mean: a whole garment's zones, but not everything there is."""

MAX_WILDCARDS = 16
"""Signs other than plain text in one pattern; a hand-written one has two or three."""

_SPECIAL = frozenset("?*[]{}")


class BadPattern(ValueError):
    """A pattern that is refused; `reason` is one of REASONS, the text says it in plain words."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason


def is_pattern(address: str) -> bool:
    """Whether `address` holds a sign that may mean more than itself: then it costs more to look up."""
    return not _SPECIAL.isdisjoint(address)


def matches(pattern: str, addresses: Collection[str]) -> list[str]:
    """Those of `addresses` that `pattern` means, in their order; none is an empty list. [any thread]

    `?` is one character, `*` any number, `[a-z]` one of these, `[!a]` one but these, `{foo,bar}` one of
    these words; each stays within its part between two slashes. A pattern without any of them is looked
    up: at once in a dict or set, in one quick pass otherwise. Raises BadPattern for a bracket without
    its partner, more than MAX_WILDCARDS signs, or more than MAX_MATCHES matches: half of what was meant
    would be worse than nothing.
    """
    if len(pattern) > MAX_ADDRESS:
        raise BadPattern("too long", f"the pattern is longer than {MAX_ADDRESS} characters")
    if not is_pattern(pattern):
        return [pattern] if pattern in addresses else []
    parts = [_Part(text) for text in pattern.split("/")]
    if sum(part.wildcards for part in parts) > MAX_WILDCARDS:
        raise BadPattern("too many wildcards", f"more than {MAX_WILDCARDS} wildcards in one pattern")
    found: list[str] = []
    for address in addresses:
        texts = address.split("/")
        if len(texts) == len(parts) and all(map(_Part.fits, parts, texts)):
            if len(found) == MAX_MATCHES:
                raise BadPattern("too many matches", f"the pattern means more than {MAX_MATCHES} addresses")
            found.append(address)
    return found


class _Any:
    """The piece `*`."""


class _Part:
    """One part of a pattern, between two slashes, and what it said about the texts it met."""

    __slots__ = ("_known", "_pieces", "wildcards")

    def __init__(self, text: str) -> None:
        self._pieces = _pieces(text)
        self._known: dict[str, bool] = {}  # addresses share their parts: each is looked at once
        self.wildcards = sum(not isinstance(piece, str) for piece in self._pieces)

    def fits(self, text: str) -> bool:
        """Whether the whole of `text` is meant."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._reaches_end(text)
        return known

    def _reaches_end(self, text: str) -> bool:
        places = 1  # bit n: the pieces so far may have used up n characters
        end = 1 << len(text)
        for piece in self._pieces:
            if isinstance(piece, str):
                places = _after_word(places, piece, text)
            elif isinstance(piece, _Any):
                places = 2 * end - (places & -places)  # everywhere from the first place on
            elif isinstance(piece, _OneOf):
                places = (places & piece.fitting(text)) << 1
            else:
                reached = 0
                for word in piece:
                    reached |= _after_word(places, word, text)
                places = reached
            if not places:
                return False
        return bool(places & end)


class _OneOf:
    """The piece `?`, `[a-z]` or `[!a-z]`: one character."""

    __slots__ = ("_others", "_ranges")

    def __init__(self, inside: str) -> None:
        self._others = inside.startswith("!")
        inside = inside.removeprefix("!")
        if not inside:
            raise BadPattern("brackets", "a pair of square brackets with nothing in it")
        self._ranges: list[tuple[str, str]] = []
        at = 0
        while at < len(inside):
            last = at + 2 if inside[at + 1 : at + 2] == "-" and at + 2 < len(inside) else at
            low, high = sorted((inside[at], inside[last]))
            self._ranges.append((low, high))
            at = last + 1

    def fitting(self, text: str) -> int:
        """Bit n: character n of `text` fits."""
        bits = 0
        for n, character in enumerate(text):
            if any(low <= character <= high for low, high in self._ranges) != self._others:
                bits |= 1 << n
        return bits


_Piece = str | tuple[str, ...] | _OneOf | _Any


def _after_word(places: int, word: str, text: str) -> int:
    """Where the places in `text` go when `word` comes next."""
    reached = 0
    at = text.find(word)
    while at >= 0:
        reached |= (places >> at & 1) << at + len(word)
        at = text.find(word, at + 1)
    return reached


def _pieces(text: str) -> list[_Piece]:
    """A part of a pattern, cut into plain words and wildcards."""
    pieces: list[_Piece] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign == "*":
            pieces.append(_Any())
        elif sign == "?":
            pieces.append(_OneOf("!/"))  # any character that a part can hold
        elif sign == "[":
            inside, at = _inside(text, at, "]")
            pieces.append(_OneOf(inside))
        elif sign == "{":
            inside, at = _inside(text, at, "}")
            pieces.append(tuple(dict.fromkeys(inside.split(","))))
        elif sign in _SPECIAL:
            raise BadPattern("brackets", f"a {sign!r} that closes nothing")
        else:
            start = at
            while at + 1 < len(text) and text[at + 1] not in _SPECIAL:
                at += 1
            pieces.append(text[start : at + 1])
        at += 1
    return pieces


def _inside(text: str, at: int, close: str) -> tuple[str, int]:
    """(what stands in the brackets that open at `at`, where they close)."""
    stop = text.find(close, at)
    if stop < 0:
        raise BadPattern("brackets", f"a {text[at]!r} without its {close!r} in the same part")
    inside = text[at + 1 : stop]
    if is_pattern(inside):
        raise BadPattern("brackets", f"brackets or wildcards inside {text[at]!r} and {close!r}")
    return inside, stop

"""One change to a TOML text that leaves everything else as the person wrote it: comments, order, blank lines.

New lines are put in by hand, right after the last line of their table, because a comment above the next heading
belongs to that one. tomlkit changes what is there already, on its own lines if that can be. Whatever comes out is
only used if it says exactly what was meant.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wearsound.errors import PatchError
from wearsound.toml_file import parsed
from wearsound.toml_file.lines import KeyPath


@dataclass(frozen=True)
class Change:
    """Keys of one table, by the table's place: ("bind", 3) in a list, ("calibration", "contact") in a table,
    ("scene", 0, "route", 2) further in, ("soundscape",) by itself.

    A place of two that is not there yet is made; any other must be there. `drop`: entries of the same list that go.
    """

    place: KeyPath
    keys: Mapping[str, Any]
    drop: tuple[int, ...] = ()


def edited(text: str, data: dict[str, Any], change: Change) -> str | None:
    """`text`, which says `data`, after a change; None if it is written in a way that cannot be changed."""
    meant = copy.deepcopy(data)
    _apply(meant, change)
    for new in _attempts(text, data, change):
        if new is not None and _says(new, meant):
            return new
    return None


def _attempts(text: str, data: dict[str, Any], change: Change) -> Iterator[str | None]:
    """Ways to write it, the kindest first: not every way fits every text."""
    without, left = _dropped(text, data, change)
    there = _there(left, change.place)
    if without is not None:
        yield from _inserted(without, change, there)
    if there is None:
        yield f"{text.rstrip()}\n\n{_block(change)}".lstrip("\n")
    yield _by_tomlkit(text, change)


def _dropped(text: str, data: dict[str, Any], change: Change) -> tuple[str | None, dict[str, Any]]:
    """The text without the entries that go, from heading to last key, and what it says; None if that fails."""
    left = copy.deepcopy(data)
    kind = str(change.place[0])
    for i in reversed(change.drop):
        del left[kind][i]
        places = parsed(text, "")[1]
        first, last, following = _extent(text, places, (kind, i))
        rows = _rows(text)
        for end in range(last, following):
            shorter = "".join(rows[: first - 1] + rows[end:])
            if _says(shorter, left):
                text = shorter
                break
        else:
            return None, left
    return text, left


def _extent(text: str, places: Mapping[KeyPath, int], prefix: KeyPath) -> tuple[int, int, int]:
    """The first and the last line of what stands under `prefix`, and the line of the next key; 0 for nothing."""
    own = [line for path, line in places.items() if path[: len(prefix)] == prefix]
    last = max(own, default=0)
    after = [line for line in places.values() if line > last]
    return min(own, default=0), last, min(after, default=text.count("\n") + 2)


def _there(data: Any, place: KeyPath) -> Mapping[str, Any] | None:
    for part in place:
        try:
            data = data[part]
        except (KeyError, IndexError):
            return None
    return data  # type: ignore[no-any-return]


def _inserted(text: str, change: Change, there: Mapping[str, Any] | None) -> Iterator[str | None]:
    """What is there is changed in its place; what is new stands after the last line of its table or its kind.

    A list over several lines ends below its last entry: so every line up to the next key is tried.
    """
    changed: str | None = text
    if there is not None:
        known = {key: value for key, value in change.keys.items() if key in there and there[key] != value}
        if known:
            change_known = replace(change, keys=known, drop=())
            changed = _in_place(text, change_known) or _by_tomlkit(text, change_known)
        added = {key: value for key, value in change.keys.items() if key not in there}
        lines = _dumped(added)
        prefix: KeyPath = change.place
    else:
        lines = f"\n{_block(change)}"
        prefix = change.place[:1]
    if changed is None or not lines:
        yield changed
        return
    places = parsed(changed, "")[1]
    _, last, following = _extent(changed, places, prefix)
    rows = _rows(changed)
    for at in range(last, following) if last else ():
        before, after = "".join(rows[:at]), "".join(rows[at:])
        before = before if before.endswith("\n") else before + "\n"
        apart = there is None and after and not after.startswith("\n")
        yield before + lines + ("\n" if apart else "") + after


def _in_place(text: str, change: Change) -> str | None:
    """Each key's value changed on the lines where it stands, which are a small document of their own; None if one is
    not. A whole one comes out of tomlkit in another order where lists of tables stand among one another."""
    said = parsed(text, "")[0]
    for key, value in change.keys.items():
        _apply(said, replace(change, keys={key: value}))
        places, rows = parsed(text, "")[1], _rows(text)
        at = places.get((*change.place, key), 0)
        following = min((line for line in places.values() if line > at), default=len(rows) + 1)
        for end in range(at, following) if at else ():
            changed = _one_key("".join(rows[at - 1 : end]), key, value)
            if changed is not None and _says(new := "".join([*rows[: at - 1], changed, *rows[end:]]), said):
                text = new
                break
        else:
            return None
    return text


def _one_key(lines: str, key: str, value: Any) -> str | None:
    """The lines of one key with another value, its comment in the column where it was; None if they are not that."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(lines)
        before = document[key].as_string()
        document[key] = value
        item = document[key]
        if item.trivia.comment:
            shorter = len(before.rpartition("\n")[2]) - len(item.as_string())
            item.trivia.comment_ws = " " * max(1, len(item.trivia.comment_ws) + shorter)
        return tomlkit.dumps(document)
    except (TOMLKitError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _rows(text: str) -> list[str]:
    """Lines with their ends, as TOML counts them: splitlines knows more ends than that."""
    return re.findall(r".*\n|.+\Z", text)


def _block(change: Change) -> str:
    kind, key = change.place
    heading = f"[[{kind}]]" if isinstance(key, int) else f"[{kind}.{_quoted(str(key))}]"
    return f"{heading}\n{_dumped(change.keys)}"


def _dumped(keys: Mapping[str, Any]) -> str:
    import tomlkit

    return tomlkit.dumps(dict(keys))


def _quoted(key: str) -> str:
    return _dumped({key: 0}).partition(" = 0")[0]


def _by_tomlkit(text: str, change: Change) -> str | None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        _apply(document, change)
        return tomlkit.dumps(document)
    except (TOMLKitError, KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None  # it does not find its way through every text


def _apply(data: Any, change: Change) -> None:
    """The change itself, on bare dicts and lists as on tomlkit's."""
    *way, key = change.place
    kin = data
    for part in way:
        if isinstance(part, str) and part not in kin:
            kin[part] = [] if isinstance(key, int) else {}
        kin = kin[part]
    if isinstance(key, int) and key == len(kin):
        kin.append({})
    elif key not in kin and not isinstance(key, int):
        kin[key] = {}
    for name, value in change.keys.items():
        kin[key][name] = value
    for i in reversed(change.drop):
        del kin[i]


def _says(text: str, meant: dict[str, Any]) -> bool:
    try:
        return parsed(text, "")[0] == meant
    except PatchError:
        return False

"""A page that stands alone: one HTML file with its style and pictures inside, no script, nothing from elsewhere.

Titles and paths are strangers' words, so every string is escaped where it is put in, unless it is `Html` already.
"""

from __future__ import annotations

import base64
import html
import unicodedata
from collections.abc import Iterable, Sequence
from importlib import resources

from wearsound import __version__

_VOID = frozenset({"img", "meta", "br", "hr", "col"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""What no reader sees, and what turns words around: shown as a question mark."""
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""A browser that is told so runs no script and asks nobody, whatever stands in the page."""


class Html(str):
    """Markup of ours; every other string is escaped."""

    __slots__ = ()


def words(said: object) -> Html:
    """Anything as words that mean nothing to a browser; what is Html stays as it is."""
    if isinstance(said, Html):
        return said
    seen = "".join("?" if unicodedata.category(c) in _UNSEEN and c != "\n" else c for c in str(said))
    return Html(html.escape(seen))


def tag(name: str, /, *inside: object, **attributes: object) -> Html:
    """An element; `class_` is class, `aria_label` is aria-label, an attribute that is None is left out."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{words(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{join(inside)}</{name}>")


def join(parts: Iterable[object]) -> Html:
    """One after another."""
    return Html("".join(words(part) for part in parts))


def table(rows: Iterable[Sequence[object]], head: Sequence[str] = (), class_: str | None = None) -> Html:
    """Rows of cells, the first of each a heading; a table that is too wide rolls and the page does not."""
    top = tag("thead", tag("tr", *(tag("th", word, scope="col") for word in head))) if head else Html("")
    body = [
        tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in cells))
        for first, *cells in rows
    ]
    return tag("div", tag("table", top, tag("tbody", *body), class_=class_), class_="rolls")


def section(title: str, *inside: object, class_: str | None = None) -> Html:
    """A part of the page with its heading."""
    return tag("section", tag("h2", title), *inside, class_=class_)


def picture(data: bytes, about: str, kind: str = "image/png", **attributes: object) -> Html:
    """A picture inside the page."""
    source = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    return tag("img", src=source, alt=about, **attributes)


def document(title: str, *inside: object) -> str:
    """The whole file."""
    style = resources.files("wearsound.proof").joinpath("page.css").read_text(encoding="utf-8")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="generator", content=f"wearsound {__version__}"),
        tag("title", title),
        tag("style", Html(style)),
    )
    body = tag("body", tag("main", *inside))
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"

"""A judge of pages: whole, alone, without script, and what a reader reads of them."""

from __future__ import annotations

import html.parser
import re

VOID = {"img", "meta", "br", "hr", "col"}
KNOWN = VOID | set(
    re.findall(
        r"\w+",
        """html head body main header footer section div p span h1 h2 h3 h4 a pre title style
        table thead tbody tr th td figure figcaption svg path rect line text""",
    )
)


class Page(html.parser.HTMLParser):
    """Reads a page; raises where a tag is unknown, not closed, or something is asked of anybody else."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.said: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KNOWN, tag
        found = {key: value or "" for key, value in attrs}
        for key, value in found.items():
            assert not key.startswith("on"), key
            if key in ("src", "href"):
                assert re.match(r"#|data:image/(png|jpeg);base64,", value), value[:80]
            assert "url(" not in value
        self.tags.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["style"]:
            assert "url(" not in data
            assert "@import" not in data
        elif data.strip():
            self.said.append(data.strip())

    @property
    def words(self) -> str:
        """Everything that is read, in order."""
        return " ".join(self.said)

    def of(self, tag: str, class_: str = "") -> list[dict[str, str]]:
        """The attributes of every tag of a name and a class."""
        return [
            found
            for name, found in self.tags
            if name == tag and (not class_ or class_ in found.get("class", "").split())
        ]

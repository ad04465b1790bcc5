"""What is no TOML is said with what to write instead."""

from pathlib import Path

import pytest

from wearsound.errors import PatchError
from wearsound.toml_file import parse_toml

REMEDIES = {
    "two brackets": (
        '[zone]\nname = "a"\n[zone]\n',
        "3: is not TOML: [zone] is there twice; if several are meant, ",
    ),
    "a table in a table": (
        "[x]\n[x.y]\n[x.y]\n",
        "3: is not TOML: [x.y] is there twice; if several are meant, ",
    ),
    "one bracket above": (
        "[zone]\n[[zone]]\n",
        "2: is not TOML: cannot overwrite a value; another [zone] above should ",
    ),
    "no comma": ("path = [[0.5 0.5]]\n", "1: is not TOML: unclosed array; a comma or a ] is missing here, "),
    "no bracket": (
        "path = [1, 2\nb = 3\n",
        "2: is not TOML: unclosed array; a comma or a ] is missing here, ",
    ),
    "no brace": (
        "a = { x = 1 y = 2 }\n",
        "1: is not TOML: unclosed inline table; a comma or a } is missing here, ",
    ),
    "a comma too many": ("a = { x = 1, }\n", "take the comma before } away"),
    "a decimal comma": ("wear = 0,5  # half\n", "; write a decimal point, not a comma, such as 0.5"),
    "half a number": ("wear = .5\n", "; write digits on both sides of the point, such as 0.5"),
    "curly quotes": (
        "title = “Tunic”\n",
        "; these are curly quotes, as word processors make them; write straight",
    ),
    "no quotes": ("title = Tunic\n", '; write a text in quotes, such as "tunic"'),
    "half a quote": ('title = "Tunic\n', '; a " is missing at its end'),
    "True": ("link = True\n", "; write true"),
    "a colon": ("title: 1\n", "; write key = value, with = and not :"),
    "twice": (
        "seed = 1\nseed = 2\n",
        "2: is not TOML: cannot overwrite a value; this key is there twice: write it once",
    ),
    "an umlaut": ("größe = 1\n", "; "),
    "a heading": ("[[route]\n", "; a heading ends in ] as it begins in ["),
}


@pytest.mark.parametrize("kind", REMEDIES)
def test_a_remedy_is_said(kind: str) -> None:
    text, said = REMEDIES[kind]
    with pytest.raises(PatchError) as trouble:
        parse_toml("own.toml", text.encode())
    sentence = str(trouble.value)
    assert sentence.startswith("own.toml:")
    assert said in sentence
    assert "\n" not in sentence
    assert "('" not in sentence  # Python's own words


def test_a_picture_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(
        PatchError, match=r"^coat\.png: is no text; name a file that is written in a text editor$"
    ):
        parse_toml("coat.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(PatchError, match="is not UTF-8 text; save it as UTF-8"):
        parse_toml("own.toml", 'title = "x"'.encode("utf-16"))

"""OSC 1.0 address patterns: known answers, regular expressions as an independent judge, and hostile ones."""

from __future__ import annotations

import contextlib
import random
import re
import time

import pytest

from wearsound.osc.pattern import MAX_MATCHES, MAX_WILDCARDS, REASONS, BadPattern, is_pattern, matches

HOUSE = [
    "/wear/zone/chest/glow",
    "/wear/zone/sleeve_l/glow",
    "/wear/zone/sleeve_r/glow",
    "/wear/zone/chest/buzz",
    "/wear/cue/go",
    "/wear/cue/back",
    "/wear/panic",
]


def refused(pattern, addresses=HOUSE):
    with pytest.raises(BadPattern) as caught:
        matches(pattern, addresses)
    assert caught.value.reason in REASONS
    assert len(str(caught.value)) > 10
    return caught.value.reason


class TestKnownAnswers:
    @pytest.mark.parametrize(
        ("pattern", "places"),
        [
            ("/wear/panic", [6]),
            ("/wear/pani", []),
            ("/wear/zone/*/glow", [0, 1, 2]),
            ("/wear/zone/sleeve_?/glow", [1, 2]),
            ("/wear/zone/sleeve_[a-l]/glow", [1]),
            ("/wear/zone/sleeve_[!a-l]/glow", [2]),
            ("/wear/zone/sleeve_[lr]/*", [1, 2]),
            ("/wear/zone/{chest,sleeve_r}/glow", [0, 2]),
            ("/wear/zone/{chest,sleeve_*}/glow", None),
            ("/wear/zone/chest/{glow,buzz,taste}", [0, 3]),
            ("/wear/cue/*", [4, 5]),
            ("/*/*/go", [4]),
            ("/wear/*", [6]),
            ("/*", []),
            ("*", []),
            ("/wear/zone/*s*t/g?*", [0]),
            ("/wear/cue/{g,ba}{o,ck}", [4, 5]),
            ("/wear/cue/?", []),
            ("/wear/cue/??", [4]),
            ("/wear/cue/**", [4, 5]),
            ("/wear/cue/go*", [4]),
            ("/wear/cue/*go", [4]),
            ("/wear/cue/{,go}", [4]),
            ("/wear/cue/[a-cg-h]*", [4, 5]),
        ],
    )
    def test_the_house(self, pattern, places):
        if places is None:
            assert refused(pattern) == "brackets"
        else:
            assert matches(pattern, HOUSE) == [HOUSE[n] for n in places]

    @pytest.mark.parametrize(
        ("piece", "fits", "not_these"),
        [
            ("[a-]", "a-", "bz"),
            ("[-a]", "a-", "bz"),
            ("[a!]", "a!", "b"),
            ("[!!]", "ab", "!"),
            ("[c-a]", "abc", "d-"),
            ("[a-c-e]", "abc-e", "d"),
            ("[!a-c]", "d-", "abc"),
            ("?", "a-{", ""),
        ],
    )
    def test_one_character(self, piece, fits, not_these):
        assert matches("/" + piece, ["/" + character for character in fits + not_these]) == [
            "/" + character for character in fits
        ]

    def test_an_address_is_looked_up(self):
        class Known(dict):
            def __iter__(self):
                raise AssertionError("walked")

        assert matches("/a/b", Known({"/a/b": 1})) == ["/a/b"]
        assert matches("/a/c", Known({"/a/b": 1})) == []

    def test_what_a_pattern_is(self):
        assert not is_pattern("/wear/zone/sleeve_l-2,x#!/glow")
        assert all(is_pattern("/a" + sign) for sign in "?*[]{}")

    def test_nothing_crosses_a_slash(self):
        assert matches("/a*b", ["/a/b"]) == []
        assert matches("/a?b", ["/a/b"]) == []
        assert matches("/a[!x]b", ["/a/b"]) == []
        assert matches("/a//*", ["/a/b/c", "/a//c"]) == ["/a//c"]


class TestRefused:
    @pytest.mark.parametrize(
        "pattern",
        ["/[a", "/{a,b", "/a]", "/a}", "/[]", "/[!]", "/[a/b]", "/{a/b}", "/{a,{b}}", "/{a*}", "/[[]"],
    )
    def test_brackets(self, pattern):
        assert refused(pattern) == "brackets"

    def test_matches(self):
        many = [f"/a/{n}" for n in range(MAX_MATCHES + 1)]
        assert matches("/a/*", many[1:]) == many[1:]
        assert refused("/a/*", many) == "too many matches"

    def test_wildcards(self):
        assert matches("/" + "?" * MAX_WILDCARDS, ["/" + "x" * MAX_WILDCARDS]) != []
        assert refused("/" + "?*" * MAX_WILDCARDS) == "too many wildcards"

    def test_length(self):
        assert matches("/*" + "a" * 126, []) == []
        assert refused("/*" + "a" * 127) == "too long"


def expression(pattern):
    """The same as a regular expression, written without looking: only for short texts."""
    pattern = re.sub(r"\{(.*?)\}", lambda m: "(" + "|".join(map(re.escape, m[1].split(","))) + ")", pattern)
    return re.compile(pattern.replace("[!", "[^/").replace("?", "[^/]").replace("*", "[^/]*"))


def test_regular_expressions_agree():
    dice = random.Random(11)
    pieces = ["a", "b", "/", "ab", "*", "?", "[ab]", "[!a]", "[a-b]", "{a,ab}", "{,b}", "{ba,a,b}"]
    addresses = sorted({"/" + "".join(dice.choices("aab/", k=dice.randint(0, 6))) for _ in range(60)})
    found = 0
    for _ in range(3000):
        pattern = "/" + "".join(dice.choices(pieces, k=dice.randint(1, 6)))
        judge = expression(pattern)
        want = [address for address in addresses if judge.fullmatch(address)]
        assert matches(pattern, addresses) == want, pattern
        found += len(want)
    assert found > 3000


LONG = [f"/wear/{'a' * 60}/{'a' * 40}{n}/{'ab' * 5}" for n in range(500)]
FLAT = ["/" + "a" * 120 + str(n) for n in range(500)]


@pytest.mark.parametrize(
    "pattern",
    [
        "/*/*/*/*a*b*c*d",
        "/wear/*a*a*a*a*a*a/*a*a*a*a*a*x/*",
        "/" + "*a" * 16 + "x",
        "/" + "?*" * 8 + "x",
        "/" + "{a,aa}" * 16 + "x",
        "/*{" + ",".join("a" * 60) + "}x",
        "/{" + "a," * 60 + "}*",
        "/" + "*[!b]" * 8 + "x",
    ],
)
@pytest.mark.parametrize("addresses", [LONG, FLAT], ids=["long", "flat"])
def test_no_pattern_is_slow(pattern, addresses):
    """Naive backtracking would be at it for years; this needs 0.1 to 0.5 ms for an address made to be dear."""
    start = time.thread_time()
    with contextlib.suppress(BadPattern):
        assert matches(pattern, addresses) == []
    assert time.thread_time() - start < 1.0


def test_a_pattern_in_a_house_of_two_thousand_is_quick():
    addresses = [f"/wear/zone/zone_{n // 8}/control_{n % 8}" for n in range(2000)]
    least = 1.0
    for _ in range(3):
        start = time.thread_time()
        assert len(matches("/*/zone/*_1[0-3]/*{1,2,3}", addresses)) == 12
        least = min(least, time.thread_time() - start)
    assert least < 0.02

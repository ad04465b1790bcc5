"""Sine, cosine, exponential, logarithm, power and pan of constants, from plain products and quotients.

A C library's own differ in the last bit from machine to machine, and a filter that is made of such a constant
then plays other bits. These use only what IEEE 754 rounds in one way. Their error is below 1e-14. [any thread]
"""

from __future__ import annotations

from math import floor, sqrt

PI = 3.141592653589793
LN2 = 0.6931471805599453


def sine(x: float) -> float:
    """Of an angle in radians, by Taylor's series of a part of it within +-pi/4."""
    quarter = floor(x / (PI / 2.0) + 0.5)
    rest = x - quarter * (PI / 2.0)
    turn = quarter % 4
    value = _series(rest, 1) if turn % 2 == 0 else _series(rest, 0)
    return value if turn < 2 else -value


def cosine(x: float) -> float:
    """Of an angle in radians."""
    return sine(x + PI / 2.0) if abs(x) > PI / 4.0 else _series(x, 0)


def exponential(x: float) -> float:
    """e to the x, |x| < 700."""
    twos = floor(x / LN2 + 0.5)
    rest = x - twos * LN2
    term = total = 1.0
    for n in range(1, 22):
        term = term * rest / n
        total += term
    for _ in range(abs(twos)):
        total = total * 2.0 if twos > 0 else total * 0.5
    return total


def logarithm(x: float) -> float:
    """Natural, x > 0."""
    twos = 0
    while x > 1.5:
        x, twos = x * 0.5, twos + 1
    while x < 0.75:
        x, twos = x * 2.0, twos - 1
    ratio = (x - 1.0) / (x + 1.0)
    square, term, total = ratio * ratio, ratio, 0.0
    for n in range(1, 48, 2):
        total += term / n
        term *= square
    return 2.0 * total + twos * LN2


def power(x: float, exponent: float) -> float:
    """x to the exponent, x > 0."""
    return exponential(exponent * logarithm(x))


def sides(pan: float) -> tuple[float, float]:
    """Gains of the left and the right for -1 (left) .. 1 (right): together always of the same power."""
    return sqrt((1.0 - pan) / 2.0), sqrt((1.0 + pan) / 2.0)


def _series(x: float, first: int) -> float:
    """Of the sine (first = 1) or the cosine (first = 0), |x| <= pi/4."""
    term = total = x if first else 1.0
    for n in range(first + 2, 24, 2):
        term = -term * x * x / (n * (n - 1))
        total += term
    return total

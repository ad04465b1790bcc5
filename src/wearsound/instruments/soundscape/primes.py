"""Lengths without a common factor: what was chosen for 48 kHz, moved to another rate."""

from __future__ import annotations


def nearest_prime(length: float) -> int:
    """The prime nearest to `length`, the smaller of two."""
    near = round(length)
    distance = 0
    while True:
        for candidate in (near - distance, near + distance):
            if is_prime(candidate):
                return candidate
        distance += 1


def is_prime(number: int) -> bool:
    """By trial: for lengths of delay lines and loops."""
    if number < 2:
        return False
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 1
    return True

"""Token buckets: what one sender, many senders and a flood may say."""

from __future__ import annotations

import random

import pytest

from wearsound.sources.osc_in.bucket import MAX_SENDERS, SENDER_RATE, TOTAL_RATE, Buckets, tokens


def passed(buckets, sender, start, seconds, rate, n=1):
    """How many of a steady stream's datagrams are allowed."""
    count = round(seconds * rate)
    return sum(buckets.allow(sender, start + k / rate, n) for k in range(count))


@pytest.mark.parametrize(
    ("n_bytes", "cost"), [(0, 1), (1, 1), (60, 1), (64, 1), (65, 2), (1400, 22), (8192, 128)]
)
def test_what_a_datagram_costs(n_bytes, cost):
    assert tokens(n_bytes) == cost


def test_a_busy_sender_loses_nothing():
    assert passed(Buckets(), "10.0.0.1", 100.0, 10, 5000) == 50_000


def test_a_burst_then_the_rate():
    buckets = Buckets()
    assert sum(buckets.allow("a", 5.0) for _ in range(10_000)) == SENDER_RATE
    assert not buckets.allow("a", 5.0)
    assert passed(buckets, "a", 5.0, 2, 50_000) == pytest.approx(2 * SENDER_RATE, abs=2)


def test_a_pause_saves_up_one_second_and_no_more():
    buckets = Buckets()
    assert sum(buckets.allow("a", 0.0) for _ in range(10_000)) == SENDER_RATE
    assert sum(buckets.allow("a", 0.5) for _ in range(10_000)) == SENDER_RATE // 2
    assert sum(buckets.allow("a", 1000.0) for _ in range(10_000)) == SENDER_RATE


def test_a_big_datagram_costs_more():
    buckets = Buckets()
    assert sum(buckets.allow("a", 0.0, 128) for _ in range(1000)) == SENDER_RATE // 128
    assert buckets.allow("a", 0.0, 1)  # what was refused took nothing
    left = TOTAL_RATE - SENDER_RATE // 128 * 128 - 1
    assert not buckets.allow("b", 0.0, left + 1)
    assert buckets.allow("b", 0.0, left)
    assert buckets.empty


def test_one_flood_leaves_the_others_alone():
    buckets = Buckets()
    good = 0
    for k in range(200_000):  # 4 s
        now = k / 50_000
        buckets.allow("flood", now)
        if k % 50 == 0:
            good += buckets.allow("desk", now)
    assert good == 4000


def test_all_together():
    buckets = Buckets()
    allowed = 0
    for k in range(200_000):  # 2 s of ten senders at 10,000 a second
        allowed += buckets.allow(f"10.0.0.{k % 10}", k / 100_000)
    assert allowed == pytest.approx(3 * TOTAL_RATE, abs=20)


def test_a_clock_that_steps_back_neither_adds_nor_takes():
    buckets = Buckets()
    assert buckets.allow("b", 10.0)
    assert buckets.allow("b", 0.0)
    assert sum(buckets.allow("a", 10.0) for _ in range(10_000)) == SENDER_RATE
    assert not any(buckets.allow("a", now) for now in (9.0, 10.0, 5.0, 10.0, 0.0))
    assert buckets.allow("a", 10.1)


def test_memory_is_bounded_and_the_longest_silent_is_forgotten():
    buckets = Buckets()
    spent = sum(buckets.allow("busy", 0.0) for _ in range(10_000))
    assert spent == SENDER_RATE
    for n in range(MAX_SENDERS * 3):
        buckets.allow(f"spoofed {n}", 0.0)
        assert len(buckets) <= MAX_SENDERS
        assert not buckets.allow("busy", 0.0)  # still known, so still without tokens
    for n in range(MAX_SENDERS):
        buckets.allow(f"more {n}", 0.0)
    assert len(buckets) == MAX_SENDERS
    assert buckets.allow("busy", 0.0)  # silent for longest: forgotten


def test_never_more_than_the_rate_and_one_burst():
    dice = random.Random(5)
    buckets = Buckets()
    now = 50.0
    took = {"a": 0, "b": 0, "c": 0, "d": 0, "e": 0}
    for _ in range(30_000):
        now += dice.expovariate(4000)
        sender = dice.choice("abcde")
        n = tokens(dice.randint(0, 8192))
        if buckets.allow(sender, now, n):
            took[sender] += n
    seconds = now - 50.0
    assert max(took.values()) <= SENDER_RATE * (seconds + 1)
    assert SENDER_RATE * seconds < sum(took.values()) <= TOTAL_RATE * (seconds + 1)

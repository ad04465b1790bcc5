"""The datagrams of DDP, Art-Net, sACN and WLED's audio sync, byte for byte as their documents say."""

from __future__ import annotations

import itertools
import struct
import uuid

import numpy as np
import pytest

from wearsound.outputs.light import artnet, ddp, sacn, wled_sync
from wearsound.outputs.light.wire import ArtNet, Ddp, Sacn

ME = uuid.UUID("00112233-4455-6677-8899-aabbccddeeff").bytes
THERE = ("192.0.2.1", 1)


def bytes_of(n: int) -> bytes:
    return bytes(i % 251 for i in range(n))


class TestDdp:
    def test_three_pixels_to_the_byte(self) -> None:
        assert ddp.packets(bytes(range(9)), 5) == [
            bytes.fromhex("41 05 0b 01 00000000 0009") + bytes(range(9)),
        ]

    def test_a_fourth_channel_has_a_type_of_its_own(self) -> None:
        assert ddp.packets(bytes(8), 15, white=True) == [
            bytes.fromhex("41 0f 1b 01 00000000 0008") + bytes(8)
        ]

    def test_480_pixels_a_datagram_and_the_push_on_the_last(self) -> None:
        data = bytes_of(3 * 1000)
        first, second, third = ddp.packets(data, 7)
        assert [len(p) for p in (first, second, third)] == [1450, 1450, 130]
        assert [p[0] for p in (first, second, third)] == [0x40, 0x40, 0x41]
        assert [struct.unpack(">IH", p[4:10]) for p in (first, second, third)] == [
            (0, 1440),
            (1440, 1440),
            (2880, 120),
        ]
        assert b"".join(p[10:] for p in (first, second, third)) == data
        assert {p[1] for p in (first, second, third)} == {7}, "one number a frame: WLED drops others"
        (exact,) = ddp.packets(bytes(1440), 1)
        assert exact[0] == 0x41

    def test_sequences_go_from_1_to_15_and_round(self) -> None:
        wire = Ddp(3)
        found = [wire.frame(b"abc", THERE)[0][0][1] for _ in range(31)]
        assert found == [*range(1, 16), *range(1, 16), 1]


class TestArtNet:
    def test_one_universe_to_the_byte(self) -> None:
        assert artnet.dmx(0x1234, 9, b"\x01\x02\x03") == (
            b"Art-Net\0" + bytes.fromhex("0050 000e 09 00 34 12 0004") + b"\x01\x02\x03\x00"
        )

    def test_sync_to_the_byte(self) -> None:
        assert artnet.sync() == b"Art-Net\0" + bytes.fromhex("0052 000e 00 00")
        assert len(artnet.sync()) == 14

    def test_a_full_universe_has_530_bytes_and_a_port_address_15_bits(self) -> None:
        assert len(artnet.dmx(32767, 1, bytes(512))) == 530
        for universe, size in ((32768, 2), (-1, 2), (0, 0), (0, 513)):
            with pytest.raises(ValueError):
                artnet.dmx(universe, 1, bytes(size))

    def test_no_pixel_is_torn_and_all_are_shown_at_once(self) -> None:
        data = bytes_of(3 * 400)
        wire = ArtNet(len(data), 3, 7)
        found = [packet for packet, _ in wire.frame(data, THERE)]
        assert wire.universes == (7, 8, 9)
        assert (wire.datagrams, len(found)) == (4, 4)
        assert [packet[14] for packet in found[:3]] == [7, 8, 9]
        assert [struct.unpack(">H", packet[16:18])[0] for packet in found[:3]] == [510, 510, 180]
        assert b"".join(packet[18:] for packet in found[:3]) == data
        assert found[3] == artnet.sync()
        assert [len(ArtNet(n, 4, 0).universes) for n in (512, 516)] == [1, 2]
        assert len(ArtNet(len(data), 3, 7, sync=False).frame(data, THERE)) == 3
        assert len(ArtNet(510, 3, 7).frame(bytes(510), THERE)) == 1, "one universe needs no sync"

    def test_sequences_go_from_1_to_255_and_round(self) -> None:
        wire = ArtNet(3, 3, 0)
        found = [wire.frame(b"abc", THERE)[0][0][12] for _ in range(511)]
        assert found == [*range(1, 256), *range(1, 256), 1]


class TestSacn:
    def test_a_data_packet_to_the_byte(self) -> None:
        made = sacn.data(0x0102, 0x33, b"\x0a\x0b\x0c", ME, b"coat", priority=150, sync=0x0405, options=0x40)
        head = bytes.fromhex(
            "0010 0000 4153432d45312e3137000000 726e 00000004 00112233445566778899aabbccddeeff"
            "7258 00000002" + "636f6174" + "00" * 60 + "96 0405 33 40 0102"
            "720b 02 a1 0000 0001 0201 00"
        )
        assert made == head + b"\x0a\x0b\x0c" + bytes(509)
        assert (len(head), len(made)) == (126, 638)

    def test_a_synchronisation_packet_to_the_byte(self) -> None:
        assert sacn.sync(0x0405, 0x33, ME) == bytes.fromhex(
            "0010 0000 4153432d45312e3137000000 7021 00000008 00112233445566778899aabbccddeeff"
            "700b 00000001 33 0405 0000"
        )
        assert len(sacn.sync(1, 0, ME)) == 49

    def test_a_discovery_packet_to_the_byte(self) -> None:
        (made,) = sacn.discovery([3, 1], ME, b"coat")
        assert made == bytes.fromhex(
            "0010 0000 4153432d45312e3137000000 706c 00000008 00112233445566778899aabbccddeeff"
            "7056 00000002" + "636f6174" + "00" * 60 + "00000000 700c 00000001 00 00 0001 0003"
        )
        pages = sacn.discovery(list(range(1, 1026)), ME, b"coat")
        assert [(len(p), p[118], p[119]) for p in pages] == [(1144, 0, 2), (1144, 1, 2), (122, 2, 2)]

    def test_who_sends_is_the_same_for_the_same_machine_and_show(self) -> None:
        assert sacn.cid("host", "show") == sacn.cid("host", "show") != sacn.cid("host", "other")
        assert uuid.UUID(bytes=sacn.cid("host", "show")).version == 5
        assert sacn.named("ü" * 40) == ("ü" * 31).encode()

    def test_a_frame_is_synchronised_by_its_first_universe(self) -> None:
        data = bytes_of(3 * 200)
        wire = Sacn(len(data), 3, 5, ME, b"coat", priority=7)
        for number in (*range(256), 0):
            one, two, shown = (packet for packet, _ in wire.frame(data, THERE))
            assert (one[111], two[111], shown[44]) == (number, number, number)
        assert (one[113:115], two[113:115], shown[45:47]) == (b"\0\5", b"\0\6", b"\0\5")
        assert one[109:111] == two[109:111] == b"\0\5"
        assert (one[108], one[112]) == (7, 0)
        assert one[126:636] + two[126:216] == data
        assert two[216:] == bytes(422)

    def test_a_stream_ends_three_times(self) -> None:
        wire = Sacn(3 * 200, 3, 5, ME, b"coat")
        wire.frame(bytes(600), THERE)
        found = [packet for packet, _ in wire.end(bytes(600), THERE)]
        assert [(p[114], p[111], p[112]) for p in found] == [
            (u, s, 0x40) for s, u in itertools.product((1, 2, 3), (5, 6))
        ]

    def test_multicast_goes_to_a_group_a_universe(self) -> None:
        wire = Sacn(3 * 200, 3, 0x1FF, ME, b"coat", multicast=True)
        assert [to for _, to in wire.frame(bytes(600), THERE)] == [
            ("239.255.1.255", 5568),
            ("239.255.2.0", 5568),
            ("239.255.1.255", 5568),
        ]
        assert [to for _, to in wire.news(THERE)] == [("239.255.250.214", 5568)]
        assert {to for _, to in Sacn(600, 3, 1, ME, b"coat").frame(bytes(600), THERE)} == {THERE}


class TestWledSync:
    def test_44_bytes_with_gaps_at_6_and_34(self) -> None:
        bands = [0.0, 1.0, 0.5, *[0.1] * 13]
        made = wled_sync.packet(0.5, 0.25, True, 258, bands, 0.5, 440.0)
        assert len(made) == 44
        assert made[:8] == b"00002\0\0\0"
        assert struct.unpack("<ff", made[8:16]) == (127.5, 63.75)
        assert (made[16], made[17]) == (1, 2)
        assert list(made[18:34]) == [0, 254, 128, *[26] * 13]
        assert made[34:36] == b"\0\0"
        assert struct.unpack("<ff", made[36:44]) == (510.0, 440.0)
        with pytest.raises(ValueError):
            wled_sync.packet(0, 0, False, 0, [0.0] * 15)

    def test_the_bands_are_wleds(self) -> None:
        assert len(wled_sync.BANDS) == 16
        assert wled_sync.BANDS[:3] == ((43, 86), (86, 129), (129, 215))
        assert wled_sync.BANDS[7] == (818, 1120)
        assert wled_sync.BANDS[15] == (7106, 9259)
        assert all(a[1] == b[0] for a, b in itertools.pairwise(wled_sync.BANDS))

    def test_the_highest_band_gives_its_frequency(self) -> None:
        for top, (low, high) in enumerate(wled_sync.BANDS):
            bands = np.zeros(16)
            bands[top] = 0.8
            hz, height = wled_sync.major(bands.tolist())
            assert low < hz < high
            assert height == 0.8
        leaning = [0.0] * 16
        leaning[7], leaning[8] = 0.8, 0.7
        assert np.sqrt(818 * 1120) < wled_sync.major(leaning)[0] <= 1120
        assert wled_sync.major([0.0] * 16) == (0.0, 0.0)
        assert wled_sync.major([0.5] * 16)[1] == 0.5

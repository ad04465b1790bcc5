"""A microcontroller that shakes: frames of wearsound by UDP, a DRV2605L for each motor behind a TCA9548A, MicroPython.

README.md beside this says how it is wired and what to change. A frame holds for as long as it says, 250 ms at most;
then everything is still, whatever happened to the sender. No line here switches a motor on for good.
"""

import socket
import time

import network
from machine import I2C, WDT, Pin

NAME, PASSWORD, PORT, MOTORS, LRA = "my-network", "my-password", 4210, 4, True
RATED, CLAMP = 0x3E, 0x8C  # what YOUR motor bears, by its data sheet: README.md; these are the chip's own

enable = Pin(5, Pin.OUT, value=0)  # EN of every chip, with 10 kilohms to ground: off while the board starts
i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=400_000)


def put(motor, register, value):
    i2c.writeto(0x70, bytes([1 << motor]))  # the multiplexer: one arm
    i2c.writeto_mem(0x5A, register, bytes([value]))  # the chip on it


wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect(NAME, PASSWORD)
inlet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inlet.bind(("0.0.0.0", PORT))
inlet.settimeout(0.01)
still = bytes(MOTORS)
values, last, until, holder = still, None, time.ticks_ms(), None
try:
    enable.on()
    time.sleep_ms(2)
    for motor in range(MOTORS):
        put(motor, 0x1A, 0xB6 if LRA else 0x36)  # which kind of motor
        put(motor, 0x16, RATED)  # rated voltage: 127 of an LRA, steady
        put(motor, 0x17, CLAMP)  # the most at any moment: 127 of an ERM
        put(motor, 0x01, 0x05)  # out of standby, into real-time playback
    dog = WDT(timeout=1000)  # a board that hangs starts again, and EN is low meanwhile
    while True:
        dog.feed()
        try:
            data, sender = inlet.recvfrom(80)
        except OSError:  # nothing came
            data, sender = b"", None
        now = time.ticks_ms()
        if time.ticks_diff(now, until) >= 0:  # over; and as old as now, since ticks go round after some days
            values, until, holder = still, now, None
        # "WV", version, flags (none: signed values), sequence (2), lifetime in ms, how many (64 at most), values
        if len(data) > 8 and data[:4] == b"WV\x01\x00" and len(data) == 8 + data[7] <= 72 and data[6] <= 250:
            sequence = data[4] << 8 | data[5]
            mine = sender == holder and 0 < (sequence - last) & 0xFFFF < 0x8000
            new = mine or (holder is None and sequence != last)  # what is said over and over holds once
            if new or not any(data[8:]):  # stillness is obeyed whoever says it, and when
                last, until, holder = sequence, time.ticks_add(now, data[6]), sender
                # Never -128; a motor that nobody names is still.
                values = (data[8:].replace(b"\x80", b"\x81") + still)[:MOTORS] if data[6] else still
        for motor in range(MOTORS):
            put(motor, 0x02, values[motor])  # what stands here is what the motor does
finally:
    enable.off()  # a loose wire, an error, Ctrl-C: everything is off

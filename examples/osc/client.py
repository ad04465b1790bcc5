"""Ask a running show, dim it, then print what other hands do: python client.py (pip install python-osc)."""

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer
from pythonosc.udp_client import SimpleUDPClient

heard = Dispatcher(strict_timing=False)
heard.set_default_handler(lambda address, *values: print(address, *values, flush=True))
server = BlockingOSCUDPServer(("127.0.0.1", 9001), heard)
wear = SimpleUDPClient("127.0.0.1", 9000)
wear.send_message("/wear/subscribe", 9001)  # lapses after 60 s: say it again in time
wear.send_message("/wear/tempo/bpm", [])  # no argument asks
wear.send_message("/wear/master", 0.5)
server.serve_forever()

"""What an OSCQuery request is answered with: JSON of the tree, or a status and a sentence."""

from __future__ import annotations

import json
from typing import Any

from wearsound import faults
from wearsound.osc.query import BadAttribute, attributes, host_info, node
from wearsound.osc.tree import Tree
from wearsound.outputs.http_request import MOST_REQUEST, Refused, decoded, request

_REASONS = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    505: "HTTP Version Not Supported",
}


class Answers:
    """Of one show: `name` is what clients list it as, `osc_port` where its OSC comes in."""

    def __init__(self, tree: Tree, name: str, osc_port: int) -> None:
        self._tree = tree
        self._name = name
        self._osc_port = osc_port

    def respond(self, head: bytes | None, here: str) -> bytes:
        """The whole response to a request's head; None: it was too long. `here` is the address it came to.

        [server's thread]
        """
        method, body, status = "GET", b"", 200
        try:
            if head is None:
                raise Refused(431, f"a request is at most {MOST_REQUEST} bytes")
            method, target = request(head)
            found = self._look_up(target, here)
            body = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        except Refused as refused:
            status = refused.status
            body = b"" if status == 204 else json.dumps({"error": str(refused)}).encode()
        except Exception:  # a parameter that cannot say what it is must not end the others' answers
            status, body = 500, b'{"error": "a value could not be read; the log of the show says more"}'
            sentence = "OSCQuery: a request could not be answered"
            faults.begin("WS-E14", "OSCQuery", sentence, lapse=faults.MOMENT, trace=True)
        lines = [
            f"HTTP/1.1 {status} {_REASONS[status]}",
            "Content-Type: application/json; charset=utf-8",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
        ]
        if status != 204:
            lines.append(f"Content-Length: {len(body)}")
        if status == 405:
            lines.append("Allow: GET, HEAD")
        return "\r\n".join([*lines, "", ""]).encode("ascii") + (b"" if method == "HEAD" else body)

    def _look_up(self, target: str, here: str) -> dict[str, Any]:
        path, _, query = target.partition("#")[0].partition("?")
        names = [part.partition("=")[0] for part in query.split("&") if part]
        if "HOST_INFO" in names:
            return host_info(self._name, here, self._osc_port)
        try:
            found = attributes(self._tree, decoded(path), names) if names else node(self._tree, decoded(path))
        except BadAttribute as error:
            raise Refused(400, str(error)) from None
        if found is None:
            raise Refused(404, "there is no such address here")
        if not found and names != ["TYPE"]:
            raise Refused(204)
        return found

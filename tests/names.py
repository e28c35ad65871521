"""A small name server of one's own, over the real protocol, for tests that check signatures."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Names:
    """What it answers: name → TXT record as bytes, or a list of them. Everything else is NXDOMAIN."""

    port: int
    records: dict[str, bytes | list[bytes]] = field(default_factory=dict)
    others: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # (name, "MX") → its records as text
    asked: list[str] = field(default_factory=list)
    is_silent: bool = False  # then it hears and says nothing
    refuses: bool = False  # then it answers SERVFAIL

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        response = dns.message.make_response(query)
        found = self.records.get(name)
        if self.refuses:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif others := self.others.get((name, dns.rdatatype.to_text(question.rdtype))):
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", question.rdtype, *others))
        elif found is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif question.rdtype == dns.rdatatype.TXT:
            for record in found if isinstance(found, list) else [found]:
                pieces = [record[place : place + 255] for place in range(0, len(record), 255)] or [b""]
                text = " ".join(f'"{escaped(piece)}"' for piece in pieces)
                response.answer.append(dns.rrset.from_text(question.name, 300, "IN", "TXT", text))
        return response


def escaped(piece: bytes) -> str:
    return "".join(f"\\{byte:03d}" if byte in b'"\\' or not 32 <= byte < 127 else chr(byte) for byte in piece)


@contextmanager
def serving() -> Iterator[Names]:
    """The server on a free port of this machine, until the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        names = Names(door.getsockname()[1])
        thread = threading.Thread(target=listen, args=(door, names), daemon=True)
        thread.start()
        try:
            yield names
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", names.address)
            thread.join(5)


def listen(door: socket.socket, names: Names) -> None:
    while True:
        said, client = door.recvfrom(65_535)
        if not said:
            return
        response = names.answer(dns.message.from_wire(said))
        if not names.is_silent:
            door.sendto(response.to_wire(), client)

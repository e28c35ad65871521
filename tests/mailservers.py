"""Real mail servers of this machine, each an instance of the test's own: folder, ports, no mail of anybody else's.

Debian's Dovecot and Postfix start as root alone; where that is not so, what needs them says loudly that it was not
tested (tests/services.py).
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.processes import until
from tools.stack import free_ports

CODE = "code1234"
NOBODY = 65534


def a_certificate(folder: Path, name: str = "127.0.0.1") -> tuple[Path, Path]:
    """Files of a certificate for `name`, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(name))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, secret


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        return bool(line.recv(1))
    return False


@contextlib.contextmanager
def short_folder(name: str) -> Iterator[Path]:
    """A folder that daemons of any user may walk through, with a name short enough for their sockets."""
    folder = Path(f"/tmp/suji-{name}-{os.getpid()}")
    folder.mkdir(mode=0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# -- Dovecot -------------------------------------------------------------------------------------------------

DOVECOT = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
auth_verbose = no
imap_id_log = *
mail_location = maildir:{folder}/home/%u/Maildir
maildir_very_dirty_syncs = no
passdb {{
  driver = static
  args = password={code}
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    folder: Path
    port: int
    tls_port: int
    certificate: Path
    delivered: int = 0

    def box(self, user: str) -> Path:
        return self.folder / "home" / user / "Maildir"

    def deliver(self, user: str, raw: bytes) -> None:
        """Lay `raw` into the INBOX of `user`, as an MTA does: unread."""
        box = self.box(user)
        for name in ("cur", "new", "tmp"):
            (box / name).mkdir(parents=True, exist_ok=True)
        for path in (box.parent, box, *box.iterdir()):
            os.chown(path, NOBODY, NOBODY)
        self.delivered += 1
        file = box / "new" / f"{1_700_000_000 + self.delivered}.M{self.delivered}P1.test"
        file.write_bytes(raw)
        os.chown(file, NOBODY, NOBODY)

    def flags(self, user: str) -> list[str]:
        """What each mail of the INBOX is marked with: "" as it was delivered."""
        files = [path for name in ("cur", "new") for path in (self.box(user) / name).iterdir()]
        return sorted(path.name.partition(":2,")[2] for path in files)

    def forget_numbers(self, user: str) -> None:
        """What a server does when a folder is put back from a backup: other UIDs under another UIDVALIDITY."""
        for path in self.box(user).glob("dovecot*"):
            path.unlink()
        time.sleep(1.1)  # a new UIDVALIDITY is the second in which it is made

    @property
    def said(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Debian's Dovecot with mailboxes for whoever logs in with CODE."""
    with short_folder("dovecot") as folder:
        (folder / "home").mkdir()
        os.chown(folder / "home", NOBODY, NOBODY)
        certificate, key = a_certificate(folder)
        port, tls_port = free_ports(2)
        config = folder / "dovecot.conf"
        config.write_text(
            DOVECOT.format(
                folder=folder, certificate=certificate, key=key, code=CODE, uid=NOBODY, port=port, tls_port=tls_port
            )
        )
        server = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(config)], start_new_session=True)
        try:
            found = Dovecot(folder, port, tls_port, certificate)
            assert until(lambda: answers(port), 20), found.said
            yield found
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


# -- an IMAP server that behaves as few do -------------------------------------------------------------------


@dataclass
class OddImap:
    """Enough of IMAP4rev1 for one client that only reads, with the habits that Dovecot has not."""

    mails: dict[int, bytes]
    port: int = 0
    wants_id: bool = False  # as NetEase: no folder for a program that has not said who it is
    knows_id: bool = True
    refuses: frozenset[int] = frozenset()  # mails whose text it answers NO to
    breaks_at: frozenset[int] = frozenset()  # mails at which it hangs up
    sizes: dict[int, int] = field(default_factory=dict)  # what it says of a mail's size, where that is not true
    heard: list[str] = field(default_factory=list)  # commands, without their tags

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _peer = listener.accept()
            except OSError:
                return
            with line, line.makefile("rwb", buffering=0) as file:
                self._talk(file)

    def _talk(self, file: BinaryIO) -> None:
        file.write(b"* OK ready\r\n")
        is_known = False
        for sent in iter(file.readline, b""):
            tag, _blank, command = sent.decode().rstrip("\r\n").partition(" ")
            word = command.split(" ", 1)[0].upper()
            self.heard.append(command)
            answer, ending = b"", "OK done"
            if word == "CAPABILITY":
                answer = b"* CAPABILITY IMAP4rev1 ID\r\n"
            elif word == "LOGIN" and f'"{CODE}"' not in command:
                ending = "NO LOGIN Login error or password error"
            elif word == "ID":
                is_known, ending = True, "OK ID completed" if self.knows_id else "BAD unknown command"
            elif word == "EXAMINE" and self.wants_id and not is_known:
                ending = "NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"
            elif word == "EXAMINE":
                answer = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT %d] ok\r\n" % (max(self.mails) + 1)
                ending = "OK [READ-ONLY] done"
            elif word == "UID" and command.split()[1] == "SEARCH":
                answer = b"* SEARCH " + " ".join(map(str, sorted(self.mails))).encode() + b"\r\n"
            elif word == "UID":
                uids = [int(uid) for uid in command.split()[2].split(",")]
                is_whole = "BODY.PEEK[]" in command
                if is_whole and self.breaks_at & set(uids):
                    return
                if is_whole and self.refuses & set(uids):
                    ending = "NO this mail is damaged"
                else:
                    answer = b"".join(self._mail(uid, is_whole) for uid in uids if uid in self.mails)
            elif word == "LOGOUT":
                answer = b"* BYE bye\r\n"
            file.write(answer + f"{tag} {ending}\r\n".encode())

    def _mail(self, uid: int, is_whole: bool) -> bytes:
        raw = self.mails[uid]
        text = raw if is_whole else raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        size = self.sizes.get(uid, len(raw))
        # What a client asked for may stand behind the text as well as before it.
        return b"* %d FETCH (BODY[] {%d}\r\n%b UID %d RFC822.SIZE %d)\r\n" % (uid, len(text), text, uid, size)


@contextlib.contextmanager
def odd_imap(mails: dict[int, bytes], **habits: Any) -> Iterator[OddImap]:
    """That server on a free port of this machine, in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = OddImap(mails, listener.getsockname()[1], **habits)
        thread = threading.Thread(target=server.serve, args=(listener,))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


# -- Postfix -------------------------------------------------------------------------------------------------

OPERATING = Path(__file__).resolve().parent.parent / "docs" / "operating.md"
POSTFIX = "/usr/sbin/postfix"

# What an instance beside the system's own needs, and the little that the guide leaves to a fresh installation.
APART = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = /tmp
maillog_file = {folder}/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = {name}
mynetworks =
alias_maps =
alias_database =
default_database_type = hash
smtp_tls_security_level = none
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ POSTLOG_SERVICE POSTLOG_HOSTNAME LANG=C
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
postlog unix-dgram n - n - 1 postlogd
"""


def documented(first_line: str) -> str:
    """The block of docs/operating.md that begins with that line: what a host copies is what is tried."""
    blocks = OPERATING.read_text("utf-8").split("```")[1::2]
    return next(block.strip("\n") for block in blocks if block.lstrip("\n").startswith(first_line)) + "\n"


@dataclass
class Postfix:
    folder: Path
    port: int
    certificate: Path

    @property
    def said(self) -> str:
        log = self.folder / "log"
        return log.read_text("utf-8", "replace") if log.exists() else ""

    @property
    def queued(self) -> list[Path]:
        """The mails that still wait, whatever for."""
        names = ("incoming", "active", "deferred", "hold", "maildrop")
        return [path for name in names for path in (self.folder / "queue" / name).rglob("*") if path.is_file()]


@contextlib.contextmanager
def postfix(domain: str, lmtp_port: int, name: str, extra: str = "") -> Iterator[Postfix]:
    """Debian's Postfix set up as docs/operating.md says, for `domain`, with the door at `lmtp_port`; it is `name`."""
    with short_folder("postfix") as folder:
        for part in ("etc", "queue", "data"):
            (folder / part).mkdir()
        shutil.chown(folder / "data", "postfix")
        certificate, key = a_certificate(folder)
        (port,) = free_ports(1)
        main = documented("# main.cf").replace("in.suji.example.org", domain).replace("mx.suji.example.org", name)
        main = main.replace("127.0.0.1:2525", f"127.0.0.1:{lmtp_port}")
        main = main.replace("/etc/ssl/mx.pem", str(certificate)).replace("/etc/ssl/mx.key", str(key))
        main = "".join(line for line in main.splitlines(True) if "milter" not in line)  # none runs here
        (folder / "etc" / "main.cf").write_text(APART.format(folder=folder, name=name) + main + extra)
        (folder / "etc" / "master.cf").write_text(SERVICES.format(port=port))
        config = str(folder / "etc")
        subprocess.run([POSTFIX, "-c", config, "check"], check=True, timeout=60, capture_output=True)
        subprocess.run([POSTFIX, "-c", config, "start"], check=True, timeout=60, capture_output=True)
        try:
            found = Postfix(folder, port, certificate)
            assert until(lambda: answers(port), 20), found.said
            yield found
        finally:
            subprocess.run([POSTFIX, "-c", config, "stop"], timeout=60, capture_output=True)

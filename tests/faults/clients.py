"""SMTP clients as mail servers are: they try until they hear a yes, and write down what they heard."""

from __future__ import annotations

import queue
import smtplib
import threading
import time
from collections.abc import Callable, Sequence
from random import Random

from tests.faults.history import YES, Attempt, History, now
from tests.faults.mails import Mail

PATIENCE = 30.0  # seconds that a client waits for one answer
AGAIN = (0.05, 0.5)  # seconds between two tries: a mail server waits minutes


class Clients:
    """Some threads that hand over mails; nothing is sent before it is released."""

    def __init__(
        self,
        ports: Callable[[], Sequence[int]],
        inboxes: Sequence[str],
        sender: Callable[[Mail], str],
        history: History,
        seed: int,
        threads: int = 4,
    ) -> None:
        self.history = history
        self._ports, self._inboxes, self._sender = ports, inboxes, sender
        self._queue: queue.Queue[Mail] = queue.Queue()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(Random(f"{seed} {number}"),), daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def release(self, mails: Sequence[Mail]) -> None:
        for mail in mails:
            self._queue.put(mail)

    def wait(self, seconds: float) -> bool:
        """Until every mail that was released has heard its yes; False when `seconds` were over first."""
        end = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.02)
        return not self._queue.unfinished_tasks

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE + 5)

    def _run(self, chance: Random) -> None:
        while not self._stop.is_set():
            try:
                mail = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            number = 1
            while not self._try(mail, number, chance) and not self._stop.wait(chance.uniform(*AGAIN)):
                number += 1
            self._queue.task_done()

    def _try(self, mail: Mail, number: int, chance: Random) -> bool:
        began = now()
        reply = self._hand_over(mail, chance.choice(self._ports()))
        self.history.add(Attempt(mail.key, number, began, now(), reply))
        return reply == YES

    def _hand_over(self, mail: Mail, port: int) -> str:
        """The answer to the whole mail, by hand: `sendmail` would take a QUIT that failed for a mail that failed."""
        door = smtplib.SMTP(timeout=PATIENCE)
        try:
            door.connect("127.0.0.1", port)
            door.ehlo("client.example.com")
            answers = [door.mail(self._sender(mail))]
            answers += [door.rcpt(self._inboxes[place]) for place in mail.inboxes]
            for code, _words in answers:
                if code != 250:
                    return str(code)
            code, _words = door.data(mail.raw)
            return str(code)
        except (OSError, smtplib.SMTPException) as error:
            return type(error).__name__
        finally:
            door.close()

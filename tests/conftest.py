"""What every test run has: no network, and a loud word about what was not tested."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections import Counter
from typing import Any

import pytest
from django.utils import translation

from tests import services

ON_POSTGRES = os.environ.get("SUJI_TEST_DATABASE") == "postgres"
NEEDS_A_SERVICE = ("postgres", "cluster", "redis", "browser")
NOT_TESTED = "NOT TESTED: "


# -- no network ----------------------------------------------------------------------------------------


class NetworkUsed(RuntimeError):
    """A test reached for another machine. Not an OSError, so that no code under test swallows it."""


def _is_near(address: Any) -> bool:
    """Is it a unix socket, a loopback address, or the host of a service that tests were told to use?"""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"} or host.endswith(".localhost") or host in services.hosts():
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded(name: str) -> Any:
    real = getattr(socket.socket, name)

    def guarded(self: socket.socket, *args: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and args and not _is_near(args[-1]):
            self.close()
            raise NetworkUsed(f"socket.{name} to {args[-1]!r}: tests stay on this machine")
        return real(self, *args)

    return guarded


_real_getaddrinfo = socket.getaddrinfo


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    flags = args[4] if len(args) > 4 else kwargs.get("flags", 0)
    if name and not flags & socket.AI_NUMERICHOST and not _is_near((name, 0)):
        try:
            ipaddress.ip_address(name)
        except ValueError:
            raise NetworkUsed(f"look-up of {name!r}: tests stay on this machine") from None
    return _real_getaddrinfo(host, *args, **kwargs)


def _close_the_network() -> None:
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(name))
    socket.getaddrinfo = _guarded_getaddrinfo


# -- what is here, and what is not -----------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if ON_POSTGRES and (why := services.missing("postgres")):
        raise pytest.UsageError(f"{NOT_TESTED}{why}")
    _close_the_network()


def _touches_the_database(item: pytest.Item) -> bool:
    named = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
    return item.get_closest_marker("django_db") is not None or bool(named & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for service in NEEDS_A_SERVICE:
            if item.get_closest_marker(service) and (why := services.missing(service)):
                item.add_marker(pytest.mark.skip(reason=f"{NOT_TESTED}{why}"))
    if ON_POSTGRES:  # the run on PostgreSQL repeats only what the database can make different
        kept = [item for item in items if _touches_the_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _touches_the_database(item)])
        items[:] = kept


def pytest_runtest_setup() -> None:
    translation.deactivate()  # a page's language stays with its thread, for the next test too


def _not_tested(config: pytest.Config) -> Counter[str]:
    """Sentence → how many tests were left out for it. xdist brings the workers' reports here."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = (report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    return Counter(reason.split(NOT_TESTED, 1)[1] for reason in reasons if reason.startswith(f"Skipped: {NOT_TESTED}"))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    left_out = _not_tested(config)
    for why, count in left_out.items():
        terminalreporter.write_line(f"{NOT_TESTED}{count} tests: {why}", red=True, bold=True)
    if left_out and os.environ.get("CI"):
        terminalreporter.write_line("CI is set: what was not tested is a failure.", red=True, bold=True)
    if path := os.environ.get("SUJI_NOT_TESTED_FILE"):  # tools/test.sh says it again at the very end
        with open(path, "a", encoding="utf-8") as file:
            file.writelines(f"{NOT_TESTED}{count} tests: {why}\n" for why, count in left_out.items())


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("CI") and session.exitstatus == 0 and _not_tested(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

"""What a line of a log is about: the request, the mail. Ids only; set at a door, read by the log (config/logs.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_trail: ContextVar[Mapping[str, str] | None] = ContextVar("trail", default=None)


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Lines that are logged inside are about these, beside what they are about already."""
    before = _trail.set({**now(), **{name: str(value) for name, value in ids.items()}})
    try:
        yield
    finally:
        _trail.reset(before)


def about_first(name: str) -> Callable[[Callable[Concatenate[int, P], R]], Callable[Concatenate[int, P], R]]:
    """Lines that the function logs are about its first argument, a row's number, under `name`."""

    def decorate(work: Callable[Concatenate[int, P], R]) -> Callable[Concatenate[int, P], R]:
        @wraps(work)
        def told(first: int, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with about(**{name: first}):
                return work(first, *args, **kwargs)

        return told

    return decorate


def now() -> dict[str, str]:
    """What a line that is logged here and now is about."""
    return dict(_trail.get() or {})

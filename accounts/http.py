"""The request type, and the few helpers by which a view answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """A request as our middleware leaves it, whoever sent it."""

    user: User | AnonymousUser
    htmx: HtmxDetails
    id: str


class SignedIn(Request):
    """A request of a person who signed in."""

    user: User


def render_page(
    request: HttpRequest, page: str, context: dict[str, Any], *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole `page`, or only its `part` when htmx asked; nothing else chooses between the two."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    return render(request, part if part and htmx and not htmx.boosted else page, context, status=status)


def go(request: HttpRequest, to: Any) -> HttpResponse:
    """Send the person on: a redirect, or htmx's own kind of one."""
    if request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return HttpResponseClientRedirect(resolve_url(to))
    return redirect(to)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page may know: whether this is a demo or WeChat, and the id to name when something went wrong."""
    return {
        "demo": settings.DEMO,
        "in_wechat": "micromessenger" in request.headers.get("User-Agent", "").lower(),
        "request_id": getattr(request, "id", ""),
    }

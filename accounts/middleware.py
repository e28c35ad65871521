"""What happens to every request: an id, safe headers, the person's language, private pages kept private."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from accounts import trail
from accounts.ids import random_id

Handler = Callable[[HttpRequest], HttpResponse]
PAGES = ("text/html", "text/javascript", "application/json", "application/manifest+json", "text/calendar")
SPOKEN = {code for code, _name in settings.LANGUAGES}


def request_id(get_response: Handler) -> Handler:
    """Name every request, so that a person can tell us which one failed."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.id = random_id(12)  # type: ignore[attr-defined]  # accounts.http.Request
        with trail.about(request=request.id):  # type: ignore[attr-defined]  # set above
            response = get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response

    return handle


def security_headers(get_response: Handler) -> Handler:
    """Constant headers that Django does not set by itself."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return handle


def compressed(get_response: Handler) -> Handler:
    """Pages go over a slow line in a third of their bytes; files go as they are (docs/decisions/0019-gzip.md)."""
    squeeze = GZipMiddleware(get_response)

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith(PAGES):
            squeeze.process_response(request, response)  # changes it in place
        return response

    return handle


def language(get_response: Handler) -> Handler:
    """The cookie's language, else the account's, else Chinese (docs/decisions/0010-the-language-of-a-page.md)."""

    def handle(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in SPOKEN:
            chosen = getattr(request.user, "language", "")
        translation.activate(chosen if chosen in SPOKEN else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = get_response(request)
        response.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ("Cookie", "HX-Request"))
        return response

    return handle


def private_pages(get_response: Handler) -> Handler:
    """No cache keeps what a signed-in person saw."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
            response["Cache-Control"] = "private, no-store"
        return response

    return handle

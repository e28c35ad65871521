"""What a browser needs to put Suji on a home screen: the manifest, the service worker, the offline page."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

LANGUAGES = [code for code, _name in settings.LANGUAGES]
STATIC = ("css/suji.css", "favicon.svg")  # what the offline page shows
# What other apps may share with us: mails and texts for the hand-in page, pictures and papers for a case.
SHARED_TYPES = [
    "message/rfc822", ".eml", ".msg", "text/plain", ".txt", "application/zip", ".zip",
    "image/*", "video/mp4", "application/pdf",
]  # fmt: skip


@login_not_required
@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """What the installed Suji is called and looks like; one for each language, the same app."""
    if language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        response = JsonResponse(manifest_in(language), json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/manifest+json; charset=utf-8"
    response["Content-Language"] = language
    response["Cache-Control"] = "public, max-age=3600"
    return response


def manifest_in(language: str) -> dict[str, Any]:
    """The manifest in the language that is active."""
    return {
        "id": "/",
        "name": _("诉迹：看清投诉走到哪一步"),
        "short_name": _("诉迹"),
        "description": _("把投诉通知转发过来，看清案件走到哪一步、轮到谁、截止到什么时候。"),
        "lang": language,
        "dir": "ltr",
        "start_url": reverse("complaints:case_list"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f6f3",
        "theme_color": "#f7f6f3",
        "icons": [
            {"src": static("icons/192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("icons/512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("icons/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [
            {"name": _("交来通知"), "url": reverse("complaints:hand_in")},
            {"name": _("新建案件"), "url": reverse("complaints:case_new")},
        ],
        "share_target": {
            "action": reverse("complaints:hand_in_share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "files", "accept": SHARED_TYPES}],
            },
        },
    }


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its text changes, and the browser takes the new one, when what it keeps changes."""
    kept = [static(name) for name in STATIC]
    version = hashlib.sha256(render_to_string("offline.html", {"languages": LANGUAGES}).encode()).hexdigest()[:12]
    context = {"kept": json.dumps(kept), "version": version}
    response = render(request, "worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without network, in every language at once: the worker keeps one page for everybody."""
    response = render(request, "offline.html", {"languages": LANGUAGES})
    response["Cache-Control"] = "no-cache"
    return response

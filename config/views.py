"""The pages before the door: home, the sample, privacy, health, errors."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import consent
from accounts.adapter import landing
from accounts.http import SignedIn, go
from accounts.models import User
from complaints.demo import world
from complaints.demo.people import PEOPLE
from complaints.durability import says_full
from complaints.models import IncomingMail
from complaints.sample import sample_context
from config import ready
from evidence.keep import StoreAway


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")


@login_not_required
@require_safe
def sample_case(request: HttpRequest) -> HttpResponse:
    """A case that nobody has, to look at without an account."""
    return render(request, "sample_case.html", sample_context())


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html", {"version": consent.version()})


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations, cache and storage are well, else 503. Staff read what ails, the broker too."""
    answers = ready.answers()
    is_ready = all(answer.is_well for name, answer in answers.items() if name in ready.NEEDED)
    said: dict[str, object] = {"ready": is_ready}
    if answers["database"].is_well and getattr(request.user, "is_host", False):
        said |= {
            name: {"said": answer.said, "milliseconds": round(1000 * answer.seconds)}
            for name, answer in answers.items()
        }
    return JsonResponse(said, status=200 if is_ready else 503)


@login_not_required
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in one of the demo's people at the press of a button; as if it were not there outside the demo."""
    email, role = PEOPLE.get(request.POST.get("role", ""), ("", ""))
    user = User.objects.filter(email=email, role=role, is_active=True).first() if settings.DEMO else None
    if user is None:
        raise Http404
    login(request, user)
    return go(request, landing(user))


@require_POST
def demo_send(request: SignedIn) -> HttpResponse:
    """A sample letter or a forged one, through the real door; then the page of what became of it."""
    if not settings.DEMO:
        raise Http404
    before = IncomingMail.objects.visible_to(request.user).order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        send = world.send_forged if request.POST.get("what") == "forged" else world.send_sample
        send(request.user)
    except OSError:
        messages.error(request, _("收信的门没有应答：样信没有寄出。请看看manage.py serve是否还在运行。"))
        return go(request, "start")
    mail = world.newest_after(request.user, before)
    return go(request, mail or "complaints:mail_list")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without what other pages know: the database may be what failed.

    A disk without room and an object store that is away have pages of their own: to try again later helps then.
    """
    error = sys.exception()
    if isinstance(error, StoreAway):
        return HttpResponse(render_to_string("503_store.html"), status=503, headers={"Retry-After": "60"})
    status = 507 if error is not None and says_full(error) else 500
    page = render_to_string(f"{status}.html", {"request_id": getattr(request, "id", "")})
    return HttpResponse(page, status=status)

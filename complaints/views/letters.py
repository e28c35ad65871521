"""写信: letters to begin with, filled from the case, the shopper's own from then on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SignedIn, render_page
from complaints import letters, words
from complaints.forms import LetterForm
from complaints.letters import TITLES, Letter, facts_of, fitting
from complaints.models import Case, LetterDraft


def mine(request: SignedIn, public_id: str) -> Case:
    return get_object_or_404(Case.objects.editable_by(request.user).select_related("shop"), public_id=public_id)


@require_safe
def letter_list(request: SignedIn, public_id: str) -> HttpResponse:
    """The letters that fit where the case stands, and the others."""
    case = mine(request, public_id)
    facts, standing = facts_of(case)
    fits = fitting(standing, has_offer=bool(facts.offer))
    begun = set(case.letter_drafts.values_list("letter", flat=True))
    rows = [(letter, *TITLES[letter], letter in begun, letter in fits) for letter in (*fits, *others(fits))]
    context = {"case": case, "heading": words.heading(case), "rows": rows}
    return render_page(request, "complaints/letter_list.html", context)


def others(fits: tuple[Letter, ...]) -> tuple[Letter, ...]:
    return tuple(letter for letter in Letter if letter not in fits)


@require_http_methods(["GET", "HEAD", "POST"])
def letter_detail(request: SignedIn, public_id: str, letter: str) -> HttpResponse:
    """One letter: the draft when there is one, else what the case fills in; saved, started over, or looked through."""
    case = mine(request, public_id)
    if letter not in TITLES:
        raise Http404
    title, about = TITLES[Letter(letter)]
    draft = case.letter_drafts.filter(letter=letter).first()
    here = reverse("complaints:letter_detail", args=[case.public_id, letter])
    if request.method == "POST" and request.POST.get("do") == "renew":
        case.letter_drafts.filter(letter=letter).delete()
        messages.success(request, _("重新填好了。"))
        return HttpResponseRedirect(here)
    form = LetterForm(request.POST or None, initial={"text": draft.text if draft else write(case, Letter(letter))})
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        LetterDraft.objects.update_or_create(
            case=case, letter=letter, defaults={"text": text, "saved_at": timezone.now()}
        )
        messages.success(request, _("存好了。只有你看得到。"))
        return HttpResponseRedirect(here)
    text = form["text"].value() or ""
    context = {
        "case": case,
        "heading": words.heading(case),
        "form": form,
        "title": title,
        "about": about,
        "draft": draft,
        "hints": list(letters.heated(text)),
        "blanks": text.count("【请填写"),
    }
    return render_page(request, "complaints/letter_detail.html", context, status=422 if form.is_bound else 200)


def write(case: Case, letter: Letter) -> str:
    facts, _standing = facts_of(case)
    return letters.write(letter, facts)

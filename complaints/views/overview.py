"""How the tray is doing, for those who run the installation: sums and ages, never what is in a mail or a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.http import SignedIn, go, render_page
from accounts.ids import random_id
from accounts.models import Role, User
from complaints import calibration, review, tray, words
from complaints.models import CalibrationItem, Case, Decision, IncomingMail, Review
from complaints.views.staff import hosts_only

PAGE = 50
MANY = 999  # as far as we count


class AssignForm(forms.Form):
    """A case whose number its owner gave us, and who shall look after it."""

    case = forms.CharField(
        label=gettext_lazy("案件代号"), help_text=gettext_lazy("案件页网址里的16个字符"), max_length=16
    )
    volunteer = forms.ModelChoiceField(
        label=gettext_lazy("交给哪位志愿者？"),
        queryset=User.objects.filter(role=Role.VOLUNTEER, is_active=True).order_by("email"),
    )
    why = forms.CharField(label=gettext_lazy("为什么？买家看得到"), max_length=200)

    def clean_case(self) -> Case:
        case = Case.objects.filter(public_id=self.cleaned_data["case"].strip()).first()
        if case is None:
            raise forms.ValidationError(_("没有这个案件。"))
        return case

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        case, volunteer = said.get("case"), said.get("volunteer")
        if case and volunteer and case.owner_id == volunteer.pk:
            self.add_error("volunteer", _("这是志愿者自己的案件，请换一位。"))
        return said


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only to the stubs
    """A new notice with a known answer."""

    class Meta:
        model = CalibrationItem
        fields = ["subject", "body", "shop", "read_as", "decision", "kind", "why"]
        widgets = {"body": forms.Textarea(attrs={"rows": 4}), "why": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(kind.value, words.KINDS[kind]) for kind in calibration.kinds_to_answer()]
        self.fields["shop"].required = False
        self.fields["read_as"] = forms.ChoiceField(label=gettext_lazy("让机器看成"), choices=kinds)
        self.fields["decision"] = forms.ChoiceField(label=gettext_lazy("正确的处理"), choices=Decision.choices)
        self.fields["kind"] = forms.ChoiceField(
            label=gettext_lazy("正确的种类"), required=False, choices=[("", _("与投诉无关的不填")), *kinds]
        )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("decision") == Decision.FILE and not said.get("kind"):
            self.add_error("kind", _("请选择这是什么通知。"))
        if said.get("decision") == Decision.REJECT:
            said["kind"] = ""
        return said


@require_http_methods(["GET", "HEAD", "POST"])
def tray_overview(request: SignedIn) -> HttpResponse:
    """Sums, ages, open reviews to be assigned, and the known notices."""
    hosts_only(request)
    what = request.POST.get("what")
    assign = AssignForm(request.POST if what == "assign" else None)
    item = ItemForm(request.POST if what == "add" else None, prefix="item")
    if what == "assign" and assign.is_valid():
        said = assign.cleaned_data
        review.assign(said["case"], said["volunteer"], request.user, said["why"], timezone.now())
        messages.success(request, _("已经分派；买家在案件页上看得到。"))
        return go(request, "complaints:tray_overview")
    if what == "add" and item.is_valid():
        new = item.save(commit=False)
        new.key = random_id()
        new.save(force_insert=True)
        messages.success(request, _("校准题加好了。"))
        return go(request, "complaints:tray_overview")
    if what in ("retire", "restore"):
        items = CalibrationItem.objects.filter(key=request.POST.get("key", "")[:40])
        items.update(retired_at=timezone.now() if what == "retire" else None)
        return go(request, "complaints:tray_overview")
    is_wrong = assign.is_bound or item.is_bound
    return render_page(
        request, "complaints/tray_overview.html", overview(assign, item), status=422 if is_wrong else 200
    )


def overview(assign: AssignForm, item: ItemForm) -> dict[str, Any]:
    """What the page shows. Counts stop at MANY."""
    calibration.ensure()
    waiting = IncomingMail.objects.in_tray()
    oldest = waiting.order_by("received_at", "pk").values_list("received_at", flat=True).first()
    items = CalibrationItem.objects.annotate(
        tried=Count("turns", Q(turns__answered_at__isnull=False)), right=Count("turns", Q(turns__is_right=True))
    )
    return {
        "waiting": waiting.order_by()[:MANY].count(),
        "second": waiting.filter(reason=tray.SECOND_READER).order_by()[:MANY].count(),
        "split": waiting.filter(reason=tray.DISAGREE).order_by()[:MANY].count(),
        "many": MANY,
        "oldest": oldest,
        "reviews": Review.objects.is_open().select_related("case").order_by("since", "pk")[:PAGE],
        "sums": calibration.sums(),
        "items": items,
        "assign": assign,
        "item": item,
        "now": timezone.now(),
    }

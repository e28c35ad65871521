"""The search page: words, filters in the address, and what was found, by case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import SignedIn, render_page
from complaints import indexing, pairs, words
from complaints.models import Case, Passage
from complaints.search import Question, find
from complaints.stages import KINDS, End, Stage
from complaints.views.tray import keys_are_on
from complaints.words import Text

What = Passage.What

LOOKED_AT = 20_000  # signs of a text in which a snippet is looked for; a hit after that is shown without
ANY = ("", gettext_lazy("不限"))


class PlainSelect(forms.Select):
    """The same, written without a template: of four dozen options those take a sixth of the page's time."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        said = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            "<option{}>{}</option>",
            (
                (flatatt({"value": option["value"], "selected": option["selected"]}), option["label"])
                for _group, some, _place in said["optgroups"]
                for option in some
            ),
        )
        return format_html("<select{}>{}</select>", flatatt({"name": said["name"], **said["attrs"]}), options)


class SearchForm(forms.Form):
    """What stands in the address. What is not one of ours is left aside, never an error."""

    q = forms.CharField(label=gettext_lazy("查找"), required=False, max_length=pairs.LONGEST)
    what = forms.ChoiceField(label=gettext_lazy("在哪里找"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("案件走到哪一步"), required=False)
    move = forms.ChoiceField(label=gettext_lazy("轮到谁"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("什么通知"), required=False)
    shop = forms.CharField(label=gettext_lazy("店铺"), required=False, max_length=100)
    since = forms.DateField(
        label=gettext_lazy("从哪天起"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("到哪天止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [row.kind for row in KINDS.values() if row.end is not End.HELD]
        choices: dict[str, list[tuple[str, Text]]] = {
            "what": [ANY, *((what.value, what.label) for what in What)],
            "stage": [ANY, *((stage.value, words.STAGES[stage]) for stage in Stage)],
            "move": [ANY, ("mine", _("轮到我")), ("others", _("等别人"))],
            "kind": [ANY, *((kind.value, words.KINDS[kind]) for kind in kinds)],
        }
        for name, offered in choices.items():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=offered, widget=PlainSelect
            )

    def question(self) -> Question:
        self.is_valid()
        said = self.cleaned_data
        rest = {name: said[name] for name in said if name != "q"}
        return Question(tuple(pairs.words_of(str(self.data.get("q", "")))), **rest)


@dataclass(slots=True)
class Hit:
    """One passage as it is shown."""

    what: Text
    url: str
    title: Text | SafeString
    is_chinese: bool  # the title is somebody's words, not ours
    at: datetime
    snippet: SafeString


@dataclass(slots=True)
class Group:
    """What was found of one case, or outside of all."""

    case: Case | None
    heading: Text | SafeString
    stage: Text
    hits: list[Hit] = field(default_factory=list)


@require_safe
def search(request: SignedIn) -> HttpResponse:
    """What is one's own and holds the words asked for, newest first, a page of it after `after`."""
    form = SearchForm(request.GET)
    question = form.question()
    after = request.GET.get("after", "")
    found, older = find(request.user, question, after)
    asked = {name: str(form.data.get(name, "")) for name in form.fields if form.data.get(name)}
    asked["q"] = asked.get("q", "").strip()[: pairs.LONGEST]
    filters = {name for name in asked if name != "q" and form.cleaned_data.get(name)}
    here = {name: asked[name] for name in form.fields if name in filters or (name == "q" and asked["q"])}
    page = reverse("complaints:search")
    context = {
        "form": form,
        "asked": asked["q"],
        "keys_are_on": keys_are_on(request),
        "is_asked": bool(question.words),
        "filters": len(filters),
        "groups": grouped(found, question.words),
        "count": len(found),
        "after": after,
        "newest": link(page, here),
        "older": link(page, here | {"after": older}) if older else "",
        "without": link(page, {"q": asked["q"]} if asked["q"] else {}),
    }
    answer = render_page(request, "complaints/search.html", context, part="complaints/_search_hits.html")
    answer["HX-Push-Url"] = link(page, here)
    return answer


def link(page: str, asked: dict[str, str]) -> str:
    return f"{page}?{urlencode(asked)}" if asked else page


def grouped(found: list[Passage], asked: tuple[str, ...]) -> list[Group]:
    """`found` by case, in the order of what is newest of each."""
    groups: dict[int | None, Group] = {}
    for passage in found:
        group = groups.get(passage.case_id)
        if group is None:
            group = groups[passage.case_id] = group_of(passage.case, asked)
        group.hits.append(hit_of(passage, asked))
    return list(groups.values())


def group_of(case: Case | None, asked: tuple[str, ...]) -> Group:
    if case is None:
        return Group(None, _("还没有归入案件"), "")
    return Group(case, pairs.marked(words.heading(case), asked), words.STAGES[case.stage])


def hit_of(passage: Passage, asked: tuple[str, ...]) -> Hit:
    """How `passage` is shown: from what it stands for, as that is now."""
    what = What(passage.what)
    title: Text | SafeString = what.label
    is_chinese, url, text, sender = False, "", "", ""
    if passage.notice:
        notice = passage.notice
        url, is_chinese = notice.mail.get_absolute_url(), bool(notice.subject)
        title = pairs.marked(notice.subject, asked) or words.KINDS.get(notice.kind, what.label)
        text, sender = f"{notice.body}\n{notice.note}", f"{notice.from_name} {notice.from_address}"
    elif passage.exhibit:
        shown, case = passage.exhibit, passage.case
        url = reverse("complaints:exhibit_detail", args=[case.public_id if case else "", shown.exhibit.public_id])
        title, is_chinese = pairs.marked(shown.caption or shown.exhibit.name, asked), True
        text = shown.exhibit.name if shown.caption else ""
    elif passage.letter and passage.case:
        url = reverse("complaints:letter_detail", args=[passage.case.public_id, passage.letter.letter])
        title, text = _("你写的信"), passage.letter.text
    elif passage.case:
        url = passage.case.get_absolute_url()
        if passage.event:
            title, text = words.ACTS[passage.event.act], passage.event.payload["note"]
        else:
            title, text = _("编号和店铺"), indexing.text_of_case(passage.case).replace("\n", " · ")
    snippet = pairs.snippet(text[:LOOKED_AT], asked) or pairs.snippet(sender, asked)
    return Hit(what.label, url, title, is_chinese, passage.at, snippet)

"""Who must show what, by what the complaint is about: the published rule's burden of proof (举证责任).

One table, from articles of 《淘宝平台争议处理规则》 (docs/sources.md#burden-of-proof, grade A). A reason that the
rule says nothing about has no row: then nobody here claims to know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from complaints.models import CaseExhibit
from complaints.stages import Party
from complaints.words import Text

K = CaseExhibit.Kind
PICTURES = (K.PHOTO, K.VIDEO, K.UNBOXING_VIDEO)  # any of them shows what can be seen


@dataclass(frozen=True, slots=True)
class Burden:
    """Who must show something first, what of the buyer's helps, and what follows when nobody shows anything."""

    first: Party
    needs: tuple[tuple[CaseExhibit.Kind, ...], ...]  # of the buyer; of each group one is enough
    later: tuple[CaseExhibit.Kind, ...]  # what the buyer needs once the merchant has shown theirs
    rule: Text
    articles: str


VISIBLE = Burden(
    Party.BUYER, (PICTURES,), (K.TEST_REPORT,),
    _("看得见的质量问题：买家先交初步凭证（如照片），商家再说明或反驳。商家举不出，按有问题处理；商家举证了，买家要有质检报告。"),
    "65",
)  # fmt: skip
COUNTERFEIT = Burden(
    Party.MERCHANT, (), (K.AUTHENTICITY_REPORT, K.TEST_REPORT),
    _("假货或看不见的质量问题：先由商家证明来路（进货、报关、合格证、发票等）。商家举不出，退货退款；举出来了，买家要有质检凭证。"),
    "66",
)  # fmt: skip
MISDESCRIBED = Burden(
    Party.BUYER, (PICTURES, (K.LISTING,)), (),
    _("看得见的描述不符：买家先交初步凭证，商家再说明或反驳；商家举不出，按不符处理。"),
    "73",
)  # fmt: skip
SURFACE = Burden(
    Party.MERCHANT, (PICTURES, (K.LOGISTICS, K.REFUSAL)), (),
    _("破损、少件、发错：确认收货以前，由商家证明已经妥善签收；确认收货以后，都由买家证明。"),
    "75–76",
)  # fmt: skip
NOT_RECEIVED = Burden(
    Party.MERCHANT, (), (),
    _("没收到货：由商家证明已经送到。证明不了，退款给买家。"),
    "38",
)  # fmt: skip
AGREED = Burden(
    Party.MERCHANT, ((K.CHAT, K.LISTING),), (),
    _("另有约定的：说约定不算数的一方，要证明它为什么不算数。买家要能拿出约定本身。"),
    "12",
)  # fmt: skip

BURDENS: dict[str, Burden] = {
    "quality": VISIBLE,
    "misdescribed": MISDESCRIBED,
    "false_advertising": MISDESCRIBED,
    "counterfeit": COUNTERFEIT,
    "damaged": SURFACE,
    "short_or_wrong": SURFACE,
    "not_received": NOT_RECEIVED,
    "broken_promise": AGREED,
    "gift": AGREED,
}


def missing(reason: str, asked: Iterable[str], present: Iterable[str]) -> list[tuple[CaseExhibit.Kind, ...]]:
    """What is not in the file of a case yet: groups of kinds of which one is enough, each group once.

    asked    kinds that a notice asked for: each of them is needed, whatever the reason
    present  kinds of the exhibits that are there
    """
    there = set(present)
    burden = BURDENS.get(reason)
    known = {kind.value: kind for kind in K if kind is not K.OTHER}
    groups = [*(burden.needs if burden else ()), *((known[kind],) for kind in asked if kind in known)]
    open_groups = [group for group in groups if not there & set(group)]
    single = {group[0] for group in open_groups if len(group) == 1}
    # Where one kind of a group was asked for by name, the group says nothing more.
    return list(dict.fromkeys(g for g in open_groups if len(g) == 1 or not single & set(g)))

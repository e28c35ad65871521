"""What every value is called on a page, and the sentences that explain it. Message ids are Simplified Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.clocks import SHANGHAI
from complaints.stages import Act, Kind, Party, Stage, Standing, State, Verdict

if TYPE_CHECKING:
    from complaints.models import Case, Keeping, Notice

Text = str | Promise

STAGES: dict[str, Text] = {
    Stage.FILED: _("已提交"),
    Stage.ACKNOWLEDGED: _("已受理"),
    Stage.MERCHANT_REPLIED: _("商家已回应"),
    Stage.PLATFORM_INTERVENED: _("平台已介入"),
    Stage.EVIDENCE_REQUESTED: _("举证中"),
    Stage.RULED: _("已判决"),
    Stage.APPEALED: _("申诉中"),
    Stage.CLOSED: _("已结案"),
    "": _("进度未知"),
}

PARTIES: dict[str, Text] = {
    Party.BUYER: _("买家"),
    Party.MERCHANT: _("商家"),
    Party.PLATFORM: _("平台"),
    Party.JURY: _("大众评审"),
    Party.PAYER: _("支付机构"),
    Party.AUTHORITY: _("主管部门"),
    "": "",
}

# "现在轮到谁": the buyer is the reader of the page.
WHOSE_MOVE: dict[str, Text] = {
    Party.BUYER: _("轮到你了"),
    Party.MERCHANT: _("等商家"),
    Party.PLATFORM: _("等平台"),
    Party.JURY: _("等大众评审"),
    Party.PAYER: _("等退款到账"),
    Party.AUTHORITY: _("等主管部门"),
    "": _("没有人需要行动"),
}

ACTS: dict[str, Text] = {
    Act.FILES: _("提交了申请"),
    Act.ACKNOWLEDGES: _("受理了投诉"),
    Act.REPLIES: _("回复了"),
    Act.REFUSES: _("拒绝了申请"),
    Act.AGREES_RETURN: _("同意退货"),
    Act.AGREES_REFUND: _("同意退款"),
    Act.SENDS_BACK: _("寄回了商品"),
    Act.RECEIVES_RETURN: _("签收了退货"),
    Act.REFUSES_RETURN: _("拒收了退货"),
    Act.CHANGES_REQUEST: _("修改了申请"),
    Act.ASKS_INTERVENTION: _("申请平台介入"),
    Act.INTERVENES: _("介入处理"),
    Act.REQUESTS_EVIDENCE: _("要求举证"),
    Act.SUBMITS_EVIDENCE: _("提交了凭证"),
    Act.SUSPENDS: _("中止了处理"),
    Act.RESUMES: _("恢复了处理"),
    Act.RULES: _("作出了判决"),
    Act.APPEALS: _("提出了申诉"),
    Act.RULES_APPEAL: _("给出了申诉结果"),
    Act.EXECUTES: _("执行退款"),
    Act.DECLINES: _("没有接受对方的提议"),
    Act.SETTLES: _("协商一致"),
    Act.WITHDRAWS: _("撤销了投诉"),
    Act.LAPSES: _("超时未处理"),
    Act.REJECTS: _("不予受理"),
    Act.CLOSES: _("结案"),
    Act.REOPENS: _("重新开启"),
    Act.REGULATOR: _("12315有进展"),
    Act.CONSUMER_ASSOCIATION: _("消费者协会有进展"),
    Act.COURT: _("法院有进展"),
    "": _("提醒"),
}

OUTCOMES: dict[str, Text] = {
    Verdict.BUYER: _("支持买家"),
    Verdict.SELLER: _("支持商家"),
    Verdict.PARTIAL: _("部分支持"),
    Verdict.AMBIGUOUS: _("没有判决，要求自行协商"),
    Verdict.SETTLED: _("已和解"),
    Verdict.WITHDRAWN: _("投诉已撤销"),
    Verdict.REFUNDED: _("已退款"),
    Verdict.LAPSED_BUYER: _("买家超时关闭"),
    Verdict.LAPSED_SELLER: _("商家超时"),
    Verdict.NOT_ACCEPTED: _("不予受理"),
    "": "",
}

KINDS: dict[str, Text] = {
    Kind.FILED: _("申请已提交"),
    Kind.ACKNOWLEDGEMENT: _("受理通知"),
    Kind.MERCHANT_REPLY: _("商家回复"),
    Kind.MERCHANT_REFUSAL: _("商家拒绝"),
    Kind.RETURN_AGREED: _("同意退货"),
    Kind.RETURN_RECEIVED: _("退货已签收"),
    Kind.INTERVENTION: _("平台介入"),
    Kind.EVIDENCE_REQUEST: _("举证要求"),
    Kind.EVIDENCE_RECEIVED: _("凭证已收到"),
    Kind.RULING: _("处理结果"),
    Kind.APPEAL_ACKNOWLEDGEMENT: _("申诉已受理"),
    Kind.APPEAL_RULING: _("申诉结果"),
    Kind.SETTLEMENT: _("协商一致"),
    Kind.WITHDRAWAL: _("撤销投诉"),
    Kind.CLOSING: _("结案通知"),
    Kind.REFUND_ARRIVED: _("退款到账"),
    Kind.EXECUTION: _("退款处理中"),
    Kind.REMINDER: _("超时提醒"),
    Kind.SUSPENSION: _("中止或恢复处理"),
    Kind.EXTERNAL: _("12315、消协或法院"),
    Kind.MERCHANT_PLEA: _("商家私下请求"),
    Kind.USER_MESSAGE: _("你自己写的话"),
    Kind.UNKNOWN: _("看不出是什么"),
    Kind.PHISHING: _("疑似诈骗"),
    Kind.MARKETING: _("广告"),
    Kind.LOGISTICS: _("物流通知"),
    Kind.SURVEY: _("满意度调查"),
    Kind.PLATFORM_NOTICE: _("平台公告"),
    Kind.AUTO_REPLY: _("自动回复"),
    Kind.BOUNCE: _("退信"),
    Kind.VERIFICATION_CODE: _("验证码"),
    Kind.FORWARD_CONFIRMATION: _("转发确认"),
}

# Why a mail ended as it did (IncomingMail.reason), or why an act counts or only proposes (payload "why").
REASONS: dict[str, Text] = {
    "moved": _("看懂了，已推进案件进度。"),
    "joined": _("看懂了，已归入案件；进度不变。"),
    "by_hand": _("由你记下。"),
    "own_hand": _("由你亲手交来。"),
    "verified_route": _("由你确认过的邮箱转发而来。"),
    "verified_later": _("后来核对清楚了：它来自你确认过的邮箱，或由发信方签名、寄给你。"),
    "signed_original": _("原始来信由平台或你确认过的店铺签名，收件人和编号都对得上。"),
    "confirmed_by_owner": _("你确认过了。"),
    "confirmed_by_volunteer": _("志愿者确认过了，你可以撤销。"),
    "filed_by_owner": _("你把它归入了案件。"),
    "kept_by_owner": _("你把它作为证据放进了案件；进度不变。"),
    "filed_by_volunteer": _("志愿者把它归入了案件，你可以撤销。"),
    "unverified_route": _("寄信的邮箱还没有确认是你的，所以只作提议，不改变进度。"),
    "fetched_route": _("从你的邮箱取来，但没有签名能证明是平台或店铺寄给你的，所以只作提议，不改变进度。"),
    "unproven_route": _("写着是你的邮箱寄来的，但没有签名能证明，所以只作提议，不改变进度。"),
    "read_anew": _("用新版重新读过，和以前看的不一样：这一步先撤下，请你看一眼。"),
    "signature_pending": _("信上有签名，暂时没能核对；核对无误后会自动算数，也可以由你现在确认。"),
    "unsure": _("机器没有十足把握，请人看一眼。"),
    "from_picture": _("从图片里认出来的字，请你对照原图看一眼再算数。"),
    "picture": _("这是你交来的图片，请说说它是什么。"),
    "suspicious": _("有可疑之处，请人看一眼；没有改变任何进度。"),
    "phishing": _("很像诈骗信：别点链接，别给验证码、卡号，别转账。没有改变任何进度。"),
    "contradictory": _("信头自相矛盾，不能当作凭据；没有改变任何进度。"),
    "several_cases": _("有不止一个案件对得上，请选一个。"),
    "shop_only": _("只有店铺名对得上，请确认是不是这个案件。"),
    "no_number": _("信里没有编号，请选它属于哪个案件。"),
    "odd": _("这一步和案件目前的进度对不上，先放着，等人看。"),
    "reopened": _("处理被撤销，重新等人确认。"),
    "second_reader": _("一位志愿者看过了。关系到结果的，要再有一位志愿者说得一样，或者由你自己确认，才算数。"),
    "readers_disagree": _("两位志愿者看法不同，所以留给你决定；什么都没有改变。"),
    "rejected_by_owner": _("你说它与投诉无关。"),
    "rejected_by_volunteer": _("志愿者认为它与投诉无关，你可以撤销。"),
    "same_notice": _("同一封通知已经收到过，没有重复计入。"),
    "reader_died": _("三次都没能读完，原件已完整保存。"),
    "rotated": _("寄到了你更换掉的旧地址，先扣下。"),
    "user_message": _("像是你自己写的话，没有看到通知。"),
    "unknown": _("看不出是什么通知，请人看一眼。"),
    "merchant_plea": _("商家私下提出条件（如改好评、撤诉返现）。请你自己决定，进度不变。"),
    "marketing": _("广告，与投诉无关。保留30天。"),
    "logistics": _("普通物流通知，与投诉无关。保留30天。"),
    "survey": _("满意度调查，与投诉无关。保留30天。"),
    "platform_notice": _("平台公告，与你的案件无关。保留30天。"),
    "auto_reply": _("自动回复，与投诉无关。保留30天。"),
    "bounce": _("退信通知，与投诉无关。保留30天。"),
    "verification_code": _("含验证码：扣下不看，24小时后删除。"),
    "forward_confirmation": _("邮箱要求确认自动转发：先扣下，只在你设置转发时给你看。"),
    "test_mail": _("测试信回来了：这条路是通的，寄它去的邮箱已确认是你的。"),
    "test_mail_late": _("测试信回来了，但隔了三天以上，不算数；请再寄一封。"),
}

# Why somebody read without masks what is masked (Look.why of an `unmask`).
UNMASKING: dict[str, Text] = {
    "compare": _("要把编号或姓名和案件对一对"),
    "who_speaks": _("遮住以后看不出是谁说的"),
    "fraud": _("怀疑是诈骗，要看清楚"),
    "date": _("遮住以后看不清日期或金额"),
    "other": _("其他原因"),
}

# What a party loses when its date passes (`if_missed`).
IF_MISSED: dict[str, Text] = {
    "closes": _("逾期申请会被关闭"),
    "judged_as_is": _("逾期将按现有材料判定"),
    "accepts_offer": _("逾期视为接受对方方案"),
    "auto_refund": _("逾期系统会自动退款"),
    "cannot_refile": _("逾期后不能再次申请"),
    "other": _("逾期会有后果，详见通知原文"),
}

DEADLINE_FROM: dict[str, Text] = {
    "stated": _("通知里写明"),
    "computed": _("按通知里的时长推算"),
    "entered": _("你填写的"),
    "rule": _("通常时限，各处说法不一，请以订单页倒计时为准"),
}

COMPLAINT_REASONS: dict[str, Text] = {
    "quality": _("质量问题"),
    "misdescribed": _("与描述不符"),
    "false_advertising": _("虚假宣传"),
    "counterfeit": _("假货"),
    "damaged": _("破损"),
    "short_or_wrong": _("少件或发错"),
    "not_received": _("没收到货"),
    "late_shipment": _("延迟发货"),
    "fake_shipment": _("虚假发货"),
    "invoice": _("发票问题"),
    "broken_promise": _("承诺未兑现"),
    "harassment": _("骚扰"),
    "privacy": _("泄露信息"),
    "no_reason_return": _("七天无理由"),
    "freight": _("运费"),
    "price_protection": _("价保"),
    "gift": _("赠品"),
    "after_sale_refused": _("拒绝售后"),
    "other": _("其他"),
}

FREIGHT_PAYERS: dict[str, Text] = {
    "buyer": _("运费由买家承担"),
    "seller": _("运费由商家承担"),
    "split": _("运费各担一部分"),
    "insurance": _("运费由运费险赔付"),
    "unknown": _("运费未说明"),
}

# What was checked about where a notice came from; never that it is true.
PROVENANCE: dict[str, Text] = {
    "A": _("原始来信，签名核对无误"),
    "B": _("作为附件的原始来信，签名核对无误"),
    "C": _("由你确认过的邮箱转来，没有原始签名"),
    "D": _("由你转述：转发正文、粘贴或手记，来源未核对"),
    "E": _("自相矛盾或冒名，不作凭据"),
}

NUMBER_KINDS: dict[str, Text] = {
    "order": _("订单编号"),
    "complaint": _("投诉编号"),
    "refund": _("退款编号"),
    "after_sale": _("售后编号"),
    "acceptance": _("受理编号"),
    "appeal": _("申诉编号"),
    "intervention": _("维权编号"),
    "regulator": _("12315登记编号"),
    "court": _("案号"),
    "other": _("编号"),
}


def heading(case: Case) -> str:
    """What a case is called: its owner's own title, else shop and reason, else its number."""
    if case.title:
        return case.title
    about = [case.shop.name] if case.shop else []
    if case.reason:
        about.append(str(COMPLAINT_REASONS.get(case.reason, "")))
    if not about and (number := case.order_no or case.case_no):
        about.append(gettext("订单 …%(tail)s") % {"tail": number[-4:]})
    return " · ".join(part for part in about if part) or gettext("未命名的投诉")


def keeping_heading(keeping: Keeping) -> str:
    """What the file of an order is called: its owner's own title, else its shop or number, else the day it began."""
    if keeping.title:
        return keeping.title
    if keeping.shop:
        return keeping.shop
    if keeping.order_no:
        return gettext("订单 …%(tail)s") % {"tail": keeping.order_no[-4:]}
    return gettext("%(day)s的存证") % {"day": f"{keeping.created_at.astimezone(SHANGHAI):%Y-%m-%d}"}


def notice_heading(notice: Notice) -> str:
    """What one of several notices is called: its kind, and its order's number or its subject."""
    number = notice.reading["fields"]["order_no"]
    about = gettext("订单 …%(tail)s") % {"tail": number[-4:]} if number else notice.subject
    return " · ".join(part for part in (str(KINDS.get(notice.kind, notice.kind)), about) if part)


# What the buyer does about the act that it is now their turn to answer, where it says more than the stage does.
ANSWERS: dict[Act | None, Text] = {
    Act.AGREES_RETURN: _("寄回商品，到订单页填好运单号，再来记一笔"),
    Act.REFUSES: _("商家拒绝了：修改申请，或申请平台介入"),
    Act.REFUSES_RETURN: _("商家拒收退货：问清原因，谈不拢就申请平台介入"),
}
# Acts that leave the question as it was.
TALK = (Act.REPLIES, Act.DECLINES, Act.REGULATOR, Act.CONSUMER_ASSOCIATION, Act.COURT, Act.SUSPENDS, Act.RESUMES)


def next_step(case: Case, standing: Standing) -> tuple[Text, str]:
    """The one thing to do now, and where its button leads: record, exhibits, mails or "" for wait."""
    if standing.proposed:
        return _("看一眼等你确认的来信"), "proposals"
    if standing.stage is Stage.CLOSED:
        if standing.outcome is Verdict.NOT_ACCEPTED:
            return _("平台不受理：可以考虑12315、消协或法院"), "record"
        return _("已结案。有新情况再记一笔"), "record"
    if standing.waiting_on is not Party.BUYER:
        if standing.own_deadline and standing.stage is Stage.RULED:
            return _("等对方照结果办；对结果有不同意见，要在你的期限前提出"), "record"
        if standing.own_deadline:
            return _("在等对方，但你自己的期限也在走：到期前去订单页看看"), "record"
        return _("现在不用做什么；对方有动静时，把通知转发来或记一笔"), "record"
    asked = (step.told.act for step in reversed(standing.steps) if step.state is State.APPLIED and not step.odd)
    if sentence := ANSWERS.get(next((act for act in asked if act not in TALK), None)):
        return sentence, "record"
    match standing.stage:
        case Stage.EVIDENCE_REQUESTED:
            return _("上传平台要的凭证，然后到订单页提交"), "exhibits"
        case Stage.RULED if standing.outcome is Verdict.AMBIGUOUS:
            return _("平台没有判决：可以再跟商家谈、申诉，或走12315"), "record"
        case Stage.RULED:
            return _("接受结果，或在期限内申诉"), "record"
        case Stage.MERCHANT_REPLIED:
            return _("决定怎么回应商家：接受、修改申请，或申请平台介入"), "record"
        case _:
            return _("到订单页看看，然后记一笔"), "record"

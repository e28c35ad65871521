"""Until when, and whose: the time limits that a notice states.

Never later than the notice says, and nothing that it does not say: a length of time without a known
start is no deadline (docs/parse_mail.md#deadline). The usual limits of the rules belong to the case page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from complaints.clocks import days_after, working_days_after
from complaints.intake.clauses import Passage, Polarity
from complaints.intake.dates import Moment, find_moments, resolve
from complaints.stages import Kind, Party

WITHOUT_BASE = "deadline_without_base"
MOST = 40  # moments, and lengths of time, that are weighed in one text
_NEAR = 200  # characters before a limit in which it is said whose it is

# -- a moment that is a limit ---------------------------------------------------------------------------------
_DUE_AFTER = re.compile(
    r"^[ )]{0,3}(?:\((?:(?:周|星期)[一二三四五六日天]|含[^()\n]{0,4}|[^()\n]{0,8}时间)\))?[ ]{0,2}(?:下班)?(?:为限|为界|为止|过后|一到|一过|是最后|这个(?:时间|点|日子)|(?:,)?(?:系统|平台)(?:会|将|就|便)(?:自动|替|按|视)|(?:还|仍|依旧|仍旧|都)?(?:未|没有?|不)(?:点|确认|处理|回应|反应|表态|回复|发货|寄)|之前|以前|前(?!往|台|期|后|来|述)|(?:之|以)?后(?=[仍还]?(?:不|未|没有?)(?:处理|操作|响应|回复|确认))|截止|为止|止(?!损)|到期|之?内(?!容|部)"
    r"|(?:将会?|会|系统|准时)?(?:自动)?(?:关闭|超时|失效|过期|结束|逾期|锁定|收摊|关窗|关门)(?!了|的))"
)
_DUE_BEFORE = re.compile(
    r"(?:截止(?:时间|日期|日|期|时限|至)?|截至时间|(?:最晚|最迟|至迟)(?:[^,。;\n\d]{0,6}时间)?|不晚于|不迟于|不得晚于|到期(?:时间|日期|日)?|有效期|期限|时限|时效|失效时间|超时时间|关闭时间|ddl|(?:延长|延期|顺延|宽限|保留|开放|延|开)(?:期)?"
    r"|(?:申诉|举证|期间|提交|上传|补交|窗口|期)截至|止于|(?:申诉|举证|收集|反悔|答辩|补证|犹豫|公示|协商|处理|确认|上传|提交|窗口)期(?:间)?(?:至|到)|时间(?:至|到)|错过|赶在|(?:付款|补正|举证|处理|答复|整改)?限期|(?:若|要是|如果|倘若|只要|等)[^,。;\n\d]{0,20}(?:到|至|在|于)|直至|[到至](?:几时|何时)】?|(?:能|可以?|保留|开放)[^,。;\n\d]{0,10}(?:到|至)"
    r"|\bup to\b|\bby\b|\bbefore\b|\buntil\b|\btill\b|\bno later than\b|\bdeadline\b|\bdue(?: date)?\b|\bexpires?\b|\bcloses?\b|\bends?\b)"
    r"[ ]{0,2}(?:is|on|at|应?为|是|至|到|于|在|:|将于)?[ :(|]{0,3}(?:(?:midnight|the end of|end of|[a-z]{3,6}day)[, ]{1,2}(?:on )?)?$"
)
# In a form the label may fill the line above, or the cell before.
_LABEL_BEFORE = re.compile(
    r"(?:^|[\n,。;|●•·*\-]| )[ ]{0,4}[^\n,。;:|]{0,14}(?:截止|期限|时限|到期|最晚|最迟|最后时间|(?<!活动)结束(?=时间|日期|[ ]{0,2}:)|预计[^\n,。;:|]{0,6}(?:完[毕成]|办结|答复|回复)|开庭|庭审|调解时间|应到(?:时间|日期)|到庭(?:时间|日期)|ddl|deadline|due)[^\n,。;:|]{0,8}[ ]{0,2}[:|\n]?[ \n|:]{0,4}$"
)
_AS_OF = re.compile(
    r"(?<!申诉)(?<!举证)(?<!期间)(?<!提交)(?<!上传)(?<!补交)(?<!窗口)(?<!期)截至(?!时间)[ 到]{0,2}$|(?:未能?|没有?|已)(?:在|于|按|经)?[ ]{0,2}$|原(?:定|截止)[^,。;\n]{0,8}$|自[^,。;\n]{0,3}$|活动[^,。;\n]{0,4}$"
)
_APPOINTED = re.compile(
    r"(?![ ]?(?:之|以)?前)[^,。;\n]{0,24}(?:参加|到庭|出庭|到场|开庭|庭审|(?:组织|进行|现场|线上|在线|视频)(?:线上|在线|视频)?调解|调解室)"
)
_RANGE_BEFORE = re.compile(r"(?:至|到|[-–—~])[ ]{0,2}$")
_RANGE_LABEL = re.compile(r"(?:期|时间|期限|时限|有效期|period)[^,。;\n]{0,8}$")

# -- a length of time that is a limit -------------------------------------------------------------------------
_CHINESE_NUMBER = {digit: value for value, digit in enumerate("零一二三四五六七八九十")} | {"两": 2, "俩": 2}
_ENGLISH_NUMBER = {
    word: value
    for value, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
} | {"fifteen": 15, "thirty": 30, "twenty-four": 24, "forty-eight": 48, "seventy-two": 72}
_N = rf"\d{{1,3}}|[一二两三四五六七八九十]{{1,3}}|{'|'.join(sorted(_ENGLISH_NUMBER, key=len, reverse=True))}"
_LENGTH = re.compile(
    rf"(?<!\d:)(?<![\d.\-/年月第a-z¥])(?:"
    rf"(?P<days>\d{{1,3}})[ ]?(?:天|日|days?,?)[ ]?(?:(?P<hours>\d{{1,2}})[ ]?(?:个?小时|时(?!间)|hours?)(?:[ ]?(?P<minutes>\d{{1,2}})[ ]?(?:分钟?|minutes?))?(?:[ ]?\d{{1,2}}[ ]?秒)?|(?P<dclock>\d{{1,2}}:\d{{2}}(?::\d{{2}})?))"
    rf"|(?P<hours2>\d{{1,3}})[ ]?(?:个?小时|时)[ ]?(?P<minutes2>\d{{1,2}})[ ]?分钟?(?:[ ]?\d{{1,2}}[ ]?秒)?"
    rf"|(?P<clock>\d{{1,3}}:\d{{2}}:\d{{2}})(?![\d:])"
    rf"|(?P<n>{_N})(?:[ ]?(?:[-~至到–—]|to)[ ]?(?P<most>{_N}))?[ ]{{0,2}}个?[ ]{{0,2}}"
    rf"(?P<unit>工作[日天]|自然日|日历日|小时|时(?![间刻分点])|天|日(?!前|期|常|志)|分钟|周(?![一二三四五六日年])|星期(?![一二三四五六日])|(?:working|business)[ -]days?|(?:calendar )?days?|hours?|weeks?)"
    rf"|(?P<half>半个?月))"
)
_KEPT = re.compile(r"[ ]?(?:之内|以内|内)?(?:就)?已(?:经)?(?!完)")  # 12小时内已响应: it was kept
_WITHIN_AFTER = re.compile(r"^[ ]{0,2}(?:之内|以内|为限|为界|内(?!容|部|衣|裤)|里(?!面)|left\b|remaining\b)")
_THEN = re.compile(
    r"[ ]{0,2}(?:之?后|以后)?[,]?(?:将会?|会|就|便|系统|即)?(?:要|被)?(?:自动)?(?:关闭|超时|失效|过期|到期|结束|截止|逾期|取消)"
)
_TIME_FOR = re.compile(
    r"^[ ]{0,2}(?:的)?(?:时间|期限|机会)|^[ ]{0,2}(?:[.。;]|$)|^[ ]{0,2}(?:来|去)(?:处理|回应|回复|答复|说明)|^[ ]{0,2}to (?!come)"
)
_LEFT_AFTER = re.compile(r"^[ ]{0,2}(?:left|remaining)\b")
_WITHIN = re.compile(r"(?:\bwithin|\bin|\bin the next|\bnext)[ ]{1,2}(?:the (?:next )?)?$")
_ABOUT = re.compile(r"(?:预计|大约|约|一般|通常|需要?|承诺)(?:会|将|需要?)?(?:在)?[ ]{0,2}$")
_LEFT = re.compile(
    r"(?:剩余|还剩|仅剩|只剩|还有|尚有|尚余|仍有|余下|倒计时|剩|仅余|还余|最后)下?(?:最后)?(?:的)?(?:处理|操作|响应|举证|退货|回复|确认)?(?:时间|时长|时限)?[ :为是约(\n|]{0,4}$"
    r"|距离?[^,。;\n\d]{2,16}(?:还|仅|只)?(?:有|剩)?(?:最后)?[ ]{0,2}$"
)
_TERM = re.compile(
    r"(?:期限?|时限|时效|有效期|周期|(?:举证|申诉|处理|退货|审核|响应|操作|答复|反馈|退回|宽限|补正)(?:的)?时间)[ ]{0,2}(?:[:]|为|是|还?有|共|剩余|)[ ]{0,2}(?:自|收到|从)?[^,。;\n:]{0,16}$"
)
_FROM_ON = re.compile(r"(?:期限?|时限|时间)[^,。;\n]{0,24}起(?:算|计)?[ ]{0,2}$")
_HAVE = re.compile(
    r"(?:您|你|买家|商家|卖家|它|对方|店铺|店家)(?:还|仍|尚|共|将|只)?(?:有|可有)[ ]{0,2}$|\b(?:has|have|had|got)[ ]$"
)
_EXCEEDS = re.compile(r"(?:超过|超出|满)[ ]{0,2}$")
_DID_LAPSE = re.compile(r"因|由于|鉴于|已经?$|已超")  # 由于您超过7天未退货: a limit that is over
_NO_LIMIT = re.compile(
    r"到账|到帐|入账|到位|原路|发货(?!凭证)|(?<!通知)送达|无理由|退回至|退至|转入|(?<!前)(?<!内)有效(?!期)|券|验证码|优惠|红包|领取|保修|质保|保价|试用|免费|营业|工作时间|体验|会员|配送|派送|到达|查收|投诉时效|credited|arrive|shipped"
)
# 自…起, …后: the length counts from something that happened.
_EVENT = re.compile(
    r"(?:自|从|在|于|应|须)?(?P<event>[^,。;:\n]{0,24}?)(?:之日起|之时起|当日起|次日起|日起|起算?|之后|以后|(?<![售最])后|(?<![计小限届])时)(?:的|算|计|开始|计算)?[ (]{0,2}$"
)
_UPON = re.compile(r"(?P<event>收到[^,。;:\n]{0,12}|签收[^,。;:\n]{0,8})(?:的)?[ ]{0,2}$")
_EVENT_EN = re.compile(r"^[ ]{0,2}(?:of|after|from|since)[ ](?P<event>[^,.;\n]{3,60})")
_THIS_NOTICE = re.compile(
    r"本(?:通知|邮件|函|消息|短信|告知|信|次通知|判定|决定|裁[定决]|传票|书)|(?:收到|接到|查收)(?:本|此|该)?(?:通知|邮件|消息|短信|告知)|通知(?:发出|送达|到达|之)?$|即$|即日|今日|今天|当日|此刻|现在|发出|邮件|^收到$"
    r"|this (?:notice|e-?mail|message|letter)|today|now|receipt of this"
)
_OWN_EVENTS = {
    Kind.RULING: r"判定|裁定|判决|裁决|处理结果|结果|结论|作出|公布|生效",
    Kind.APPEAL_RULING: r"判定|复核|结果|结论|作出|公布|生效",
    Kind.ACKNOWLEDGEMENT: r"受理|登记",
    Kind.MERCHANT_REFUSAL: r"拒绝|驳回",
    Kind.RETURN_AGREED: r"同意|达成|通过",
    Kind.RETURN_RECEIVED: r"签收|收到(?:退货|货|您|包裹)|收货",
    Kind.INTERVENTION: r"介入",
    Kind.FILED: r"提交|申请|发起",
    Kind.EVIDENCE_RECEIVED: r"收到凭证|(?<!商家)举证|凭证|提交",
    Kind.EVIDENCE_REQUEST: r"举证开始|发起举证|进入举证",
    Kind.APPEAL_ACKNOWLEDGEMENT: r"申诉(?:受理|提交)|受理|提交",
    Kind.SUSPENSION: r"中止|暂停|恢复",
    Kind.EXTERNAL: r"受理(?!投诉)|立案",
    Kind.SETTLEMENT: r"达成|签订|协议|和解",
}

# -- whose ----------------------------------------------------------------------------------------------------
_MERCHANTS = r"商家|卖家|店铺|掌柜|店家|被投诉方|被投诉人|被投诉单位|被申请人|经营者|被告|对方|乙方|(?:旗舰|专卖|专营|企业|折扣)店|seller|merchant|\bshop\b|\bstore\b"
_SUBJECTS = (
    (
        Party.MERCHANT,
        re.compile(
            rf"(?<![与和跟向对给在找同系被的诉])(?<![与和跟向对给在找同系被的诉映报][“「『\x22])(?<!with the )(?<!from the )(?<!to the )(?<!by the )(?<!against the )(?<!contact the )(?:{_MERCHANTS})(?![”」』\x22】]?的?(?:一[事案]|协商|沟通|联系|地址|凭证|回复内容|拒绝原因|指定|提供的|仓库|(?:换货|退款|补偿|退货)?方案|处理|解决方案|退款|投诉|维权|订单|售后|退货|申请))"
        ),
    ),
    (Party.MERCHANT, re.compile(r"[“「『\x22][^“”「」『』\x22\n]{2,30}[”」』\x22](?=在|于|须|应|需|将|还|已|最)")),
    (Party.MERCHANT, re.compile(rf"(?:请|由|要求|通知|等待|等|督促|责令|催促)(?:{_MERCHANTS}|其)")),
    (
        Party.MERCHANT,
        re.compile(
            r"(?:答辩|应诉)(?:窗口|期|时间|通道)|(?<![由对给向])它(?=应|须|需|将|若|在|的|还|仍|最|有|可以)|(?:函告|致函)[^,。;\n]{2,16}(?=:)"
            r"|(?:instructed|asked|told|ordered|required) (?!you\b)[^.;\n]{2,40} to \w+|has been (?:asked|told|instructed|required) to"
        ),
    ),
    (
        Party.BUYER,
        re.compile(r"(?:补充|补证|补件|上传|举证)(?:通道|入口|到期|期|任务)|任务有效期|(?:反悔|犹豫)期"),
    ),
    (
        Party.PLATFORM,
        re.compile(
            r"(?<![向由与和申请要求【给到])(?:平台|客服(?!介入[^,。;\n]{0,2}(?:,|。|$))|小二|我们|我局|我院|我会|我委|本局|本院|本会|本委|工作人员|专员|专人|(?<!我的)(?:天猫|淘宝)|官方|复核(?:小组|完成)|审核(?:期|时间|周期)|\bwe\b|\bspecialist\b|\bour team\b|(?<!request )(?<!ask the )(?<!ask for )(?<!apply for )(?<!apply for the )(?<!for the )\bplatform\b|(?<!ask )(?<!request )(?<!invite )(?<!contact )(?<!call )(?<!let )(?<!have )(?<!on )(?<!from )(?<!via )(?<!to )\b(?:tmall|taobao)\b|customer service)(?!规则|介入申请|购物|介入,)"
        ),
    ),
    (
        Party.BUYER,
        re.compile(
            r"(?<![向为给对与和知系还予到由等])(?:您|你|买家|申请人|申诉人|投诉人|原告|消费者|当事人|你方|会员)(?!的|好|对(?![^,。;\n]{0,12}(?:异议|不服|不满|不认可|不同意))|与商家的|投诉|们)|双方|(?<!contact )(?<!to )(?<!with )(?<!for )(?<!notify )(?<!refund )(?<!pay )(?<!give )(?<!inform )(?<!tell )(?<!answer )(?<!contact )\byou\b(?!r)|\bbuyer\b"
        ),
    ),
    (
        Party.BUYER,
        re.compile(
            rf"(?<!申)请(?!求|{_MERCHANTS}|耐心|等|留意|知)|\bplease\b|(?:举证|上传凭证|申诉)(?:期|倒计时|结束|时间|入口|通道|窗口)|麻烦|劳驾|烦请|(?:补交|补传|补件|补传|上传|递交|提交|补充)(?:的)?(?:时间|期限|截止|窗口)"
        ),
    ),
)
_BUYER_LABEL = re.compile(
    r"^[^商卖店平]{0,12}(?:退货|寄回|举证|申诉|上传|补充|提交|填写|凭证|操作)[^,商卖店平]{0,6}(?:截止|期限|时限|有效期|最晚)"
)
_OTHERS_LABELS = (
    (
        Party.MERCHANT,
        re.compile(
            r"(?:商家|卖家|店铺|对方)[^,。;\n]{0,14}$|(?:执行|履行|付款|退款|打款|赔付)(?:截止|期限|时限|最晚)[^,。;\n]{0,8}$"
        ),
    ),
    (Party.PLATFORM, re.compile(r"(?:答复|回复|办结|反馈|处理时效|审核|复核|评审|出具|判定|裁决)[^,。;\n]{0,8}$")),
)
_PLATFORM_WORK = re.compile(
    r"(?:由平台(?:操作|退|打款|处理|核实)|给出|作出|做出|出具|出结果|有结果|有结论|出结论|反馈|答复|告知|完成(?:审核|处理|判定|核实|复核)|审核完毕|审核|判定|核实|复核|回复您|与您联系|与您取得联系|联系(?:您|双方)|电话联系|处理完[成毕]|处理意见|处理结果|决定是否|组织调解|review|respond to you|get back|hear from us|expect|have the result|update you|decide|reach you|arrive|reply to you|contact you|answer you)"
)
_MERCHANT_DUTY = re.compile(
    r"^[^,。;\n您你]{0,12}?(?:完成退款|完成赔付|向(?:买家|您|其|消费者)(?:退|支付|赔)|执行|履行|支付(?:给|退款|赔付)|赔付(?!申请)|返还|退还|退款(?!申请|编号|关闭|流程)|打款|响应|确认收货|书面答复|给出(?:解决|处理)?(?:方案|回复))"
)
# Being late: what follows in the sentence is a consequence (missed.py), nobody's duty.
_MISSED = re.compile(
    r"过了?(?:这|那|此|该)个?(?:点|时|时间|期)|逾期|逾时|超时|超期|过期|到期|期满|届满|过时|超过(?:这个|此|该|上述)?(?:时间|期限|时限|\d)|否则|不然|违约|(?:若|如|如果)?(?:您|你|买家|商家|卖家|双方)?(?:未|没有|没|不)(?:能|及时|按时|在|于|操作|处理|提交|提供|响应|寄回|举证|回复|退货|修改|确认|填写|上传|回应|解释|说明|理会|作答|申请|到|传|交|补)"
    r"|otherwise|if (?:you|the seller|the merchant|no)|failing|or (?:the|your) (?:case|request)|after which|if (?:this|it) is missed|without (?:them|it|this|these|your)"
)
# Whose move it is after such a notice, where its sentence names nobody.
_USUALLY = {
    Kind.FILED: Party.MERCHANT,
    Kind.RETURN_RECEIVED: Party.MERCHANT,
    Kind.SETTLEMENT: Party.MERCHANT,
    Kind.INTERVENTION: Party.PLATFORM,
    Kind.EVIDENCE_RECEIVED: Party.PLATFORM,
    Kind.APPEAL_ACKNOWLEDGEMENT: Party.PLATFORM,
    Kind.ACKNOWLEDGEMENT: Party.PLATFORM,
}


_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """One time limit of a notice."""

    at: datetime | None  # None: the notice does not say from when it counts
    party: Party
    source: str  # stated, computed
    start: int
    end: int
    sentence: tuple[int, int]
    passage: Passage

    @property
    def words(self) -> str:
        clause = self.passage.clause_at(self.start)
        start = clause.start if clause else self.start
        end = max(self.end, min(clause.end if clause else self.end, self.end + 20))
        start = max(start, self.start - 24)
        return self.passage.folded.verbatim(start, end).strip()


@dataclass(frozen=True, slots=True)
class Deadlines:
    dues: tuple[Due, ...]
    without_base: tuple[Due, ...]


def find_deadlines(
    subject: Passage, body: Passage, kind: Kind, notice_date: datetime | None, acted_at: datetime | None
) -> Deadlines:
    """Every time limit that subject and body name. `acted_at` is the time the notice states, with a time of day."""
    dues: list[Due] = []
    lost: list[Due] = []
    for passage in (body, subject):
        moments = find_moments(passage.folded.text)[:MOST]
        for moment, at in _stated(passage, moments, kind, notice_date):
            if at is None or notice_date is None or at >= notice_date:
                place = passage.sentence_at(moment.start)
                is_hearing = kind is Kind.EXTERNAL and _APPOINTED.match(passage.text, moment.end, place[1])
                party = Party.BUYER if is_hearing else _whose(passage, moment.start, moment.end, kind)
                due = Due(at, party, "stated", moment.start, moment.end, place, passage)
                (lost if at is None else dues).append(due)
        for start, end, at in _computed(passage, moments, kind, notice_date, acted_at):
            place = passage.sentence_at(start)
            party = _whose(passage, start, end, kind)
            if any(d.passage is passage and d.sentence == place and d.party is party for d in dues):
                continue  # 72小时内(截止11-14 18:00): the moment is the same limit, and exact
            (lost if at is None else dues).append(Due(at, party, "computed", start, end, place, passage))
    return Deadlines(tuple(dues), tuple(lost) if not dues else ())


def choose(dues: tuple[Due, ...]) -> Due | None:
    """The limit to watch: the shopper's own before the merchant's before the platform's, the earliest of each."""
    order = {Party.BUYER: 0, Party.MERCHANT: 1, Party.PLATFORM: 2}
    return min(dues, key=lambda due: (order[due.party], due.at or _NEVER), default=None)


_PLATFORMS_ADVICE = re.compile(r"(?:申请|要求)(?:平台|客服|小二|天猫|淘宝)(?:客服)?介入")
_ASKED_OF_YOU = re.compile(r"(?:希望|要求|请|让|约定)(?:您|你)[^,。;\n]{0,6}$")
_REQUEST = re.compile(r"could you|can you|would you|please|请|麻烦|烦请")


def _heard(passage: Passage, start: int, end: int) -> bool:
    """Whether the words at `start` are the notice's own, conditional or not."""
    polarity = passage.polarity(start, end, asks=True)
    if polarity is Polarity.QUESTION:
        return bool(_REQUEST.search(passage.text, *passage.sentence_at(start)))
    if polarity is Polarity.SAID and _ASKED_OF_YOU.search(passage.text, passage.sentence_at(start)[0], start):
        return True  # 店铺希望您在11月8日前告诉它要不要换
    if polarity is Polarity.SAID and _PLATFORMS_ADVICE.search(passage.text, start, passage.sentence_at(start)[1]):
        return True  # 商家答复如下：不予退款。如不认可，请于24日前申请客服介入: no shop says so
    return polarity not in (Polarity.SAID, Polarity.QUOTED, Polarity.OWN)


# -- moments --------------------------------------------------------------------------------------------------


def _stated(
    passage: Passage, moments: list[Moment], kind: Kind, notice_date: datetime | None
) -> Iterator[tuple[Moment, datetime | None]]:
    text = passage.text
    before: Moment | None = None
    for moment in moments:
        previous, before = before, moment
        sentence, stop = passage.sentence_at(moment.start)
        lead = text[max(sentence, moment.start - 30) : moment.start]
        if lead.endswith(("(含", "(含 ")):
            continue  # 11月27日(含当日)之前: the same day
        if _AS_OF.search(lead) or not _heard(passage, moment.start, moment.end):
            continue
        after = text[moment.end : moment.end + 16]
        due = bool(_DUE_AFTER.search(after) or _DUE_BEFORE.search(lead))
        due = due or bool(re.search(r"前[ ]?\(", text[moment.start : moment.end]))  # 11月25日下班前(18:00)
        due = due or bool(_LABEL_BEFORE.search(text[max(0, moment.start - 36) : moment.start]))
        if previous and _RANGE_BEFORE.search(lead) and moment.start - previous.end <= 4:
            due = due or bool(
                _RANGE_LABEL.search(text[max(sentence, previous.start - 12) : previous.start].rstrip(" :为是从自("))
            )
        if kind is Kind.EXTERNAL and _APPOINTED.match(text, moment.end, min(stop, moment.end + 40)):
            due = True  # a hearing: then one must be there
        if due and not _NO_LIMIT.search(text, moment.end, min(len(text), moment.end + 10)):
            yield moment, resolve(moment, notice_date, as_deadline=True)


# -- lengths --------------------------------------------------------------------------------------------------


def _computed(
    passage: Passage,
    moments: list[Moment],
    kind: Kind,
    notice_date: datetime | None,
    acted_at: datetime | None,
) -> Iterator[tuple[int, int, datetime | None]]:
    text = passage.text
    base = acted_at or notice_date
    for found in islice(_LENGTH.finditer(text), MOST):
        start, end = found.span()
        if any(m.start < end and start < m.end for m in moments) or not _heard(passage, start, end):
            continue
        sentence, stop = passage.sentence_at(start)
        lead, after = text[max(sentence, start - 40) : start], text[end : min(stop, end + 40)]
        left = bool(_LEFT.search(text[max(0, start - 24) : start]) or _LEFT_AFTER.search(after) or found["clock"])
        if found["clock"] and not _LEFT.search(text[max(0, start - 24) : start]):
            continue  # a time of day
        promised = _ABOUT.search(lead) and _PLATFORM_WORK.search(after[:16])
        limits = (
            _WITHIN_AFTER.search(after)
            or left
            or promised
            or _THEN.match(after)
            or _WITHIN.search(lead)
            or _TERM.search(lead)
            or (_HAVE.search(lead) and _TIME_FOR.search(after))
            or _FROM_ON.search(lead)
            or (
                _EXCEEDS.search(lead) and not _DID_LAPSE.search(lead) and re.match(r"[^,。;\n]{0,4}(?:未|不|没)", after)
            )
        )
        if found["unit"] == "时" and not (left or _WITHIN_AFTER.search(after)):
            continue  # an hour of the day
        if not limits or _is_no_limit(passage, start, end, stop) or _AS_OF.search(lead) or _KEPT.match(after):
            continue
        yield start, end, _count(found, text, lead, kind, notice_date if left else base, moments, notice_date)


def _is_no_limit(passage: Passage, start: int, end: int, stop: int) -> bool:
    """退款将在1-3个工作日内到账, 七天无理由: such a length binds nobody."""
    clause = passage.clause_at(start)
    opens, closes = (clause.start, clause.end) if clause else (start, stop)
    text = passage.text
    return bool(_NO_LIMIT.search(text[max(opens, start - 8) : start] + text[end : min(closes, end + 14)]))


def _count(
    found: re.Match[str],
    text: str,
    lead: str,
    kind: Kind,
    base: datetime | None,
    moments: list[Moment],
    notice_date: datetime | None,
) -> datetime | None:
    """When the length of time runs out; None where its start is not known."""
    tail = lead[max(lead.rfind(","), lead.rfind(":"), -1) + 1 :]
    event = _EVENT.search(tail) or _UPON.search(tail)
    said = event["event"] if event else None
    behind = _EVENT_EN.search(_WITHIN_AFTER.sub("", text[found.end() : found.end() + 70]))
    said = said if said is not None else (behind["event"] if behind else None)
    if said is not None:
        stated = next((m for m in moments if found.start() - 30 <= m.start and m.end <= found.start()), None)
        own = _OWN_EVENTS.get(kind)
        if stated is not None:
            base = resolve(stated, notice_date)
        elif said.strip() and not _THIS_NOTICE.search(said.strip()) and not (own and re.search(own, said)):
            return None
    if base is None:
        return None
    if exact := _exact(found):
        return base + exact
    if found["half"]:
        return days_after(base, 15)
    unit = found["unit"]
    number = _number(found["n"])
    if found["most"] and (kind in _USUALLY or _PLATFORM_WORK.search(text, found.end(), found.end() + 20)):
        number = _number(found["most"])  # 3-7个工作日: the platform may take them all
    if not number or number > 365:
        return None
    if unit in ("小时", "时", "分钟") or unit.startswith("hour"):
        return base + (timedelta(minutes=number) if unit == "分钟" else timedelta(hours=number))
    if unit.startswith(("工作", "working", "business")):
        return working_days_after(base, number)
    return days_after(base, number * 7 if unit.startswith(("周", "星期", "week")) else number)


def _exact(found: re.Match[str]) -> timedelta | None:
    """1天23小时, 47小时59分, 23:59:59: a length to the minute."""
    if clock := found["clock"] or found["dclock"]:
        hours, minutes, *seconds = (int(part) for part in clock.split(":"))
        return timedelta(days=int(found["days"] or 0), hours=hours, minutes=minutes, seconds=sum(seconds))
    if found["hours"]:
        return timedelta(days=int(found["days"]), hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if found["hours2"]:
        return timedelta(hours=int(found["hours2"]), minutes=int(found["minutes2"]))
    return None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text in _ENGLISH_NUMBER:
        return _ENGLISH_NUMBER[text]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _CHINESE_NUMBER.get(tens, 1) * 10 + (_CHINESE_NUMBER.get(ones, 0) if ones else 0)
    return _CHINESE_NUMBER.get(text, 0)


# -- whose ----------------------------------------------------------------------------------------------------


def _whose(passage: Passage, start: int, end: int, kind: Kind) -> Party:
    """Who must act by then: the label, else the subject of the sentence that stands nearest before, else after.

    An authority's own promise is the platform's kind of limit: whoever decides.
    """
    sentence, stop = passage.sentence_at(start)
    text = passage.text
    clause = passage.clause_at(start)
    lead = text[max(clause.start if clause else sentence, start - _NEAR) : start]
    label = text[max(0, start - 30) : start].rstrip(" \n:|")
    label = label[label.rfind("\n") + 1 :]
    if _EXPECTED.search(lead) and _PLATFORM_WORK.search(lead[-40:] + "|" + text[end : end + 24]):
        return Party.PLATFORM  # 平台已介入｜云朵小铺｜预计10月20日前出结果
    if _BUYER_LABEL.search(lead) or _BUYER_LABEL.search(label):
        return Party.BUYER  # 退货截止时间:
    if kind is Kind.RETURN_AGREED and _SENDS_BACK.match(text, end):
        return Party.BUYER  # 【鹿角巷】同意退货了，11月4日前寄回
    for party, pattern in _OTHERS_LABELS:
        if len(label) <= 20 and pattern.search(label) and not re.search("您|请", label):
            return party
    after = text[end : min(end + _NEAR, clause.end if clause and clause.end > end else stop)]
    reach = min(stop, end + 16)
    if late := _MISSED.search(after):
        after = after[: late.start()]
        reach = min(reach, end + late.start())  # 过了这个点我们只能…: what follows is nobody's duty
    best: tuple[int, Party] | None = None
    asked = False
    for party, pattern in _SUBJECTS:
        for found in pattern.finditer(text, max(sentence, start - _NEAR), start):
            if best is None or found.end() >= best[0]:
                best = (found.end(), party)
                asked = found.group() == "请"
    if (best is None or (asked and best[1] is Party.BUYER)) and (
        _MERCHANT_DUTY.search(re.sub(r"^[ )]{0,3}(?:之前|以前|前|之内|以内|内)[,]?", "", after)) and kind in _RULINGS
    ):
        return Party.MERCHANT  # 请于11月12日前完成退款: who has to pay is asked
    if best is None and _NAMED.search(lead):
        return Party.MERCHANT  # 飞鱼座渔具须11月4日前回话: a name that is none of ours is the shop's
    if best is None:
        if _PLATFORM_WORK.search(after[:24]) and not re.search("商家|卖家|请", after[:24]):
            return Party.PLATFORM
        behind = [(f.start(), party) for party, words in _SUBJECTS if (f := words.search(text, end, reach))]
        if behind:
            return min(behind)[1]
        if kind is Kind.ACKNOWLEDGEMENT and "处理" in text[sentence:stop] and not _ABOUT.search(lead):
            return Party.PLATFORM if re.search("时效|周期", text[sentence:stop]) else Party.MERCHANT
        return _USUALLY.get(kind, Party.BUYER)
    if (
        best[1] is Party.BUYER
        and _PLATFORM_WORK.match(
            re.sub(r"^[ )]{0,3}(?:之前|以前|前|之内|以内|内)?[,]?(?:会|将)?(?:(?:给|向|跟|与)(?:您|你))?", "", after)[
                :12
            ]
        )
        and "请" not in text[max(sentence, start - _NEAR) : start].replace("申请", "")
    ):
        return Party.PLATFORM
    return best[1]


_SENDS_BACK = re.compile(
    r"[ )]{0,3}(?:之前|以前|前|之内|以内|内)?[,]?(?:请|把[^,。;\n]{1,8})?(?:您|你)?(?:寄|退回|发回|填)"
)
_EXPECTED = re.compile(
    r"预计[^,。;|\n]{0,6}$|\bwe(?:'ll| will| expect to)\b[^.;\n]{0,40}$|\byou(?:'ll| will| can)? (?:hear from us|expect|have the (?:result|outcome|answer))\b[^.;\n]{0,40}$|\bshould (?:reach|arrive)[^.;\n]{0,24}$"
)
_NAMED = re.compile(
    r"(?:^|[,。;\n】])[^,。;:\n您你我他它平客小专员本贵局院会】]{2,20}(?<!资料)(?<!材料)(?<!凭证)(?<!证据)(?<!单号)(?<!号码)(?:须|必须|应当?|需)(?:在|于|最迟|最晚)?[ ]?$"
)
_RULINGS = frozenset({Kind.RULING, Kind.APPEAL_RULING, Kind.SETTLEMENT, Kind.EXECUTION, Kind.ACKNOWLEDGEMENT})

"""Who did what with what: a notice is known by its deeds, in whatever order and words they are told.

A phrase of kinds.py is looked for as it stands. A deed is looked for as grammar: a verb, the party that did
it, and the thing it was done to, wherever in the clause they stand (商家驳回了您的申请, 您的申请遭商家驳回). What a
clause leaves out is taken from the clause before it, as Chinese does. Anyone who knows the mails can
correct the three word lists and the table; clauses.py still takes out what is denied, supposed or planned.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from complaints.intake.clauses import Passage, Polarity
from complaints.intake.shapes import Where
from complaints.stages import Kind


def _words(**named: str) -> re.Pattern[str]:
    """One pattern of all the words; where two begin at the same place, the name that stands first has them."""
    return re.compile("|".join(f"(?P<{name}>{words})" for name, words in named.items()))


# fmt: off
PARTIES = _words(
    both=r"买卖双方|交易双方|甲乙双方|双方|(?:您|你|买家)(?:与|和|跟|同)(?:[^,。;\n]{0,20}?(?:商家|卖家|店铺|对方|店[\"”」』】]?)|[“「\"][^”」\"\n]{2,20}[”」\"])|you and (?:the )?(?:seller|merchant|shop)|both parties",
    merchant=r"(?:商家|卖家|店铺|店家)(?:方|客服|售后|仓库)?|掌柜|商户|被投诉方|被投诉人|被申请人|(?:旗舰|专卖|专营|企业)店[\"”」』】]?|[^\n,。;“”]店[\"”」』]|[“「『\"][^”」』\"\n]{2,24}[”」』\"]|对方|退货仓|仓库|\b(?:seller|merchant|shop|store|vendor)\b",
    platform=r"平台|天猫(?!国际|超市)|淘宝|(?<!家)(?<!铺)客服|小二|官方|专员|我们|我方|我司|系统|仲裁(?:员|庭|组)?|(?:大众)?评审(?:团|员)?|复[核审议](?:人员|小组|员|组)|\b(?:we|our (?:team|reviewers?|specialists?|agents?)|taobao|tmall|the platform|customer service|jury|panel)\b",
    buyer=r"您|你|买家|买方|投诉方|投诉人|申请人|申请方|消费者|\b(?:you|buyer)\b",
    payer=r"支付宝|银行|花呗|信用卡|alipay|\bbank\b",
)
THINGS = _words(
    offer=r"(?:部分)?(?:退款|补偿|赔偿|赔付|协商|解决|处理|换货|退货)?(?:方案|提议)|补偿|赔偿(?!金)|(?<!退款)(?<!退货)协议|\b(?:offer|proposal|settlement|agreement)\b",
    oldruling=r"原(?:处理|判定|裁定|裁决|判决|审核|有)?的?(?:结果|判定|裁定|裁决|判决|决定|结论|判|裁|支持)|(?:此前|之前|先前|上次|初次|首次|一审|初审)的?(?:处理|判定|裁定|裁决|判决|审核)?的?(?:结果|判定|裁定|裁决|判决|决定|结论|判|裁)|(?:original|earlier|previous|first|initial) (?:decision|ruling|outcome|result)",
    appeal=r"(?:申诉|复议|复审|复核)(?:申请|请求|材料|理由|事项|案件)?(?!期|入口|渠道|通道|成功率|小组|人员|员|组|结[果论]|意见|后|程序|阶段|环节|流程)|(?:对|就)[^,。;\n]{0,14}(?:结果|判定|裁定|决定)[^,。;\n]{0,8}异议|\bappeal\b",
    ruling=r"(?:处理|判定|裁定|裁决|判决|仲裁|评审|审理)的?(?:结果|结论|意见|决定)|结论",
    evidence=r"(?:凭证|证据|举证|材料|资料|照片|图片|截图|视频|聊天记录|(?:检测|质检|鉴定)报告|证明|实物图|附件|文件)(?:等|材料|资料|凭证|说明)?|\b(?:evidence|proof|documents?|photos?|pictures?|files?|screenshots?)\b",
    intervention=r"(?:平台|客服|小二|官方|淘宝|天猫|人工)?(?:介入|仲裁)(?:申请|请求|处理)?|\bintervention\b|step in",
    return_ask=r"(?:退货退款|退货|退换货?|换货|换新|退[、/]换货)(?:退款)?的?(?:申请|请求|要求|诉求)|\b(?:return|exchange) request\b",
    returning=r"(?:退货退款|退货|退换货?|换货|换新|退[、/]换货)(?:退款)?(?:服务)?(?!地址|运费|邮费|流程|政策|规则|时限|期限|包运费|包裹|商品|物流|快递|仓)|\b(?:return|exchange)\b",
    refund_ask=r"(?:仅退款|极速退款|退款)的?(?:申请|请求|要求|诉求)|\brefund request\b",
    refund=r"(?:仅退款|极速退款|退款)(?!金额|编号|单号|原因|理由|去向|类型|方式|说明|流程|规则|政策|权益|秒|通道|保障|服务|特权|险|无忧|记录)|\brefund\b",
    goods=r"(?:退|寄)(?:回)?的货|(?:您|你)(?:寄回|退回|退|寄去换货)的[^,。;:\n已]{1,12}?(?=[ ]?(?:已|,|。|商家|卖家|到|被|\n|$))|退回件|退货(?:包裹|商品|物流|快递)|退件|商品|货物|包裹|货品|快件|物品|宝贝|\b(?:item|parcel|package|goods)\b",
    service=r"售后(?:申请|单|服务单|请求|问题|服务)?(?!编号|单号|期)|\bafter-?sales? request\b",
    case=r"(?:投诉|维权|纠纷|争议|举报)(?:申请|请求|案件|单|工单|事项|诉求|材料|资料)?(?!编号|单号|原因|类型|方|人|时效|期限|渠道|入口|成立率)|诉求|案件|本案|此案|该案|一案|工单|主张|(?:反馈|反映)的?[^,。;\n]{0,12}(?:问题|情况)|(?:您的|该|此|本次)(?:问题|请求)|\b(?:complaint|claim|dispute|case)\b",
    deposit=r"保证金",
    money=r"款项|货款|订单款|资金|钱款|赔款|赔付款?|补偿款|违约金|垫付|¥ ?[\d,.]+|[\d,.]+ ?元|\bcny [\d,.]+|\bmoney\b|\bpayment\b",
    mail=r"(?:本|此)?(?:邮件|短信|消息|信息|公告)|\b(?:e-?mail|message|text)\b",
    request=r"(?:申请|请求)|\brequest\b",
)
DEEDS = _words(
    not_accept=r"(?<!暂)(?:不予|无法|不能|不|未予)(?:立案)?受理|受理不通过|不予立案",
    cannot_judge=r"(?:暂?无法|不便|难以|不能|无从)(?:准确)?(?:判断|判定|认定|界定|作出判|做出判)[^,。;\n]{0,6}",
    refuse=r"拒绝|拒收|拒签|驳回|(?<=[被遭])拒(?!不)|不同意|否决|(?:审核)?(?<![尚还暂])(?:不|未|没有?|未能|未获|未予)(?:审核)?(?:获得?|得到)?(?:商家|卖家|店铺|对方)?的?(?:通过|同意|接受|认可|批准|采纳|支持(?!申诉))(?!任何一方)|不(?:予|被)(?:退|换|通过|认可|采纳|支持|同意|办理|接受|受理)|(?:无法|不能|不会|没法)(?:再)?(?:给|为|帮)?(?:您|你)?(?:支持|退|换|通过|满足|同意|接受|办理退|采纳)|予以(?:驳回|拒绝)|不采纳|审核失败"
           r"|(?<!for )\b(?:refus|reject|declin|den(?:y|ie)|dismiss|turned down|unsuccessful|not successful)\w*|(?:did not|didn't|unable to|cannot|could not|couldn't|not able to|won't) (?:accept|agree|approve|support|uphold|grant|refund)",
    not_established=r"(?:不|未|不能|无法|难以)成立|缺乏(?:事实)?(?:依据|证据)|\b(?:not upheld|unsubstantiated|unfounded)\b",
    established=r"成立(?!于|以来|的条件|条件|标准|与否|情形)|属实|\b(?:upheld|substantiated|justified)\b",
    uphold=r"维持|(?:保持|结果|判定|裁定|决定)不变|判定无误|\b(?:stands|maintain\w*|confirm(?:ed)? our)\b",
    overturn=r"改判|推翻|(?:撤销|变更|更正|纠正)(?=了?(?:原|此前|之前|初|一审))|\b(?:overturn\w*|revers\w*)\b",
    auto_pass=r"(?:系统(?:已经?)?)?自动(?:审核)?通过",
    auto_agree=r"系统(?:已经?)?(?:自动|默认)?(?:为您)?(?:同意|达成)|(?:自动|默认|视为)(?:为您)?(?:同意|达成|通过|退款)",
    together=r"协商一致|(?:达成|取得)(?:了)?(?:一致|和解|共识|协议|如下协议|[^,。;\n]{0,10}协议)|(?:自愿)?和解(?!方案|协议|书|金|期)|握手言和|协商(?:已)?(?:成功|达成|完成)|调解(?:已)?(?:成功|达成)|谈妥|\b(?:reached (?:an? )?(?:agreement|settlement)|settled|by agreement)\b",
    agree=r"同意(?!发货|取消订单)|批准|核准|获准|(?:审核)?通过(?!了?解|电话|短信|平台|支付宝|页面|链接|邮件|方式|以下|本|app|旺旺|物流|12|法律|诉讼|其他|司法|率)|(?<!不)接受|采纳|\b(?:agreed|accepts?|approved?|said yes)\b",
    escalate=r"(?:升级|转交|移交|转由|转入|转至|提交|转给|交由|上报)(?:至|到|给|为|由)?(?=[^,。;\n]{0,4}(?:平台|客服|小二|官方|淘宝|天猫|专员|仲裁|我们|专属))|\bescalated to\b",
    intervene=r"(?<!退出)介入|接手|接管|接入|加入(?=了?[^,。;\n]{0,4}(?:您|你|协商|纠纷|案件|争议))|启动(?:了)?(?:对[^,。;\n]{1,8}的)?处理|跟进处理|参与调解|\b(?:stepped in|intervened|taken over|took over|(?:has |have |'ve )?joined|now review(?:ing|s)|is reviewing)\b",
    decide=r"(?<!不作)(?<!不做)(?<!不予)判定|(?<!不作)(?<!不做)(?<!不予)裁定|裁决|判决|认定|判责|判令|决定(?!予以?(?:受理|立案)|受理|立案|书|于|启动|延)|支持(?!您的工作|与理解|和理解|服务|花呗|七天|7天)|\b(?:decided|ruled|rules|found|determined|concluded|decision is|ruling is|sided)\b",
    suspend=r"中止|暂停|暂缓|搁置|\b(?:on hold|suspended|paused)\b",
    resume=r"恢复|重启|重新启动|\bresumed\b",
    withdraw=r"撤销|撤回|撤诉|取消|放弃|\b(?:withdrawn|withdrew|cancell?ed|called (?:it )?off)\b",
    deduct=r"划扣|扣划|扣除|划转|扣取|\bdeducted\b",
    advance=r"(?:先行)?垫付|先行赔付|\bin advance\b",
    close=r"关闭|结案|完结|办结|终结|归档|终止|结束|\b(?:closed|completed|expired|ended)\b",
    arrive=r"(?<!秒)(?<!即时)到[账帐](?!时间|前|后)|入[账帐]|打入|存入|退回(?!商品|的|包裹|货)|退还(?!商品)|退至|退到|返还|原路退|退款成功|(?<=退款)(?:已)?(?:成功|完成)|\b(?:credited|refunded|returned to|arrived|deposited|paid out|paid back|back in your|issued to)\b",
    reply=r"回复|回应|答复|留言|响应|回话|作答|答辩|申辩|(?:修改|更新|调整)了?(?:协商)?(?:方案|内容)|反馈(?=了|称|说|如下|:)|(?:作出|做出|给出|提供|提交|作|做)(?:了|出)?(?:相关|书面|如下)?(?:说明|解释|回应|答复|回复|澄清)|发来(?:了)?(?:一条)?(?:新)?(?:消息|信息)|联系了您|\b(?:replied|responded|answered|wrote|says|said)\b",
    offers=r"愿意|承诺|答应|提出(?!了?(?:申诉|异议|复[核议审]|介入))|提议|提供(?=[^,。;\n]{0,10}(?:方案|补偿|赔偿))|(?:安排|为您|给您|同意)(?:了)?(?:补发|补寄|换新|重发|重新发)|申请延长|延长处理|希望(?=与您|和您|您)|补偿(?=您|给您|\d)|\b(?:offer(?:s|ed)?|propos(?:es?|ed)|suggest(?:s|ed)?)\b",
    receive=r"签收|收讫|收到|收货|收悉|收妥|接收|入库|入(?=了?(?:商家|卖家)?(?:退货)?仓)|\b(?:received|signed for|got)\b",
    deliver=r"送达|寄达|送至|送抵|妥投|(?:运|送|寄)?到(?=了?(?:商家|卖家)?(?:的)?(?:退货)?仓)|到仓|\bdelivered\b",
    inspect=r"验货(?=[ ]?(?:通过|完成|合格))|质检(?=[ ]?(?:通过|完成|合格))|(?:正在|已开始|开始)?(?:验货|质检|验收)中|正在(?:对[^,。]{0,10})?(?:验货|质检|验收|检查)|\b(?:inspecting|checking)\b",
    begin=r"(?:开始|着手)(?:为您)?(?:处理|核实|跟进|调查)",
    accept=r"受理|立案|立项|登记|接单|接案|备案|记录在案|进入(?:了)?(?:正式)?处理|\b(?:accepted|registered|logged|acknowledged|looking into|being handled|assigned to)\b",
    file=r"提交|发起|创建|生成|送出|提起|递交|发送|提出(?!方案)|申请(?=了|成功|退|换|维权|投诉|售后|平台|客服|介入|小二|复|申)|上传|补充|补交|\b(?:submitted|filed|created|lodged|opened|requested|uploaded|sent|passed on|forwarded|provided|appealed)\b",
    processing=r"(?:正在|已在|在)?(?:处理|办理|打款|退回|划扣|执行|审核|进行)中|正在(?:为您)?(?:处理(?!您和|您与|双方|买卖)|办理|打款|执行|退回)|\bprocess(?:ing|ed)\b|\bon its way\b",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class DeedRow:
    """`who` did (`does`) it to `what`: then the notice is `kind`. A blank `who` or `what` means anything, "-" nobody."""

    kind: Kind
    who: str
    does: str
    what: str
    weight: float
    done: bool = False  # only where the clause says that it is done (已, 了, 成功, a headline)


# What a shopper asks for, with the word for asking or without it.
_GROUPS = {
    "asked": "case service request return_ask refund_ask",
    "wanted": "case service request return_ask refund_ask returning refund",
}
# fmt: off
# The first row that fits a deed names it.
DEED_ROWS = (
    #       kind                          who did                            what                                to what                       weight  done
    DeedRow(Kind.CLOSING,                 "",                                "not_accept",                       "",                           0.94),
    # an appeal, before all else that can be filed or refused
    DeedRow(Kind.APPEAL_RULING,           "",                                "uphold overturn established",      "oldruling",                  0.95),
    DeedRow(Kind.APPEAL_RULING,           "",                                "uphold overturn",                  "ruling",                     0.95),
    DeedRow(Kind.APPEAL_RULING,           "",                                "overturn",                         "",                           0.95),
    DeedRow(Kind.APPEAL_RULING,           "",                                "refuse established not_established", "appeal",                   0.95),
    DeedRow(Kind.APPEAL_RULING,           "platform - buyer merchant",       "agree",                            "appeal",                     0.95,   True),
    DeedRow(Kind.APPEAL_ACKNOWLEDGEMENT,  "",                                "file accept receive deliver escalate", "appeal",                 0.95,   True),
    # outside help, proof
    DeedRow(Kind.INTERVENTION,            "platform -",                      "intervene",                        "",                           0.94,   True),
    DeedRow(Kind.INTERVENTION,            "",                                "file accept agree receive",        "intervention",               0.94,   True),
    DeedRow(Kind.INTERVENTION,            "",                                "escalate",                         "wanted",                     0.94,   True),
    DeedRow(Kind.EVIDENCE_RECEIVED,       "buyer merchant both platform -",  "file receive deliver",      "evidence",                   0.94,   True),
    DeedRow(Kind.EVIDENCE_RECEIVED,       "buyer merchant both platform -",  "accept",                           "evidence",                   0.85,   True),
    # the merchant's answer
    DeedRow(Kind.MERCHANT_REFUSAL,        "merchant",                        "refuse",                           "",                           0.95),
    DeedRow(Kind.RULING,                  "platform",                        "refuse",                           "wanted",                     0.95),
    DeedRow(Kind.MERCHANT_REFUSAL,        "buyer -",                         "refuse",                           "refund returning refund_ask return_ask service", 0.92),
    DeedRow(Kind.SETTLEMENT,              "buyer both",                      "agree",                            "offer",                      0.94,   True),
    DeedRow(Kind.RETURN_AGREED,           "merchant",                        "agree",                            "returning return_ask",       0.95),
    DeedRow(Kind.RETURN_AGREED,           "merchant",                        "accept",                           "returning return_ask",       0.94),
    DeedRow(Kind.RULING,                  "platform",                        "agree",                            "refund refund_ask",          0.7),
    DeedRow(Kind.RETURN_AGREED,           "buyer - both",                    "agree",                            "returning return_ask",       0.93,   True),
    DeedRow(Kind.MERCHANT_REPLY,          "merchant",                        "agree offers",                     "",                           0.94),
    DeedRow(Kind.MERCHANT_REPLY,          "merchant",                        "reply",                            "",                           0.94,   True),
    DeedRow(Kind.RETURN_RECEIVED,         "merchant",                        "receive deliver",                  "goods returning",            0.95,   True),
    DeedRow(Kind.RETURN_RECEIVED,         "buyer -",                         "receive deliver",                  "returning",                  0.93,   True),
    DeedRow(Kind.RETURN_RECEIVED,         "merchant",                        "inspect",                          "",                           0.92),
    # decisions
    DeedRow(Kind.RULING,                  "",                                "cannot_judge",                     "",                           0.6),
    DeedRow(Kind.RULING,                  "",                                "not_established established",      "wanted",                     0.94),
    DeedRow(Kind.RULING,                  "platform",                        "decide",                           "wanted oldruling money",     0.93),
    DeedRow(Kind.RULING,                  "platform",                        "decide",                           "",                           0.62),
    # how it ends
    DeedRow(Kind.RETURN_AGREED,           "",                                "auto_pass",                        "returning return_ask",       0.93),
    DeedRow(Kind.CLOSING,                 "",                                "auto_agree auto_pass",                       "wanted money",               0.93),
    DeedRow(Kind.SETTLEMENT,              "both buyer merchant -",           "together",                         "",                           0.94),
    DeedRow(Kind.WITHDRAWAL,              "buyer - platform",                "withdraw",                         "wanted",                     0.94,   True),
    DeedRow(Kind.SUSPENSION,              "",                                "suspend resume",                   "case",                       0.93),
    DeedRow(Kind.EXECUTION,               "platform payer -",                "deduct",                           "deposit money",              0.94,   True),
    DeedRow(Kind.EXECUTION,               "platform",                        "advance",                          "",                           0.9,    True),
    DeedRow(Kind.EXECUTION,               "platform payer -",                "processing",                       "money refund",               0.93),
    DeedRow(Kind.CLOSING,                 "platform buyer -",                "close",                            "wanted",                     0.94,   True),
    DeedRow(Kind.REFUND_ARRIVED,          "platform payer buyer merchant -", "arrive",                           "refund money",               0.94,   True),
    # the beginning
    DeedRow(Kind.ACKNOWLEDGEMENT,         "platform buyer -",                "accept",                           "wanted",                     0.94,   True),
    DeedRow(Kind.ACKNOWLEDGEMENT,         "platform buyer -",                "receive begin",                    "case",                       0.94,   True),
    DeedRow(Kind.REFUND_ARRIVED,          "payer",                           "receive",                          "refund money",               0.93),
    DeedRow(Kind.REFUND_ARRIVED,          "buyer -",                         "receive",                          "refund money",               0.93,   True),
    DeedRow(Kind.FILED,                   "platform buyer -",                "receive",                          "refund_ask return_ask service", 0.92, True),
    DeedRow(Kind.FILED,                   "platform buyer -",                "file deliver escalate",            "wanted",                     0.94,   True),
)
# fmt: on
_ROWS_OF: dict[str, list[tuple[DeedRow, frozenset[str], frozenset[str]]]] = {}
for _row in DEED_ROWS:
    _what = frozenset(word for name in _row.what.split() for word in _GROUPS.get(name, name).split())
    for _verb in _row.does.split():
        _ROWS_OF.setdefault(_verb, []).append((_row, frozenset(_row.who.split()), _what))

_BEHIND_REACH = 24  # how far behind a verb its object may stand
_POSSESSES = re.compile(r"的|'s ")
_IN_HEAD = re.compile(r"[^\n【】]{0,6}】")  # 【淘宝】 signs, it does nothing
_NO_AGENT_AFTER = re.compile(  # the party that stands behind these is spoken to or of, and does nothing
    r"(?:对|向|给|与|和|跟|针对|联系|通知|要求|等待|提醒|督促|催促|关于|为|从|至|到|在|就|与您|请|待|from|to|with|against|of|for)(?:the )?\s?[“「『\"]?$"
)
_RELATIVE = re.compile(r"了?的(?!是)|了?[^,。;:\n]{1,12}的(?:案件|订单|买家|用户|会员|投诉|申请|情况|情形)")
# 商家至今没有同意 refuses nothing yet.
_NOT_REFUSED_YET = frozenset({"refuse", "not_accept", "not_established", "cannot_judge"})
_NOT_YET = re.compile(r"[尚还暂仍](?!需|会)|目前|至今|为止|一直|迟迟|\byet\b")
_OTHER_MONEY = re.compile(r"运费险|理赔|保险|工资|红包|优惠|积分|押金|会员费|补贴|奖金|权益|津贴|余额宝|收益")
# What has come about cannot be what somebody is willing to do: 商家愿意退回50元.
_SETTLED_ONLY = frozenset({"arrive", "pay", "close", "withdraw", "deduct", "advance"})
_WILLING = re.compile(r"愿意|同意|承诺|答应|提出|提议|申请|方案|offer|agree|willing")
# 商家响应截止时间: the name of something, not a deed.
_NAMED_AFTER = re.compile(
    r"截止|时间|期限|时限|率|渠道|入口|功能|标准|方式|页面|记录|环节|条件|权限|范围|次数|须知|流程"
)
_DONE_BEFORE = re.compile(
    r"已|现(?!有)|均|予以|成功|刚刚|被(?!投诉|申请)|遭|获|业经|经[^,]{0,10}(?:核|审)|自动|于[^,]{2,20}|has |have |was |were |been |'ve |is now |are now "
)
_DONE_AFTER = re.compile(
    r"[ ]?(?:了|啦|成功|完成|完毕|通知|确认|提醒|回执|告知|书|中|至|到|给|为|的?结果|notice|today|\d|ed\b)|[ ]?$|[ ]?[(:!。]"
)
_ENDS_DONE = re.compile(r"[了啦]\s*[~～]?\s*$")
_OPENING = 12
_PAST_TENSE = re.compile(r"(?:ed|wrote|got|found|withdrew|sent|took over|credited)$")


@dataclass(frozen=True, slots=True)
class Deed:
    row: DeedRow
    start: int
    end: int
    weight: float
    shown: tuple[int, int]  # from its doer or object to its end, within the clause


@dataclass(frozen=True, slots=True)
class _Mention:
    name: str
    start: int
    end: int


def _mentions(pattern: re.Pattern[str], text: str) -> list[_Mention]:
    return [_Mention(found.lastgroup or "", *found.span()) for found in pattern.finditer(text)]


def find_deeds(passage: Passage, topic: str) -> Iterator[tuple[Deed, Polarity]]:
    """Each deed that a row names, with what its clause makes of it.

    topic  the thing that the subject line speaks of, "" if there is none: what a body may leave out
    """
    text = passage.text
    verbs = _mentions(DEEDS, text)
    if not verbs:
        return
    parties, things = _mentions(PARTIES, text), _mentions(THINGS, text)
    party_starts, thing_starts = [p.start for p in parties], [t.start for t in things]
    for place, verb in enumerate(verbs):
        rows = _ROWS_OF.get(verb.name)
        if rows is None or _RELATIVE.match(text, verb.end) or _NAMED_AFTER.match(text, verb.end):
            continue
        if passage.where is Where.BODY and text.startswith(
            "提醒", verb.end
        ):  # 商家回复提醒: a service, unless a headline
            continue
        clause = passage.clause_at(verb.start)
        if clause is None:
            continue
        follows = verbs[place + 1].start if place + 1 < len(verbs) else len(text)
        doer = _doer(text, parties, party_starts, clause.sentence_start, verb.start)
        thing = _object(things, thing_starts, clause.end, clause.sentence_start, verb, follows)
        who, what = doer.name if doer else "", thing.name if thing else topic
        near = thing is not None and thing.start >= clause.start
        told = [verb, *(m for m in (doer, thing) if m and m.start >= clause.start)]
        shown = min(m.start for m in told), max(m.end for m in told)
        done = _is_done(text, clause.start, clause.end, verb, passage.where)
        if verb.name in _NOT_REFUSED_YET and _NOT_YET.search(text, clause.start, verb.start):
            continue
        if verb.name == "arrive" and _OTHER_MONEY.search(text, clause.start, verb.end):
            continue
        willing = verb.name in _SETTLED_ONLY and _WILLING.search(text, clause.sentence_start, verb.start)
        for row, whos, whats in rows:
            if willing or (whos and (who or "-") not in whos) or (whats and what not in whats):
                continue
            weight = row.weight if not row.done or done else min(row.weight, 0.6)
            if whats and not near:
                weight = min(weight, 0.9)
            yield Deed(row, verb.start, verb.end, weight, shown), passage.polarity(verb.start, verb.end)
            break


def topic_of(text: str) -> str:
    """The thing that a headline speaks of: the last that it names."""
    found = _mentions(THINGS, text)
    return found[-1].name if found else ""


def _doer(text: str, parties: list[_Mention], starts: list[int], sentence: int, before: int) -> _Mention | None:
    """The party that did it: the nearest before the verb that owns nothing and is not merely spoken to."""
    last = bisect_left(starts, before) - 1
    while last >= 0 and parties[last].start >= sentence:
        party = parties[last]
        owns = _POSSESSES.match(text, party.end)
        if (
            not owns
            and not _IN_HEAD.match(text, party.end)
            and not _NO_AGENT_AFTER.search(text, max(sentence, party.start - 8), party.start)
        ):
            return party
        last -= 1
    return None


def _object(
    things: list[_Mention], starts: list[int], clause_end: int, sentence: int, verb: _Mention, follows: int
) -> _Mention | None:
    """The thing it was done to: close behind the verb, else the nearest before it in the sentence."""
    after = bisect_left(starts, verb.end)
    if after < len(things) and things[after].start < min(clause_end, follows, verb.end + _BEHIND_REACH):
        return things[after]
    before = bisect_left(starts, verb.start) - 1
    while before >= 0 and things[before].end > verb.start:  # the verb itself
        before -= 1
    return things[before] if before >= 0 and things[before].start >= sentence else None


def _is_done(text: str, start: int, end: int, verb: _Mention, where: Where) -> bool:
    lead = text[max(start, verb.start - 16) : verb.start]
    if _DONE_BEFORE.search(lead) or _PAST_TENSE.search(text[verb.start : verb.end]):
        return True
    after = text[verb.end : min(end, verb.end + 6)]
    if _ENDS_DONE.search(text, verb.end, end):
        return True
    opens = where is Where.SUBJECT or start <= _OPENING  # a short text opens with its headline
    return bool(_DONE_AFTER.match(after)) and (opens or bool(after.strip()))

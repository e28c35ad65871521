"""The words by which a notice is known: one row per phrase. Anyone who knows the mails can correct it.

A phrase is written in Simplified Chinese or small English letters; traditional characters, full-width
forms and capitals are folded before it is looked for (folding.py). In a phrase

    …          up to twelve characters within the same clause, none of them a denial, a plan or a request
    ……         up to thirty of them
    (甲|乙)    either; (甲)? may be missing
    {商家}     one of the words of NAMES below

`weight` is how sure the phrase alone makes us, 0 to 1. `where`: it counts in the "subject", the "body",
or "any". Asking rows (mood "asks") are requests, so 请 and 需 before them say nothing against them.
A phrase counts only where it is a plain statement: clauses.py takes out what is denied, conditional,
quoted, planned or advised. Sources: docs/sources.md#kinds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from complaints.stages import Kind, Verdict

NAMES = {
    "商家": '(?:商家|卖家|店铺|掌柜|店家|商户|对方|被投诉方|旗舰店|专卖店|专营店|专柜|门店|店["”」』】]?)',
    "平台": "(?:平台|天猫|淘宝|客服|小二|官方|专员|仲裁|评审|我们|我方|我司|系统)",
    "判官": "(?:平台|天猫|淘宝|客服|小二|官方|专员|大众评审|评审团?|评审员|我们|我方|经?核实|经?审核|经?审查|经?核查|系统|最终|现)",
    "案": "(?:投诉|维权|售后|退款|退货|换货|纠纷|争议|诉求|工单|介入|申请|反馈|举报|赔付)",
    "钱": "(?:退款|款项|货款|金额|钱款|赔款|赔付款?|补偿款?|资金|余额|元)",
    "凭证": "(?:凭证|证据|举证|材料|资料|照片|图片|截图|视频|聊天记录|通话录音|录音|诊断证明|病历|小票|检测报告|质检报告|鉴定报告|证明|发票|实物图|证据链)",
    "交": "(?:提供|提交|上传|补拍|重拍|补充|补交|补传|举证|出示|递交)",
    "已": "(?:(?:已经?|现已|均已|业已|成功)(?:[于在][^,。;\\n不未没]{4,24}?)?)",
    "中文不": "(?:不|未|没有?|无法|难以)",
}


@dataclass(frozen=True, slots=True)
class Row:
    kind: Kind
    phrase: str
    weight: float
    where: str = "any"  # any, subject, body
    mood: str = "states"  # states, asks
    unless: str = ""  # not if this stands before it in the same clause, or inside the find

    @property
    def pattern(self) -> re.Pattern[str]:
        return compiled(self.phrase)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """How a deciding notice came out. The first rows that hold win over later ones of the same clause."""

    outcome: Verdict
    phrase: str
    weight: float = 1.0

    @property
    def pattern(self) -> re.Pattern[str]:
        return compiled(self.phrase)


_WITHIN = (
    r"(?:[^,。!?;:()\n不未没无非将须会请需应]|(?<=申)请|会(?=员)|(?<=[协员])会|无(?=理由)|非(?=常|质量)|需(?=求)|(?<=[所急])需"
    r"|(?<=[响回反供])应|(?<=\d)[,:](?=\d)|\([^()\n]{0,40}\)|[“「『][^“”「」『』,。;\n]{2,20}[”」』])"
)
_GAP, _WIDE_GAP = _WITHIN + "{0,12}?", _WITHIN + "{0,30}?"


@cache
def compiled(phrase: str) -> re.Pattern[str]:
    """The bounded regular expression that a phrase stands for."""
    for name, words in NAMES.items():
        phrase = phrase.replace("{" + name + "}", words)
    return re.compile(phrase.replace("……", _WIDE_GAP).replace("…", _GAP))


# fmt: off
KIND_ROWS = (
    # -- appeal_ruling 申诉结果 ------------------------------------------------------------------------
    Row(Kind.APPEAL_RULING, "申诉(经[^,。]{0,8}?)?(不成立|成立|成功|失败|被?驳回|(审核)?(不|未)通过|(审核)?通过)(?!后|的?话|率)",  0.95),
    Row(Kind.APPEAL_RULING, "(驳回|支持|认可)(了)?(您|买家|商家|卖家|店铺|你|对方)?(方)?(提交|提出|发起)?的?(本次)?申诉(?!期|入口|渠道)", 0.94, unless="判定"),
    Row(Kind.APPEAL_RULING, "(维持|维護)(了)?(原|此前|之前|初次|一审)(有)?的?…(判|处理|裁|结果|结论|决定)",              0.95),
    Row(Kind.APPEAL_RULING, "(?<!不)(?<!未)改判(?!率)",                                                              0.95),
    Row(Kind.APPEAL_RULING, "(撤销|推翻|变更|更正|调整)(了)?(原|此前|之前|初次)(有)?的?…(判|处理|裁|结果|结论|决定)",       0.94),
    Row(Kind.APPEAL_RULING, "(outcome|decision|result)( of| on)? (your |the )?appeal|appeal (outcome|decision|result)",     0.7),
    Row(Kind.APPEAL_RULING, "(申诉|复核|复审|复议)的?(处理|审核|最终)?(结果|结论)",                                     0.6),
    Row(Kind.APPEAL_RULING, "(申诉|复核|复审|复议)(的|案)?(处理|审核|最终|复核|复审)?(结果|结论)(通知|告知|如下|出炉|已出)?$",  0.92, where="subject", unless="投票"),
    Row(Kind.APPEAL_RULING, "(申诉|复核|复审|复议){已}?…(复核|复审|复议|审核|审理)(完毕|完成|结束)",                         0.93),
    Row(Kind.APPEAL_RULING, "(二次|再次)申诉…(已)(审核|复核|处理|审理)",                                              0.93),
    Row(Kind.APPEAL_RULING, "(复核|复审|复议)(后|完成|结束|意见)",                                                    0.6),
    Row(Kind.APPEAL_RULING, "appeal (has been |was |is )?(upheld|dismissed|rejected|denied|granted|successful|unsuccessful|not successful|approved)", 0.95),
    Row(Kind.APPEAL_RULING, "(original|previous) (decision|ruling|result) (has been |is |was )?(upheld|maintained|overturned|reversed)", 0.95),
    Row(Kind.APPEAL_RULING, "(upheld|maintained|overturned|reversed) the (original|previous) (decision|ruling)",    0.95),
    Row(Kind.APPEAL_RULING, "appeal (has been |was |is )?(allowed|lost|won|well founded)|appeal (fails|failed|succeeds|succeeded)\\b|(set aside|annul(led)?|amend(ed)?|confirm(ed)?|upheld?) (the|our) (first|original|earlier|initial) (decision|ruling|order|verdict)|(first|original) (decision|order|verdict|ruling) (is|was|has been|remains) (confirmed|annulled|set aside|upheld|left unchanged|unchanged)", 0.85),
    Row(Kind.APPEAL_RULING, "(decision|result|outcome) (on|of) (your |the seller\'s |the )?(appeal|reconsideration)[ ]?:", 0.85),

    # -- appeal_acknowledgement 申诉受理 ---------------------------------------------------------------
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "申诉(申请|请求|材料)?{已}(被)?(提交|受理|收到|发起|登记|进入)",                   0.96),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "{已}(提交|受理|收到|发起|提出)(了)?(您|商家|卖家|店铺|买家|对方|平台)?(提交|提出|发起|对)?(的)?…申诉(?!期|入口|渠道)", 0.95),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "({商家}|买家|您)(对|就|于|不服|已)……(提起|提出|发起|提交)(了)?申诉",                      0.94),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "({商家}|买家|您)(提起|提出|发起|提交)(了)?申诉(提醒|通知|告知|$)",                                  0.93),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "{已}(正式)?(提交|提起|发起|提出)(了)?申诉",                                                      0.94),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "(不服|有异议|不认可)…(发起|提起|提出|提交)(了)?申诉",                                0.95),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "申诉(提交|受理|发起)(成功|通知|确认|告知)",                                      0.93),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "(复核|复审|申诉)(处理|审核|审理)?中(?!心|断|止)",                                        0.9),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "(受理|收到)(了)?(您|商家|卖家|买家)(提交|提出|发起)?的…申诉",                       0.93),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "进入(了)?(复核|复审|申诉)(阶段|环节|流程|程序)",                                  0.92),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "appeal (has been |was |is )?(received|submitted|accepted|filed|registered|under review|lodged)", 0.95),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "appeal[^.;\n]{2,80}(has been|was) (received|submitted|accepted|filed|registered|lodged)", 0.94),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "(received|accepted|registered) your appeal",                                  0.95),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "(seller|merchant|buyer) (has )?(appealed|filed an appeal|lodged an appeal)",   0.95),
    Row(Kind.APPEAL_ACKNOWLEDGEMENT, "(appeal|objection) (has been |was |is )?(now )?(under review|registered|entered|being examined|recorded|submitted|received|lodged)|(request|asked)[^.;\\n]{0,20} (to )?(reconsider|reconsideration|look at [^.;\\n]{0,40} again)[^.;\\n]{0,60}(accepted|registered|passed)|(challeng|contest)(ed|es) the [^.;\\n]{0,20}(verdict|decision|ruling|finding)", 0.85),

    # -- ruling 判决 ------------------------------------------------------------------------------------
    Row(Kind.RULING, "we(('ve| have))? (sided|agree(d)?) with (you|the (buyer|seller|merchant|shop))",                                      0.94),
    Row(Kind.RULING, "(refund|compensation|claim) (of [^.]{1,16} )?(is|was|has been)? ?(granted|awarded)( in (part|full))?( to you)?",        0.92),
    Row(Kind.RULING, "decision[ ]?[:][ ]?(seller|buyer|merchant)|decision in the (seller|buyer|merchant)'s favou?r",                        0.94),
    Row(Kind.RULING, "(平台|小二|客服)…(不作|不做|不予|无法作出|不便作出)(责任)?(认定|判定|判断|评判)",                                        0.93, unless="期间|暂停"),
    Row(Kind.RULING, "(给|为)(您|你)判(了)?(全额|部分)?(退款|退货|赔付)",                                                                   0.93),
    Row(Kind.RULING, "(判定|判决|裁定|裁决|认定|决定|判为|判责|结果|结论|意见|核实|审核|审查|{判官})…(部分)?支持(您|买家|消费者|卖家|商家|{商家}|会员|退款|退货|换货|赔付|打款|补偿|该|此|全额|部分|其)", 0.96),
    Row(Kind.RULING, "^[^,。;\n不未没无]{0,16}(部分)?支持(买家|卖家|商家|消费者|您的)",                                  0.9),
    Row(Kind.RULING, "(?<![获得寻])支持(了)?(您|买家|消费者|该|此|本次)(的)?…(退货退款|仅退款|退款|退货|换货|赔付|诉求|请求|申请|打款|维权|投诉)", 0.92, unless="商家|卖家|店铺|服务|无理由|本店"),
    Row(Kind.RULING, "(?<![获得寻])支持(全额)?(退货退款|仅退款|退款|赔付|补偿)(金额)?[ :]?(人民币)?¥? ?\\d",                          0.92, unless="商家|卖家|店铺|无理由|本店"),
    Row(Kind.RULING, "(?<![获得寻])支持(全额)?(退货退款|仅退款|退款|退货|换货|赔付)",                                            0.6, unless="商家|卖家|店铺|服务|无理由|本店|全场"),
    Row(Kind.RULING, "部分支持(?!买|卖|商|您)",                                                                        0.9),
    Row(Kind.RULING, "支持(买家|卖家|商家)(?!服务|中心|热线|团队)",                                                        0.9),
    Row(Kind.RULING, "(不|不予|未予|未能|无法)支持(您|买家|该|此|其|本次)?(的)?…(退货退款|仅退款|退款|退货|换货|赔付|诉求|请求|申请|维权|投诉|主张)", 0.93, unless="商家|卖家|店铺|不代表|商品"),
    Row(Kind.RULING, "(投诉|维权|举报)(不|未)?成立(?!后|的?话|率|条件|与否|时)",                                                    0.95),
    Row(Kind.RULING, "(判定|认定|判决|裁定|裁决)(为|由|是)?…(商家|卖家|买家|您|双方|被投诉方|店铺|物流)…(责任|责|过错|违规|违背承诺|承担|败诉|胜诉|全责|违约|退款|退还|赔付|赔偿|补偿)", 0.95),
    Row(Kind.RULING, "(判定|认定|判决|裁定|裁决)(商家|卖家|店铺)?(应|需|须|全额|部分)?(退款|退货退款|退还|赔付|赔偿|补偿|仅退款|换货|打款)", 0.95),
    Row(Kind.RULING, "(纠纷|争议|投诉|交易|退款|裁定|判定|认定|裁决|判决|结果|结论|问题)[ :]?(由|系|属于?|是)?(商家|卖家|店铺)(应|需|须|应当)?(承担|负)(全部|主要|相应|完全)?责任", 0.94),
    Row(Kind.RULING, "(双方|买卖双方|您与商家)(均|都|各)(有|负|存在|承担)(一定|部分|相应)?(的)?(责任|过错)", 0.9),
    Row(Kind.RULING, "责任(在|归|属)(于)?(商家|卖家|店铺|被投诉方)", 0.93),
    Row(Kind.RULING, "判(商家|卖家|买家|被投诉方)(责|全责|败|胜)",                                                          0.93),
    Row(Kind.RULING, "(商家|卖家|店铺|被投诉方)(需|应|须|应当|需要|必须|要)(向您|为您|给您|予以|全额|部分|承担)…(退款|退还|赔付|赔偿|补偿|运费|邮费|费用)", 0.9),
    Row(Kind.RULING, "(处理|判定|裁决|裁定|维权|投诉|仲裁|评审|判决)(的)?(最终)?(结果|结论|意见|决定)(通知|告知|如下|为|是|已出|公布|公示|:)", 0.62, unless="商家|卖家|店铺"),
    Row(Kind.RULING, "(客服|平台|小二|天猫|淘宝|大众评审|评审)…(处理|判定|裁决|审理|评审)(已)?(完成|完毕|结束)",            0.6),
    Row(Kind.RULING, "{已}(作出|做出|给出|出具|完成)(了)?(最终)?(处理|判定|裁决|裁定|判决|判责)(结果|结论|决定|意见)?",            0.62),
    Row(Kind.RULING, "(已有|有了|得出|形成|作出|给出)(了)?(处理|最终|明确)?(结论|结果|决定)",                                       0.62),
    Row(Kind.RULING, "(责任方?|过错方|违约方|判责结果|责任认定|责任判定|处理方案|判定方案|解决方案)[ ]?[:为是在]",                    0.62, unless="商家|卖家|店铺|提出|协商"),
    Row(Kind.RULING, "(判责|裁决|裁定|判定|仲裁|处理|判决)(结果|意见|决定|结论|通知)?(书)?$",                                   0.62, where="subject", unless="商家|卖家|店铺|受理"),
    Row(Kind.RULING, "(裁定|裁决|判决|判定|认定)[ ]?:",                                                                  0.7),
    Row(Kind.RULING, "(we('ve| have)?|platform|taobao|tmall|team) …(reviewed|decided|concluded|determined|found)",        0.62),
    Row(Kind.RULING, "(outcome|decision|result|ruling)( of| on)? …(dispute|case|complaint|claim)|(dispute|case|complaint|claim) (outcome|decision|result|ruling)|case has been decided", 0.62),
    Row(Kind.RULING, "(?<![评谈裁审研批])判(商家|卖家|店铺|被投诉方|由)[^,。;\n]{0,16}(赔付|赔偿|补偿|退款|退还|退您|承担|负责)", 0.94),
    Row(Kind.RULING, "(买家|卖家|商家|您|投诉方|被投诉方)(胜诉|败诉|胜出|获胜)",                                              0.93),
    Row(Kind.RULING, "(决定|裁决|认定|判定|处理意见)如下",                                                                0.7),
    Row(Kind.RULING, "(投诉|反映|反馈)的[^,。;\n]{0,14}(问题|情况|事项)[^,。;\n]{0,8}(成立|属实)",                           0.93),
    Row(Kind.RULING, "(维权|投诉|纠纷){已}胜诉", 0.94),
    Row(Kind.RULING, "(投诉|维权|纠纷)(已经?)?(有|出)(了)?结果(了|啦)?:", 0.9),
    Row(Kind.RULING, "评审[^,。;\n]{0,10}(投票)?结果(为|是|:)?…(胜|支持)",                                                  0.94),
    Row(Kind.RULING, "(ruled|decided|found) (for|against) (the )?(buyer|seller|merchant|you)",                          0.95),
    Row(Kind.RULING, "(判定|判决|裁定|裁决)(结果|结论)",                                                                0.62),
    Row(Kind.RULING, "(?<!复)(经|由)(大众)?评审(团)?…(投票|判定|支持|认定)",                                                 0.7),
    Row(Kind.RULING, "(驳回|不予支持)(了)?(您|买家|本次|该|此)?(的)?…(投诉|维权|退款|退货|售后|诉求|请求)(?!理由)",                0.93, unless="商家|卖家|店铺|申诉|旗舰店|专卖店|专营店"),
    Row(Kind.RULING, "(交易)?(款项|货款|资金|订单款)…(支付|打款|放款|结算|划|归)(给|至|到|属)?(卖家|商家|店铺)",               0.9),
    Row(Kind.RULING, "(诉求|请求|申请|主张|投诉|维权)(我们|平台|现)?(不予|不被|不获|未获|未被|未予)支持",                                 0.94, unless="申诉|商家的"),
    Row(Kind.RULING, "打款给(卖家|商家)",                                                                             0.9),
    Row(Kind.RULING, "(证据|凭证|举证|材料)不足(?![^。!?\\n]{0,30}请[^。\\n]{0,16}(?:补|重新上传|重传))",                                                                       0.6, unless="缺|因商家"),
    Row(Kind.RULING, "(不足以|无法|不能|难以|未能)(证明|认定|证实|判断|核实)",                                             0.6, unless="商家"),
    Row(Kind.RULING, "建议(您|你|双方|买卖双方|买家|交易双方)?(可)?(先|再|继续|自行|尽量)?(与|和|跟|同)(商家|卖家|店铺|对方|其)?…(友好|自行|继续|进一步|另行|线下)?…协商", 0.94, mood="asks"),
    Row(Kind.RULING, "建议(您)?(双方|买卖双方|交易双方|买家与卖家)…协商",                                                       0.93, mood="asks"),
    Row(Kind.RULING, "(平台|客服|小二|经核查|经核实|经审核|认为|判断|认定)[^。!?;\n不未没]{0,40},(现|故|因此|最终|决定|予以)?支持(全额)?(仅退款|退货退款|退款|退货|换货|赔付)", 0.92, unless="如|若|无理由"),
    Row(Kind.RULING, "(建议|由|请|需)(您|双方|买卖双方|交易双方|买家与卖家)…(友好|自行|继续|另行|线下)…协商(解决|处理|一致)?",     0.93, mood="asks"),
    Row(Kind.RULING, "(双方|买卖双方)(友好|自行)协商(解决|处理)(?!一致|成功|达成)",                                              0.9, mood="asks"),
    Row(Kind.RULING, "(平台|客服|我们|小二)…(无法|不便|难以|不)(判定|判断|认定|介入判定|做出判断|支持任何一方)",                0.7),
    Row(Kind.RULING, "(ruled|decided|ruling|decision|result|found|judg(e)?ment|resolved)…in (your )?favou?r of (the )?(buyer|seller|merchant|you)", 0.96),
    Row(Kind.RULING, "in your favou?r",                                                                             0.93),
    Row(Kind.RULING, "in favou?r of (the )?(buyer|seller|merchant)",                                                0.93),
    Row(Kind.RULING, "(your )?(complaint|claim|dispute) (of [^.]{1,16} )?(has been |was |is )?(upheld|not upheld|dismissed|rejected|substantiated|unsubstantiated|found valid|partially upheld)", 0.94),
    Row(Kind.RULING, "(support|supports|supported) (the |your )?(buyer|seller|merchant|refund)",                     0.9),
    Row(Kind.RULING, "(suggest|recommend|advise)s?( that)? you …(negotiate|settle|work it out|resolve) …with the (seller|merchant)", 0.94, mood="asks"),
    Row(Kind.RULING, "\\b(award|grant)(s|ed)? (you|the buyer|the seller) …(part|cny|¥|rmb|refund|price|full|half|\\d)", 0.94),
    Row(Kind.RULING, "(outcome|result|decision)[ ]?: (a )?(full|partial|no) refund|(complaint|claim|dispute) [^.\n]{0,40}(found|held|considered) (to be )?(not |un)?(justified|valid|substantiated|founded)|(unable|not able) to (support|uphold) your (claim|complaint|request)", 0.85),
    Row(Kind.RULING, "(final |platform )?(decision|ruling|result) (notice|of your)",                                 0.6),
    Row(Kind.RULING, "(verdict|finding|decision|ruling)[ ]?:[^\\n]{0,60}(refund|at fault|seller|buyer|not as described|insufficient|upheld|dismissed|pays?)", 0.85, unless="n't|\\b(appeal|first)\\b"),
    Row(Kind.RULING, "\\bwe (therefore |have )?(hold|held|find|found|consider) (the )?[^.;\\n]{2,40}((responsible|liable)(?! for (pack|ship|deliver|any))|at fault|proven|justified)|(the )?(seller|shop|merchant) is (found )?(at fault|liable|responsible)|you(\'ve| have) won your (case|claim|dispute)|(we|so we) (uphold|dismiss|reject) your (complaint|claim|appeal)", 0.85, unless="n't|\\b(appeal)\\b"),
    Row(Kind.RULING, "liability [^.;\\n]{0,40}(is|was|has been) (attributed|assigned) to|(application|claim|request) for [^.;\\n]{0,30} is granted|jury has voted|claim (succeeds|fails)\\b|(shall|must|has to) (compensate|refund|repay) the buyer", 0.85, unless="n't|\\b(appeal)\\b"),
    Row(Kind.RULING, "判定(为|由|是)?[^,。;:\n]{1,24}?(负|的|承担)?(全部|主要|全|同等)?责任(?!归属|划分|认定|比例)", 0.93, unless="无法|难以|未能|申诉|复核"),

    # -- settlement 和解 --------------------------------------------------------------------------------
    Row(Kind.SETTLEMENT, "(双方|您(与|和|已与)|买卖双方|买家(与|和))…(协商一致|达成(了)?(一致|和解|协议)|和解)(?!方案|协议书|的)",        0.95),
    Row(Kind.SETTLEMENT, "{已}(与|和|跟)?(商家|卖家|店铺|对方)?…(协商一致|达成(了)?(一致|和解|协商|调解协议|退款协议)|和解成功|调解成功|握手言和)", 0.95),
    Row(Kind.SETTLEMENT, "您与[^。;\n]{2,50}{已}?协商一致:", 0.95),
    Row(Kind.SETTLEMENT, "(和解|调解|协商)(成功|完成)(通知|告知|提醒|确认)?$",                                              0.93, where="subject"),
    Row(Kind.SETTLEMENT, "(和解|调解)(协议|协议书|书)$",                                                                0.9, where="subject"),
    Row(Kind.SETTLEMENT, "(协商|和解|调解)(已)?(成功|达成|完成|一致)",                                                    0.9, unless="促|推动|争取|期"),
    Row(Kind.SETTLEMENT, "达成(了)?(一致|和解|调解协议|和解协议|协商方案)",                                               0.92),
    Row(Kind.SETTLEMENT, "(和解|调解)(协议)(书)?{已}(签署|生效|达成|确认)",                                              0.95),
    Row(Kind.SETTLEMENT, "按(双方)?(和解|调解)(协议|结果|方式)?…(办结|结案|处理完|结束|处理)(?!方案)",                       0.93),
    Row(Kind.SETTLEMENT, "(和解|调解)协议…{已}(于|自)?…(生效|签订|签署)",                                                0.95),
    Row(Kind.SETTLEMENT, "(reached|agreed( on)?) (a |an )?(settlement|agreement)",                                  0.95),
    Row(Kind.SETTLEMENT, "(settlement|agreement) (has been |was )?(reached|confirmed)",                             0.95),
    Row(Kind.SETTLEMENT, "(amicable|joint) (settlement|statement)|marked your case as settled|(dispute|complaint|case|matter) (is |was |has been )?(settled|resolved by (settlement|agreement))|by mutual consent|(conciliation|settlement) agreement|(accepted by|agreed between) both (sides|parties)|you(\'ve| have)? (come to terms|worked (it|things) out)", 0.85, unless="n't|\\b(if|once|unless|need|both sides have to)\\b"),
    Row(Kind.SETTLEMENT, "双方(均|都)?(已)?(自愿协商|点击[“「\"]?同意|确认(了)?(和解|协商)(结果|方案|协议))|协商结果确认书", 0.92, unless="如|若"),

    # -- withdrawal 撤销 --------------------------------------------------------------------------------
    Row(Kind.WITHDRAWAL, "(您|买家|投诉方|申请人|用户|消费者|你)(已|已经|主动|成功|于…|自行){1,2}…(撤销|撤回|取消|撤诉|撤除)(了)?(?!失败|[^,。;\n]{0,6}(订单|关注|收藏|续费|预约|订阅))", 0.95, unless="订单|好评|评价"),
    Row(Kind.WITHDRAWAL, "(投诉|维权|退款申请|退款|售后|售后申请|退货申请|申请|纠纷)(申请|单|编号|单号)?[ :]?(\\([^()\n]{0,40}\\)|[a-z]{0,6}-?\\d{6,24})?{已}(被)?(由)?(您|买家|投诉方)?(主动)?(撤销|撤回|撤诉)", 0.95),
    Row(Kind.WITHDRAWAL, "(撤销|撤回|取消)(投诉|维权|退款|售后|退款申请|申请)(申请)?(已)?(成功|通知|完成|确认)",             0.93),
    Row(Kind.WITHDRAWAL, "(撤诉|撤销|撤回)(申请|操作)?{已}(经)?生效",                                                        0.94),
    Row(Kind.WITHDRAWAL, "{案}(申请)?[ ]?\\(?[a-z]{0,4}\\d{0,24}\\)?{已}(被|由)(您|买家)?(本人|自行|主动)?(取消|撤销|撤回)",     0.95),
    Row(Kind.WITHDRAWAL, "(买家|您|申请人|投诉人|本人)(主动|自行|自愿)(取消|撤销|撤回|撤诉)(?!后|的?话|将|可)",              0.94, unless="订单"),
    Row(Kind.WITHDRAWAL, "撤诉(成功|通知|完成|确认)",                                                                      0.93),
    Row(Kind.WITHDRAWAL, "(投诉|维权|退款申请|售后|申请)(撤销|撤回)(成功|通知|完成|确认)",                                0.93),
    Row(Kind.WITHDRAWAL, "(您|买家|你)(撤销|撤回|取消)了(本次|该|此|对|您的|其)?…{案}",                                   0.94),
    Row(Kind.WITHDRAWAL, "{已}(为您)?(撤销|撤回)(了)?(您|本次|该|此|对)…{案}",                                            0.93, unless="商家|卖家|申诉|原"),
    Row(Kind.WITHDRAWAL, "you (have |had )?(withdrawn|withdrew|cancelled|canceled)( your| the)? …(complaint|claim|refund|request|dispute|case)", 0.95),
    Row(Kind.WITHDRAWAL, "you (have )?(withdrawn|withdrew|cancelled|canceled) (complaint|claim|refund|request|dispute|case)", 0.95),
    Row(Kind.WITHDRAWAL, "(complaint|claim|request|dispute) (has been |was |is )?(withdrawn|cancelled by you|withdrawn by you|canceled by you)", 0.94),
    Row(Kind.WITHDRAWAL, "(was|were|has been|have been) (revoked|withdrawn|taken back|cancelled|dropped|retracted) by you|you(\'ve| have)? (dropped|withdrew|withdrawn|took back|taken back|revoked|retracted) (the|your) (claim|complaint|request|report|dispute|refund request)|withdrawal (is |has been |was )?(confirmed|recorded|complete)|withdrawn by (the )?(complainant|buyer)|you are no longer disputing", 0.85, unless="n't|\\b(if|once|unless|could|please)\\b"),

    # -- refund_arrived 退款到账 -------------------------------------------------------------------------
    Row(Kind.REFUND_ARRIVED, "(退款|款项|货款|资金|赔款|赔付款?|补偿款?|钱款|退回的?款项)(金额)?…(已|成功|已经|均已)(成功)?(到账|到帐|入账|存入|打入|退回|退还|退至|退到|返还|原路退)", 0.95, unless="卖家账户|商家账户|理赔|账单|权益|资格|特权|红包|服务"),
    Row(Kind.REFUND_ARRIVED, "(极速|快速|闪电|先行)?退款(成功|到账|已到|完成)(?!率|即|可|将|就|时|前|后|的?话|时间|通道|保障|时效|失败|预计|周期|中)",                                0.93, unless="等待|保障"),
    Row(Kind.REFUND_ARRIVED, "{已}(将|把)?…(退款|款项|货款|元)…(退回|退还|退至|退到|返还|打入|存入|到账|转入)…(您|支付宝|银行卡|账户|账号|余额|花呗|信用卡|微信|原)",  0.95),
    Row(Kind.REFUND_ARRIVED, "退款{已}(成功|完成|到账)",                                                                  0.95),
    Row(Kind.REFUND_ARRIVED, "{已}(原路)?(退回|退还|退至|返还|存入|打入)(到|至)?(您|原|支付宝|银行|账户|余额|花呗|信用卡)",       0.95, unless="商品|包裹|退货|快递|券|积分|红包"),
    Row(Kind.REFUND_ARRIVED, "(到账|入账|退款到账|退款成功|退款完成)(通知|提醒)",                                              0.92, unless="红包|优惠|券|工资|收款"),
    Row(Kind.REFUND_ARRIVED, "(钱|款|差价|元)?{已}(全部|都)?(退|打|转|返)(到|回|至|进)?了?(您|你)的?(账|卡|支付宝|银行|余额|花呗)",  0.94, unless="如|若"),
    Row(Kind.REFUND_ARRIVED, "{已}(到达|进入)(您|你)的?…(账户|卡|支付宝|余额|花呗)",                                        0.95),
    Row(Kind.REFUND_ARRIVED, "{已}到账(您|你)…(卡|账户|支付宝|余额|花呗)",                                              0.94),
    Row(Kind.REFUND_ARRIVED, "退款[ ]?\\(?\\d{8,24}\\)?{已}?成功(退回|到账|退还|(?=[,。]))",                                  0.95),
    Row(Kind.REFUND_ARRIVED, "{钱}{已}(成功)?(到账|到帐|入账)",                                                             0.93, unless="红包|优惠|券|理赔|账单|工资"),
    Row(Kind.REFUND_ARRIVED, "refund (of …)?(has been |was |is )?(completed|credited|successful|issued to|returned|paid|deposited)", 0.95),
    Row(Kind.REFUND_ARRIVED, "(has been|was|have been) (credited|refunded|returned) to your",                         0.95),
    Row(Kind.REFUND_ARRIVED, "refund (successful|completed|arrived|received)",                                        0.93),
    Row(Kind.REFUND_ARRIVED, "(refund|compensation|money|amount|deposit|yuan|cny|rmb|¥)[^.;\\n]{0,50} (has |have |was |were |just |is )?(now )?(landed|reached (you|your)|booked to your|paid into your|been credited|come back|in your (balance|account))|refund (arrived|completed|complete|received)[ ]?[:.,]|has paid you back|you(\'ve| have) received [^.;\\n]{0,24} back|given back to you|refund (has )?arrived", 0.85, unless="n't|\\b(will|should|once|if|expected|pending)\\b"),

    # -- closing 结案 -----------------------------------------------------------------------------------
    Row(Kind.CLOSING, "(超时|逾期|过期|未(在|按)?…(内|前|时)?…|未操作…)[,，]?(系统|已|被)?(自动)?关闭(?!后|前|通道|入口)",                           0.9, unless="订单(?!编号|号)|付款"),
    Row(Kind.CLOSING, "(falls|is|are) outside (of )?what we (can )?handle|we can('t|not) take (up )?(this|your) (complaint|case)",            0.94),
    Row(Kind.CLOSING, "{案}(单|流程|服务|单号)?{已}(被)?(系统)?(自动)?(关闭|结案|完结|结束|终结|办结|归档)(?!前)",             0.95, unless="通道|入口"),
    Row(Kind.CLOSING, "{案}(申请|单|编号|单号)?[ :]?\\(?[a-z]{0,4}-?\\d{6,24}\\)?{已}(被)?(系统)?(自动)?(关闭|结案|办结)(?!前)",     0.95),
    Row(Kind.CLOSING, "(现|特|故)(予以|予|已)?(结案|办结)(?!后|前|条件)",                                                  0.94, unless="如|若"),
    Row(Kind.CLOSING, "{案}(单)?…{已}(被)?(系统)?(自动)?(关闭|结案|完结|办结|终结)(?!前)",                                   0.93, unless="通道|入口|店铺|交易"),
    Row(Kind.CLOSING, "{案}(单|申请)?(关闭|结案|完结|办结)(通知|告知|提醒|确认)?(?!后|前|的?话|时|倒计时|率|条件|标准)$",            0.9, where="subject"),
    Row(Kind.CLOSING, "{案}…{已}(处理|审理|办理)(完成|完毕|结束)(并|且|,)?(予以|现|已)?(结案|关闭|完结|归档)(?!前)", 0.94, unless="通道|入口"),
    Row(Kind.CLOSING, "{已}(为您)?(自动)?(关闭|结案|办结)(了)?(本次|该|此|您的|投诉|维权|退款|售后)",                             0.93, unless="店铺|交易"),
    Row(Kind.CLOSING, "(?<!不)(?<!未)(超时|逾期)(自动)?(关闭|结案)(?!后|的?话)",                                                       0.7),
    Row(Kind.CLOSING, "(因|由于)?(您|买家|你)?(超时|逾期|未(在|于|按)(规定|限定|约定)?…(时间|期限)?(内)?)…(未|没有)?(操作|处理|响应|修改|寄回|退货|举证|回复|提交|填写|发货)", 0.5),
    Row(Kind.CLOSING, "(商家|卖家|店铺)(超时|逾期)(未|没有)…(系统|平台)?…(自动|默认)…(退款|同意|达成|关闭)(?!将)",                 0.85),
    Row(Kind.CLOSING, "(系统|平台){已}(自动|默认)…(同意|达成|通过|退款)(?!申请)",                                               0.94),
    Row(Kind.CLOSING, "(退款|维权)(已)?(自动)?达成(通知|提醒|$)",                                                           0.85),
    Row(Kind.CLOSING, "默认(达成|撤回|撤销|同意)",                                                                        0.7),
    Row(Kind.CLOSING, "(不予|不能|无法|未予|不)受理(?!不)",                                                                0.94, unless="暂"),
    Row(Kind.CLOSING, "(不属于|不在|超出|超过)…(受理|维权|投诉|售后|申请|处理)(范围|期限|时效|条件|时间)",                          0.85),
    Row(Kind.CLOSING, "(受理|投诉|申请)…(不|未)(符合|满足)…(受理)?(条件|要求|范围)",                                           0.8),
    Row(Kind.CLOSING, "(complaint|case|claim|request|dispute|refund|refund request) (has been |was |is )?(now )?(automatically )?(closed|completed|settled and closed)", 0.94),
    Row(Kind.CLOSING, "(closed|lapsed) (automatically )?(because|as) ",                                               0.9),
    Row(Kind.CLOSING, "(complaint|case|claim)[^.;\n]{2,60}(has been|was|is now) closed|(we )?cannot accept (it|your|this)",  0.92),
    Row(Kind.CLOSING, "(not accepted|cannot be accepted|not eligible|unable to accept)",                             0.9),
    Row(Kind.CLOSING, "(wasn\'t|was not|hasn\'t been|has not been) admitted|\\binadmissible\\b|status[ ]?: closed|(case|file|complaint|dispute|refund)( no\\.?)?( [\\w-]{3,30})? (is |was |has been )(now )?(closed|shut)|closed automatically|(agent|we) [^.;\\n]{0,20}(shut|closed) (the )?case", 0.85, unless="n't|\\b(if|will be|once|unless)\\b"),

    # -- execution 执行 ----------------------------------------------------------------------------------
    Row(Kind.EXECUTION, "{已}冻结…(商家|卖家|店铺)(的)?…(货款|保证金|款项|资金)", 0.93),
    Row(Kind.EXECUTION, "(退款|赔付|款项|划扣|执行)(申请)?(正在)?(处理|执行|打款|划扣|退回)中",                                 0.93),
    Row(Kind.EXECUTION, "{已}(从)?(商家|卖家|店铺)?(的)?…(保证金|账户)…(划扣|扣除|扣划|赔付|支付)",                            0.95),
    Row(Kind.EXECUTION, "{已}(从)(其|该店|对方|商家|卖家|店铺)…(保证金|账户|货款)…(扣下|扣走|扣出|划走|划出|划转|扣了|转出)",    0.96),
    Row(Kind.EXECUTION, "{已}(依|依据|依照|按照?|根据)(判定|判决|裁决|处理|裁定)(结果|结论|决定)?…执行(退款|赔付|扣款)",            0.96),
    Row(Kind.EXECUTION, "(保证金|货款)(支付|代付|代扣|支出)(了)?…元",                                                    0.9, unless="将|会|可|如|若"),
    Row(Kind.EXECUTION, "{已}(自|从)[^,。;\n]{2,24}(扣款|扣划|划扣)",                                                    0.95),
    Row(Kind.EXECUTION, "your …refund (from …)?is on its way|(we )?(have )?started your refund",                       0.94),
    Row(Kind.EXECUTION, "{已}强制(从|执行|划|扣)|(判定|裁定|裁决|判决)[^,。;\n]{0,24}(正在|进入)(强制)?执行",               0.95),
    Row(Kind.EXECUTION, "已对[^,。;\n]{2,24}强制执行",                                                                0.96),
    Row(Kind.EXECUTION, "{已}代[^,。;\n]{2,24}(退回|退还|赔付|垫付)[^。;\n]{0,16}处理中",                                0.97),
    Row(Kind.EXECUTION, "(we )?(have )?collected [^.;\n]{2,30} from[^.;\n]{2,40}(refund|bank)",                      0.95),
    Row(Kind.EXECUTION, "{已}(向|对)…(执行|实施)(了)?(扣款|划扣|扣划)",                                              0.95),
    Row(Kind.EXECUTION, "(划扣|扣除|扣划)(了)?(商家|卖家|店铺)?(的)?…保证金",                                             0.92),
    Row(Kind.EXECUTION, "(退款|赔付|款项)[^,。;\n]{0,10}?(已)?(提交|转交?|交由|发送)(至|给|到)?(银行|支付宝|支付机构|财务)",  0.96),
    Row(Kind.EXECUTION, "{已}通知(支付宝|支付机构|银行|财务)",                                                             0.95),
    Row(Kind.EXECUTION, "{已}(发起|提交|启动|进入)(了)?(退款|赔付|打款|划扣|执行)(流程|程序|指令)?(?!申请|维权)",               0.9, unless="您|买家"),
    Row(Kind.EXECUTION, "{已}(由)?(平台|天猫|淘宝|商家|卖家)?(先行)?(向您)?(赔付|垫付)",                                     0.9),
    Row(Kind.EXECUTION, "(先行)?(赔付|垫付)(已)?(成功|完成|执行|到账)",                                                  0.92),
    Row(Kind.EXECUTION, "refund (is being processed|is in progress|processing)|(is|are) processing your refund",      0.93),
    Row(Kind.EXECUTION, "(deducted|paid) from the (seller|merchant)('s)? (deposit|account)",                           0.93),
    Row(Kind.EXECUTION, "(refund|payment|compensation|transfer|disbursement|amount|money)[^.;\\n]{0,40} (is|are) (now )?(being (paid|sent|processed|transferred)|pending|in transfer|under ?way|in the works|waiting at the bank|on (its|the) way)|(has |have |we |were )(debited|deducted|instructed (the|your) bank|advanced)|\\badvancing the\\b|payment order|submitted to (the )?payment channel|refund initiated", 0.85, unless="n't|\\b(if|once|unless)\\b"),

    # -- suspension 中止、恢复 ---------------------------------------------------------------------------
    Row(Kind.SUSPENSION, "{已}(暂停|中止|暂缓)(了)?(处理|审理|受理|本次|该|此|您的|对|流程|争议|计时)?",                     0.93, unless="发货|服务|活动|店铺|营业"),
    Row(Kind.SUSPENSION, "(中止|暂停|暂缓)(了)?(处理|审理)(通知|告知)?",                                                  0.92, unless="活动|发货"),
    Row(Kind.SUSPENSION, "{案}(处理|流程)?(中止|暂停)(通知|告知)?",                                                      0.92),
    Row(Kind.SUSPENSION, "{已}(恢复|重启)(了)?(处理|审理|计时|流程|本次|该|您的|对)?",                                     0.93, unless="服务|活动|发货|店铺|营业|账号|账户|登录"),
    Row(Kind.SUSPENSION, "(恢复|重启)(了)?(处理|审理)(通知|告知)?",                                                       0.92),
    Row(Kind.SUSPENSION, "(case|complaint|dispute|handling) (has been |was |is )?(suspended|paused|put on hold|resumed)", 0.94),
    Row(Kind.SUSPENSION, "(case|complaint|dispute|proceedings|handling|matter|refund)[^.;\\n]{0,50} (is|was|are|has been|have been|were|rests?)( temporarily| now)? ?(paused|suspended|halted|put aside|stayed|unpaused|resumed|restarted|from today)|(has|have|we) (paused|suspended|restarted|resumed|stopped the clock|stayed)|stays the (present )?proceedings|stay [^.;\\n]{0,40} (has been |was )?lifted|no longer suspended|proceedings (are )?(stayed|continue)|standstill", 0.85, unless="n't|\\b(if|would|may|can be|store|shop is)\\b"),

    # -- evidence_received 凭证已收到 --------------------------------------------------------------------
    Row(Kind.EVIDENCE_RECEIVED, "{凭证}(等|材料|资料)?…{已}(成功)?(被)?(收到|收悉|提交|上传|接收|受理)",                        0.95, unless="商家提交|卖家提交"),
    Row(Kind.EVIDENCE_RECEIVED, "{已}(成功)?(收到|接收|收悉)(了)?(您|买家|双方|你|商家|卖家)?(提交|上传|提供|补充)?(的)?…{凭证}",    0.95),
    Row(Kind.EVIDENCE_RECEIVED, "(您|买家|你|商家|卖家){已}(成功)?(提交|上传|补充|提供)(了)?(?!的)…{凭证}",                       0.94),
    Row(Kind.EVIDENCE_RECEIVED, "(举证|凭证提交|凭证上传|补充凭证)(已)?(完成|成功|结束)",                                  0.92),
    Row(Kind.EVIDENCE_RECEIVED, "举证(期|阶段)?{已}(结束|完成|截止|届满)",                                              0.85),
    Row(Kind.EVIDENCE_RECEIVED, "{已}进入(人工)?(审核|审理|评审)",                                                       0.85),
    Row(Kind.EVIDENCE_RECEIVED, "^[^,]{0,10}进入审核(阶段|环节)?",                                                      0.6),
    Row(Kind.EVIDENCE_RECEIVED, "(evidence|proof|documents?|photos?|files?) (has been |have been |was |were )?(received|submitted|uploaded)", 0.94),
    Row(Kind.EVIDENCE_RECEIVED, "(received|got) your (evidence|proof|documents|photos|files)",                         0.95),
    Row(Kind.EVIDENCE_RECEIVED, "(evidence|video|photos?|pictures?|screenshots?|report|invoice|statement|film|files?|proof|comments|documents?|recording)[^.;\\n]{0,60} (was|were|has been|have been|is|are) (now )?(added to|placed (with|in)|put on (the )?(record|file)|accepted into|received|stored)|upload (is )?complete|got your (video|photos?|files?|evidence|documents?)|(thanks|thank you) for (the|your) (invoice|pictures?|photos?|evidence|video|files?|documents?)", 0.85, unless="n't|\\b(if|not yet|please|need|no )\\b"),
    Row(Kind.EVIDENCE_RECEIVED, "(商家|卖家|被投诉方|对方)(已|现已)?(经)?(完成|提交)(了)?举证", 0.94, unless="如|若|未|等待|要求|请"),

    # -- evidence_request 举证 --------------------------------------------------------------------------
    Row(Kind.EVIDENCE_REQUEST, "(已|现)?(要求|通知|责成)(了)?(商家|卖家|店铺|被投诉方|双方|您|你)…(举证|{交}…{凭证})",                          0.93, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(待|等待|需要|需)(您|你|商家|卖家|双方)?(的)?举证(?!责任|期)",                                               0.92, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(我们|小二|平台)?(需要|还需|还缺|还差|缺少)(您|你)?…(一份|几张|一张|两张|一些)?{凭证}",                             0.9, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "we (still )?need (a few more things|more (proof|evidence|photos|documents)|[^.]{0,20}(photos?|video|proof|evidence|documents?))", 0.93, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(both (sides|parties)|you) (may|can|must|should) (now )?(submit|upload|provide) (your |their )?(evidence|proof)", 0.9, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(?<!申)(请|麻烦|烦请|还请)(您|你)?……(重新拍摄|重拍|补拍|补件|重传|重新上传|补充上传)", 0.92, mood="asks", unless="商家|卖家|转换|格式|网络"),
    Row(Kind.EVIDENCE_REQUEST, "举证(期限|时限|截止(时间)?|方|内容|材料|时间)[ ]?:", 0.7, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "所需(材料|凭证|证据|资料)[ ]?:", 0.7, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "we need (a |the |some |your )?…(copy|photos?|pictures?|invoice|evidence|proof|documents?)", 0.92, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(?<!申)请(您|你|买家|双方|及时|尽快|务必|继续|再次|在|于|按|配合|进一步|登录|前往|到|进入|将|把|重新)?…{交}…{凭证}",     0.93, mood="asks", unless="商家(要求|希望|请)|卖家(要求|希望|请)|备注|以便(商家|卖家)|已(上传|提交|提供)"),
    Row(Kind.EVIDENCE_REQUEST, "(?<!申)请(您|你|买家|双方|及时|尽快|务必|继续|再次|在|于|按|配合|进一步)……{交}(?!运单|快递单|物流单|退货单|订单|申诉|申请|投诉)",   0.62, mood="asks", unless="商家(要求|希望|请)|卖家(要求|希望|请)|已(上传|提交|提供)"),
    Row(Kind.EVIDENCE_REQUEST, "(?<!申)请(您|你|买家|双方)?……(举证|补证|补充凭证|上传凭证|提交凭证|补充举证)",                      0.93, mood="asks", unless="已(上传|提交|提供)"),
    Row(Kind.EVIDENCE_REQUEST, "(?<!申)(请|麻烦|烦请|劳烦|需要|需)(您|你|买家)?(尽快|于|在|再)?…(把|将)?…{凭证}…(传|发|交|补|拍|提供|提交|上传)(一?下|上来|上去|给|到|过来|来|至|一份)", 0.93, mood="asks", unless="商家(要求|希望|请)|卖家(要求|希望|请)|已"),
    Row(Kind.EVIDENCE_REQUEST, "(通知|要求|责令|催促|请)[“「\"][^”」\"\n]{2,24}[”」\"](店|旗舰店|专营店)?……{交}…{凭证}",                 0.94, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(需|需要|须|应)(您|你|买家|双方|在|于|尽快|及时|进一步)……{交}…{凭证}",      0.92, mood="asks", unless="商家(要求|希望|请)|卖家(要求|希望|请)|商家$|卖家$"),
    Row(Kind.EVIDENCE_REQUEST, "(需要|需)(您|你)的…{凭证}",                                                              0.92, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(麻烦|请|烦请|劳烦|还请)(您|你)?……(补传|补交|补上|补齐|传一下|传上来)",                       0.91, mood="asks", unless="商家(要求|希望|请)|卖家(要求|希望|请)"),
    Row(Kind.EVIDENCE_REQUEST, "(缺少|缺|还差|尚缺)…{凭证}",                                                              0.62, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(补充|提交|提供|上传)(以下|下列|如下|相关|有效)(的)?…{凭证}",                               0.85, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(通知|要求|请|责令|需|需要|已向|催促)(商家|卖家|店铺|被投诉方|对方|双方|您)…{交}…{凭证}",         0.94, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(进入|开启|启动|开始|处于)(了)?举证(期|阶段|环节|流程)?",                                      0.93),
    Row(Kind.EVIDENCE_REQUEST, "举证(期|阶段|流程|环节)?(已)?(开始|开启|启动)",                                              0.93),
    Row(Kind.EVIDENCE_REQUEST, "(补充|提交|上传|提供)(举证|凭证|证据)(的)?(通知|提醒|要求|告知)",                             0.92, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "举证(通知|要求|提醒|告知)",                                                               0.92, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "举证(期|截止|期限|时限|时间|有效期)",                                                      0.5, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(凭证|证据|材料|照片)(尚)?(不足|不全|不清晰|不完整|缺失)…(补充|重新|补交|上传)",                 0.9, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(please |need you to |asks? you to |required to |requested to |must )(kindly )?(upload|submit|provide|send|supply|add) …(evidence|proof|photos?|pictures?|documents?|screenshots?|chat)", 0.94, mood="asks", unless="seller (asks|wants|would)|merchant (asks|wants|would)"),
    Row(Kind.EVIDENCE_REQUEST, "(凭证|证据|举证|材料|照片|图片)[^。!?;\n]{0,16}(不足|不清|模糊|不全)[^。!?;\n]{0,16},(请|麻烦)[^,。;\n]{0,14}(补充|补交|补传|重新上传|重传)", 0.95, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(请|麻烦)(您)?(补一下|补齐|完善)[^。;\n]{0,12}(凭证|证据|材料|照片|截图|视频)", 0.94, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "您的(投诉|维权|售后|退款)[^,。;\n]{0,30}需要?(补充|提供|上传)[^。;\n]{0,16}(凭证|证据|材料|照片|截图|视频|报告)", 0.94, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "\\bwe need the [^.\n]{0,60}(could|can|please|would) you", 0.85, mood="asks", unless="seller|merchant"),
    Row(Kind.EVIDENCE_REQUEST, "(could|can|would) you (please |kindly )?(upload|attach|add|submit|hand in) (both|these|this|them|it|the|a|an|your|two|three)\\b", 0.85, mood="asks", unless="seller|merchant"),
    Row(Kind.EVIDENCE_REQUEST, "action required: (submit|upload|provide)[^.\n]{0,20}(evidence|proof|photos?)", 0.94, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(evidence|proof) (is )?(requested|required|needed)",                                   0.92, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "evidence (request|period|phase)",                                                     0.7, mood="asks"),
    Row(Kind.EVIDENCE_REQUEST, "(please |kindly |could you |can you |to judge [^.;\\n]{0,60})(send|provide|furnish|let us have|hand in|produce|add|show us)[^.;\\n]{0,60}(photo|picture|screenshot|video|report|receipt|invoice|statement|certificate|proof|slip|evidence|anything that)|(requests?|requires?|asks? (you )?for) [^.;\\n]{0,16}(the |a |your |more |further )[^.;\\n]{0,30}(receipt|chat|photo|picture|proof|slip|invoice|report|evidence|certificate)", 0.85, mood="asks", unless="n't|\\b(seller|merchant|shop|may|if)\\b"),
    Row(Kind.EVIDENCE_REQUEST, "(you are|parties are) (required|invited|asked) to (produce|hand in|submit|provide|upload)|your turn to add evidence|evidence (phase|stage|period) (opened|started|has begun|is open)|we need a (report|photo|picture|video|copy|screenshot)", 0.85, mood="asks", unless="n't|\\b(seller is|merchant is)\\b"),

    # -- intervention 平台介入 --------------------------------------------------------------------------
    Row(Kind.INTERVENTION, "(平台|客服|小二|天猫|淘宝|官方|专员|专属客服|我们|维权专员|仲裁){已}(正式|主动|成功)?(介入|接手|跟进处理|参与)",  0.96, unless="快递|物流"),
    Row(Kind.INTERVENTION, "(平台|客服|小二|天猫|淘宝|官方|专员){已}(正式)?…(介入)(您|处理|本次|该|此|调解|核实)?",                 0.94),
    Row(Kind.INTERVENTION, "(平台|客服|小二|天猫|淘宝|官方)介入(通知|处理中|中|成功|告知|受理|调解中)(?!流程|规则|说明)",                       0.93, unless="申请$"),
    Row(Kind.INTERVENTION, "(平台|客服|小二|天猫|淘宝|官方)(正在|现)(介入|处理您)",                                             0.9),
    Row(Kind.INTERVENTION, "介入(申请|请求)?{已}(被)?(受理|通过|提交|成功|生效)",                                              0.94),
    Row(Kind.INTERVENTION, "(您|买家|商家|卖家|你|对方){已}(成功)?(申请|要求|发起)(了)?(平台|客服|小二|天猫|淘宝|官方)…介入",            0.93),
    Row(Kind.INTERVENTION, "(由|已(为您)?(安排|指派|分配))(了)?…(专属客服|专员|维权小二|小二|客服专员|客服人员)…(处理|跟进|负责|核实|介入)",  0.92),
    Row(Kind.INTERVENTION, "由我(来|们)?(负责|专门)?(介入|跟进|处理|负责|对接)",                                               0.92, unless="商家|卖家|店"),
    Row(Kind.INTERVENTION, "{案}(已)?(进入|转入|升级)(至|为|到)?(了)?…(平台|客服|小二)(介入|处理|审理|仲裁)",                        0.93),
    Row(Kind.INTERVENTION, "{已}介入(了)?(您|处理|本次|该|此|到|与|调查|核实|双方)",                                             0.93, unless="警方|公安|法院|媒体|商家|卖家|快递|物流|保险"),
    Row(Kind.INTERVENTION, "(platform|taobao|tmall|customer service|support team|we) (has |have )?(now )?(stepped in|intervened|joined)", 0.95),
    Row(Kind.INTERVENTION, "(case|dispute|complaint) (has been |is )?(now )?(escalated|assigned) to (the platform|platform|taobao|tmall|customer service|a specialist|our)", 0.93),
    Row(Kind.INTERVENTION, "(platform|tmall|taobao|customer service) intervention (has started|started|accepted|in progress)", 0.93),
    Row(Kind.INTERVENTION, "(platform|agent|customer service|taobao|tmall|specialist|xiao ?er|we)[^.;\\n]{0,40} (has |have |\'ve |had |is |are )?(now )?(taken charge|took the case on|intervened|stepped in(to)?|is now involved|are now involved|involved in your)|from now on the platform handles|escalated (to|and)|confirms our intervention|mediation (began|has begun|started)|in the hands of a (dispute )?specialist", 0.85, unless="n't|\\b(if|may|can|will|ask|could|unless|mediator from)\\b"),

    # -- return_received 商家收到退货 -------------------------------------------------------------------
    Row(Kind.RETURN_RECEIVED, "({商家}|退货仓|仓库){已}(经)?(签收|收到|收货|确认收到|确认收货)(了)?(您)?(的|退回|寄回|退货|该|退还)?…",   0.95, unless="退款申请|投诉|等待|您的?申请|通知"),
    Row(Kind.RETURN_RECEIVED, "{商家}(签收|收到)了(您)?(的|退回|寄回|退还)…(退货|商品|包裹|货物|物品)",                           0.95),
    Row(Kind.RETURN_RECEIVED, "(退货|退回|寄回|退还)(的)?(商品|包裹|货物|物品|快递)?{已}(被|由)?({商家}|退货仓|仓库)?…(签收|收到|送达|入库)",   0.95),
    Row(Kind.RETURN_RECEIVED, "退货(包裹|商品)?(已)?(签收|送达|收货)(成功|通知|提醒)",                                        0.93),
    Row(Kind.RETURN_RECEIVED, "(等待|待)(商家|卖家|店铺)(确认)?(收货|收到|验收|验货)",                                        0.86),
    Row(Kind.RETURN_RECEIVED, "your return(ed)?( parcel| package| goods| item)? has (reached|arrived at)|signed for your return", 0.95),
    Row(Kind.RETURN_RECEIVED, "(seller|merchant|shop) (has )?(received|signed for) (your |the )?(return|returned|parcel|package|goods|item)", 0.95),
    Row(Kind.RETURN_RECEIVED, "(your )?return(ed)? (parcel|package|goods|item)?( )?(has been |was )?(received|delivered|signed)", 0.93),
    Row(Kind.RETURN_RECEIVED, "(return|returned [a-z]+|parcel|box|package|goods|items?)[^.;\\n]{0,40} (was |were |has been |have been |is |are )?(now )?(checked in|back (with|in)|landed at|back in their hands|made it back|arrived (at|in good))|took delivery of your return|confirmed receipt of [^.;\\n]{0,40}(sent back|returned)|(we|they) (got|receive|received|have received) your (return|package|parcel|box)|scanned (your|the) return|return received", 0.85, unless="n't|\\b(not|yet|if|once|when|to you)\\b"),

    # -- return_agreed 商家同意退货 ---------------------------------------------------------------------
    Row(Kind.RETURN_AGREED, "{商家}(已|已经|现已|均已)?(同意|通过|接受|批准|审核通过)(了)?(您|你|买家|本次|该|此)?(的)?…(退货|退换货|换货|退换)",        0.95, unless="拒|等待"),
    Row(Kind.RETURN_AGREED, "(退货|退货退款|换货|退换货)(申请|请求)?{已}(被)?({商家})?(同意|通过|批准|审核通过|达成)",              0.95, unless="等待"),
    Row(Kind.RETURN_AGREED, "{已}同意(了)?(您|你|买家)(的)?…(退货|退换|换货)",                                               0.94, unless="平台|客服"),
    Row(Kind.RETURN_AGREED, "同意(您|你)(的)?…(退货|退换货|换货)",                                                          0.9, unless="平台|客服"),
    Row(Kind.RETURN_AGREED, "{商家}(已)?(答应|同意)(让|给)?(了)?(您|你)…(退货|退换|换货)",                                  0.95, unless="不|拒|没"),
    Row(Kind.RETURN_AGREED, "(退款|退货)协议(已)?达成",                                                                     0.93),
    Row(Kind.RETURN_AGREED, "(请|需)(您|你|买家|尽快|及时|务必|在|于)…(寄回|退回|寄送|退货|寄出|发回)(商品|货物|包裹|至|到|给|并|,|。|$)?(?!申请|原因|进度|凭证)",   0.7, mood="asks", unless="勿|不要|暂"),
    Row(Kind.RETURN_AGREED, "等待(买家|您)(退货|寄回|退回|寄出)",                                                           0.85),
    Row(Kind.RETURN_AGREED, "退货地址",                                                                                   0.5),
    Row(Kind.RETURN_AGREED, "(seller|merchant|shop) (has )?(agreed to|accepted|approved) (your |the )?…return",           0.95),
    Row(Kind.RETURN_AGREED, "(your )?return( request)? (has been |was |is )?(approved|accepted|agreed)",                 0.94),
    Row(Kind.RETURN_AGREED, "(agrees?|agreed|consents?|said yes|okayed|is (ok|okay|fine) with|accepts?|authori[sz]ed|approved)( to)?( the| your| a)?( [a-z]+){0,3} ?(return\\b|exchange|replacement|take [^.;\\n]{0,24} back|swapping)|green light for your return|return authori[sz]ation|return address (is |was )?(supplied|provided)|(you can|please) (ship|send|mail|post) (it|the [a-z]+|them) back", 0.85, unless="n't|\\b(not|if|once|when|unless|we accept)\\b"),

    # -- merchant_refusal 商家拒绝 ----------------------------------------------------------------------
    Row(Kind.MERCHANT_REFUSAL, "{商家}(已|已经|再次|现)?(明确|正式)?(拒绝|驳回|拒收|拒签|不同意|未同意|不接受|不认可|否决|不予)(了)?(?!绝)",            0.95, unless="等待"),
    Row(Kind.MERCHANT_REFUSAL, "{商家}(对|就|针对|于|在)[^,。;\n]{0,26}?(拒绝|驳回|不同意)(了)?",                                 0.94),
    Row(Kind.MERCHANT_REFUSAL, "{商家}[^,。;:\n]{0,16}(以|因|用)[^,。;\n]{2,20}(为由|为理由)?(拒绝|驳回|不同意)(了)?(退|您|换|赔|本次|该)", 0.95, unless="平台|客服"),
    Row(Kind.MERCHANT_REFUSAL, "{商家}(没有?|未)(同意|通过)(了)?(您|你|买家)(的)?…(退款|退货|售后|换货|申请)",                   0.95),
    Row(Kind.MERCHANT_REFUSAL, "{案}(申请|请求)?{已}?(被|遭|遭到)(商家|卖家|店铺|对方|掌柜|{商家})?(拒绝|驳回|否决)",                0.95, unless="平台|客服|小二"),
    Row(Kind.MERCHANT_REFUSAL, "(拒绝|驳回)(了)?(您|你|买家)(的|提交的|发起的|本次)?…(退款|退货|售后|换货|维权|申请|请求|赔付|补偿)",        0.93, unless="平台|客服|小二|天猫|淘宝|投诉申诉"),
    Row(Kind.MERCHANT_REFUSAL, "(拒绝|驳回)(退款|退货|售后|换货)(申请)?(通知|提醒)?(?!理由|原因|凭证|条件)",                            0.85, unless="平台|客服|小二"),
    Row(Kind.MERCHANT_REFUSAL, "(拒绝|驳回)(原因|理由|说明)",                                                                0.62),
    Row(Kind.MERCHANT_REFUSAL, "(seller|merchant|shop) (has )?(rejected|refused|declined|denied|turned down|disagreed)",   0.95),
    Row(Kind.MERCHANT_REFUSAL, "(refund|return|request|claim)( request)? (has been |was |is )?(rejected|refused|declined|denied) by the (seller|merchant|shop)", 0.95),
    Row(Kind.MERCHANT_REFUSAL, "(seller|merchant|shop|store)[^.;\\n]{0,50} (said no|says no|(won\'t|will not|doesn\'t|does not|isn\'t willing to|is not willing to) (accept|agree|consent|take|refund|approve|give|exchange|pay)|refuses|refused|declines|rejects|rejected|marked your refund as .?disagree)|return declined|(has been|was|been) (also )?(refused|declined|rejected) by|decision[ ]?: no\\b|(don\'t|do not) see a fault|can ?not refund you", 0.85, unless="hasn't|haven't|\\b(has not|have not|not yet|never|if|platform|tmall decided|appeal)\\b"),

    # -- merchant_reply 商家回复 ------------------------------------------------------------------------
    Row(Kind.MERCHANT_REPLY, "({商家}|店主|店长)(在协商(页|中|里))?(回复|说|解释|表示|称|意见)?[ ]?[:][ ]?[“\"「]?(亲|您好|你好|在的|抱歉|不好意思|实在)",   0.94, where="body"),
    Row(Kind.MERCHANT_REPLY, "({商家}|店主|店长)(方)?(表示|解释(说|称|道)?|辩称|申辩称|答辩称|反馈称|加码)(?!歉)",                                   0.93, where="body"),
    Row(Kind.MERCHANT_REPLY, "({商家}|店主|店长)(有|给(您|你))(了)?(新)?(回音|回信|回话|留言|消息)",                                       0.92),
    Row(Kind.MERCHANT_REPLY, "(seller|shop|merchant)('s)? (says?|said|explains?|explained|writes|wrote)[ ,:]",                             0.93, where="body"),
    Row(Kind.MERCHANT_REPLY, "{商家}(表示|回应称|称|承诺|答复称)(将|会|愿意|可以|同意)(?!撤|起诉|不)", 0.93),
    Row(Kind.MERCHANT_REPLY, "{商家}(已|已经|刚刚|再次|现)?…(回复|回应|响应|答复|留言|反馈)(了)?(您|你|买家|内容|通知|说明|如下|:|,|。|$)",  0.95, unless="等待|催|要求|督促|联系|提醒|敦促"),
    Row(Kind.MERCHANT_REPLY, "{商家} ?(于|在|对|就|针对)……(回复|留言|回应|响应|答复)",                          0.94, unless="等待|催|要求|督促"),
    Row(Kind.MERCHANT_REPLY, "(商家|卖家|店铺|掌柜|协商)(的)?(最新|新)?(留言|回复|消息|回应)(通知|提醒)?(?!率|速度|功能|排行|时长|数|榜|服务)",                              0.85, unless="等待|催|联系|查看|提醒|敦促"),
    Row(Kind.MERCHANT_REPLY, "协商(记录|进展|进度|消息|留言|内容)(有|已)?(更新|新增|变化|通知|提醒)(提醒|通知)?",                                  0.9),
    Row(Kind.MERCHANT_REPLY, "(商家|卖家|店铺|掌柜)[^\\n。,:]{0,24}:[ ]?(您好|你好|亲)",                                                   0.93),
    Row(Kind.MERCHANT_REPLY, "(收到|有)(了)?(一条|1条|新的?|来自)…(商家|卖家|店铺|协商)…(留言|回复|消息)",                             0.93),
    Row(Kind.MERCHANT_REPLY, "{商家}(已|现)?(提出|给出|提供|发起)(了)?(新的?|一个|以下|如下)?…(方案|补偿|协商|赔偿|建议)",                 0.94, unless="请|要求|催"),
    Row(Kind.MERCHANT_REPLY, "{商家}(要求|希望|请求|需要|请|想请)(您|你|买家)…{交}…{凭证}",                                         0.94, mood="asks", unless="平台要求|客服要求|已要求"),
    Row(Kind.MERCHANT_REPLY, "{商家}(愿意|同意|承诺|答应|提议|表示)(给您|为您|向您|补偿|赔偿|部分退款|部分|退款|退还|退差|退(?![款货换])|换|补发|补寄|退款|全额|仅退款|您的退款|您的仅退款|可以|愿意|同意|会)", 0.93, unless="等待"),
    Row(Kind.MERCHANT_REPLY, "{商家}(已|已经)?同意(了)?(您|你)?(的)?(仅)?退款(申请)?(?!退货)",                                       0.94, unless="等待"),
    Row(Kind.MERCHANT_REPLY, "(seller|merchant|shop) (has )?(replied|responded|answered|sent you a message|left (you )?a message|offered|proposed)", 0.95),
    Row(Kind.MERCHANT_REPLY, "(new )?(message|reply|response) from (the )?(seller|merchant|shop)",                          0.93),
    Row(Kind.MERCHANT_REPLY, "(seller|merchant|shop|respondent|store)[^.;\\n]{0,50} (replied|responded|answered|commented|has now commented|asks (which|whether|you)|proposes?|is willing to|suggests?|filed its statement|submitted its defen[cs]e|came up with)|(seller|merchant|defen[cs]e|respondent)\'?s? (statement|answer|response|feedback|update|defen[cs]e) (received|is in|submitted|on your)|heard back from the (seller|merchant|shop)|new message in your dispute", 0.85, unless="n't|\\b(if|not|has to|must|will|expired)\\b"),

    # -- acknowledgement 受理 ---------------------------------------------------------------------------
    Row(Kind.ACKNOWLEDGEMENT, "投诉[^,。;\n]{0,40}{已}(正式)?进入(正式)?受理(环节|阶段|流程)", 0.95),
    Row(Kind.ACKNOWLEDGEMENT, "您(投诉|反映|反馈)(的)?[^,。;\n]{0,24}(问题|一事|投诉|情况)(我们|平台)?{已}(正式)?受理", 0.95),
    Row(Kind.ACKNOWLEDGEMENT, "投诉[^。;\n]{0,24},(平台|我们)(现|已)?决定(予以)?受理", 0.94),
    Row(Kind.ACKNOWLEDGEMENT, "(complaint|claim) is now being handled", 0.94),
    Row(Kind.ACKNOWLEDGEMENT, "(complaint|claim) (has reached us|is with us|has been (logged|given))", 0.94),
    Row(Kind.ACKNOWLEDGEMENT, "(投诉|维权){已}(转交|转至|转给)(给)?(相关|专门|对应|专业)?(团队|部门|同事|处理组|专人)", 0.92),
    Row(Kind.ACKNOWLEDGEMENT, "(投诉|维权|售后|纠纷|退款申请|维权申请|投诉申请|举报|诉求|工单|申请|反馈)…{已}(被|经|由|为您)?(平台|天猫|淘宝)?(正式|成功)?(受理|立案|登记|接收|收悉|收到)",  0.95, unless="申诉|凭证|证据|退款成功|提交"),
    Row(Kind.ACKNOWLEDGEMENT, "{已}(正式|成功)?(受理|收到|接收|收悉)(了)?(您|你|本次|该|贵)(对|关于|就|针对|提交|发起|提出|的)…(投诉|维权|诉求|退款|售后|举报|纠纷|反馈|申请)",         0.95, unless="申诉|商家|卖家"),
    Row(Kind.ACKNOWLEDGEMENT, "您(对|针对|就|关于)……的(投诉|维权|举报)(我们|平台|天猫|淘宝|现)?{已}(经)?(收到|受理|登记|收悉)",                               0.96),
    Row(Kind.ACKNOWLEDGEMENT, "您(对|针对|就|关于)……的(投诉|维权|举报)(我们|平台)(收到|受理)了",                                                            0.95),
    Row(Kind.ACKNOWLEDGEMENT, "{已}(正式|成功|为您|完成|登记){0,2}(受理|立案)(?!范围|条件|期)",                                       0.92, unless="申诉|介入|凭证|商家|法院|公安|警方|保险"),
    Row(Kind.ACKNOWLEDGEMENT, "的受理(通知|告知|回执|确认)", 0.94, where="subject", unless="申诉|复核|商标|专利"),
    Row(Kind.ACKNOWLEDGEMENT, "(现|已)(经)?(正式)?(进入|转入)受理(程序|流程|环节)", 0.94, unless="申诉|复核"),
    Row(Kind.ACKNOWLEDGEMENT, "(投诉|维权|售后|退款)(申请)?受理(通知|确认|成功|告知|回执)",                                                                              0.92, unless="12315|市场监督|市场监管|消费者协会|消委会"),
    Row(Kind.ACKNOWLEDGEMENT, "(我们|平台|天猫|淘宝|客服)(已|已经)?(收到|受理|接到)了?(您|你)(的|提交|发起|对|关于|提出)…(投诉|维权|诉求|反馈|举报)",                            0.94, unless="申诉"),
    Row(Kind.ACKNOWLEDGEMENT, "(受理|处理|当前)?(结果|结论|状态|情况|进度|意见)[ ]?[:为][ ]?(予以|已|同意|正式)受理",                                                                  0.95, unless="申诉|介入"),
    Row(Kind.ACKNOWLEDGEMENT, "(受理|投诉)(编号|单号|号)",                                                                                                           0.4),
    Row(Kind.ACKNOWLEDGEMENT, "(complaint|claim|dispute|case) …(has been |was |is )(now )?(received|accepted|registered|acknowledged)",                            0.95),
    Row(Kind.ACKNOWLEDGEMENT, "(have |has )?(received|accepted|registered) your (complaint|claim|dispute|case|request)",                                              0.95),
    Row(Kind.ACKNOWLEDGEMENT, "(complaint|case|report|claim|matter|dispute)[^.;\\n]{0,60} (has been|was|is|made it|been) (now )?(taken (up|on)|admitted|accepted for handling|through our first check|taken over)|(our specialists|we|an agent|the team|someone from the team) (have |has |is )?(now )?(taken on|taken up|working on) (it|your)|decision on admission[ ]?: accepted", 0.85, unless="n't|\\b(not|if|once|appeal|settle|court|bureau)\\b"),

    # -- filed 已提交 ------------------------------------------------------------------------------------
    Row(Kind.FILED, "(投诉|维权|退款|退货|售后|换货|退货退款|仅退款|介入前)(申请|请求|单)?{已}(成功)?(为您)?(提交|发起|申请|生成|创建|送出)",                    0.95, unless="申诉|介入|凭证|商家"),
    Row(Kind.FILED, "(您|你|买家){已}(成功)?(提交|发起|申请|提起|提出)(了)?(对|一笔|退款|退货|投诉|维权|售后|换货|仅退款|关于|本次|订单|针对)[^,。;\n]{0,20}",                     0.93, unless="申诉|介入|凭证|举证|平台"),
    Row(Kind.FILED, "(您|你)(刚刚|刚才|已|今天)?(向|对|就)[^,。;\n]{2,24}(提交|发起|申请|提起)了[^,。;\n]{0,8}(退款|退货|投诉|维权|售后)", 0.94, unless="申诉|介入"),
    Row(Kind.FILED, "(您|你)(提交|发起|申请|提起)了(对|一笔|退款|退货|投诉|维权|售后|换货|仅退款|关于)",                                    0.93),
    Row(Kind.FILED, "(投诉|维权|退款|退货|售后|换货)(申请)?(提交|发起)成功(?!后|即|率|前|才|将|就)", 0.93, unless="申诉|凭证|证据|介入|撤|若|如"),
    Row(Kind.FILED, "(提交|发起|申请)(投诉|维权|退款|售后|退货)?(申请)?(已)?成功",                                                        0.85, unless="申诉|凭证|证据|介入|撤"),
    Row(Kind.FILED, "(状态|进度|阶段|环节)[ ]?[:为][ ]?(等待|待)(商家|卖家|店铺)(处理|响应|同意|确认|审核|回应|回复)(?!收货|退货)",                              0.93),
    Row(Kind.FILED, "(等待|待)(商家|卖家|店铺)(处理|响应|同意|确认|审核|回应|回复)",                                                           0.5),
    Row(Kind.FILED, "(refund|return|complaint|claim|after-?sales?|dispute)( request| application)? …(has been |was |is )?(successfully )?(submitted|filed|created|lodged)", 0.95, unless="appeal|evidence"),
    Row(Kind.FILED, "you (have |had )?(submitted|filed|opened|requested) (a |an |your )?…(complaint|refund|return|dispute|claim|request)", 0.94, unless="appeal|evidence"),
    Row(Kind.FILED, "(complaint|claim|request|report|application)[^.;\\n]{0,60} (has been |was |has |is )(now )?(lodged|gone in|handed to|recorded|forwarded to the (merchant|seller|shop)|with the (shop|seller|merchant))|you (have )?(applied for|reported the seller)|we('ve| have)? (recorded|got|passed on) your (claim|request|complaint|refund request)|copy of what you sent us", 0.85, unless="n't|\\b(appeal|if|not|intervention)\\b"),

    # -- reminder 超时提醒 -------------------------------------------------------------------------------
    Row(Kind.REMINDER, "^(a )?(friendly |final |last )?reminder\\b", 0.93, where="subject", mood="asks"),
    Row(Kind.REMINDER, "(just )?a reminder (that|to)\\b", 0.92, mood="asks"),
    Row(Kind.REMINDER, "^(【[^】\n]{1,8}】)?(小二|温馨|平台|客服|再次)?提醒(您|你)?[ ]?[:,]", 0.9, where="body", mood="asks"),
    Row(Kind.REMINDER, "((目前|至今|截至[^,。;\n]{0,8})(仍|还|尚|依然)|仍|依然)(未|没有?)(收到|看到|见到|等到|上传|提交)", 0.92, mood="asks", unless="商家|卖家|款|钱"),
    Row(Kind.REMINDER, "(还|尚)(未|没有?)(收到|看到|见到|等到|上传|提交)", 0.6, mood="asks", unless="商家|卖家|款|钱"),
    Row(Kind.REMINDER, "(替|给|跟)(您|你)提个醒|(补件|举证|超时|到期|未处理|待处理)提醒$", 0.93, mood="asks", unless="会员|权益|优惠|活动|红包|积分|套餐|服务|保单|账单"),
    Row(Kind.REMINDER, "仍(欠|缺|差)[^,。;\n]{1,24},请", 0.92, mood="asks"),
    Row(Kind.REMINDER, "(尚|还)(欠|缺|差)[^,。;\n]{1,24},请", 0.6, mood="asks"),
    Row(Kind.REMINDER, "(您|你)还没(有)?(点|选|处理|回复|确认|操作)", 0.92, mood="asks"),
    Row(Kind.REMINDER, "still haven't received", 0.92, mood="asks"),
    Row(Kind.REMINDER, "倒计时[ :]?(仅剩|还剩)?\\d{1,3} ?(个)?(小时|天|分钟)", 0.92, mood="asks", unless="活动|优惠|大促|抢购|预售"),
    Row(Kind.REMINDER, "(即将|马上|快要|将要|将于[^,。;\n]{0,24}|将在[^,。;\n]{0,16})(超时|到期|关闭|逾期|截止|过期|自动关闭|自动结束)",                          0.94, mood="asks", unless="活动|优惠|红包|会员|积分|券"),
    Row(Kind.REMINDER, "(还剩|仅剩|剩余|还有|剩|距离|不足)…\\d{1,3} ?(个)?(小时|天|分钟|日)…(超时|截止|到期|关闭|逾期|过期|结束|就要)", 0.92, mood="asks", unless="活动|优惠|红包|商家剩余|卖家剩余|库存"),
    Row(Kind.REMINDER, "(截止|超时|到期|关闭|举证|退货|处理|确认|操作|响应|寄回)(时间|时限|期限|期)?(仅|还|只)?(剩|有|不足)(余|下)?[ :]?\\d{1,3} ?(个)?(小时|天|分钟|日)", 0.92, mood="asks", unless="活动|优惠|红包|商家|卖家|库存"),
    Row(Kind.REMINDER, "(还剩|仅剩|剩余|还有)…\\d{1,3}…(小时|天|分钟|日)",                                                                0.7, mood="asks", unless="活动|优惠|红包|商家剩余|卖家剩余|库存"),
    Row(Kind.REMINDER, "请(您)?(尽快|及时|抓紧|务必)(处理|确认|操作|寄回|退货|举证|上传|填写|回应)",                                            0.6, where="subject", mood="asks"),
    Row(Kind.REMINDER, "请(您)?(尽快|及时|抓紧|务必)?(于|在|赶在)[^,。;]{2,24}前(处理|确认|操作|填写|寄出|完成)(?!凭证|举证)",                       0.62, mood="asks", unless="商家|卖家"),
    Row(Kind.REMINDER, "(超时|到期|处理|操作|时效|逾期|截止)(提醒|预警|提示)",                                                              0.9, mood="asks", unless="活动|优惠|红包|会员"),
    Row(Kind.REMINDER, "(提醒您|温馨提醒|再次提醒|请留意)…(尽快|及时)(处理|操作|响应|寄回|举证|确认)",                                           0.9, mood="asks"),
    Row(Kind.REMINDER, "(about to (expire|close|time out)|(expires|closes|times out) (soon|in \\d))",                                  0.93, mood="asks"),
    Row(Kind.REMINDER, "(hours?|days?) (left|remaining)",                                                                             0.8, mood="asks"),
)

# Outside tracks: the authority must speak or be named in the same notice (external 外部).
EXTERNAL_TRACKS = (
    #  act                    who                                                                             what it says
    ("court",                "(?<!向)(?<!向互联网)(?<!向人民)(互联网法院|人民法院|法院|诉讼服务(中心|网|平台|(?=】))|仲裁委|本院|合议庭|调解员|\\(20\\d\\d\\)[^\\n,。]{0,10}民(初|终|诉前调)\\d{1,6}号|(internet )?court)",                                      "(立案|传票|诉前调解|开庭|案号|应诉|举证通知书|判决书|裁定书|调解书|受理案件|起诉|送达|诉前调|民初|民诉前调|举证|案件受理费|开庭|(plaintiff|hearing|filing fee|evidence))"),
    ("consumer_association", "(消费者协会|消费者委员会|消费者权益保护委员会|consumer (council|association|commission)|消协|消保委|消委会|我会|本会)",                                 "(受理|调解|投诉|转办|告知|答复|终止|反馈|问询|求助|mediat|complaint)"),
    ("regulator",            "((?<![0-9a-z])123[14]5(?![0-9])|市场监督管理局|市场监管局|市场监管(?=投诉|部门|平台)|市场监督管理所|市监局|市监所|market (supervision|regulation)( bureau| administration)?|市场监管所|工商局|黑猫投诉|行政调解|我局|本局|我所)", "(受理|不予受理|调解|终止|转办|告知|答复|登记|分派|办结|反馈|核查|投诉|举报|立案|补正|补件|补充|工单)"),
)
EXTERNAL_STATES = (
    ("(已|已经|现|现已)(由|被|经)……(受理|立案|登记|调解)", 0.95),
    ("(我会|我局|我院|我委|我所|本会|本局|本院|本委)(现|已|已经|业已|现已)?(依法|予以|决定)?(收到|收悉|受理|登记|立案|转|组织|开展|核查|调查|终止)", 0.94),
    ("(已|决定|予以|现予|不予|同意|依法|准予)…(受理|立案|登记|调解|终止调解|分派|转办|办结|受案|组织调解)", 0.95),
    ("(受理|不予受理|终止调解|立案|诉前调解|调解|开庭|举证|应诉|送达)(告知书|通知书|决定书|通知|告知|传票)", 0.94),
    ("(现|已|决定|予以)终止调解", 0.94),
    ("(投诉|举报|诉求|求助)(已|已经)(收到|收悉|登记|转办|分派)|登记(编号|号)[ ]?[:：]?[ ]?\\d|(告知|决定)是否(受理|立案)", 0.9),
    ("(承办单位|办理结果|处理结果|办理情况)[ ]?:", 0.94),
    ("(定于|拟于|将于)[^,。;\\n]{4,30}(开庭|调解|审理)", 0.92),
    ("(传票|案号|告知书|调解书)", 0.9),
    ("(将|拟)(于|在|组织|依法)…(调解|开庭|处理)", 0.85),
    ("(accepted|registered|terminated|mediation)", 0.85),
    ("(has|have) (now )?(ended|terminated|closed) (the |this )?mediation|mediation (has )?(ended|failed|been (ended|closed|terminated))", 0.94),
    ("(请|须|应|限|敬请)……(补正|补件|补交|补充|补齐|补送|提供|提交|缴纳|交纳|缴清|到庭|备妥|递交|开庭|发到|回复)|举证期|(定于|拟于)……(开庭|审理)|应到(时间|处所)|(受理费|诉讼费)", 0.9),
    ("(我会|我局|我所|本局|本会)[^。\\n]{0,20}(已|将|向|组织|发出)", 0.9),
    ("(plaintiff|filing fee|hearing|directed to file)", 0.9),
)

# Kinds that move nothing. They win only where nothing of the case is stated, but for the first ones.
SILENT_ROWS = (
    # -- merchant_plea 商家求情: the offer of a favour for silence ---------------------------------------------
    Row(Kind.MERCHANT_PLEA, "(撤销|撤回|撤掉|撤了|撤|取消|关闭|关掉)(一下|下)?(您的|这个|该|本次)?(投诉|维权|退款|申请|售后|纠纷)(后|就|之后|,|以后|的话|吧|好吗|可以吗|呢)?…(返|红包|补偿|赔|转|送|给您|给你|优惠券|现金)", 0.95),
    Row(Kind.MERCHANT_PLEA, "(返|红包|补偿|赔|转|送|给您|给你|优惠券|现金)[^。;!?\n]{0,24}(撤销|撤回|撤掉|撤诉|撤了|撤|取消)(一下|下)?(您的|这个|该|本次)?(投诉|维权|退款|申请|售后|纠纷)", 0.94),
    Row(Kind.MERCHANT_PLEA, "(撤诉|撤销(?!原|此前|之前|初|判|处罚|成功|完成|了(?:退款|退货|投诉)申请)(投诉|维权|退款|申请)?|撤回|取消(维权|投诉|退款|申请)|撤了|撤掉)(的话|后|了|我|就|咱|,| )*[^。;!?\n]{0,10}(转|退|返|赔|补|给|红包|双倍)", 0.93, unless="已|您可|可以|系统|平台"),
    Row(Kind.MERCHANT_PLEA, "(删除?|删了|删掉|去掉)(一下|下|了)?(您的|这条|那个|这个)?(差评|中评|负面评价)", 0.93, unless="我要|我想|我已|平台|系统"),
    Row(Kind.MERCHANT_PLEA, "(改|修改)(一?下|个|改)(您的|这个|那条)?(评价|差评|中评)", 0.92),
    Row(Kind.MERCHANT_PLEA, "(不要|别|先别|请勿|不用|千万别)(去|再)?(申请|找|点|走|投诉)(平台|客服|淘宝|小二|天猫|官方)?(介入|投诉|申请|啦|哦|了)", 0.91, unless="平台(?:提醒|不)|提醒您"),
    Row(Kind.MERCHANT_PLEA, "(把|将)(您的|这个|该)?(维权|投诉|退款|申请|售后|纠纷)[^。;!?\n]{0,6}(取消|撤销|撤回|撤)(一下|下|了|掉)", 0.93, unless="我要|我想|已|平台|系统"),
    Row(Kind.MERCHANT_PLEA, "(麻烦|(?<![要请诉需])求|拜托|恳请|希望|能不能|能否|可以|可否|帮忙|(?<!申)请)[^。;!?\n]{0,16}(?<!按)(?<!视为)(?<!视同)(?<!自动)(?<!视为您)(?<!视作您)(?<!视为你)(撤销|撤回|撤掉|撤诉|撤一下|撤了)(一下|下)?(您的|这个|该|本次|对我们的)?(投诉|维权|退款|申请|售后)?", 0.9),
    Row(Kind.MERCHANT_PLEA, "(改|修改|追加|给个?|换成|改成|改为)(一?个?|为|成)?(五星|5星|全五星|好评)", 0.93),
    Row(Kind.MERCHANT_PLEA, "(删除?|去掉|撤掉|修改|更改)(一下|下)?(您的|这条|这个)?(差评|中评|评价|负面评价)", 0.93),
    Row(Kind.MERCHANT_PLEA, "(差评|中评|负面评价)(麻烦|请|能否|可以|可否|帮忙|能不能|求)(您|你)?(帮忙)?(删|改|撤|去掉|修改|更改)", 0.93),
    Row(Kind.MERCHANT_PLEA, "把?(这条|您的|那个)?(差评|中评)(删除?|改|撤)(一下|下|掉|了)", 0.93, unless="我要|我想|我已|我把"),
    Row(Kind.MERCHANT_PLEA, "(好评|五星)(截图|晒图)…(返|领)(现|红包|\\d)", 0.93),
    Row(Kind.MERCHANT_PLEA, "(好评|五星|晒图)(返现|返|奖励|有礼|送红包|领红包)", 0.93),
    Row(Kind.MERCHANT_PLEA, "(加|添加)(一下|下|我|我们|店主|客服|老板)*(的)?(微信|v信|vx|威信|薇信|qq)[^。;!?\n]{0,20}(返|红包|补偿|赔|转|退|处理|解决)", 0.93),
    Row(Kind.MERCHANT_PLEA, "(私下|线下)(给您|给你|退|补偿|转|处理|解决|协商)[^。;!?\n]{0,20}(退|返|红包|补偿|转|撤|投诉)", 0.9),
    Row(Kind.MERCHANT_PLEA, "(please|kindly|could you|would you|can you)( please)? (withdraw|cancel|drop|take back) (your |the |this )?(complaint|claim|dispute|case|review)", 0.92, unless="unless|platform"),
    Row(Kind.MERCHANT_PLEA, "(withdraw|cancel|drop) (your |the )?(complaint|claim|dispute|review)…(and|then|we|for|in return)", 0.9),
    Row(Kind.MERCHANT_PLEA, "(change|remove|delete) (your |the )?(negative |bad )?(review|rating|feedback)", 0.92),
    # -- survey 调查 --------------------------------------------------------------------------------------------
    Row(Kind.SURVEY, "(满意度|服务|体验|用户)(调查|调研|问卷|评价|回访)", 0.9),
    Row(Kind.SURVEY, "满意(吗|与否|不满意)|打几分", 0.92, where="subject"),
    Row(Kind.SURVEY, "(邀请?您|诚邀您?|请您|请)(对|为|给)?…(评价|打分|评分|参与调研|填写问卷)", 0.92),
    Row(Kind.SURVEY, "(给|为)(本次|此次|客服|小二|我们的)…(服务|处理)…(评价|打分|评分)", 0.92),
    Row(Kind.SURVEY, "(satisfaction survey|rate (your|our|the) |take our survey|how did we do|(likely|willing) (are you|would you be|you are) to recommend|on a scale (from|of))", 0.92),
    # -- logistics 物流 -----------------------------------------------------------------------------------------
    Row(Kind.LOGISTICS, "(包裹|快件|快递|宝贝|货物)[ :]?[a-z]{0,3}\\d{8,18}[^,。;\\n]{0,8}(已发货|已发出|已揽收|派送|派件|运输中|已签收|已送达|已到达|待取|出库)", 0.92, unless="退|寄回"),
    Row(Kind.LOGISTICS, "(包裹|快件|快递|商品|订单|宝贝|货物)…(已发货|已发出|已揽收|派送中|派件中|运输中|已签收|已送达|已到达|正在派送|待取|已出库|已揽件|到达)", 0.92, unless="退|寄回"),
    Row(Kind.LOGISTICS, "(取件码|取货码|提货码|驿站|丰巢|菜鸟驿站|快递柜|自提点|快递员)", 0.85),
    Row(Kind.LOGISTICS, "(发货通知|物流提醒|签收提醒|物流更新|物流通知|派送通知|签收通知|取件通知)", 0.92, unless="退货|退回|寄回"),
    Row(Kind.LOGISTICS, "(您的|订单)(订单|商品|包裹)?已(经)?(发货|签收)", 0.9),
    Row(Kind.LOGISTICS, "(out for delivery|has (been )?(shipped|dispatched|delivered)|tracking update|on its way)", 0.9),
    # -- marketing 营销 ----------------------------------------------------------------------------------------
    Row(Kind.MARKETING, "(优惠券|满减|红包雨|秒杀|大促|预售|双11|双十一|双12|双十二|(?<![\\d¥￥])(?<!\\d[.,])618(?!\\d|[.,]\\d|元|块)|年货节|聚划算|狂欢|抢购|新品上市|上新|清仓|特惠|折扣|限时|领券|津贴|免单|抽奖|种草|直播间)", 0.7),
    Row(Kind.MARKETING, "(红包|优惠券|津贴|积分|权益|礼包)…(已到账|到账|待领取|已发放|即将过期|等您|等你|请领取)", 0.92),
    Row(Kind.MARKETING, "(晒单|晒图|征集令|买家秀|有奖|赢(大奖|红包)|排行榜|榜单|top ?10)", 0.92),
    Row(Kind.MARKETING, "(退订|取消订阅|不再接收|unsubscribe)", 0.6),
    Row(Kind.MARKETING, "(会员日|福利|超值|爆款|低至|\\d折|立减|直降|包邮|免费领|(?<![抄寄])送您|专享价|猜你喜欢|为您推荐|精选)", 0.6),
    Row(Kind.MARKETING, "(coupon|discount|% off|flash sale|sale ends|deal of|special offer|promo|voucher|black friday)", 0.85),
    # -- platform_notice 平台公告 -------------------------------------------------------------------------------
    Row(Kind.PLATFORM_NOTICE, "(规则|(?<!和解)(?<!调解)(?<!退款)(?<![,。\n])协议|条款|政策|规范|公约|说明|隐私)…(变更|更新|调整|修订|修改|升级|生效|公示|公告|发布|实施|征求意见)", 0.92),
    Row(Kind.PLATFORM_NOTICE, "(更新|变更|修订|调整|修改|发布)(了)?《", 0.9),
    Row(Kind.PLATFORM_NOTICE, "(公示|公告)(通知|期|:|$)", 0.85),
    Row(Kind.PLATFORM_NOTICE, "(系统|服务)(升级|维护)(通知|公告)", 0.9),
    Row(Kind.PLATFORM_NOTICE, "(流程|指南|攻略|教程|须知|科普|小课堂|规则解读|规则说明|常见问题|帮助中心|一图读懂|问答|q&a|faq)", 0.8, where="subject", unless="进入|转入|启动"),
    Row(Kind.PLATFORM_NOTICE, "(terms (of (use|service))?|policy|agreement|rules) (has been |have been |was |were )?(updat|chang|revis)", 0.9),
)

# The outcome of a decision, as its own words say (domain: 支持买家, 投诉成立 ...).
OUTCOME_ROWS = (
    OutcomeRow(Verdict.PARTIAL, "part(ly|ially) (successful|upheld|granted|accepted|allowed)|the rest of your (claim|request|complaint)"),
    OutcomeRow(Verdict.AMBIGUOUS, "(责任|过错|事实|对错)[^,。;\n]{0,6}(难以|无法|不能|不便)(认定|判断|判定|界定|查明)"),
    OutcomeRow(Verdict.PARTIAL, "(部分)(支持|成立|退款|赔付|退还|退货)"),
    OutcomeRow(Verdict.PARTIAL, "(其余|其他|其它)(的)?(请求|诉求|主张|部分|申请)(不予|未予|不|未获|予以)(支持|驳回|采纳)"),
    OutcomeRow(Verdict.PARTIAL, "驳回(了)?(您|买家|投诉方)?(的)?(其余|其他|其它)"),
    OutcomeRow(Verdict.PARTIAL, "(酌情|适当)(判定|决定|支持)?(商家|卖家|店铺)?(向您|给您)?(补偿|退款|赔付|赔偿)"),
    OutcomeRow(Verdict.PARTIAL, "(双方|各自?)(均有|都有|各有|各承担|承担|均存在|都存在|存在)…(责任|过错)"),
    OutcomeRow(Verdict.PARTIAL, "(退|退还|退款|赔|返还)(给)?(您|买家)?…(一半|半数|50%|部分)(货款|款|金额)?"),
    OutcomeRow(Verdict.PARTIAL, "(另一项|另一部分|另外一项|另有|剩余|余下|第[二三四]项)[^,。;\n]{0,16}(不予支持|不支持|未获支持|驳回|不成立|不予采纳)"),
    OutcomeRow(Verdict.PARTIAL, "(买家|您|买方|商家|卖家|店铺|双方)[^,。;\n]{0,6}[一二三四五六七八九\\d]成[^。\n]{0,12}[一二三四五六七八九\\d]成|(双方|两边)[^,。;\n]{0,4}(均|都|各)有(疏忽|不是|问题|不对)|(allowed|upheld|granted) in part"),
    OutcomeRow(Verdict.PARTIAL, "partial(ly)?( refund| upheld| support| in favou?r)|part of (the|your) (payment|money)|half of (the|your)"),
    OutcomeRow(Verdict.SELLER, "(投诉|维权|举报|诉求|申请|请求|主张)[^,。;\n]{0,10}?(不|未|并不|不能|无法)(成立|支持|通过)"),
    OutcomeRow(Verdict.SELLER, "(不|不予|未予|未能|无法|不能|难以)支持(您|买家|该|此|其|本次)?(的)?…(退货退款|仅退款|退款|退货|换货|赔付|诉求|请求|申请|维权|投诉|主张)"),
    OutcomeRow(Verdict.SELLER, "(诉求|请求|申请|主张|投诉|维权)[^,。;\n]{0,6}(不予|不被|不获|未获|未被|未予|无法|不能|难以)(得到)?(支持|采纳|认可)"),
    OutcomeRow(Verdict.SELLER, "(不予|难以|无法|不能|未能)支持(?!任何一方)"),
    OutcomeRow(Verdict.SELLER, "(商家|卖家|店铺|被投诉方)(胜诉|胜出|获胜)|(您|买家|投诉方)(败诉|落败)"),
    OutcomeRow(Verdict.SELLER, "(不予|不同意|不支持)(全额|部分|办理)?(退款|退货|赔付|换货|补偿)"),
    OutcomeRow(Verdict.SELLER, "(ruled|decided|found) (for (the )?(seller|merchant)|against (the )?(buyer|you))|refund request (has been |was |is )?(denied|rejected|declined)"),
    OutcomeRow(Verdict.SELLER, "(退款|退货|赔付|赔偿|诉求|请求|投诉|换货)(这一块|这块|部分)?[^,。;\n]{0,4}(没有?|未)(得到|获得?)?支持|(find|finds) (for|in favou?r of) (the )?(seller|merchant)|(商家|卖家|店铺)(不用|无须|无需|不必)(退款|赔|退)"),
    OutcomeRow(Verdict.SELLER, "判给(了)?(商家|卖家|店铺|对方)|(站在|偏向|采信|采纳)(了)?(商家|卖家|对方)(这边|一边|一方|的(说法|意见|主张))?|判(商家|卖家)(赢|胜|有理)"),
    OutcomeRow(Verdict.SELLER, "(假货|假冒|仿品|售假|描述不符|货不对板|违背承诺|虚假宣传|虚假发货|延迟发货|质量问题|少发|漏发|错发|发错|少件)[^,。;\n]{0,6}(不成立|不属实|未属实|不能成立|无法认定|查无实据)"),
    OutcomeRow(Verdict.SELLER, "(诉求|投诉|申请|维权|请求)[^,。;\n]{0,6}(没有?|未)(能)?(通过|获得?支持|得到支持)|(refund|claim|request|complaint) (is |was |has been )?not (granted|approved|justified|supported)|side(s|d)? with the (seller|merchant)|no fault (was |has been )?found"),
    OutcomeRow(Verdict.SELLER, "支持(了)?(卖家|商家|店铺|被投诉方)"),
    OutcomeRow(Verdict.SELLER, "(驳回|拒绝|不予支持)(了)?(您|买家|投诉方|本次|该|此)?(的)?…(投诉|维权|退款|退货|售后|诉求|请求|申请|主张)"),
    OutcomeRow(Verdict.SELLER, "(投诉|维权|诉求|请求|申请|主张){已}?(被)?(平台|客服|小二)?(予以)?驳回"),
    OutcomeRow(Verdict.SELLER, "(责任方?|过错方?|违约方)[ :]{0,2}(为|是|在于?|归于?)?(您|买家|买方)"),
    OutcomeRow(Verdict.SELLER, "(认定|判定)(为|由|是)?(您|买家|买方)(的)?(责任|过错|全责|承担)"),
    OutcomeRow(Verdict.SELLER, "(认定|判定)?(商家|卖家|店铺)(方)?(无责|不承担责任|没有责任|无过错|胜诉|不存在(过错|违规|违约)|不构成)"),
    OutcomeRow(Verdict.SELLER, "in favou?r of (the )?(seller|merchant)|(complaint|claim|dispute) (of [^.]{1,16} )?(has been |was |is )?(not upheld|dismissed|rejected|denied|unsubstantiated)|support(s|ed)? (the )?(seller|merchant)|(unable|not able|cannot|could not|couldn't|did not|can't) (to )?(support|uphold|grant|approve) (your|the|this)|(seller|merchant) (is |was )?not (at fault|responsible|liable)"),
    OutcomeRow(Verdict.BUYER, "(您|买家|投诉方|投诉人)(胜诉|胜出|获胜)|(商家|卖家|店铺)(败诉|落败)"),
    OutcomeRow(Verdict.BUYER, "(?<![评谈裁审研批])判(商家|卖家|店铺|被投诉方|由)[^,。;\n]{0,16}(赔付|赔偿|补偿|退款|退还|退您|承担|负责)"),
    OutcomeRow(Verdict.BUYER, "(投诉|反映|反馈)的[^,。;\n]{0,14}(问题|情况|事项)[^,。;\n]{0,8}(成立|属实)"),
    OutcomeRow(Verdict.BUYER, "(认定|判定|确认)(商家|卖家|店铺)…(描述不符|虚假发货|虚假宣传|质量问题|发错货|假货|售假|延迟发货|未(按|履行))"),
    OutcomeRow(Verdict.BUYER, "站(在)?(您|你)(这边|这一边|一边)|判(买方|买家|您|你)(方)?(胜|赢)|准予(您的?|全额)?(退款|退货|换货|赔付)|支持(了)?(投诉人|申请人)|(find|finds) (for you|in your favou?r|for the buyer)"),
    OutcomeRow(Verdict.BUYER, "判给(了)?(您|买家|投诉方|投诉人|消费者)|(站在|偏向|采信|采纳)(了)?(您|买家)(这边|一边|一方|的(说法|意见|主张))?|判(您|买家)(赢|胜|有理)|(您|买家)(这边|一方)?(有理|占理)"),
    OutcomeRow(Verdict.BUYER, "(?<![评谈裁审研批])判(赔|退|补)(付|偿|还|款)?(您|买家|投诉方|[\\d¥人])|判(商家|卖家|店铺|被投诉方|由|它|他家)[^,。;\n]{0,16}(补退|退|赔|补)(您|给您|还|买家|\\d)"),
    OutcomeRow(Verdict.BUYER, "(假货|假冒|仿品|售假|描述不符|货不对板|违背承诺|虚假宣传|虚假发货|延迟发货|质量问题|少发|漏发|错发|发错|少件)(?![^,。;\n]{0,6}(不|未|无))[^,。;\n]{0,8}(成立|属实|查实|坐实)"),
    OutcomeRow(Verdict.BUYER, "(退货退款|仅退款|退款|退货|换货|赔付|赔偿|售后)(的)?(请求|申请|诉求)(已)?成立"),
    OutcomeRow(Verdict.BUYER, "(请求|申请|诉求|主张|维权)[^,。;\n不未没难无部]{0,14}(获得?|得到|予以|判定|全部|全额|获)(了)?支持"),
    OutcomeRow(Verdict.BUYER, "(?<!not )granted in full|(refund|claim|request) (is |was |has been )?(granted|approved)|side(s|d)? with you|in favou?r of the (customer|consumer)|we agree with (you|the buyer)"),
    OutcomeRow(Verdict.BUYER, "(ruled|decided|found) (for (the )?(buyer|you)|against (the )?(seller|merchant))"),
    OutcomeRow(Verdict.BUYER, "支持(了)?(您|买家|消费者|投诉方|会员|买方)"),
    OutcomeRow(Verdict.BUYER, "支持(该|此|本次|全额|您的)?…(退货退款|仅退款|退款|退货|换货|赔付|诉求|维权|投诉)"),
    OutcomeRow(Verdict.BUYER, "(投诉|维权|举报|诉求|主张)(请求)?(已)?(属实)?(成立|合理|属实)"),
    OutcomeRow(Verdict.BUYER, "(判定|认定|判决|裁定|裁决|判令|责令|要求)(为|由|是|:)?…(商家|卖家|店铺|被投诉方)…(责任|责|过错|违规|违背承诺|承担|败诉|全责|违约|退款|退还|退您|退给您|赔付|赔偿|补偿)"),
    OutcomeRow(Verdict.BUYER, "(判定|认定|判决|裁定|裁决|决定)(为|予以|给予|:)?(您|给您|为您|向您)?(全额|办理)?(退款|退货退款|退还|赔付|赔偿|仅退款|换货|补偿)"),
    OutcomeRow(Verdict.BUYER, "判(商家|卖家|被投诉方)(责|全责|败|输)"),
    OutcomeRow(Verdict.BUYER, "(商家|卖家|店铺|被投诉方)(方)?(应|需|须|应当)?(承担|负|存在|构成|属于)?(全部|主要|完全|相应)?(的)?(责任|过错|违约|违规|全责)"),
    OutcomeRow(Verdict.BUYER, "(责任方?|过错方?|违约方)[ :]{0,2}(为|是|在于?|归于?|归属于?|由)?(商家|卖家|店铺|被投诉方)"),
    OutcomeRow(Verdict.BUYER, "in (your favou?r|favou?r of (the )?(buyer|you))|(complaint|claim|dispute) (has been |was |is )?(upheld|substantiated|found valid|justified)|support(s|ed)? (the |your )?(buyer|refund|claim)|(seller|merchant) (is |was |to be )?(at fault|liable|responsible)"),
)
# What a decision brings about, where it does not say who is right. Orders and announcements count here.
CONSEQUENCE_ROWS = (
    OutcomeRow(Verdict.PARTIAL, "(各自?承担|各承担)(一半|50%|部分)(?!运费|邮费)"),
    OutcomeRow(Verdict.SELLER, "(款项|货款|资金|订单款|交易款)…(打款|打给|打|付|划|归|结算|放款|支付|释放|转)…(卖家|商家|店铺)"),
    OutcomeRow(Verdict.SELLER, "(打款|放款)给?(卖家|商家|店铺)|支持打款"),
    OutcomeRow(Verdict.SELLER, "交易(成功|正常完成|继续(进行)?|有效)"),
    OutcomeRow(Verdict.SELLER, "(您|买家|投诉方)(提供|提交|上传)?的?…(证据|凭证|举证|材料)…不足(?![^。!?\\n]{0,30}请[^。\\n]{0,16}(?:补|重新上传|重传))"),
    OutcomeRow(Verdict.SELLER, "(不足以|无法|不能|难以|未能)(证明|认定|证实)(?!(是)?(哪|谁|双方|责任|对错|过错))"),
    OutcomeRow(Verdict.SELLER, "^[^商卖店]{0,30}(证据|凭证|举证|材料)不足(?![^。!?\\n]{0,30}请[^。\\n]{0,16}(?:补|重新上传|重传))"),
    OutcomeRow(Verdict.SELLER, "(缺乏|没有)(事实|相关|有效|充分)?(依据|证据|凭证)|依据不足"),
    OutcomeRow(Verdict.SELLER, "(商品|货品|店铺|商家)?(不存在|未发现)…(描述不符|质量问题|违约|违规|假货|瑕疵|情形|情况)"),
    OutcomeRow(Verdict.SELLER, "(审核|初审|审查)?(不|未)通过"),
    OutcomeRow(Verdict.SELLER, "(released|paid|go|goes) to the (seller|merchant)|(evidence|proof) …(does not|doesn't|is not|was not) (show|prove|enough|sufficient)|insufficient (evidence|proof)|no refund"),
    OutcomeRow(Verdict.BUYER, "(请|令|应|需|须|由|责成)?(商家|卖家|店铺|被投诉方)(需|应|须|应当|需要|必须|要|将|会)?[^,。;\n不未]{0,24}?(退款|退还|退回|退您|退给您|返还|赔付|赔偿|补偿|支付违约金)"),
    OutcomeRow(Verdict.BUYER, "(为|给|向|同意)(您|买家)?(办理|全额|进行|执行)?(退款|退货退款|仅退款|退还|返还|赔付|补偿|赔偿)"),
    OutcomeRow(Verdict.BUYER, "(应|须|需|应当|应予)(全额)?(退货退款|退款|退还|赔付)"),
    OutcomeRow(Verdict.BUYER, "(退一|假一)赔[一三四十]"),
    OutcomeRow(Verdict.BUYER, "(货款|款项)[^,。;\n]{0,12}(退还|退回|退给|返还)(给|至)?(您|买家|投诉方|投诉人)"),
    OutcomeRow(Verdict.BUYER, "(被投诉人|被投诉方)[^,。;\n]{0,6}(退还|赔付|赔偿|补偿|返还)(投诉人|投诉方|您|买家)"),
    OutcomeRow(Verdict.BUYER, "(全额|全部)(予以)?(退款|退还|赔付|退回|返还)"),
    OutcomeRow(Verdict.BUYER, "(您|买家)(可|将|可以|会)?(获得|得到|获|拿到|收到)…(退款|赔付|赔偿|补偿)"),
    OutcomeRow(Verdict.BUYER, "(处理|判定|裁决|裁定|解决|最终|执行)?(方案|方式|结果|裁定|判定|裁决|结论|决定)[ ]?[:为是][ :]{0,2}(退货退款|仅退款|退款|换货|赔付|补发|退一赔三|维修)"),
    OutcomeRow(Verdict.BUYER, "you (will|shall|are going to|are to|should|can|are entitled to) (receive|get|be refunded|be paid|a)…(refund|compensation|[\\d.]+)?|(full|complete) refund|(seller|merchant) (must|shall|should|has to|will|is (required|ordered) to) (refund|compensate|pay|return)|refund(ed)? (you )?in full"),
    OutcomeRow(Verdict.AMBIGUOUS, "(建议|请|由|需|可|望|还请|烦请)(您|你|双方|买卖双方|买家|交易双方|买家与卖家)?(可)?(先|再|继续|自行|尽量)?(与|和|跟|同)?(商家|卖家|店铺|对方|其)?…(协商|沟通|商议|联系)(解决|处理|一致|确认|达成)?"),
    OutcomeRow(Verdict.AMBIGUOUS, "(双方|买卖双方|您与商家|您和卖家)?(友好|自行|另行|线下)(协商|沟通|解决)(解决|处理)?(?!一致|成功|达成)"),
    OutcomeRow(Verdict.AMBIGUOUS, "(无法|难以|不便|不能|无从)(准确)?(判定|判断|界定|认定|分清|作出(判定|判断))…(责任|归属|过错|双方|哪一方|对错)?"),
    OutcomeRow(Verdict.AMBIGUOUS, "各有(道理|各的道理|理由|说法|说辞|依据)|各执一词|各说各(话|的)|难分对错|(不便|不方便|无法|没法|不好)(替)?[^,。;\n]{0,8}(拍板|做主|下结论|定夺|评判)|both (sides|parties) have (a point|merit|valid)"),
    OutcomeRow(Verdict.AMBIGUOUS, "(suggest|recommend|advise|encourage)s?( that)? you …(negotiate|settle|work it out|resolve|talk|contact)|(settle|resolve|work) (this|it|the matter) (out )?(directly )?with the (seller|merchant)|(unable|not able|cannot) (to )?(determine|decide|establish)"),
)

# An appeal that was decided: whose it was, and how it came out.
APPEAL_OUTCOME_ROWS = (
    OutcomeRow(Verdict.PARTIAL, "appeal (was|is|has been) part(ly|ially) (successful|upheld|granted|allowed)"),
    OutcomeRow(Verdict.SELLER, "(维持|维護)(了)?[^,。;\n]{0,6}不(予)?(支持|同意|准予)[^,。;\n]{0,6}(退|赔|换|之决定|的决定)"),
    OutcomeRow(Verdict.SELLER, "(decision|ruling) (for|in favou?r of) the (seller|merchant) (stands|remains|is (upheld|maintained))"),
    OutcomeRow(Verdict.BUYER, "(decision|ruling) (for|in favou?r of) (you|the buyer) (stands|remains|is (upheld|maintained))"),
    #          who won          the words
    OutcomeRow(Verdict.PARTIAL, "申诉部分(成立|支持|通过)|(改判|改为|更改为|变更为|调整为|改成)[^,。;\n]{0,6}部分(退款|支持|赔付|成立)"),
    OutcomeRow(Verdict.BUYER,  "维持(了)?(原有?的?)?[^,。;\n商卖打放]{0,10}(退款|退还|退|赔付|赔偿|返还)(给)?(您|买家|投诉方)"),
    OutcomeRow(Verdict.SELLER, "维持(了)?(原有?的?)?[^,。;\n]{0,10}(打款|放款|款项|货款|付)[^,。;\n]{0,4}(商家|卖家)"),
    OutcomeRow(Verdict.BUYER,  "(新|改判|复核|复审|最终|现)(的)?(结果|结论|判定|决定|裁定)[ ]{0,2}[|:为是][ ]{0,3}(改)?(支持|判给)?(您|买家|全额退款|退货退款|退款)"),
    OutcomeRow(Verdict.SELLER, "(新|改判|复核|复审|最终|现)(的)?(结果|结论|判定|决定|裁定)[ ]{0,2}[|:为是][ ]{0,3}(改)?(支持|判给)?(商家|卖家|不退款)"),
    OutcomeRow(Verdict.BUYER,  "(判错|改过来|纠正过来|重新判|推翻)[^。;\n]{0,16}(退您|退给您|支持您|赔您|判给您|退还您|支持买家)"),
    OutcomeRow(Verdict.SELLER, "(维持|维護)(了)?(原|此前|之前)?…[:,]?(支持)(卖家|商家)"),
    OutcomeRow(Verdict.BUYER,  "(维持|维護)(了)?(原|此前|之前)?…[:,]?(支持)(您|买家)"),
    OutcomeRow(Verdict.BUYER,  "原?支持(您|买家)的?(原)?(判定|裁定|决定|结果)(保持|维持)?(不变|有效)"),
    OutcomeRow(Verdict.SELLER, "原?支持(卖家|商家)的?(原)?(判定|裁定|决定|结果)(保持|维持)?(不变|有效)"),
    OutcomeRow(Verdict.BUYER,  "(改判|改为|更改为|变更为)[:]?(为|成|由)?…(支持)?(您|买家|退款|退货退款|(商家|卖家|店铺)(应|需|须)?(全额|部分)?(承担|退款|退还|赔付|赔偿|责任))"),
    OutcomeRow(Verdict.SELLER, "(改判|改为|更改为|变更为)[:]?(为|成)?…(支持)?(卖家|商家)(?!(应|需|须)?(全额|部分)?(承担|退款|退还|赔付|赔偿|责任))"),
)
# Whether the appeal went through; whose it was stands elsewhere (outcomes.py).
APPEAL_LOST = "(申诉|复核|复议|复审)[^,。;\n]{0,12}?(不成立|失败|驳回|(不|未)(能)?(获得?)?(通过|支持|采纳)|不予(支持|采纳|通过))|(维持|维護)(了)?(原|此前|之前|先前|初次|一审)|(原|此前|之前)[^,。;\n]{0,8}(不变|有效|无误)|予以维持|理由不(充分|成立)|appeal (has been |was |is )?(dismissed|rejected|denied|unsuccessful|declined)|(decision|ruling) (stands|(has been |is |was )?(upheld|maintained|confirmed))|(upheld|maintained|stand by) (the|our) "
APPEAL_WON = "(申诉|复核|复议|复审)(请求|申请|理由)?(经[^,。;\n]{0,8}?)?{已}?(?<!不)(?<!未)(成立|成功|获得?(支持|通过)|(审核)?通过)(?!后|的?话|率)|(撤销|推翻|变更|更正|纠正)(了)?(原|此前|之前|先前|初|一审)|改判|appeal (has been |was |is )?(upheld|granted|successful|approved|accepted)|(overturned|reversed)"
# fmt: on

# Where several kinds are stated, the more specific one names the notice: first here wins.
SPECIFICITY = (
    Kind.APPEAL_RULING,
    Kind.APPEAL_ACKNOWLEDGEMENT,
    Kind.SETTLEMENT,
    Kind.WITHDRAWAL,
    Kind.RULING,
    Kind.REFUND_ARRIVED,
    Kind.CLOSING,
    Kind.EXECUTION,
    Kind.SUSPENSION,
    Kind.EVIDENCE_REQUEST,
    Kind.EVIDENCE_RECEIVED,
    Kind.REMINDER,
    Kind.INTERVENTION,
    Kind.RETURN_RECEIVED,
    Kind.RETURN_AGREED,
    Kind.MERCHANT_REFUSAL,
    Kind.MERCHANT_REPLY,
    Kind.ACKNOWLEDGEMENT,
    Kind.FILED,
)
# A subject that states one of these leaves room for a more specific statement in the body.
GENERAL = frozenset(
    {Kind.FILED, Kind.ACKNOWLEDGEMENT, Kind.MERCHANT_REPLY, Kind.INTERVENTION, Kind.CLOSING, Kind.EXECUTION}
)

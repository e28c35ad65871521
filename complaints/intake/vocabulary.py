"""The words of reasons, refusals and kinds of evidence, as rows: what a notice says, what we call it.

Sources: docs/sources.md#reasons, docs/sources.md#evidence-kinds. On folded text, small letters.
"""

from __future__ import annotations

import re


def _rows(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(words)) for name, words in rows)


# fmt: off
REASONS = _rows(
    ("counterfeit",        r"假货|假冒|非正品|仿品|仿冒|高仿|山寨|盗版|不是正品|鉴定为假|售假|假一赔|counterfeit|fake (?:product|goods|item|brand)"),
    ("fake_shipment",      r"虚假发货|空包|虚假物流|fake shipment|empty parcel"),
    ("late_shipment",      r"延迟发货|未按(?:约定|承诺|规定)?时间发货|超时未发货|迟迟不发货|一直(?:未|不|没)发货|拖延发货|不发货|未发货|缺货|late (?:shipment|delivery)|not shipped"),
    ("not_received",       r"未收到(?:货|商品|包裹|快递)|没(?:有)?收到(?:货|商品|包裹|快递)|未签收|虚假签收|快递丢|丢件|包裹丢失|物流(?:异常|停滞)|not (?:received|delivered)|never arrived|lost parcel"),
    ("short_or_wrong",     r"少件|漏发|错发|发错|少发|缺件|少货|漏件|发错货|missing (?:item|part)|wrong item"),
    ("damaged",            r"破损|破碎|碎裂|压坏|压碎|摔坏|碎了|漏液|包装破|变形|damaged|broken"),
    ("false_advertising",  r"虚假宣传|夸大宣传|虚假广告|误导消费|欺诈|false advertis|misleading"),
    ("misdescribed",       r"描述不符|与描述|与(?:商品)?(?:详情|页面|图片|宣传)(?:页|描述)?(?:严重)?(?:不符|不一致)|不符合描述|货不对板|材质不符|成分不符|尺[码寸](?:不符|不对|偏|问题|不合)|大小[^,。]{0,4}不符|色差|颜色不符|描述不当|实物不符|规格不符|型号不符|not as described|misdescribed|different from"),
    ("quality",            r"质量(?:问题|瑕疵|缺陷|差|不合格|不好)|做工|掉色|褪色|开裂|开胶|起球|损坏|故障|变质|过期|异味|瑕疵|无法使用|不能使用|坏了|不通电|quality|defect|faulty"),
    ("privacy",            r"泄露[^,。\n]{0,8}(?:信息|隐私|手机|电话|地址|号码)|隐私泄露|信息泄露|privacy"),
    ("harassment",         r"骚扰|辱骂|威胁|恐吓|harass|threat"),
    ("price_protection",   r"价保|保价|买贵|降价补差|价格保护|差价|price (?:protection|adjustment)"),
    ("gift",               r"赠品(?!未发)|少赠|未送赠品|gift"),
    ("broken_promise",     r"违背承诺|承诺未(?:兑现|履行)|未履行承诺|不履行承诺|言而无信|broken promise"),
    ("after_sale_refused", r"拒绝(?:提供)?(?:售后|维修|保修)|售后不处理|不(?:提供|处理)售后|售后(?:问题)?(?:未|不)(?:解决|处理)|不理睬|不予退换"),
    ("no_reason_return",   r"[七7]天无理由|[七7]日无理由|无理由退(?:货|换)|不想要|拍错|多拍|不喜欢|changed? (?:my )?mind|no[- ]reason return"),
    ("invoice",            r"发票|开票|invoice"),
    ("freight",            r"运费|邮费|freight|shipping fee|postage"),
    ("other",              r"^其[他它]$|^other$"),
)
# Words that stand in nearly every notice name a reason only behind a label.
ONLY_LABELLED = frozenset({"freight", "invoice", "gift", "other", "privacy"})

REFUSAL_GROUNDS = _rows(
    ("transit",          r"运输(?:途中|过程|中|环节|原因|造成|导致|损)|(?:快递|物流)(?:公司)?(?:原因|问题|造成|导致|暴力|损坏|方面|责任|途中|运输)|暴力运输|承运(?:方|人|商)|in transit|during (?:shipping|transport|delivery)|courier"),
    ("no_video",         r"(?:没有|无|未(?:能)?(?:提供|拍摄|录制)|缺少|没)[^,。]{0,8}(?:开箱|拆箱|拆包)|(?:开箱|拆箱|拆包)(?:视频|录像)|no (?:unboxing|opening) video|unboxing video"),
    ("within_tolerance", r"误差|公差|(?:行业|国家)?标准(?:允许|范围)|正常(?:范围|现象|情况|偏差)|合理范围|允许(?:范围|偏差)|属于正常|光线|显示器|色差属|tolerance|normal (?:range|variation)|within the range"),
    ("custom_made",      r"定制|定做|订制|订做|专属制作|个性化|刻字|刻了|custom[- ]?made|customi[sz]ed|personali[sz]ed"),
    ("late",             r"(?:已|超|过)[^,。]{0,6}(?:售后|退货|退换|退换货|无理由)?(?:期限|时效|有效期|保质期|保修期|时间|期(?!间))|超(?:过|出|了)?[^,。]{0,8}(?:天(?!无)|日|小时|个月)|签收[^,。]{0,4}(?:个?月|[\d一二三四五六七八九十]+[天周])[^,。]{0,3}(?:了|才)|(?:return |refund )?window has (?:expired|closed)|已过[^,。]{0,10}(?:天|期)|逾期申请|too late|(?:after|past|exceed)[^,.]{0,20}(?:days|period|window)"),
    ("opened",           r"(?:包装|外包装)(?:已经?|被)?(?:打开|不完整|破坏|缺失)|非全新|有磨损|再次出售|拆封|开封|拆开|已拆|已使用|使用过|使用痕迹|已穿|穿着|已洗|洗涤|洗过|水洗|吊牌(?:已)?(?:剪|拆|缺|丢|不全|损)|影响(?:二|2)次销售|影响(?:再次)?销售|二次销售|激活|opened|used|worn|washed|tags? (?:removed|missing)|resale|resell"),
    ("no_proof",         r"(?:无法|不能|不足以|难以)(?:证明|证实|判断|确认|体现|看出)|看不(?:出|到|清)|(?:证据|凭证|证明|图片|照片|举证|材料)(?:模糊|不(?:足|全|清|充分|清晰|完整))|(?:缺少|缺乏)[^,。]{0,4}(?:报告|凭证|证据|证明)|(?:do|does) not (?:show|prove)|(?:未|没有|没|无)(?:能)?(?:提供|提交|上传)?(?:有效|相关|任何|检测|质检|足够|充分)?(?:的)?(?:凭证|证据|证明|照片|图片|检测报告|质检报告)|no (?:evidence|proof)|insufficient (?:evidence|proof)|cannot (?:prove|verify)"),
)

EVIDENCE = _rows(
    ("unboxing_video",      r"(?:开箱|拆箱|拆包|开封|拆快递|(?:打开|拆开)(?:包裹|快递|包装|箱子))[^,。、;\n]{0,10}(?:视频|录像|影片)|unboxing video|videos? of (?:the |your )?(?:unboxing|opening)"),
    ("chat",                r"聊天(?:记录|截图|截屏|凭证|内容|页面)|(?:对话|消息|私信)(?:记录|截图|截屏)|旺旺(?:记录|聊天|截图)|千牛(?:记录|聊天)|沟通(?:记录|截图)|(?:对话|沟通|交流|协商|聊天)[^,。、;\n]{0,5}(?:记录|截图|凭证|页面)|举证号|(?:与|和)(?:商家|卖家)的(?:沟通|聊天|对话)|(?:conversation|messages?) with|chat (?:record|log|history|screenshot)|chat"),
    ("authenticity_report", r"(?<!质量)鉴定(?:报告|书|证书|证明|结果|意见)|验货(?:证明|报告)|真伪鉴定|authenticity (?:report|certificate)"),
    ("test_report",         r"(?:质检|检测|检验|质量检测|质量鉴定)(?:结论|报告|证明|凭证|单|书|结果)|(?:检测|质检|检验)机构[^,。;\n]{0,4}出具的[^,。;\n]{0,4}(?:报告|证明)|质检凭证|(?:lab )?test report|inspection report|lab report"),
    ("listing",             r"商品(?:详情|描述|页面|宣传)[^,。、;]{0,4}(?:页|截图|图)?|(?<!订单)详情页|宣传(?:截图|页|图|页面|材料)|(?:商品|交易|页面)快照|页面截图|listing|product page"),
    ("logistics",           r"物流(?:凭证|信息|记录|签收|底单|跟踪|证明|截图|轨迹|单|面单)(?:的)?(?:照片|图片|截图)?|(?:快递|发货|签收)(?:底单|凭证|证明|面单|记录|单据)(?:的)?(?:照片|图片)?|称重(?:凭证|记录|单|截图)|(?:物流|快递|发货)底单|红章证明|签收(?:底单|证明|记录)|快递单|面单(?:的)?(?:照片|图片)?|外包装(?!照|图)|运单(?:照片|截图)|logistics|delivery (?:record|proof)|waybill|delivery slip|shipping label"),
    ("refusal",             r"拒收(?:证明|凭证|记录)|proof of refusal"),
    ("medical",             r"医院(?:证明|诊断|病历)|(?:就诊|门诊|诊疗)(?:记录|病历|证明)|病历|诊断(?:证明|书|报告)|就医|医疗(?:证明|凭证|费用)|medical"),
    ("origin",              r"(?:进货|经销|采购|供货|授权)(?:渠道证明|来源证明|凭证|证明|书|单据|发票|合同|单)|授权书|报关单|合格证|品牌授权|正品证明|proof of origin|authori[sz]ation letter|customs declaration"),
    ("invoice",             r"(?:发票|购物凭证|收银条|购物小票|小票|收据)(?:的)?(?:原件|照片|图片)?|invoice|receipt"),
    ("payment",             r"(?:支付|付款|转账|交易)(?:凭证|记录|截图|证明)|银行流水|支付流水|payment (?:proof|record|receipt)|proof of payment|bank statement"),
    ("call",                r"通话(?:录音|记录)|电话录音|录音|call recording|recording"),
    ("official",            r"(?:行政)?处罚(?:决定)?书?|法院(?:文书|判决)|公安(?:证明|文书)|报警(?:回执|证明)|court document|police report"),
    ("order",               r"(?<![在至到])(?:订单(?:截图|截屏|页面|详情|凭证|信息截图)|(?:购买|下单|交易)(?:记录截图|截图|凭证)|order (?:screenshot|details|confirmation))"),
    ("photo",               r"(?:实物|商品|产品|细节|问题|瑕疵|破损|吊牌|标签|水洗标|整体|局部|外观|商品问题|正面|质量问题)(?:的)?(?:清晰|实物|细节|高清)?(?:的)?(?:图|图片|照片|照|相片|截图)|实物图|细节图|实拍图?|近照|(?:瑕疵|正面|背面|吊牌|标签|细节)[图照]|(?:对比|测量|特写)图|照片|(?<!【)图片(?!格式)|(?<!使用手机)拍照(?!功能)|photos?|pictures?|images?"),
    ("video",               r"(?<!开箱)(?<!拆箱)(?<!拆包)(?:使用|测试|演示|问题|商品|相关)?(?:视频|影片)|录像|\bvideos?\b"),
)

# What a freight sentence says of who pays.
FREIGHT = _rows(
    ("insurance", r"(?:运费险|退货运费险)[^,。;]{0,8}(?:赔付|理赔|承担|抵扣|支付|补偿|报销|覆盖)|由[^,。;]{0,6}运费险|(?<!不)(?:由|走)[^,。;不]{0,4}保险(?:公司|方)?[^,。;不]{0,4}(?:赔付|理赔|承担|抵扣|支付|补偿|报销|覆盖|赔)|(?:covered|paid|borne) by (?:the )?(?:return )?(?:freight|shipping) insurance"),
    ("split",     r"(?:双方|买卖双方|各自|各|两方)[^,。;]{0,6}(?:承担|负担|分担|支付|付|出)[^,。;]{0,4}(?:一半|50%|各半)?|一人一半|一家一半|平摊|均摊|各付|各半|\bsplit\b|shared (?:equally|between)"),
    ("seller",    r"(?:商家|卖家|店铺|对方|被投诉方)[^,。;不]{0,24}?(?:承担|负担|支付|报销)[^,。;]{0,6}(?:运费|邮费|快递费)|(?:商家|卖家|店铺|店家|对方|被投诉方|掌柜|旗舰店|专卖店|专营店|本店|我们|小店|我方)[\"”」』]?[^,。;不]{0,8}?(?:承担|负担|负责|支付|垫付|付|出|报销|补偿|补给|补贴|退还|退给|承付|包)|(?:商家|卖家)(?:来回)?包邮|(?:承担|负担|支付)方?[ :为是]{1,3}(?:商家|卖家|店铺)|(?:paid|covered|borne|payable|reimbursed) by (?:the )?(?:seller|merchant|shop)|\bon (?:the )?(?:seller|merchant|shop)|(?:seller|merchant|shop)(?:'s)? (?:pays|bears|covers|expense|cost|account|(?:(?:will|shall|must|should|is to|has to) )[^;\n]{0,60}?(?:pay|bear|cover|reimburse)\b)"),
    ("seller",    r"(?:运费|邮费|快递费)[^,。;不勿拒别非]{0,6}到付(?!件|运费|[^,。;]{0,4}(?:拒|不|概|勿))"),
    ("seller",    r"(?:给|为)(?:您|你|亲)(?:全部)?(?:报销|补|返)|(?:全额)?报销"),
    ("buyer",     r"(?:您|买家|你)[^,。;不]{0,16}?(?:承担|负担|支付)[^,。;]{0,6}(?:运费|邮费|快递费)|(?:您|买家|你|消费者|投诉方|亲)(?:自行|本人|自己|这边|那边)?[^,。;不]{0,5}(?:承担|负担|支付|自理|出|承付)|自理|自付|自费|(?:承担|负担|支付)方?[ :为是]{1,3}(?:您|买家)|(?:paid|covered|borne|payable) by (?:you|the buyer)|(?:you|buyer) (?:pays?|bears?|covers?|(?:will|shall|must|should)(?: have to| need to)? (?:pay|bear|cover)\b)|at your (?:own )?(?:cost|expense)|\bon you\b"),
    ("unknown",   r"(?:承担方|运费)[^,。;]{0,4}(?:待定|另行协商|待确认)"),
)
# Who lays the money out first does not bear it: 运费由您先行垫付，商家承担.
PAYS_AHEAD = re.compile(r"(?:由|请|需|可|先|暂)*(?:您|买家|你|亲)?(?:可以?)?(?:先行?|暂时?|暂先|提前)(?:行)?(?:自行)?(?:垫付|支付|付|出|承担|垫)|(?:由|请)?(?:您|买家|你)(?:先)?垫付|pay (?:it |this )?(?:first|up ?front|in advance)")
# fmt: on
ABOUT_FREIGHT = re.compile(
    r"运费|邮费|快递费|物流费|退货费用?|寄回费用?|freight|shipping (?:fee|cost)|return shipping|postage|return cost"
)
ABOUT_RETURN_FREIGHT = re.compile(r"退货|寄回|退回|返程|回程|来回|往返|return")

"""The words of reasons, refusals and kinds of evidence, as rows: what a notice says, what we call it.

Sources: docs/sources.md#reasons, docs/sources.md#evidence-kinds. On folded text, small letters.
"""

from __future__ import annotations

import re


def _rows(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(words.replace("记录", "[记纪]录"))) for name, words in rows)


# fmt: off
REASONS = _rows(
    ("counterfeit",        r"假货|假冒|非正品|仿品|仿冒|高仿|山寨|盗版|不是正品|鉴定为假|售假|卖假|冒牌|贴牌货|非原装|假一赔|counterfeit|fake (?:product|goods|item|brand)"),
    ("fake_shipment",      r"虚假发货|假发货|空包|虚假物流|虚构物流|fake shipment|empty parcel"),
    ("late_shipment",      r"延迟发货|未按(?:约定|承诺|规定)?时间发货|超时未发货|迟迟不发货|一直(?:未|不|没)发货|拖延发货|不发货|未发货|缺货|(?:没有?|未)按(?:约定|承诺|规定|时|说好)?[^,。;\n]{0,4}发货|发货(?:延误|延迟|超时|逾期|太慢)|延误发货|超时发货|逾期发货|late (?:shipment|delivery|dispatch|shipping)|(?:shipp|dispatch)ed late|never (?:shipped|dispatched)|not (?:been )?(?:shipped|dispatched)|delayed (?:shipment|dispatch|shipping)|(?:hasn't|has not|haven't|have not) (?:yet )?(?:shipped|dispatched|sent out)"),
    ("not_received",       r"未收到(?:货|商品|包裹|快递)|没(?:有)?收到(?:货|商品|包裹|快递)|未签收|虚假签收|(?:没有?|未)(?:能)?拿到(?:货|商品|包裹|快递)|未妥投|被冒领|包裹遗失|快递丢|丢件|包裹丢失|物流(?:异常|停滞)|not (?:received|delivered)|never (?:arrived|received|turned up)|non-?(?:delivery|receipt)|(?:did not|didn't|hasn't|has not) (?:arrive|receive)d?|lost (?:parcel|in the (?:post|mail))|missing parcel"),
    ("short_or_wrong",     r"少件|漏发|错发|发错|少发|缺件|少货|漏件|发错货|寄错|错寄|送错货|漏寄|漏装|少寄|少装|缺少?配件|配件(?:缺失|不全|少)|数量(?:不对|不符|不足|短缺)|缺斤(?:少|短)两|短斤[少缺]两|missing (?:item|part|piece|component|accessor)|(?:piece|part|item|component|accessory)s? (?:was |were |is |are )?missing|(?:sent )?(?:the )?wrong (?:item|size|colou?r|model|product)|short delivery|incomplete (?:order|set)"),
    ("damaged",            r"破损|破碎|碎裂|压坏|压碎|摔坏|碎了|漏液|包装破|变形|(?:运输|快递|途中|路上)[^,。;\n]{0,6}(?:损坏|弄坏|损毁)|磕碰|裂(?:纹|了|开|痕)|打碎|压扁|凹陷|damage|(?<!seal )broken|shattered|cracked|smashed|crushed|dented"),
    ("false_advertising",  r"虚假宣传|夸大宣传|虚假广告|虚假促销|误导消费|价格欺诈|先涨后降|虚构原价|欺诈|false advertis|misleading"),
    ("misdescribed",       r"描述不符|与描述|与(?:商品)?(?:详情|页面|图片|宣传)(?:页|描述)?(?:严重)?(?:不符|不一致)|不符合描述|与描述不|(?:和|跟|同)(?:商品)?(?:详情|页面|图片|宣传|描述|说明)[^,。;\n]{0,8}(?:不符|不一样|不一致|对不上|不同)|图文不符|货不对版|名不副实|货不对板|货不符|翻新机|二手充新|材质不符|成分不符|尺[码寸](?:不符|不对|偏|问题|不合)|大小[^,。]{0,4}不符|色差|颜色不符|描述不当|实物不符|规格不符|型号不符|not as (?:described|advertised|pictured|shown)|differs? (?:[a-z]+ )?from (?:the|its|your) (?:description|picture|photo|page|listing)|than (?:the size chart|shown|stated|described|advertised)|misdescribed|mis-?described|different (?:from|to)|(?:does not|doesn't|did not|didn't) match"),
    ("quality",            r"质量(?:问题|瑕疵|缺陷|差|不合格|不好)|做工|品质(?:问题|差|不)|掉色|褪色|开裂|开胶|起球|起毛|掉漆|掉毛|开线|脱线|脱胶|缩水|生锈|串色|染色|损坏|故障|变质|(?<![天日])过期(?![后不未将则没自仍即失就会才]|申请|,[^,。]{0,4}(?:不|关|自动))|发霉|霉变|长霉|生虫|异物|腐烂|不新鲜|异味|刺鼻|瑕疵|残次|次品|无法使用|不能使用|坏了|不通电|(?:无法|不能)?(?:充电|开机)(?:不了|不上|失败|故障)|黑屏|死机|漏电|漏水|不制冷|不加热|(?<!no )(?<!non-)quality|defect|faulty|\bfaults?\b|(?:poorly|badly) made|malfunction|stopped working|(?:does not|doesn't|not) work(?:ing)?|\bmou?ldy?\b|faded|shrank|shrunk"),
    ("privacy",            r"泄[露漏][^,。\n]{0,8}(?:信息|隐私|手机|电话|地址|号码)|(?:信息|隐私|手机号?|电话|地址|号码)[^,。\n]{0,6}(?:泄[露漏]|外泄|透露|公开给|曝光)|leak(?:ed|ing)? (?:of )?(?:your|my|the buyer's|personal)|disclos(?:ed|ing) (?:your|my|personal)|隐私泄露|信息泄露|privacy"),
    ("harassment",         r"骚扰|辱骂|谩骂|威胁|恐吓|短信轰炸|电话轰炸|人身攻击|侮辱|harass|threaten|insult|abusive"),
    ("price_protection",   r"价保|保价|买贵|降价补差|价格保护|差价|降价(?!促销|活动)|price (?:protection|adjustment)"),
    ("gift",               r"赠品(?!未发)|少赠|未送赠品|赠品[^,。;\n]{0,4}(?:漏|少|没|缺)(?:送|发|给|寄|有|了)?|gift"),
    ("broken_promise",     r"违背承诺|承诺未(?:兑现|履行)|未履行承诺|不履行承诺|不兑现承诺|(?:没有?|未)(?:兑现|履行)[^,。;\n]{0,6}(?:承诺|约定)|言而无信|出尔反尔|说话不算|broken? (?:its |their |the )?promise|promise[^.;\n]{0,20}not (?:kept|honou?red)"),
    ("after_sale_refused", r"拒绝(?:提供)?(?:售后|维修|保修)|售后不处理|不(?:提供|处理)售后|售后(?:问题)?(?:未|不)(?:解决|处理)|不理睬|不予退换|拒保|拒不(?:处理|售后|保修)|(?:不给|不肯)(?:售后|维修|保修|修|换)|推诿|踢皮球|refus(?:ed|es|al|ing) (?:to (?:provide|give|offer) |of )?(?:after-?sales?|warranty|repair)"),
    ("no_reason_return",   r"[七7]天无理由|[七7]日无理由|无理由退(?:货|换)|不想要|不要了|拍错|买错|多拍|重复(?:下单|购买)|不喜欢|changed? (?:my |your |their )?mind|no[- ](?:longer (?:want|need)|reason return)|ordered by mistake|(?:do not|don't) (?:want|need|like) it"),
    ("invoice",            r"发票|开票|invoice"),
    ("freight",            r"多收[^,。;\n]{0,6}费|运费|邮费|freight|shipping fee|postage"),
    ("other",              r"^其[他它]$|^other$"),
)
# Words that stand in nearly every notice name a reason only behind a label, or as 发票一事, 赠品问题.
ONLY_LABELLED = frozenset({"freight", "invoice", "gift", "other", "privacy"})
# What names such a reason by itself.
PLAIN_REASONS = _rows(
    ("quality", r"质量(?:争议|纠纷|异议)|quality dispute"),
    ("freight", r"(?:多|乱|重复|另外|额外)(?:收|扣)[^,。;\n]{0,6}(?:运|邮|快递|配送)费|(?:运费|邮费|快递费)[^,。;\n]{0,4}(?:多收|乱收|不退|未退|没退)|overcharged[^.;\n]{0,20}(?:shipping|freight|postage)|(?:shipping|freight|postage)[^.;\n]{0,20}overcharged"),
    ("invoice", r"(?:拒绝|拒不|不给|不肯|不予|未|没有?|拒)(?:提供|开具|开)(?:的)?发票|拒开发票|不开票|(?:refus|fail)[^.;\n]{0,20}invoice|no invoice"),
    ("gift",    r"赠品[^,。;\n]{0,6}(?:漏|少|没(?!有问题)|缺)(?:送|发|给|寄|有|了|收到)?|(?:漏|少|没有?|未)(?:送|发|给|寄|收到)[^,。;\n]{0,4}赠品|gift[^.;\n]{0,16}(?:missing|not (?:included|sent|received))|missing[^.;\n]{0,12}gift"),
)
# Everyday words, which name the reason only where the sentence speaks of the complaint: 因…, 反映…, …一事, behind a label.
EVERYDAY_REASONS = _rows(
    ("counterfeit",        r"假的|是假|疑似假|\ba货|正品存疑|防伪[^,。;\n]{0,6}(?:查不到|不通过|失败)|不是真|replica|knock-?off|not genuine|inauthentic|fake"),
    ("fake_shipment",      r"(?:单号|物流)[^,。;\n]{0,6}(?:不存在|是假|查不到|没有?(?:更新|记录|信息)|不更新)|没(?:真)?发出|marked as shipped"),
    ("late_shipment",      r"(?:没有?|还没|未|不)发(?:货|出)|(?:晚|迟|慢)[^,。;\n]{0,3}发|发(?:货|得)[^,。;\n]{0,3}(?:晚|迟|慢)|延误|延迟|拖延|送(?:得)?(?:太)?晚|迟到|delay|\blate\b"),
    ("not_received",       r"没收[到着]|收不到|未收到|没(?:有)?(?:送到|送达|见到|见着|拿到)|未送达|丢了|丢失|弄丢|不见了|lost|not arrive|never (?:reached|came|arrived)"),
    ("short_or_wrong",     r"少(?:了|给|送|放|配|拿|一|两|\d)|缺(?:了|一|两|\d)|漏(?:了|放|送|给|拿)|(?:配件|零件|东西|数量)不全|(?:送|装|配|拿|给)错|错(?:了)?(?:尺码|颜色|款)|(?:颜色|尺码|型号|款式|东西|货)[^,。;\n]{0,3}错|missing|wrong|short of|fewer"),
    ("damaged",            r"\bbroken|受损|碎|破(?:了|裂|洞|口|的|掉)|裂|压坏|摔|磕|撞|洒|漏(?:了|油|水|出)|渗漏|断(?:了|裂|成)|烂(?:了|掉)|坏果|crack|shatter|\bdent|leak|torn|crush|smash|in pieces"),
    ("false_advertising",  r"夸大|误导|虚标|吹嘘|虚构|exaggerat|false(?:ly)? claim"),
    ("misdescribed",       r"不符(?!合)|不一样|不一致|对不上|实为|其实是|使用痕迹|(?:非|不是)(?:全新|新)|翻新|二手|偏[大小长短]|含量|色差|colou?r difference|mismatch|second-?hand|refurbished|nothing like|not what"),
    ("quality",            r"粗糙|松动|脱落|掉扣|掉了|线头|划痕|污渍|脏|毛刺|变色|变黑|有味|味道|臭|霉|馊|虫|过敏|拉肚子|腹泻|不准|不亮|不响|不转|不热|不冷|不暖|不走|不通|不稳|不工作|不灵|失灵|不制冷|不制热|无声|没声|没有?声音|掉(?:涂层|漆|皮|毛|色)|起(?:皮|毛|泡)|开胶|不开机|卡顿|卡住|漏风|接触不良|闪退|充不[进上]|打不开|开不了|用不了|坏|smell|rust|stain|scratch|peel|pilling|loose|expired|stale|does not|doesn't|won't|not (?:switch|turn|work)"),
    ("privacy",            r"泄[露漏]|外泄|隐私|个人信息|personal (?:data|information|details)|leak"),
    ("harassment",         r"骂|恐吓|轰炸|abus|rude"),
    ("price_protection",   r"降价|贵了|便宜了|price drop|cheaper"),
    ("gift",               r"赠品|礼品|赠送|gift|freebie"),
    ("broken_promise",     r"承诺|答应|说好|食言|反悔|不认账|不兑现|promise"),
    ("after_sale_refused", r"不(?:给|肯|让)(?:退|换|修)|不(?:回|理)(?:人|复|消息)|不管|联系不上|失联|保修|warranty|ignor"),
    ("no_reason_return",   r"不合适|不要|买多|后悔|没用|不想|no reason|mistake"),
    ("invoice",            r"发票|开票|invoice"),
    ("freight",            r"(?:运费|邮费|快递费)(?!险|由|需|将|[^,。;]{0,4}(?:承担|负担|理赔|垫付|自理|补偿))|shipping fee|postage|freight"),
)

REFUSAL_GROUNDS = _rows(
    ("transit",          r"运输(?:途中|过程|中|环节|原因|造成|导致|损)|(?:快递|物流)(?:公司)?(?:原因|问题|造成|导致|暴力|损坏|方面|责任|途中|运输)|暴力运输|承运(?:方|人|商)|(?:路上|途中|半路|派送中)[^,。;\n]{0,6}(?:坏|碎|破|损|丢|摔|压)|快递(?:员|小哥|那边|站点|公司)?[^,。;\n]{0,4}(?:弄|摔|压|丢|磕|负责|承担)|in transit|during (?:shipping|transport|delivery)|\bcourier|\bcarrier|shipping damage|on the way"),
    ("no_video",         r"(?:没有|无|未(?:能)?(?:提供|拍摄|录制)|缺少|没)[^,。]{0,8}(?:开箱|拆箱|拆包)|(?:开箱|拆箱|拆包)(?:视频|录像)|(?:没有?|未|无)(?:拍|录)?(?:摄|制)?(?:视频|录像)|no (?:unboxing|opening)? ?video|unboxing video|video [^.,;]{0,16}\b(?:un(?:boxing|packing)|being opened|opening)|without (?:an?|one|any)? ?(?:[a-z]+ )?(?:unboxing )?video"),
    ("within_tolerance", r"误差|公差|(?:行业|国家)?标准(?:允许|范围)|正常(?:的)?(?:范围|现象|情况|偏差|色差|损耗|纹理)|工艺特性|材质特性|天然(?:纹理|特性|材质)|批次(?:差异|不同)|[±]|正负|合理范围|允许(?:范围|偏差)|属于正常|光线|显示器|色差属|tolerance|acceptable range|minor variation|normal (?:range|variation)|within the range"),
    ("custom_made",      r"定制|定做|订制|订做|专属制作|个性化|刻字|刻了|刻名|印(?:字|名|了)|按(?:您|你|买家|客户)的?(?:要求|尺寸|需求|图)[^,。;\n]{0,4}(?:做|制|生产|裁)|私人订制|custom[- ]?made|customi[sz]ed|personali[sz]ed|made to (?:order|measure)|bespoke|engraved"),
    ("late",             r"(?:已|超|过)[^,。]{0,6}(?:售后|退货|退换|退换货|无理由)?(?:期限|时效|有效期|保质期|保修期|时间|期(?!间))|超(?:过|出|了)?[^,。]{0,8}(?:天(?!无)|日|小时|个月)|签收[^,。]{0,4}(?:个?月|[\d一二三四五六七八九十]+[天周])[^,。]{0,3}(?:了|才)|(?:return |refund )?window has (?:expired|closed)|已过[^,。]{0,10}(?:天|期)|逾期申请|时间太[久长]|太久了|过保|期限已过|过了[^,。;\n]{0,8}(?:天|期|月)|too late|out of warranty|(?:period|window|time limit|deadline) (?:had |has |have )?(?:expired|passed|closed|ended)|(?:after|outside|beyond) the (?:return|refund|warranty)|warranty (?:has )?expired|(?:after|past|exceed)[^,.]{0,20}(?:days|period|window)"),
    ("opened",           r"(?:包装|外包装)(?:已经?|被)?(?:打开|不完整|破坏|缺失)|非全新|有磨损|再次出售|拆封|开封|拆开|已拆|已使用|使用过|使用痕迹|已穿|穿着|已洗|洗涤|洗过|水洗|吊牌(?:已)?(?:剪|拆|缺|丢|不全|损)|影响(?:二|2)次销售|影响(?:再次)?销售|二次销售|激活|(?:拆|开|用|穿|洗|戴|试|吃|喝|装|剪)过(?!期)|(?:拆|开封|用|剪|装)了|(?:无|没有?|缺)吊牌|塑封|封条|(?:已|被)安装|不完好|贴身(?:衣物|用品)|\bopened|(?<!re)\bused\b|\bworn\b|washed|unsealed|seal (?:was |is |has been )?(?:broken|removed)|been installed|tags? (?:removed|missing)|resale|resell"),
    ("no_proof",         r"(?:未|没有?)(?:能)?(?:提供|提交|出示|拿出|给出|上传)[^,。;\n]{0,14}(?:凭证|证据|证明|材料|资料|照片|图片|报告)|口说无凭|证据太|(?:图|照片|视频)太?(?:糊|模糊|不清)|无法核实|(?:无法|不能|不足以|难以)(?:证明|证实|判断|确认|体现|看出)|看不(?:出|到|清)|(?:证据|凭证|证明|图片|照片|举证|材料)(?:模糊|不(?:足|全|清|充分|清晰|完整))|(?:缺少|缺乏)[^,。]{0,4}(?:报告|凭证|证据|证明)|(?:do|does) not (?:show|prove)|(?:未|没有|没|无)(?:能)?(?:提供|提交|上传)?(?:有效|相关|任何|检测|质检|足够|充分)?(?:的)?(?:凭证|证据|证明|照片|图片|检测报告|质检报告)|no (?:evidence|proof)|insufficient (?:evidence|proof)|(?:cannot|can't|could not) (?:prove|verify|confirm)|without (?:any )?(?:proof|evidence)|unclear|blurr(?:y|ed)|not enough (?:proof|evidence)|unsupported"),
)

EVIDENCE = _rows(
    ("unboxing_video",      r"(?:开箱|拆箱|拆包|拆封)(?:时)?(?:的)?(?:全程|过程|完整)?(?:的)?(?:视频|录像|影片)|(?:开箱|拆箱|拆包|开包|拆封|拆件|拆袋|开封|拆快递|(?:打开|拆开|拆)(?:包裹|快递|包装|箱子|外箱))[^,。、;\n]{0,10}(?:视频|录像|影片|影像|录影|录屏|全程记录)|(?:开箱|拆箱|拆封)(?:的)?(?:全程|过程|那段|片段)|unboxing (?:video|clip|footage)|videos? [^.,;\n]{0,24}\b(?:unboxing|unpacking|opening)"),
    ("chat",                r"(?:和|跟|与)(?:卖家|商家|店家|客服|店铺|对方)(?:谈|聊|说|沟通|协商)过?的(?:记录|内容|截图)|(?:商家|卖家|客服|店家)[^,。、;\n]{0,6}(?:答复|回复|回话)(?:的)?截图|(?:chat|conversation|message)s? (?:history|log|record|screenshot|with)|聊天(?:记录|截图|截屏|凭证|内容|页面)|(?:对话|消息|私信)(?:[记纪]录|截图|截屏)|旺旺(?:记录|聊天|截图)|千牛(?:记录|聊天)|沟通(?:记录|截图)|(?:对话|沟通|交流|协商|聊天)[^,。、;\n]{0,5}(?:记录|截图|凭证|页面|内容)|举证号|(?:与|和|跟)(?:商家|卖家|店家|店主|掌柜|客服|对方|卖方)的?(?:全部|完整|往来)?(?:沟通|聊天|对话|交流|往来|消息|私聊)|(?:聊天|对话|旺旺)(?:原图|长图|全程|往来|文字)|往来(?:消息|文字|信息|对话)|微信(?:记录|截图|对话|聊天)|(?:短信|微信)[^,。;\n]{0,10}的?记录|(?<!在)(?<!通过)(?<!用)(?<!以)(?<!登录)(?<!阿里)旺旺(?!上|里|中|联系|在线|客服|留言|号|咨询|找|或)|阿里旺旺(?=[^,。;\n]{0,4}记录)|钉钉(?=[^,。;\n]{0,3}(?:聊|记|对话|截|消息))|磋商记录|(?<!请)私信(?!我|客服|联系|小二|咨询|告|给)|(?:聊|说)的?那?(?:段|几句|原话)|(?:全部|所有)消息|whatsapp|wechat|conversation|\bthread\b|聊天(?=[,。、;和及与 ]|$)|messages? between|chat with|(?:conversation|messages?) with|chat (?:record|log|history|screenshot)|chat"),
    ("authenticity_report", r"(?<!质量)(?:真伪|真假)?(?:鉴定|鉴别)(?:意见|结论)?(?:书|证书|报告)|certificates? of authenticity|(?<!质量)鉴定(?:报告|书|证书|证明|结果|意见|结论|单)|(?<!质量)鉴定(?:机构|中心)[^,。;\n]{0,8}(?:报告|证明|意见|结论)|鉴别(?:报告|书|证书|结果|结论|意见)|验货(?:证明|报告|单)|专柜[^,。、;\n]{0,8}[验鉴][^,。、;\n]{0,4}(?:单|书|意见|结果|证明)|真伪鉴定|authenticity (?:report|certificate)"),
    ("test_report",         r"检测机构的单子|(?:检修|维修|检验|检测|质检)(?:单|意见|记录)|(?:质检|检测|检验|化验|送检|质量检测|质量鉴定)(?:结论|报告|证明|凭证|单|书|结果|数据)|(?:检测|质检|检验)机构[^,。;\n]{0,14}(?:报告|证明|意见|结论)|质检凭证|(?:lab )?test report|inspection report|lab report"),
    ("order",               r"订单(?:的)?(?:页面|详情|信息)(?:的)?(?:截图|截屏)|(?:下单|购买)(?:时的)?(?:记录|页面截图|凭证|截图)|(?<![在至到])(?:电子订单|成交明细|下单记录|购买凭据|订单的?(?:截图|截屏|页面|页|界面|详情|凭证|信息截图|信息页)|(?:购买|下单|交易)(?:记录截图|截图|凭证)|order (?:page|screenshot|details|confirmation))"),
    ("listing",             r"(?:商品|宝贝|活动|促销|当时的)页面?(?:上|的|里)?[^,。、;\n]{0,12}(?:截图|截屏|快照|那一处)|宣传页|(?:page|listing) (?:screenshot|snapshot)|商品(?:详情|描述|页面|宣传)[^,。、;]{0,4}(?:页|截图|图)?|(?<!订单)(?<!物流)详情页|(?:商品|宝贝)(?:主图|详情图|链接截图)|宝贝(?:页|详情|描述)|(?:商品)?介绍页|广告页面?|主图|广告(?:截图|页|页面|图)|直播(?:间)?[^,。、;\n]{0,8}(?:回放|录屏|切片|截图)|(?:价格|降价|改价|活动)(?:的)?(?:页|页面)?截图|商品页的?截图|(?:下单|购买|销售|活动)页面?的?价格|宣传(?:截图|页|图|页面|材料|画面)|(?:商品|交易|页面)快照|页面截图|listing|product page"),
    ("logistics",           r"(?:退货)?托运单|快递单(?!号)|(?:内部)?(?:跟踪|轨迹)记录|物流(?:的)?轨迹|运单(?:照片|截图|存根|底联)|(?:delivery|shipping|tracking|courier) (?:record|receipt|slip|label|history|proof)|waybill|物流(?:凭证|信息|详情页?|记录|签收|底单|跟踪|证明|截图|轨迹|单|面单)(?:的)?(?:照片|图片|截图)?|(?:快递|发货|签收)(?:底单|凭证|证明|面单|记录|单据)(?:的)?(?:照片|图片)?|称重(?:时)?的?(?:凭证|记录|单|截图|数据|照片|图)|(?:快递员|派件员|承运|物流)[^,。、;\n]{0,8}(?:情况说明|书面说明|的说明)|(?:驿站|快递公司|快递网点|网点|承运方|物流公司)(?:的)?(?:出具|开具|盖章)?的?(?:证明|说明|盖章证明)|派送记录|送货单|签收单|流转记录|底联|底单|盖章证明|红章|(?:物流|快递|发货)底单|红章证明|签收(?:底单|证明|记录)|快递单|面单(?:的)?(?:照片|图片)?|外包装(?!照|图)|运单(?:照片|截图)|logistics|courier's [^.;\n]{0,12}(?:statement|letter|note)|stamped (?:statement|letter)|delivery (?:record|proof|note|receipt)|courier's receipt|waybill|delivery slip|shipping label"),
    ("refusal",             r"拒[收签]的?(?:说明|回执|面单)|(?:confirmation|proof|note|record)[^.,;\n]{0,12}(?:that you )?refus(?:ed|al)|拒[收签](?:的)?(?:证明|凭[证据]|记录)|proof of refusal"),
    ("medical",             r"(?:皮肤科|门诊|医院|医生)[^,。、;\n]{0,6}(?:就诊|诊断|开的|出具)?[^,。、;\n]{0,4}(?:记录|证明|病历|单)|医院[^,。、;\n]{0,8}(?:证明|诊断|病历|单据|票据|检查)|(?:就诊|门诊|医疗|医药费?)的?(?:票据|单据|费用|发票)|诊断结果|就诊(?:单|材料)|(?:就诊|门诊|诊疗)(?:记录|病历|证明)|病历|诊断(?:证明|书|报告)|就医|医疗(?:证明|凭证|费用)|\bmedical|(?:hospital|doctor's|clinic) (?:record|report|note|file|letter|certificate)"),
    ("origin",              r"letter of authori[sz]ation|(?:purchase|supply|import) (?:documents?|records?|contract)|(?:supplier|wholesale) (?:invoice|contract)|进[口货][^,。、;\n]{0,6}(?:报关单|合同|凭证|单据|手续|记录)|供货合同|授权链路|(?:进货|经销|采购|供货|授权)(?:渠道证明|来源证明|凭证|证明|书|单据|发票|合同|单)|授权书|报关单|合格证|品牌授权|正品证明|proof of origin|authori[sz]ation letter|customs declaration"),
    ("invoice",             r"(?:发票|购物凭证|收银条|收银单|购物小票|购物凭单|小票|收据|购机票|费用票据|医药费票据|增值税票据|票据)(?:的)?(?:原件|照片|图片)?|invoice|receipt"),
    ("payment",             r"(?:付款|支付|汇款|扣款|转账)(?:的)?(?:明细|详情|截图|记录|凭证|单据)(?:截图)?|(?:微信|支付宝|银行)(?:的)?(?:转账|付款|支付|流水|账单)[^,。、;\n]{0,6}(?:截图|凭证|记录)?|payment (?:record|receipt|proof)|(?:alipay|bank) (?:receipt|statement)|(?:支付|付款|转账|交易)(?:凭证|记录|截图|证明)|银行(?:流水|回单|账单|扣款)|(?:支付|付款|转账|交易|扣款)(?:成功)?(?:的)?(?:流水|页面?|页截图|单|回执|短信|账单)|转账[^,。、;\n]{0,8}记录|流水(?:单|截图|明细)?(?!号)|账单(?:截图|明细)?|(?:付款|支付|转账)凭据|(?:card|bank|account) statement|(?:bank )?transfer slip|payment (?:proof|record|receipt)|proof of payment|bank statement"),
    ("call",                r"通话(?:录音|记录|清单|截图)|电话录音|录音|call recording|recording"),
    ("official",            r"(?:行政)?处罚(?:决定)?书?|法院(?:文书|判决)|公安(?:机关)?(?:的)?(?:证明|文书|回执)|报[警案](?:回执|证明|记录|单|材料)|派出所[^,。、;\n]{0,8}(?:回执|证明|记录)|出警记录|(?:接处警|处警|110)回执|penalty (?:decision|notice)|(?:立案|受案)(?:回执|告知书|通知书)|受理通知书|公证书|court document|police report"),
    ("photo",               r"(?:实物|商品|产品|细节|问题|瑕疵|破损|吊牌|标签|水洗标|整体|局部|外观|商品问题|正面|质量问题)(?:的)?(?:清晰|实物|细节|高清)?(?:的)?(?:图|图片|照片|照|相片|截图)|实物图|细节图|实拍图?|近照|(?:瑕疵|正面|背面|吊牌|标签|细节)[图照]|(?:对比|对照|测量|特写|六面)[图照](?!片)|(?:吊牌|水洗标|成分标?签?|铭牌|条形?码|序列号|机身码)(?!价|完好|齐全|保持|未|不|已|被|与|和商品)|相片|拍(?:一下|清楚|张)[^,。;、\n]{0,4}(?:破损|坏|瑕疵|问题|实物|细节)(?![^,。;\n]{0,12}(?:视频|录像))|铭牌|(?:外箱|纸箱)|(?<!现有)(?<!已有)照片|(?:一|两|二|三|四|几|多|\d|补|传|发|拍|张)[张]?(?:清晰|高清|现场|实物)?的?图(?![纸标片形])|特写|近景|全景|合影|合照|(?<=[装体物品签])照(?!顾|旧|常|样|看|办|此|单)|拍下[^,。;\n]{2,16}|(?<!【)(?<!现有)(?<!已有)图片(?!格式|大小|尺寸|要求|不(?:要|得|超))|photos?|pictures?|images?"),
    ("video",               r"影像资料|(?<!开箱)(?<!拆箱)(?<!拆包)(?:使用|测试|演示|问题|商品|相关)?(?:视频|影片)|录像|影像|录影|录屏|小视频|短片|录(?:一|个|下)?段|(?:使用|故障|现场|监控)(?:的)?画面|监控(?!到)|\bvideos?\b|\bfootage\b|\bclips?\b"),
)

# Only where nothing else is named: 盖章后拍照上传 asks for the paper, 把坏的地方拍清楚 for a picture.
PLAIN_EVIDENCE = _rows(
    ("photo",               r"(?<!使用手机)拍照(?!功能)|拍(?:给|清楚|清|下来|一下|全|两张|三张|两三张|张)|(?:take|snap) a (?:photo|picture)"),
    ("video",               r"录(?:一小?段|一?下|个)|有录|\bfilm\b"),
)

# What a freight sentence says of who pays.
FREIGHT = _rows(
    ("seller",    r"(?:您|你|亲|买家)?(?:无需|无须|不用|不必|免)(?:您|你|再)?(?:支付|承担|负担|出|付|掏|管)[^,。;]{0,6}(?:运费|邮费|快递费)|(?:运费|邮费|快递费?)[^,。;]{0,4}(?:不用|无需|不必)(?:您|你)|(?:运费|邮费|快递费?)[^,。;]{0,4}(?:都|全)?(?:算|归)(?:我们|我|商家|卖家|店家|小店)|(?:do not|don't|need not|won't)(?: have to| need to)? pay (?:for )?(?:any )?(?:return )?(?:shipping|postage|freight)"),
    ("insurance", r"(?:运费险|退货运费险)[^,。;]{0,8}(?:赔付|理赔|承担|抵扣|支付|补偿|报销|覆盖)|由[^,。;]{0,6}运费险|(?<!不)(?:由|走)[^,。;不]{0,4}保险(?:公司|方)?[^,。;不]{0,4}(?:赔付|理赔|承担|抵扣|支付|补偿|报销|覆盖|赔)|(?:covered|paid|borne) by (?:the )?(?:return )?(?:freight|shipping) insurance"),
    ("insurance", r"运费险(?:全)?包|insurance (?:covers|pays)"),
    ("seller",    r"(?:也|都|全|均)?(?:归|算|由)(?:它|其|他家|店家|商家|卖家|我们|店里)(?:的|出|付|负担|承担|来)?(?![^,。;\n]{0,6}(?:您|你|买家))|(?:seller|merchant|it|they) (?:also )?pays? for (?:sending|shipping|returning)|我们负担|我们出(?!货|的)"),
    ("split",     r"各担一半|各出一半|各付一半|(?:双方|买卖双方|各自|各|两方)[^,。;]{0,6}(?:承担|负担|分担|支付|付|出)[^,。;]{0,4}(?:一半|50%|各半)?|一人一半|一家一半|平摊|均摊|各付|各半|\bsplit\b|shared (?:equally|between)"),
    ("seller",    r"(?:商家|卖家|店铺|对方|被投诉方)[^,。;不]{0,24}?(?:承担|负担|支付|报销)[^,。;]{0,6}(?:运费|邮费|快递费)|(?:商家|卖家|店铺|店家|对方|被投诉方|掌柜|旗舰店|专卖店|专营店|本店|我们|小店|我方|[他它]家|店里|店方)[\"”」』]?[^,。;不]{0,8}?(?:承担|负担|负责|支付|垫付|付|出|报销|补偿|补给|补贴|退还|退给|承付|包|吸收|掏|买单|兜|认)|(?:商家|卖家)(?:来回)?包邮|(?:承担|负担|支付)方?[ :为是]{1,3}(?:商家|卖家|店铺)|(?:paid|covered|borne|payable|reimbursed) by (?:the )?(?:seller|merchant|shop)|\bon (?:the )?(?:seller|merchant|shop)|(?:seller|merchant|shop)(?:'s)? (?:also )?(?:pays|bears|covers|expense|cost|account|(?:(?:will|shall|must|should|is to|has to) )[^;\n]{0,60}?(?:pay|bear|cover|reimburse)\b)"),
    ("seller",    r"(?:运费|邮费|快递费)[^,。;不勿拒别非]{0,6}到付(?!件|运费|[^,。;]{0,4}(?:拒|不|概|勿))"),
    ("seller",    r"(?:给|为)(?:您|你|亲)(?:全部)?(?:报销|补|返)|(?:全额)?报销"),
    ("buyer",     r"(?:您|买家|你)[^,。;不]{0,16}?(?:承担|负担|支付)[^,。;]{0,6}(?:运费|邮费|快递费)|(?:您|买家|你|消费者|投诉方|亲)(?:自行|本人|自己|这边|那边)?[^,。;不]{0,5}(?:承担|负担|支付|自理|出|承付|吸收|掏|买单)|自掏|自理|自付|自费|自行(?:承担|负担|支付|出)[^,。;]{0,6}(?:运费|邮费|快递费)|(?:承担|负担|支付)方?[ :为是]{1,3}(?:您|买家)|(?:paid|covered|borne|payable) by (?:you|the buyer)|(?:you|buyer) (?:pays?|bears?|covers?|(?:will|shall|must|should)(?: have to| need to)? (?:pay|bear|cover)\b)|at your (?:own )?(?:cost|expense)|\bon you\b"),
    ("unknown",   r"(?:承担方|运费)[^,。;]{0,4}(?:待定|另行协商|待确认)"),
)
# Who lays the money out first does not bear it: 运费由您先行垫付，商家承担.
PAYS_AHEAD = re.compile(r"(?:由|请|需|可|先|暂)*(?:您|买家|你|亲)?(?:可以?)?(?:先行?|暂时?|暂先|提前)(?:行)?(?:自行)?(?:垫付|支付|付|出|承担|垫)|(?:由|请)?(?:您|买家|你)(?:先)?垫付|pay (?:it |this )?(?:first|up ?front|in advance)")
# fmt: on
ABOUT_FREIGHT = re.compile(
    r"运费|邮费|快递费|邮资|(?:来回|往返|寄回|退回)(?:的)?快递|物流费|退货费用?|寄回费用?|freight|shipping (?:fee|cost)|return shipping|postage|return cost|(?:return|send|ship)[^.;\n]{0,30} at (?:your|the (?:seller|merchant)'s|its|their)(?: own)? (?:cost|expense)"
)
ABOUT_RETURN_FREIGHT = re.compile(r"退货|寄回|退回|返程|回程|来回|往返|return")

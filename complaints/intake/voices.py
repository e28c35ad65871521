"""Who speaks in a notice, to whom, and of which world: what keeps a step told elsewhere from moving a case.

The platform's own letter is the plain case. Here stand the signs of the others: another shopping platform,
an office or a school, a letter to merchants, a page that teaches, a shop's own letter, the shopper herself.
The word lists are data that anyone may correct (docs/sources.md#voices).
"""

from __future__ import annotations

import re

from complaints.intake.clauses import STAFF, Passage, Polarity
from complaints.intake.shapes import Because, Notice, Where

# -- other platforms ---------------------------------------------------------------------------------------

_OTHER_PLATFORMS = (
    r"京东(?!快递|物流|快运|配送)|拼多多|多多买菜|抖音|抖店|快手|小红书|唯品会|苏宁|国美|当当|得物|闲鱼|转转|微店|有赞|考拉|网易严选|美团|饿了么|盒马|携程|去哪儿|同程|12306|铁路"
    r"|滴滴|哈啰|高德打车|虾皮|亚马逊|速卖通|希音|露天拍卖|奇摩|小米商城|华为商城|苹果商店|黑猫投诉|消费保|微信支付|微信小店|视频号|叮咚买菜|朴朴|山姆|屈臣氏"
    r"|\b(?:jd(?:\.com)?|pinduoduo|douyin|tiktok|shopee(?:pay)?|lazada|amazon|ebay|temu|shein|aliexpress|rakuten|momo(?:shop)?|pchome|walmart|etsy|booking\.com|uber|grab|app store|paypal)\b"
)
_OTHER_HOSTS = re.compile(
    r"(?:^|\.)(?:jd|jdpay|360buy|pinduoduo|yangkeduo|douyin|bytedance|jinritemai|kuaishou|kwaixiaodian|xiaohongshu|vip|vipshop|suning|gome|dangdang|dewu|poizon|goofish|zhuanzhuan|weidian|youzan|kaola|meituan|ele|ctrip|trip|qunar|ly|12306|didiglobal|didichuxing|dangdang|amazon|ebay|shopee|lazada|aliexpress|temu|shein|momoshop|pchome|rakuten|etsy|walmart|booking|paypal|apple|xiaomi|mi|vmall)\.(?:com|cn|co|tw|hk|me|net|com\.[a-z]{2}|co\.[a-z]{2})$"
)
_OTHER_NAMED = re.compile(_OTHER_PLATFORMS)
_OTHER_TAG = re.compile(r"^\s*[【\[〔](?:[^】\]〕\n]{0,6})(?:" + _OTHER_PLATFORMS + r")[^】\]〕\n]{0,10}[】\]〕]")
OWN_NAMED = re.compile(r"淘宝|天猫|支付宝|阿里巴巴|\btaobao\b|\btmall\b|\balipay\b")
_OPENS = 90  # characters of the body in which a letter says whose it is


def other_platform(notice: Notice, subject: Passage, body: Passage) -> Because | None:
    """The words that show `notice` to come from a shopping platform that this case is not about."""
    host = notice.from_address.rpartition("@")[2].lower()
    if host and _OTHER_HOSTS.search(host):
        return Because("kind", notice.from_address, Where.HEADER)
    name = notice.from_name.lower()
    if (found := _OTHER_NAMED.search(name)) and not OWN_NAMED.search(name):
        return Because("kind", notice.from_name[found.start() : found.end()], Where.HEADER)
    for passage in (subject, body):
        if found := _OTHER_TAG.search(passage.text):
            return Because("kind", passage.folded.verbatim(*found.span()).strip(), passage.where)
    if OWN_NAMED.search(subject.text + "\n" + body.text):
        return None
    for passage, reach in ((subject, len(subject.text)), (body, _OPENS)):
        if found := _OTHER_NAMED.search(passage.text, 0, reach):
            return Because("kind", passage.folded.verbatim(*found.span()), passage.where)
    tail = body.text.rstrip().rpartition("\n")[2]
    if len(tail) <= 24 and (found := _OTHER_NAMED.search(tail)):  # signed
        return Because("kind", tail[found.start() : found.end()], Where.BODY) if tail in notice.body else None
    return None


# -- other matters -----------------------------------------------------------------------------------------

_OTHER_MATTERS = re.compile(
    r"航空公司|航班|班机|旅客|心愿单|直播间|主播|差评|物流投诉|快递投诉|电信|工信部|劳动仲裁|劳动争议|罚单|信用卡(?:交易|争议)|兑换|积分|发票申请|开票|电子发票|会员费|会员服务|自动续费|续费|抽签|预约|志愿|评优|路灯|扰民|城管|考核|禁言|论坛|帖子|商标|租房|房租|租金|租客|押金|退租|物业|业主|电梯|噪音|装修|水电|电费|水费|燃气|暖气|停车|车险|违章|车辆|保单|保险公司|投保|理赔|快件|寄件|邮件丢失"
    r"|机票|航班|酒店|民宿|火车票|车票|退票|门票|演出|签证|护照|外卖|骑手|司机|打车|行程|出行"
    r"|退税|个税|税务|医保|社保|公积金|工资|报销|补贴金|贷款|贷】|额度|借款|还款|信用卡(?:退款|账单|还款|年费|额度|中心)|(?<!支付宝)账单|股票|基金"
    r"|课程|学费|培训|退费|考试|成绩|论文|投稿|录用|答辩|学籍|奖学金|面试|应聘|求职|招聘|录取|评奖|选课"
    r"|话费|流量|套餐|宽带|号码|运营商|健身|会员费|退卡|订阅|游戏|充值|直播打赏|抽奖|报名|活动报名"
    r"|it系统|打印机|工程师|报修|门禁|公司内部|人事|考勤|请假|采购|合同审批|专利|商标|著作权|版权|交警|驾驶"
    r"|\b(?:flight|hotel|visa|tuition|course|exam|grade|rent|deposit|insurance|tax|subscription|parking|gym|utility|paper|manuscript|job|loan|card transaction)\b"
)
_SHOPPING = re.compile(
    r"淘宝|天猫|商家|卖家|店铺|旗舰店|专卖店|专营店|买家|退货|taobao|tmall|seller|merchant|\d{18,19}"
)
_ORDER = re.compile(r"订单|\d{15,}|t200p\d")
_NUMBERED = re.compile(
    r"(?:编号|单号|订单|案号|工单|(?:售后|退款|投诉|维权)单)[^\d\n]{0,14}[a-z]{0,6}\d{6,}|\d{15,}|t200p\d"
)
_OF_REVIEWS = re.compile(
    r"(?:回复|回应|答复|回答)了?(?:您|你)的(?:商品)?(?:评价|评论|晒单|提问|问答)|(?:replied|responded|answered|repl(?:y|ies)|response|answer) to your (?:\w+ )?(?:review|rating|comment|product question)"
)
_OTHER_APPEALS = re.compile(
    r"航空公司|航班|班机|旅客|征信|信用卡|考核|禁言|论坛|帖子|资格|评优|学位|录取|限流|评价|账号|账户|帐号|解封|处罚|违规|实名|封禁|限制登录|签证|成绩|考试|扣分|信用分|封号|\baccount\b|\bban(?:ned)?\b"
)


def is_numbered(text: str) -> bool:
    """Whether `text` names an order or a case by its number."""
    return bool(_NUMBERED.search(text))


def other_matter(near: str, both: str, *, appeal: bool) -> str:
    """The word in `near` (headline and telling sentences) that is of no purchase; "" where it is of one."""
    if found := _OF_REVIEWS.search(near):
        return found.group()  # what a shop answers there is no answer to a complaint
    if appeal and (found := _OTHER_APPEALS.search(near)):
        return found.group()
    if _SHOPPING.search(near) or _ORDER.search(both):
        return ""
    found = _OTHER_MATTERS.search(near)
    return found.group() if found else ""


# -- to merchants, or to everybody ---------------------------------------------------------------------------

_TO_MERCHANTS = re.compile(
    r"(?:掌柜|卖家|商家|店主|商户)(?:朋友)?(?:您好|你好|们)|(?:您好|你好)[,!。 ]?掌柜|(?:亲爱的|尊敬的|各位)(?:淘宝|天猫)?(?:掌柜|卖家|商家|店主|商户)|(?:您|你|贵)(?:的)?店铺?(?:已?被|因|存在|违规|收到|将)"
    r"|(?:^|\\n)掌柜[,:]|(?:卖家|商家)(?:中心|工作台|后台|端|版)|千牛|\bdear (?:seller|merchant)"
)
_TEACHES = re.compile(
    "(?<!进入)(?<!进入处理)流程|指南|攻略|教程|须知|科普|课堂|小贴士|解读|规则|常见问题|帮助中心|一图读懂|一文|看懂|问答|faq|q&a|如何|怎么|怎样|什么|手册|指引|必看|干货|案例|盘点|示例|常见|关键|技巧|要点|秘诀|一览|进度条|示意|标准$|(?:范围|标准|时间|状态|操作|条件|程序)说明|模板|样例|招聘|培训|学习|公示|公告|周报|月报|日报|周刊|资讯|说明书|新功能|升级啦|全新上线|消费提醒|小知识|状态说明|公开课|征求意见|how to|how \\w+ work|guide|tutorial|sample|template|example|newsletter|policy|explained|tips"
)


_SPECIMEN = re.compile(
    r"[【\[(](?:系统)?(?:测试|演练|演示|示例|样例|范例|test|demo|sample)[】\])]|(?:系统|应急)(?:测试|演练)|测试(?:邮件|短信|消息|通知)|沙箱|联调|演示环境|仅供[^,。;\n]{0,6}(?:培训|学习)|以上为模板|非真实通知|(?:示例|样例|模拟)(?:通知|消息|短信|邮件|判例|案例|场景)|判例|范本|\b(?:demo only|sample notice|test (?:message|notice|e-?mail))\b"
)
_RECALLS = re.compile(
    r"^\s*(?:小道消息|听说|据说|网传|传闻)|(?:系统|显示)(?:错误|异常|故障)导致|误(?:发|收到|操作)|通知有误|作废|\bsent in error\b|\bdisregard\b"
)
_EXPLAINS = re.compile(r"^\s*(?:【[^】\n]{1,8}】)?[^,。:\n]{0,10}(?:释义|小贴士|小课堂|科普|须知):")


def is_no_news(subject: Passage, body: Passage) -> bool:
    """Whether the letter says of itself that it is a specimen, takes something back, or explains words."""
    both = subject.text + "\n" + body.text
    return bool(_SPECIMEN.search(both) or _RECALLS.search(both) or _EXPLAINS.search(body.text))


def to_merchants(both: str) -> bool:
    """Whether `both` (subject and body) is addressed to a merchant."""
    return bool(_TO_MERCHANTS.search(both))


def teaches(subject: Passage) -> Because | None:
    """The word of a headline that explains how things go, and tells of no case by its number."""
    found = _TEACHES.search(subject.text)
    if found is None or is_numbered(subject.text):
        return None
    return Because("kind", subject.folded.verbatim(*found.span()), Where.SUBJECT)


# -- a shop's own letter --------------------------------------------------------------------------------------

_SHOP_NAME = re.compile(
    r"(?:旗舰店|专卖店|专营店|企业店|专柜|小店|小铺|店铺|工作室|商行|[^网书饭酒商]店|女装|男装|童装|数码|家居|美妆|茶业|茶叶|食品|母婴|鞋业|服饰|服装)(?:官方)?(?:客服|售后|售后客服)?[\da-z]{0,6}$|店(?:铺)?(?:客服|售后)|(?:客服|售后)(?:小[^,\s]|[a-z\d]{1,6})$"
)
DEAR = re.compile(
    r"(?:^|[\n。!?,:;~ ])亲(?:[,~!。:、 \n]|亲|您|爱的(?:亲|顾客|客官|宝|买家|小主)|(?=这|我|你|不|已|麻烦|非常|很|抱歉|因|关于|收到|可以|实在|真|好))"
)
OUR_SHOP = re.compile(
    r"本店|小店|我店|我们店|我家(?!里)|店里|咱家|咱们店|敝店|我们仓库|仓库(?:那边|已|说)|店主|店长|掌柜的|老板|小妹|客服[a-z\d]{1,6}(?:号)?为您|这边(?:给|帮|为)您|\bour (?:shop|store|warehouse|packers?|packer|technician|workshop|stock(?:room)?|supplier|craftsman)\b|\bcustomer service (?:of|at) \S|\bwe (?:shipped|packed|measured|weighed) "
)
_WE_DEAL = re.compile(r"我们(?:没法|无法|不能|同意|已经同意|给您|帮您|这边|可以|愿意|拒绝|收到|仓库)")
_TO_YOU = re.compile(r"您|你|\byou\b")
_PLATFORM_VOICE = re.compile(
    r"【(?:天猫|淘宝|支付宝)|(?:天猫|淘宝|平台)(?:现?已|正式|将)?(?:受理|介入)|(?:客服|阿里|淘)小蜜|亲爱的(?:会员|用户|消费者|淘宝|天猫)|尊敬的(?:会员|用户|消费者|买家|客户|淘宝|天猫|先生|女士)|(?:商家|卖家)(?:已|拒绝|同意|回复|须|应|需|于|对|没有|未)|(?:平台|天猫|淘宝)(?:客服|小二)|[”」』\"](?:店)?(?:已|拒绝|同意|回复|驳回|留言|提出)"
)


_CLERK = re.compile(
    r"小二(?:已|正在|在等|会|就|只能|还|看|核实|重新|将|来|给您|帮您)|(?:我是|客服)小二|(?:淘宝|天猫)小二"
)
_SAYS_SHOP = re.compile(  # 三只熊童装企业店：亲，…
    r"\s*(?:【[^】\n]{1,12}】)?[^:\n,。]{2,20}(?:店|铺|馆|屋|坊)(?:客服)?(?:回应|回复|留言)?:(?=[ ]?(?:亲|您好|你好|抱歉|不好意思))"
)
_SIGNED_BY_SHOP = re.compile(
    r"\n[—–\- ]{0,4}[^\n,。:;!?]{2,20}(?:旗舰店|专卖店|专营店|企业店|小店|小铺|商行|工作室)(?:[ ]?(?:敬上|客服|售后)[^\n]{0,6})?(?:\n[^\n]{0,30}(?:team|service|desk|客服|售后)[^\n]{0,10})?[ ]{0,3}$"
)
_SIGNED_BY_PLATFORM = re.compile(
    r"\n[—–\- ]{0,4}(?:淘宝|天猫|支付宝)[^\n,。:]{0,14}(?:客服|中心|团队|服务部?|网|部|敬上|国际|小二)?[ ]{0,3}$"
)


def merchant_voice(notice: Notice, subject: Passage, body: Passage) -> int:
    """How many signs say that a merchant, not the platform, wrote this; 0 where the platform's form shows."""
    both = subject.text + "\n" + body.text
    if _PLATFORM_VOICE.search(both):
        return 0
    its_clerk = _CLERK.search(both) or _SIGNED_BY_PLATFORM.search(body.text)
    if its_clerk and not OUR_SHOP.search(both) and not _SHOP_NAME.search(notice.from_name.strip().lower()):
        return 0  # 亲，小二已介入您的纠纷: the platform says 亲 too
    dear = _spoken(body, DEAR, 400)
    ours = min(2, len(_spoken(body, OUR_SHOP)))
    signs = bool(dear) + ours + bool(dear and _spoken(body, _WE_DEAL))
    if _SHOP_NAME.search(notice.from_name.strip().lower()):
        signs += 2 + bool(_TO_YOU.search(body.text))
    elif _SIGNED_BY_SHOP.search(body.text.rstrip()) or _SAYS_SHOP.match(body.text):
        signs += 2
    elif signs and notice.from_address:
        signs += 1  # the platform signs as itself
    return signs


def _spoken(body: Passage, words: re.Pattern[str], reach: int = 2500) -> list[str]:
    """The finds of `words` that the letter says itself, not a message that it passes on."""
    return [
        found.group()
        for found in words.finditer(body.text, 0, reach)
        if body.polarity(*found.span()) is not Polarity.SAID
    ]


# -- the shopper herself ---------------------------------------------------------------------------------------

_FORMAL = re.compile(
    r"您|尊敬的|亲爱的|【|编号|单号|\byour\b|\bdear\b|\byou (?:ordered|recently)\b|\b(?:customer service|after-sales) (?:of|team)\b|通知|(?:^|\n)[^\n:]{2,8}:[^\n]"
)
_FIRST_PERSON = re.compile(
    r"(?<![自你本])我(?!们|国|司|方|店|行|院|局|会|平台|中心|部|委|处|所|的(?:淘宝|天猫|订单|投诉|维权|退款|售后|页))|(?<!买家)(?<!由)(?<!您)本人|俺|咱|\bi\b|\bmy\b|\bi'(?:m|ve|d)\b|\bme\b"
)
_ASKS_ABOUT = re.compile(
    r"\?|吗|没有啊|了没|没啊|怎么(?!样处理)|咋|多久|请问|想问|求助|帮我|帮忙看|能不能|是不是|到底|凭什么|怎么办|什么时候|为什么|急|(?<![要请诉需])求|谢谢(?!合作|您|配合|支持|理解)|备忘|转一下|谢谢大家|\bhas my\b|\bwhen will\b|\bhow long\b|\bhelp\b"
)
_OWN_TOPIC = re.compile(
    r"投诉|退款|退货|商家|卖家|店|快递|订单|买|收到|发货|淘宝|天猫|客服|平台|凭证|维权|举证|申诉|小二|介入|refund|seller|order|complain|bought|shop|return|dispute"
)


def own_words(subject: Passage, body: Passage) -> Because | None:
    """The words of the shopper speaking of her own matter, where no notice speaks to her."""
    both = subject.text + "\n" + body.text
    if not _OWN_TOPIC.search(both) or STAFF.search(both):
        return None
    for passage in (body, subject):
        found = _FIRST_PERSON.search(passage.text)
        if not found and not _FORMAL.search(both):
            found = _ASKS_ABOUT.search(passage.text)
        if found:
            start, end = passage.sentence_at(found.start())
            words = passage.folded.verbatim(start, min(end, start + 60)).strip()
            if words:
                return Because("kind", words, passage.where)
    return None


def speaks_alone(subject: Passage, body: Passage) -> bool:
    """Whether nobody but the shopper speaks: nobody is addressed, nothing is set out as a notice sets it out."""
    both = subject.text + "\n" + body.text
    return not _FORMAL.search(both) and bool(_FIRST_PERSON.search(both) or _ASKS_ABOUT.search(both))

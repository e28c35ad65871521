"""The shop that a notice is about: behind a label, in quotation marks, in the place of a sentence where only a
shop can stand (您对…的投诉, 商家…已同意), by how Tmall names shops, or under a letter that the shop wrote. Where none of
these stands, the place that what is learned takes for one (likely_shops.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from complaints.intake.folding import Folded
from complaints.intake.likely_shops import SURE, is_unlikely, likely_shop
from complaints.intake.vocabulary import EVIDENCE, REASONS

LONGEST_NAME = 30
LONGEST_PERSON = 3


@dataclass(frozen=True, slots=True)
class Shop:
    name: str
    start: int
    end: int


# How Tmall names shops: enough by itself.
_SUFFIX = (
    "(?:官方旗舰店|海外旗舰店|卖场旗舰店|旗舰店|专卖店|专营店|官方店|企业店|专柜|门店|天猫超市|自营店|折扣店|工厂店)"
)
# How other shops like to be called: enough under a letter, and for who sent it.
_LOOSE_SUFFIX = rf"(?:{_SUFFIX}|(?:书|茶|花|饰品|眼镜|文具|杂货|玩具|服装|数码|小)?店|[小商杂]?铺|[书茶小]?屋|工作室|生活馆|[\u4e00-\u9fa5]馆|[手工茶皂酒]坊|家居|家纺|服饰|女装|男装|童装|数码|美妆|手作|良品|优选|严选|食品|茶业|商行|贸易行|吉他行|有限公司|store|shop|boutique)"

# -- what a shop is called behind -----------------------------------------------------------------------------
_LABEL = re.compile(
    r"(?:^|[\n,。;:(（【|、>●•·*\-] ?| {2}|(?<=[\d元)]) | (?=被?[^\s:]{1,6}[ ]?:))[ ]{0,4}"
    r"(?P<label>(?:[\u4e00-\u9fa5]{0,4}?)(?P<what>店铺|店舖|店鋪|网店|店名|卖场|投诉对象|商家店铺|卖家店铺|商家|卖家|商户|掌柜|店家|经营者)(?:名称|名字|名|昵称|旺旺|旺旺名|id|账号)?"
    r"|(?:被投诉|被申请|被举报|被诉)(?:方|人|单位|企业|主体)(?:名称)?|处理方|责任方|判责方|回复方|乙方|被告|对方"
    r"|(?:shop|store|seller|merchant)(?: name)?)[ ]{0,3}(?P<mark>[:=]|[】|]| [-–—] |(?:为|是)(?=[“「『\x22])|(?<=[诉及事请]店铺)[为是]|(?<=[诉及事请]商家)[为是]|\t|[ ]?\n| )(?P<gap>[ \n:]{0,4})"
)
_ENDS = re.compile(
    r"[\n,。;!?|()<>【】\[\]\t]|[ ]{2,}| (?=[^\s:,;。]{2,8}:)| (?=(?:已|不|未|拒绝|同意|回复|表示|认为))|(?=(?:订单|投诉|退款|维权|售后)(?:编号|号|单号))"
)
_INNER = re.compile(r"\([\u4e00-\u9fa5a-z]{1,8}\)[\u4e00-\u9fa5]{1,8}(?=[\n,。; ]|$)")
_IN_BRACKETS = re.compile(r"(?:店铺|商家|卖家|掌柜|网店)[ ]?\((?P<name>[^()\n:]{2,28})\)")
_COMPANY = re.compile(r"有限公司|有限责任公司|公司$|商行$|经营部$|中心$|个体")

# -- in quotation marks ---------------------------------------------------------------------------------------
_QUOTED = re.compile(
    r"“(?P<a>[^“”\n]{2,30})”|「(?P<b>[^「」\n]{2,30})」|『(?P<c>[^『』\n]{2,30})』|【(?P<d>[^【】\n]{2,30})】|\[(?P<e>[^\[\]\n]{2,30})\]|《(?P<f>[^《》\n]{2,30})》|\"(?P<g>[^\"\n]{2,30})\"|‘(?P<h>[^‘’\n]{2,30})’"
)
_SURELY_BEFORE = re.compile(
    r"(?:店铺|商家|卖家|掌柜|店家|网店|商户|被投诉方|被申请人|被投诉人|来自|旗下|(?:反馈|反映|投诉|举报|咨询|所诉|提到)的|反映|举报|反馈|咨询|(?:这里|这边|我们?|我司)是|您好?[,]?我是|投诉了?的?|起诉|诉|\bseller|\bmerchant|\bshop|\bstore|dispute with|complaint (?:about|against)|claim against|\bwith the)[ ]{0,2}(?:为|是|名为|叫)?[ ]{0,2}$"
)
_MAYBE_BEFORE = re.compile(
    r"(?:您对|你对|对|向|在|与|和|跟|就|由|于|因|经|鉴于|被|针对|关于您?对?|(?:在|从)?(?:天猫|淘宝)(?:网|商城)?上?的?|从|给|至|到|达|回|要求|通知|等待|等|提醒|请|\band|\bwith|\bagainst|\babout|\bfrom|\bat)[ ]{0,2}$"
)
# Set apart by a blank on both sides, or between an end of a sentence and a blank.
_APART = re.compile(
    r"(?:(?<=[\u4e00-\u9fa5] )|(?<=[】。;!,:\n]))(?P<name>[\u4e00-\u9fa5a-z0-9·&._-]{2,20})(?= [\u4e00-\u9fa5]| ?[(,。;])"
)
_NAMES_APART = re.compile(r"(?:取消投诉|撤回投诉|检举|控告|提醒您:|自|案|涉及|针对|就|购自|买自|通知)[ ]{0,2}$")
_AFTER_APART = re.compile(r" (?:已|退款|未|不|拒绝|同意|回复|签收|收到|就|对|提出|之)")
_OPENS = re.compile(r"(?:^|[\n,。;:!?】>|] ?)$")
_AFTER_QUOTED = re.compile(
    r"[ ]{0,2}(?:的|购买|下单|拍下|发起|提交|提起|提出|店铺|商家|之间|已|未|不|拒绝|同意|回复|留言|售卖|销售|发货|一案|一事|逾期|超时|刚刚|没有|于|在|进行|签收|对|将|须|应|需|还|提出|作出|愿意|希望|驳回|审核|批准|核准|答应|表示|认为|称|没|予以|给您|因|has|have|is|was|will|wrote|says|replied)|[ ]{0,2}(?:[,。;]|$)"
)
_GOODS_BEFORE = re.compile(
    r"(?:购买的?|买的?|商品|宝贝|名为|下单的?|拍下的?|状态[为是:]?|选择|点击|进入|查看)[ ]{0,2}$"
)

# -- in a sentence --------------------------------------------------------------------------------------------
_ITS_NAME = r"(?P<name>[\u4e00-\u9fa5a-z0-9·&._\-!+~'’() ]{2,24}?)"
_DISPUTE = r"(?:投诉|维权|退款|退货|仅退款|换货|售后|举报|纠纷|争议|申请|交易|订单|诉讼)"
_DID = r"(?:已经?|刚刚|现已|最终|于[^,。;\n]{2,20}?|在[^,。;\n]{2,20}?)?(?:同意|拒绝|驳回|不同意|回复|答复|回应|接受|(?:没有|未)?通过|拒收|留言|答应)"
_CLERK = r"(?:的)?(?:官方|专属|在线|店铺)?(?:客服|售后|老板|老板娘|店主|店长|掌柜|工作人员|负责人|团队)"
_WORKS = (  # what none but a shop does in a notice, said of it at the opening of a sentence
    r"(?:已经?|刚刚|现)?(?:同意|拒绝|愿意|驳回|不同意)(?:为您|给您)?(?:退|换|补|赔|部分|全额|您的)|(?:已经?)?(?:签收|收到|退款给?|退还|寄出)了?(?:您|你)|仓库(?:已|签)|(?:已经?)?(?:提交|上传|补充)了?[^,。;\n]{0,6}(?:凭证|证据|申诉|材料)|给您留言"
    r"|[应须需](?:在|于)|未(?:在|按|于)(?:规定|约定|要求|时|期|\d)|在商品|在页面|在详情|愿意"
)
# Behind a name of goods (冬青家具, 阿婆月饼) these say that it is somebody.
_IS_SOMEBODY = re.compile(
    rf"(?:已经?|刚刚|现已|于[^,。;\n]{{2,16}}?)?(?:{_DID}|签收|提交|上传|提供|提出|发起|坚持|坚称|声称|表示|不认可|不服|承诺|须|应|需|未|没有|就您|对您|之间|达成|协商)"
)
_OF_SHOP = rf"的(?:{_DISPUTE}|案件|案子|事项|保证金|账户|货款|商品|宝贝|货物|包裹|仓库|凭证|证据|材料|答辩|说法|消息|留言|回复|答复|回应|反馈|方案|判定)"
_STOPS = r"(?:[,。;!?)\n]|$)"
_TITLED = r"(?:(?:天猫|淘宝)?(?:店铺|商家|卖家|网店|店家)|商户|掌柜|被投诉[人方]|被申请[人方]|被举报[人方]|被告|责任方)"
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![反相面应])对{_ITS_NAME}(?:的{_DISPUTE}|提起|发起|提出|提交|申请)",
        rf"(?:您|你|已)向{_ITS_NAME}(?:提交|申请|发起|提出|反馈)",
        rf"(?:因|由于|鉴于)(?:商家|卖家|店铺)?{_ITS_NAME}(?:未|拒绝|拒不|超时|逾期|没有|一直|迟迟|不予|不愿)",
        rf"(?:寄回|退回|寄往|寄给|退给|送达|寄到){_ITS_NAME}(?:的(?:商品|包裹|退货|货物)|仓库)",
        rf"驳回(?:了)?{_ITS_NAME}(?:的|提出的|提交的)申诉",
        rf"(?:^|[\n。;!,:】])[ ]?{_ITS_NAME}(?:提出|提交|发起)?的申诉",
        rf"(?:经核实|经查证?|经审核|经调查|核实),[ ]?{_ITS_NAME}的(?:商品|描述|页面|详情|宣传)",
        rf"(?:投诉(?![人方])|举报(?![人方])|反映|反馈|起诉|诉|控告)(?:了|的)?(?:被告)?{_ITS_NAME}(?:的商品|的案件|的事项|的申请|的凭证|的内容|的情况|售卖|售假|发错|多收|少发|漏发|不退|不给|以次|卖假|少给|不发|拒不|未按|网络购物|买卖合同|产品责任|信息网络|出售|销售|所售|发货|虚假|违背|拒绝|延迟|一案|一事|一单|的投诉|已收到|,我们|涉嫌)",
        rf"您?(?:在|从|于|向){_ITS_NAME}(?:购物|购买|下单|拍下|买的|买到|买了|订购|选购|消费|入手|{_OF_SHOP}|(?:成功)?(?:提交|申请|发起))",
        rf"(?:与|和|跟|同(?!意)){_ITS_NAME}(?:\([^()\n]{{1,8}}\))?(?:的{_DISPUTE}|之间|已?就[^,。;\n]{{1,12}}达成|协商一致|已?协商|达成和解|已?达成|因[^,。;\n]{{1,20}}(?:产生|发生|引起)|沟通|多次|未能|未达|未就|没能|没有|没谈|谈|握手|意见|各执|无法|(?<!将)就|在[^,。;\n]{{2,14}}上|的(?:购物|买卖|消费|案件|矛盾|问题|沟通|协商))",
        rf"(?:关于|针对){_ITS_NAME}的(?:{_DISPUTE}|答辩|说法|回应|证据|反驳)",
        rf"(?<![反相面应])对{_ITS_NAME}(?:订单|店铺)?的{_DISPUTE}",
        rf"(?:转达|转交|转给|提交|发送|递交|推送|反馈|送达|寄|退|发)(?:给|至|到|回给?){_ITS_NAME}(?:{_STOPS}|处理|核实|审核|确认|查看|仓库)",
        rf"(?:送达|寄回|退回|寄往){_ITS_NAME}{_STOPS}",
        rf"(?:等待|等候|待|等){_ITS_NAME}(?:的)?(?:回应|回复|答复|处理|确认|同意|审核|响应|验货|退款|举证|发货|操作)",
        rf"(?:对象|一方|商家|卖家|店铺|店家|卖方)(?:是|为){_ITS_NAME}{_STOPS}",
        rf"(?:获|获得|得到|征得|经|由|被|未经|通过了?){_ITS_NAME}(?:的)?(?:同意|批准|审核|确认|认可|准许|拒绝|退回)",
        rf"(?:判定|裁定|认定|裁决|决定|判决|判令)(?:了)?[ ]?[:,]?(?:由|应由|让)?{_ITS_NAME}(?:应|须|需|必须|一次性|全额|向您|给您)?(?:退|赔|补|承担|负担|支付|返还|违|存在|未|负)",
        rf"(?:责任|过错|过失)(?:方)?(?:在于?|归|属于|是|为){_ITS_NAME}(?:一?方)?{_STOPS}",
        rf"从{_ITS_NAME}(?:的)?(?:账户|保证金|货款|店铺账户|余额)",
        rf"对{_ITS_NAME}(?:立案|展开|启动|予以|的违规|的处罚)",
        rf"亲爱的{_ITS_NAME}(?:顾客|会员|粉丝|用户|家人|买家|客户)",
        rf"(?:您好|你好|亲)[,!~ ]{{0,2}}{_ITS_NAME}(?:官方|在线|售后)?客服(?:[a-z\d\u4e00-\u9fa5]{{0,4}})?(?:为您|竭诚|很高兴|在线|[:,])",
        rf"(?:^|[\n】])[ ]?{_ITS_NAME}[ ]?:[ ]?(?:亲|您好|你好|尊敬的顾客)",
        rf"^【{_ITS_NAME}】[ ]?(?:尊敬的|亲爱的|您好)(?:顾客|买家|宝|亲|[,!])",
        rf"{_TITLED}[ ]?{_ITS_NAME}[ ]?(?:[在于]\d|审核|批准|核准|通过了|将|会|已|未|拒|同意|逾|超|须|应|需|否认|称|表示|承诺|认可|不同意|不认可|不愿|不接受)",
        rf"(?:归|归还|打款给|打款至|支付给|退还给|划给|结算给){_ITS_NAME}(?:所有|{_STOPS})",
        rf"对{_ITS_NAME}(?:作出|进行|处以|实施)",
        rf"(?:联系|责令|要求|通知|督促|约谈|已向|寄回给|寄给|寄还|退给|判令){_ITS_NAME}(?:核实|发出|退款|退还|了解|沟通|确认|询问|提供|提交|在|于|尽快|限期|[,。;\n]|$)",
        rf"\((?:店铺|商家|卖家|店家)[ :]{{1,2}}{_ITS_NAME}\)",
        rf"(?:^|\n)[ ]?{_ITS_NAME}[ ]?(?:给您|的)?(?:留言|回复|答复)[ ]?[:]",
        rf"(?:与|和|跟|同(?!意))(?:商家|卖家|店铺)?{_ITS_NAME}(?:继续|自愿|自行|双方|提供的|提交的|已就|互相|友好)",
        rf"(?:经(?:平台|客服)?(?:核实|查证?|审核|调查|复审|复核|核查|审理)|核实),[ ]?{_ITS_NAME}(?:销售|所售|出售|一案|存在|未按|确实|并未)",
        rf"(?:就|针对|关于)(?:您与)?{_ITS_NAME}(?:一案|一事|处理结果|判定结果|的(?:处理结果|判定结果|判定))",
        rf"(?<![收反馈])来自{_ITS_NAME}(?:[,。;\n]|$)",
        rf"(?:转给|转达|转交|交给|转发给?|通知)(?:了)?(?:商家|卖家|店铺){_ITS_NAME}[,。;\n]",
        rf"{_TITLED}[ ]?{_ITS_NAME}[ ]?(?:就|自愿|自行|继续|刚刚|向(?:您|买家))",
        rf"(?:^|[\n。;!】,:~]|您好|亲)[ ]?{_ITS_NAME}[ ]?(?:提出(?:方案|了|补偿)|希望(?:与|和)您|刚刚(?:回复|留言|拒绝|同意)|已收到(?:平台|您)|(?:对|就)(?:您的?)?(?:维权|投诉|退款|售后)|已(?:就|对|向)(?:您|维权|投诉|退款))",
        rf"退回给{_ITS_NAME}的(?:商品|包裹|退货|货物)",
        rf"(?:^|\n)[ ]?{_ITS_NAME}(?:官方)?客服[a-z\d]{{0,4}}[ ]?:",
        rf"(?:^|\n)【{_ITS_NAME}】[ ]?亲",
        rf"被{_ITS_NAME}(?:拒绝|驳回|签收|拒收)",
        rf"由{_ITS_NAME}(?:仓库)?(?:签收|承担|退还|退款给|赔付)",
        rf"(?:感谢|谢谢)您?(?:光临|惠顾|选择|信任|支持|关注|购买){_ITS_NAME}(?:[,。!;\n~]|的(?:商品|产品|宝贝|信任|支持))",
        rf"(?:我|我们|这里|这边|小店|本店)(?:就)?是{_ITS_NAME}(?:{_CLERK}|[,。!;\n~])",
        rf"来自(?:店铺|商家|卖家)?[ ]?{_ITS_NAME}[ ]?的(?:回复|留言|消息|答复|退款|通知)",
        rf"(?:商家|卖家|店铺|掌柜|店家|网店)[ ]?{_ITS_NAME}[ ]?(?:{_DID}|已|未|逾期|超时|提出|承诺|须|应|需|将|仍|没有|一直|之间|还有|还剩|要|对|作出|不服|愿意|可以|的(?:{_DISPUTE}|回复|留言|方案|处理|补偿|提议|商品|说明|答复|回应)|退回|签收|不予|不认可|:)",
        rf"(?:^|[\n。;!】,:~])[ ]?{_ITS_NAME}[ ]?(?:超时[未没]|逾期[未没]|否认|承认了|(?:对|不服)[^,。\n]{{0,6}}(?:判定|裁定|处理结果)|(?:已)?提[起出]申诉|(?:已)?(?:与|和|同)您|(?:的)?违规|存在违规|涉嫌|(?:已|未|不)同意|(?:已经?)?(?:通过|未通过)了?您|拒绝调解|同意调解|退款成功|承诺|这边给您|订单退款)",
        rf"(?:^|[\n。;!】,:~])[ ]?{_ITS_NAME}[ ]?\((?:店铺|商家|卖家|淘宝店|天猫店)\)",
        rf"(?:收到|受理|驳回)(?:了)?{_ITS_NAME}(?:提[出起交]|提交)?的申诉",
        rf"(?:^|[\n】]|^[\u4e00-\u9fa5]{{2,8}}:)[ ]?(?P<name>[\u4e00-\u9fa5a-z0-9·&._-]{{1,20}}?{_LOOSE_SUFFIX})(?:的?(?:投诉|退款|维权|售后|纠纷)(?:已|处理|受理|申请|结果|进[度展]|通知|成功|关闭)|$)",
        rf"[。!~][ ]+{_ITS_NAME}(?:客户服务(?:部|中心)|客服(?:部|中心)|售后(?:服务)?部)[ ]?$",
        rf"(?:双方|当事人)[:]您?[ ]?(?:与|和)[ ]?{_ITS_NAME}(?:[,。;\n]|$)",
        rf"(?:^|[\n。;!】,:~]|您好|亲)[ ]?{_ITS_NAME}[ ]?(?:{_DID}(?:了)?|对)(?:您|你)",
        rf"(?:^|[\n。;!】,:~])[ ]?{_ITS_NAME}[ ]?(?:{_WORKS})",
        rf"(?:退款成功|已退款|退款到账)[:,]?{_ITS_NAME}(?:退回|退还|退款|向您)",
        rf"(?:与|和|跟|同(?!意))(?:商家|卖家|店铺)?{_ITS_NAME}(?:之{_DISPUTE}|业已)",
        rf"(?:^|[\n。;!】,:~])[ ]?(?:而|但|不过)?{_ITS_NAME}[ ]?(?:坚持(?:说|认为|称)|坚称|声称|不认可(?:平台|判定|您)|也能看到|也可以?查看|(?:已)?于[^,。;\n]{{2,20}}提出申诉)",
        rf"(?:^|[\n。;!】,:~])[ ]?{_ITS_NAME}在[^,。;\n]{{2,10}}(?:内|前|期间)(?:提交|上传|提供|补充|回复)",
        rf"同意{_ITS_NAME}的(?:协商|和解|补偿|处理|赔偿)(?:方案|提议)",
        rf"在{_ITS_NAME}处(?:购|买|下单)",
        rf"(?:联系|通知|告知|要求|催促)了{_ITS_NAME}[,。;]",
        rf"(?:宝贝|商品|包裹|退货){_ITS_NAME}(?:这边)?(?:已经?|刚刚?)(?:签收|收到)",
        rf"(?:送到|转到|交到|递到){_ITS_NAME}(?:手里|手上|手中|那里|那边)",
        rf"对{_ITS_NAME}(?:的)?投诉(?:结果|一案|一事)的",
        rf"对{_ITS_NAME}(?:案的|(?:的)?(?:判定|处理|裁定)结果|强制执行)",
        rf"(?:关于|针对|因){_ITS_NAME}(?:迟未|迟迟|未(?:开|发|退|按)|没有?(?:开|发|退)|拒绝|拒不)",
        rf"您?寄(?:给|回|到|往){_ITS_NAME}的(?:退货|包裹|商品)",
        rf"(?:^|[\n。;!】,:~])[ ]?{_ITS_NAME}(?:没有?|未)(?:同意|通过|接受|答应|履行|主动)",
        rf"反[馈映]的?{_ITS_NAME}(?:泄露|骚扰|辱骂|虚假|拒绝|售假|卖假|少发|漏发|错发|不发|延迟)",
        rf"(?:^|[\n。;!】,:~])[ ]?{_ITS_NAME}(?:先前|此前|之前|前面|昨天|今天)?(?:提出|给出|发来|提供)的[^,。;\n]{{0,4}}(?:方案|补偿|提议|建议)",
        rf"(?:我|这里|这边)是{_ITS_NAME}(?:的)?小[\u4e00-\u9fa5](?:[,。!~ \n]|$)",
        rf"(?:^|[\n。;!】,:~])[ ]?{_ITS_NAME}(?:那边|那头|方面)(?:需|须|要|应|还|已|没|回)",
    )
)
# What no shop is called: where one of these stands, the words are about something else.
_NO_NAME = re.compile(
    r"您|你(?!好)|我们|商家|卖家|买家|店铺(?!$)|平台|客服|(?<![\u4e00-\u9fa5])小二|投诉|退款|退货|换货|维权|售后|申请|订单|运费|邮费|纠纷|争议|处理|结果|凭证|举证|证据|判定|裁定|裁决|判决|支持|拒绝|驳回|同意|回复|答复|回应|响应|留言"
    r"|^\d{2}[ ]?(?:之?前|以前|时|分|点)|\d{3}\.\d{2}|要求|希望|保持|为了|^补充|送达|之日|日内|[年月]底|责任|承担|剩余|超时|逾期|截止|原因|说明|理由|受理|通知|编号|单号|介入|查看|详情|点击|确认|协商|联系|商品|货物|宝贝|质量|问题|描述|发货|物流|快递|包裹|金额|方案|双方|对方|虚假|假货|违背|违规|违约|延迟|拖延|欺诈|泄露|骚扰|辱骂|威胁|少件|少发|漏发|错发|破损|瑕疵"
    r"|预计|预期|改判|时起|是怎么|怎样|^\d+票|提议|提出|上述|以下|相关|为准|期限|收到|提交|提供|规则|申诉|意见|情况|再次|期内|渠道|购买|下单|付款|签收|评价|差评|系统|规定|依据|根据|审核|事实|法院|市场监|监管|消费者|会员|材料|照片|图片|视频|记录|仓库(?!店)"
    r"|小时|分钟|工作日|自然日|(?<![a-z])\d{5,}|元$|一事$|一案$|(?:状态|内容|信息|进度|规范|服务中心|祝好|愉快|顺利|谢谢|感谢|敬礼|此致|专员|专线|热线|先生|女士|同学|老师)$|小姐$"
    r"|(?:快递|速递|速运|物流|驿站|邮政|银行|保险|部门|财务|总部|主管|经理|老板娘?|店主|店长|员工|邮箱|家中|账户|余额宝|裹裹|移动|联通|电信|期间|直播间|[双]十[一二]|大促|近期|近日|网上|线上|凌晨|上午|下午|晚上|中午|周[一二三四五六日末]|星期.|节后|节前|时间)$|长时间|^(?:祝|期待|谢谢|感谢|多谢|辛苦|敬请|欢迎|静候|盼|再次|顺颂|商祺|直播|我(?:是|们)|手机(?!店|铺|数))"
    r"|\b(?:has|have|will|the|your|please|refus|reject|agree|you|order|refund|this|that|not)\b"
)
_GOODS = re.compile(
    r"[\u4e00-\u9fa5]{0,4}(?:羽绒服|外套|大衣|衣服|上衣|衬衫|毛衣|卫衣|裙子|连衣裙|裤子?|鞋子?|靴子?|袜子?|帽子|手套|围巾|耳机|手机|电脑|平板|键盘|鼠标|充电[器宝]|数据线|相机|音箱|手表|项链|戒指|手链|手镯|耳环|背包|书包|钱包|行李箱|水杯|杯子|保温杯|锅|冰箱|洗衣机|空调|电视机?|风扇|吹风机|热水器|沙发|床垫|枕头|被子|四件套|窗帘|地毯|桌子?|椅子?|台灯|奶粉|面膜|口红|香水|护肤品|化妆品|保健品|零食|茶叶|白酒|红酒|月饼|水果|大米|玩具|积木|礼盒)"
)  # 您对羽绒服的投诉 names the goods
# What even a name in quotation marks or behind a label does not hold: it says how something stands.
_STATES = re.compile(
    r"您|我们|同意|拒绝|驳回|回复|回应|响应|处理(?!品)|退款|退货|换货|投诉|维权|申请|举证|凭证|判定|裁定|受理|须(?!弥)|为准|查看|点击|超时|逾期|剩余|责任|支持|确认|协商|联系(?=客|商|卖)|已(?:经|收|签|读|提|完|关|发)|未(?:经|收|签|读|提|完|发|能|在)|描述不|(?<!多)(?<!老)买家|卖家$|^卖家|^商家|商家$|平台(?=已|将|会|客|判|介)|(?<![\u4e00-\u9fa5])小二(?![黑哥胖家])|运费|订单|编号|单号|金额|商品(?=质|详|问|描|破|图|照|材|实)"
    r"|质量问题|未发货|收货|照片$|图片$|视频$|截图$|报告$|记录$|我的(?!衣|家|小|店|茶|花|书|菜|猫)|^全部|详情|页面|按钮|仅|元$|\b(?:has|have|will|the|your|please|refus|reject|agree|you|order|refund|this|that|not)\b"
)
_PERSON_BEFORE = re.compile(
    r"(?:处理人|经办人?|专员|联系人|收货人|收件人|负责人|调解员|客服|小二|品牌|型号|昵称|会员名?)[ ]?[:：]?[ \n]?$"
)
_NICKNAME = re.compile(r"[a-z]_?\d")  # dream_2008: numbers are masked in what is learned
_ADDRESS = re.compile(r"[省市][\u4e00-\u9fa5]{1,6}[区县市镇]|街道|\d号(?!店|铺|仓|楼|馆)|大道|工业区|园区")
_TIME_OR_SUM = re.compile(
    r"\d元|现金|红包|好评|[最不]晚|^[零一二三四五六七八九十百半两\d]{1,6}(?:个?[天日月年周]|小时|点|分)|[上下]午|凌晨|今[天日晚]|明[天日晚]|昨[天日晚]"
)
_DONE_OR_CUT = re.compile(r"[\u4e00-\u9fa5]了[\u4e00-\u9fa5]|尾号|满\d|^\d折")  # 刻了名字, 满100减20
_NUMBER = re.compile(r"(?!tb\d)[a-z]{0,4}[-_]?\d{5,}(?:-\d+)*")
# What a name without quotation marks or a label does not hold: there the sentence goes on.
_GOES_ON = re.compile(
    r"^对(?=判|结|处理|您|该|此)|初步|达成|一致$|(?:自行|自愿|继续|友好|坚持|先前|此前|手里|手上|手中)$|全体|小伙伴|了$|保证金|商家|卖家|起诉|[!！]|活动|要求|希望|保持|^\d{2,3}\.|我(?=们|的|要|在|局|院|会|委|司|方|店)|已(?!久)|未(?!来|然|名|央)|应(?!有)|须(?!弥)|请(?!客)|将(?!军|相|将|好|就|来)|会(?=在|于|尽)|(?:的|处理|剩余|响应|规定)时间|时间内|如果|若(?!水)|并且|因此|由于|方面|经核|原[判处]|原先|起初|开始|曾经|之间|以及|或者"
    r"|\d{1,2}[日天月](?!仓|楼|店|馆|铺|院|码)|月\d{1,2}号|\d{1,2}号(?:[ 之前后晚早上下中凌在于到至起]|$)|前$|^\d{4}-|^(?:的(?!确)|了|是|如(?!意|是|初|梦|歌|果|风)|可(?!可|乐|爱|儿|人|心|丽)|一直|曾|双方|需|需要|必须|均|则|向(?!日葵|阳)|货款|有|和(?!风|平|谐|美|煦)|与(?!鹿|君|你)|或|及|并|也|就|都|还|再|才|又|其|此|该|本(?!草|味|木|地)|各|某|另|前|后|上|下|多|全|部分|任何|所有|一个|一位|这|那|每|目前|现在|今|明|昨|至|从(?!前|容)|到|被|把|让|给|为|因|以|按|依|经"
    r"|不(?=能|会|予|同|可|应|需|得|再|支|成|满|服|符|一致|认|接|退|换|给|愿|足|确|实|合|便|承|是)|没|无(?!印|限|忧|所谓)|自行|亲(?!亲|子|密)|于(?!小|记|家)|在(?!野|线|水|山)|最终|工作人员|快递|物流|本人|家人|前台|门卫|驿站|评审|大众|专家|警方|保险|银行|支付宝|微信|花呗|方式|否认|修改|余额|主管|友好|另行|妥善|充分|再次|私下|线下)"
    r"|(?:进行|通过|可以|需要|能够|可能|希望|感谢|抱歉|很快|尽快|稍后|随后|最终|当前)$"
)
_GENERIC = re.compile(
    rf"(?:极速|快速|闪电|原路|自动|全额|部分)|(?:该|此|本|其|这家|那家|某|某某|官方|品牌|的|商家|卖家|对方|被投诉|您的|所购|天猫|淘宝|平台|我|我们|我家|贵)?(?:的)?(?:{_SUFFIX}|店铺?|店家|商家|卖家|网店|小店|商铺)|天猫|淘宝|淘宝网|菜鸟|闲鱼|京东|拼多多|抖音|美团|饿了么|快手|顺丰|阿里巴巴|支付宝|tmall|taobao|alipay|平台|官方|对方|客服|人工|系统"
)
_GENERIC_EXCEPT = "天猫超市"
_TITLE = re.compile(
    r"^(?:您好|你好)?[,:]?(?:(?:在|从)?(?:天猫|淘宝)(?!超市|国际)(?:网|商城|平台)?上?的?(?=..))?(?:商家|卖家|店铺|掌柜|店家|网店|店主|被投诉[人方]|被申请[人方]|被告|关于)?[ ]?"
)

# Places so narrow that a shop of any name stands out: what is no name there is a matter, a means or a time.
_ANY_NAME = r"(?P<name>[^,。;:!?\n“”「」『』【】\"<>《》]{2,20}?)"
_NARROW = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:您|你|撤销|撤回|撤了|提交了?|发起了?|针对)[^,。;:!?\n]{{0,16}}?(?<![反相面应])对{_ANY_NAME}的(?:投诉|维权|退款|退货|举报|售后|纠纷|诉讼)",
        rf"(?:您|你)(?:于[^,。;\n]{{2,16}})?在{_ANY_NAME}(?:购买|下单|拍下|订购|购物|买的|的(?:订单|退款|退货|售后))",
        rf"(?:您|你)(?:已)?(?:与|和|跟){_ANY_NAME}(?:的(?:交易|退款|售后|订单)?(?:纠纷|争议|投诉|退款|维权))",
    )
)
_MATTER = re.compile(
    r"您|我们|我(?=[要想的])|商家|卖家|买家|店铺|平台|客服|投诉|退款|退货|换货|维权|售后|申请|订单|运费|邮费|纠纷|争议|处理|结果|凭证|举证|证据|判定|裁定|拒绝|驳回|同意|回复|回应|责任|超时|逾期|双方|对方|上述|以下|相关|商品|货物|宝贝|质量|描述|发货|物流|快递|包裹|签收|下单|付款|仓库|法院|监管|消费者|申诉|规定|规则|截止|协商|沟通|服务|态度|价格|尺码|包装|行为|协议|评价|原因|理由|要求|审核|核实|期限|时间|期间|直播|活动|补贴|聚划算|双十|支付宝|微信|淘宝|天猫|介入|确认|提交|收到"
    r"|\d月|\d{4,}|\d日|年\d|[内中时后前里晚]$|(?<!地)上$|(?<!百)天$|^(?:上午|下午|昨|今天|明天|近|刚|最近|该|此|本(?!草|味|木|地)|某|下列|前述|后者|前者|上次|前次|这[家个笔次件些]|那[家个笔次件些]|每[一笔个次]|所有|全部|部分|多[次家个]|任何|其(?:他|它|余|中|所|店)|各[方家位]|另[一外]|本次|一直|多次|再次|已|未|不予|不予|没有?(?=[收发退回])|app|手机$|网上|线|如|若|可|自|为|以及|请|也|就|都|还)"
    r"|^(?:系统|小二|银行|门卫|驿站|老板娘?|店主|店长|掌柜|老师|先生|女士|小姐|他|她|他们|它|专员|主管|经理|评审员?|调解员|家人|朋友|店家|官方|人工)$|[部局院会行署厅委员校东]$|(?:老师|先生|女士|小姐|同学|经理|主任|公司)$|^会员|委员|协会|消协|消保|热线|12315|中心|机关|公安|警"
    r"|\b(?:has|have|will|the|your|please|agree|you|order|refund|this|that|not)\b"
)

# -- by its suffix --------------------------------------------------------------------------------------------
_NAMED = re.compile(rf"[\u4e00-\u9fa5a-z0-9·&._\-]{{0,30}}?{_SUFFIX}")
_LATIN_WORDS = re.compile(r"(?<![A-Za-z0-9_])(?:[A-Z][\w'’&.\-]{0,20} ){1,4}(?=$)")
# Left context that a greedy match swallows: 您对云朵服饰旗舰店, 您在…购买.
_CONTEXT = re.compile(
    r"^.{0,24}(?:您好,?|(?P<mover>您|你|我们|平台|系统|已|请|将|需)|^经(?!典)|的是|(?:这边|这里|我们?|您好)是|关于|针对|投诉方|投诉人|投诉|购买|订购|下单|商家|卖家|店铺|掌柜|了|买家|会员|来自|通知|(?:反馈|反映|投诉|举报|所诉)的|[您你](?:反映|反馈|投诉|举报)(?=[这该此那])|购自|购物时|[您你]主张|已?让|责令|要求|致|(?:打款|支付|退还|归还|提交|送达|寄)[给至到]?|货款归?|款项归?|感谢|光临|惠顾|感谢您选择|提供|出示|出具|上传|复核改判|改判|判令|\d{1,2}[日号时分]?(?=[由从被于在对向]))(?=.)"
)
_PREPOSITION = re.compile(r"^(?:对|在|由|向|与|和|从|给|于|跟|是|为|的|把|将|被)(?=..)")
_ALWAYS_PREPOSITION = re.compile(
    r"^(?:对(?!味|白|庄)|在(?!野|线)|由(?!美)|于(?=.{3})|就(?=.{3})|因(?=.{3})|与(?=.{3}))(?=..)"
)

# -- under a letter -------------------------------------------------------------------------------------------
_SIGNED = re.compile(
    r"^[ ]{0,40}(?P<dash>[—–\-~]{1,4}[ ]?)?(?:祝好|此致|敬礼|敬上|顺祝商祺)?[,。]?[ ]?(?P<name>[^,。;:!?()“”「」【】\n\t]{2,24}?)(?P<spaced>[ ](?=[^ ]))?(?P<role>(?:官方|专属|在线)?(?:客服中心|客户服务(?:部|中心)|客服部|售后服务部|售后部|售后组|客服|售后|运营部|团队|店长|店主|敬上|敬启|上)[\u4e00-\u9fa5a-z0-9]{0,6})?[ ]?(?:\d{4}[年-][^\n]{0,12})?$"
)
_PERSON_BEHIND = re.compile(r"(?<=[店铺屋坊馆室行]) +(?:客服)?[小阿老][\u4e00-\u9fa5]{1,2}$")
_DATED = re.compile(r"\n[ ]{0,40}\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?(?: \d{1,2}:\d\d(?::\d\d)?)?$")
_ENDED = re.compile(r"[。!~\d]\s{1,20}\Z")  # the letter is over before its last line
_LOOKS_LIKE_SHOP = re.compile(rf"{_LOOSE_SUFFIX}$")

# -- English --------------------------------------------------------------------------------------------------
_PROPER = r"(?P<name>(?:[A-Z0-9][\w'’.&\-]{0,20}|[\u4e00-\u9fa5][\w·&]{1,20}|[a-z]{1,15}[_\d\u4e00-\u9fa5]\w{1,12})(?:[ ](?:&|and|of|[A-Z0-9\u4e00-\u9fa5][\w'’.\-]{0,20})){0,5})"
_EN_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:[Cc]omplaint|[Cc]laim|[Dd]ispute|[Cc]ase|[Rr]efund request|purchase|order)(?: no\.? [\w-]+)?(?: you (?:filed|opened|submitted|made|placed))?(?: with| against| about| from| at)(?: the (?:seller|merchant|shop|store))? {_PROPER}",
        rf"(?:[Mm]essage from|[Rr]eply from|[Ss]old by:?|[Rr]eturn to|[Dd]elivered to|(?:[Bb]etween y|\b[Yy])ou and|dealt with|[Pp]urchased at|at the store) {_PROPER}",
        rf"(?:against|bought from|purchased from|ordered from|seller|merchant|shop)(?: the (?:seller|merchant|shop|store))? {_PROPER}",
        rf"(?:^|[\n.,!?:] ?){_PROPER} (?:has |have |had )?(?:just )?(?:wrote|says|answered|sent|proposed|declined|rejected|refused|agreed|approved|accepted|replied|responded|offered|received|shipped|submitted|uploaded|provided|appealed|confirmed)",
    )
)
_EN_LEADS = re.compile(r"^(?:Because|Since|After|When|While|Although|Dear|Hi|Hello|Note|Taobao|Tmall) +(?=\S)")
_EN_NO_NAME = re.compile(
    r"(?i)\b(?:the|your|you|our|we|it|more|further|additional|another|new|final|clear|this|that|please|alipay|taobao|tmall|platform|seller|merchant|customer|care|service|rmb|cny|refund|return|complaint|appeal|parcel|package|item|notice|result|decision|update|message|case|order|dispute|claim|evidence|january|february|march|april|may|june|july|august|september|october|november|december|mon|tue|wed|thu|fri|sat|sun)(?:day|nesday|sday|urday)?\b|\d{5,}|(?-i:[A-Z]{2,4}-?\d{3,})"
)


def find_shop(folded: Folded, *, by_shop: bool = False) -> Shop | None:
    """The shop that `folded` names first and most surely; None where no form of a shop's name stands.

    by_shop  the shop itself wrote it, and may have put its name under it
    """
    if shop := _by_rules(folded):
        return shop
    if by_shop and (shop := _signed(folded, folded.lower)):
        return shop
    return _as_learned(folded)


@lru_cache(maxsize=4)  # asked by who classifies and by who extracts
def _by_rules(folded: Folded) -> Shop | None:
    text = folded.lower
    if shop := _labelled(folded, text):
        return shop
    for found in (_in_quotes, _in_blanks, _by_suffix, _in_place, _in_english):
        shop = found(folded, text)
        if shop and (_NICKNAME.search(shop.name) or not is_unlikely(folded, shop.start, shop.end)):
            return shop
    return None


@lru_cache(maxsize=4)
def _as_learned(folded: Folded) -> Shop | None:
    likely = likely_shop(folded)
    if not likely or likely.margin < SURE:
        return None
    if likely.end - likely.start <= LONGEST_PERSON and _PERSON_BEFORE.search(folded.lower, 0, likely.start):
        return None  # 处理人：小雨
    if _may_be_likely(folded.text[likely.start : likely.end]):
        return _shop(folded, likely.start, likely.end)
    return None


def _may_be_likely(name: str) -> bool:
    """Whether what is learned may call `name` a shop: no time, sum, address or evidence, no Latin words without a capital."""
    if not _may_be_name(name.lower(), bare=True) or _ADDRESS.search(name) or _TIME_OR_SUM.search(name):
        return False
    if any(words.fullmatch(name) for _, words in EVIDENCE):
        return False
    if not name.isascii():
        return True
    return (name[0].isupper() or any(sign.isdigit() for sign in name)) and not _EN_NO_NAME.search(name)


def find_sender(folded: Folded) -> Shop | None:
    """The shop that a sender's name is, without its 客服: only where it is called as shops are."""
    return find_shop(folded) or _signed(folded, folded.lower)


def _shop(folded: Folded, start: int, end: int) -> Shop:
    text = folded.text
    if lead := _EN_LEADS.match(text[start:end]):
        start += lead.end()
    while end > start and text[end - 1] in " 、.,~!:":
        end -= 1
    if text[end - 1 : end + 1] in ("一案", "一事"):  # 您对K&M珠宝一案的申诉
        end -= 1
    while start < end and text[start] in " 、.,~!:":
        start += 1
    return Shop(text[start:end], start, end)


def _may_be_name(name: str, *, bare: bool = False, somebody: bool = False) -> bool:
    """Whether a shop may be called so.

    bare      no mark and no label sets it off from the sentence
    somebody  what follows says that it acts: then it is nobody's goods, though called like them
    """
    name = name.strip()
    if bare and (_GOES_ON.search(name) or _DONE_OR_CUT.search(name) or any(words.search(name) for _, words in REASONS)):
        return False
    strict = bare and not _LOOKS_LIKE_SHOP.search(name)
    return (
        2 <= len(name) <= LONGEST_NAME
        and not (_NO_NAME if strict else _STATES).search(name)
        and not _NUMBER.fullmatch(name)
        and (name == _GENERIC_EXCEPT or not _GENERIC.fullmatch(name))
        and not (bare and not somebody and _GOODS.fullmatch(name))
        and any(letter.isalpha() for letter in name)
    )


def _labelled(folded: Folded, text: str) -> Shop | None:
    best: tuple[int, Shop] | None = None
    for label in _LABEL.finditer(text):
        shop = _behind(folded, text, label)
        if not shop:
            continue
        what = label["label"]
        rank = 0 if "店" in what or what.startswith(("sh", "st")) else 2 if _COMPANY.search(shop.name) else 1
        if best is None or rank < best[0]:
            best = (rank, shop)
    if bracketed := _IN_BRACKETS.search(text):
        start, end = bracketed.span("name")
        if _may_be_name(text[start:end]) and (best is None or best[0]):
            return _shop(folded, start, end)
    return best[1] if best else None


def _behind(folded: Folded, text: str, label: re.Match[str]) -> Shop | None:
    start, mark = label.end(), label["mark"]
    stop = _ENDS.search(text, start + 1 if text[start : start + 1] in '“「『【"[' else start, start + LONGEST_NAME + 4)
    end = stop.start() if stop else min(len(text), start + LONGEST_NAME + 4)
    if quoted := _QUOTED.match(text, start):
        start, end = quoted.span(quoted.lastgroup or 0)
        return _shop(folded, start, end) if _may_be_name(text[start:end]) else None
    opens = label.start() == label.start("label") == 0 or text[label.start()] == "\n"
    if not mark.strip() and not (opens and text[end : end + 1] in "\n"):
        return None  # 商家 阿婆豆花 is a label and its value only where they fill their line
    if inner := _INNER.match(text, end):
        end = inner.end()  # 海淘母婴(香港)店
    name = text[start:end]
    loud = mark.strip() and label["label"] not in ("对方",)
    if _may_be_name(name) and not name.strip().isdigit() and (loud or not re.search("[了吗]|^的|的$", name)):
        return _shop(folded, start, end)
    named = _NAMED.match(text, start)
    if named and _may_be_name(named.group()):
        return _shop(folded, start, named.end())
    return None


def _in_quotes(folded: Folded, text: str) -> Shop | None:
    for quoted in _QUOTED.finditer(text):
        group = quoted.lastgroup or ""
        start, end = quoted.span(group)
        name = quoted[group]
        if re.search(_SUFFIX + "$", name.strip()) and not _GENERIC.fullmatch(name.strip()):
            return _shop(folded, start, end)
        before = text[max(0, quoted.start() - 16) : quoted.start()]
        if not _may_be_name(name) or _GOODS_BEFORE.search(before):
            continue
        if any(words.search(name) for _, words in REASONS):
            continue  # 关于“一直拖着不发货”的投诉
        after = _AFTER_QUOTED.match(text[quoted.end() : quoted.end() + 6])
        surely = _SURELY_BEFORE.search(before)
        maybe = _MAYBE_BEFORE.search(before)
        if group in "def":  # 【】 [] 《》 set off many other things too
            if (surely and not before.rstrip().endswith("诉")) or (after and maybe):
                return _shop(folded, start, end)
        elif surely or maybe or (after and (_OPENS.search(before) or re.search(_LOOSE_SUFFIX + "$", name))):
            return _shop(folded, start, end)
    return None


def _in_blanks(folded: Folded, text: str) -> Shop | None:
    """A name that blanks set apart in a Chinese sentence, as in Taiwan: 您投訴 老街布坊 乙案, 【淘寶】青禾小築 退款已入帳."""
    for apart in _APART.finditer(text):
        start, end = apart.span("name")
        before = text[max(0, start - 16) : start]
        name = apart["name"]
        if not re.search("[\u4e00-\u9fa5]", name) or not _may_be_name(name, bare=True, somebody=True):
            continue
        opens = bool(re.search(r"(?:^|[\n。;!】,:]) ?$", before))
        if opens and not _AFTER_APART.match(text, end):
            continue
        if opens or _SURELY_BEFORE.search(before) or _MAYBE_BEFORE.search(before) or _NAMES_APART.search(before):
            return _shop(folded, start, end)
    return None


def _by_suffix(folded: Folded, text: str) -> Shop | None:
    places = _places(text) if re.search(_SUFFIX, text) else []
    for named in _NAMED.finditer(text):
        start, end = named.span()
        while (swallowed := _CONTEXT.match(text[start:end])) and end - start - swallowed.end() >= 3:
            if text[start + swallowed.end() : end] in ("旗舰店", "专卖店", "专营店", "天猫超市"[1:]):
                break
            start += swallowed.end()
            preposition = _PREPOSITION.match(text[start:end])
            if swallowed["mover"] and preposition:
                start += preposition.end()
        while preposition := _ALWAYS_PREPOSITION.match(text[start:end]):
            start += preposition.end()
        start = max([start, *(at for at, stop in places if stop == end and start < at)])
        if (lead := _CONTEXT.match(text[start:end])) and _GENERIC.fullmatch(text[start + lead.end() : end]):
            continue  # 请提供专柜验货证明
        if latin := _LATIN_WORDS.search(folded.text, max(0, start - LONGEST_NAME), start):
            start = latin.start()  # Maison Verte海外旗舰店
        name = text[start:end]
        if len(name) > 3 and (name == _GENERIC_EXCEPT or not _GENERIC.fullmatch(name)):
            return _shop(folded, start, end)
    return None


def _in_place(folded: Folded, text: str) -> Shop | None:
    """The words that stand in a sentence where only a shop can, the first of them in the text."""
    whole = _places(text)
    without_goods = [(start, at) for start, stop in whole if (at := text.find("的", start, stop)) > start + 1]
    for start, end in (*whole, *without_goods):
        if _may_be_name(text[start:end], bare=True, somebody=bool(_IS_SOMEBODY.match(text, end))):
            return _shop(folded, start, end)
    narrow = sorted({found.span("name") for pattern in _NARROW for found in _overlapping(pattern, text)})
    for start, end in narrow:
        start, end = _without_title(text, start, end)
        if _may_be_odd_name(text[start:end].strip()):
            return _shop(folded, start, end)
    return None


def _may_be_odd_name(name: str) -> bool:
    """Whether what stands in a narrow place is no matter, means or time: 没有名字的店, 花の屋."""
    return (
        len(name) >= 2
        and not _MATTER.search(name)
        and not _GOODS.fullmatch(name)
        and not _GENERIC.fullmatch(name)
        and not any(words.search(name) for _, words in REASONS)
        and any(letter.isalpha() for letter in name)
    )


def _places(text: str) -> list[tuple[int, int]]:
    """Where in a sentence a shop's name can stand, in the order of the text; of those that begin alike the shortest."""
    places = sorted({found.span("name") for pattern in _PLACES for found in _overlapping(pattern, text)})
    named = [_without_title(text, start, stop) for start, stop in places]
    shortest: dict[int, int] = {}
    for start, stop in named:
        shortest[start] = min(stop, shortest.get(start, stop))
    return list(shortest.items())


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Each match of `pattern`, the next one sought from inside the last: 您于11月3日在…下单."""
    found = pattern.search(text)
    while found:
        yield found
        found = pattern.search(text, found.start() + 1)


def _without_title(text: str, start: int, end: int) -> tuple[int, int]:
    """The name as it stands, without the 商家 before it."""
    if (bracket := text.find(")", start, end)) - start > 0 and "(" not in text[start:bracket]:
        end = bracket  # 投诉(商家阿布的皮具)现已结案
    title = _TITLE.match(text[start:end])
    return start + (title.end() if title else 0), end


def _in_english(folded: Folded, text: str) -> Shop | None:
    for pattern in _EN_PLACES:
        for found in pattern.finditer(folded.text):
            start, end = found.span("name")
            name = found["name"]
            if name.endswith((" of", " and", " &")):
                continue
            if not _EN_NO_NAME.search(name) and any(letter.isalpha() for letter in name):
                return _shop(folded, start, end)
    return None


def _signed(folded: Folded, text: str) -> Shop | None:
    """The name under a letter, in one of its last lines."""
    place = end = len(_DATED.sub("", text.rstrip()).rstrip())
    for line in reversed(text[:end].split("\n")[-6:]):
        place -= len(line)
        signed = _SIGNED.match(line)
        if signed and (person := _PERSON_BEHIND.search(signed["name"])):  # 橙心零食铺 小柚子
            return _shop(folded, place + signed.start("name"), place + signed.start("name") + person.start())
        if signed and _may_be_name(signed["name"], bare=True) and not signed["name"].replace(" ", "").isdigit():
            alone = place + len(line) == end and not signed["role"] and _ENDED.search(text, 0, place)
            over = not place or _ENDED.search(text, 0, place)
            looks = (
                alone
                or (over and (signed["spaced"] or (signed["role"] or "").startswith("客服")))
                or (signed["role"] or "")[:1] == "敬"
                or _LOOKS_LIKE_SHOP.search(signed["name"].strip())
            )
            if looks or (signed["role"] and (signed["dash"] or re.search("部|中心|团队|店长", signed["role"]))):
                return _shop(folded, place + signed.start("name"), place + signed.end("name"))
        place -= 1
    return None

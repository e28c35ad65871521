"""The mails of the demo world: every stage and outcome, in the forms of ten mail clients.

The words are our own (no real notice of the platform is public), the numbers invented. The content is
fixed; the dates hang on the day the world is made, so that clocks still run when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

PLATFORM = ("天猫", "notice@service.mail.tmall.example")
TAOBAO = ("淘宝网", "notice@service.mail.taobao.example")
ALIPAY = ("支付宝提醒", "service@mail.alipay.example")

Day = Callable[..., datetime]  # day(-3, 18, 30): three days ago at 18:30 in Shanghai
Body = Callable[[Day], str]


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to be forwarded: by whom, as which client does it, what stands in it."""

    owner: str  # a name of people.py
    client: str  # one of wraps.CLIENTS
    sender: tuple[str, str]
    subject: str
    days_ago: int
    hour: int | None  # None: this moment
    body: Body
    note: str = ""
    mailbox: str = ""  # forwarded from here instead of the owner's own


def zh(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


JACKET = "云朵服饰旗舰店"
COSMETICS = "花间集美妆专营店"

LETTERS: tuple[Letter, ...] = (
    # 1. A down jacket in the wrong size: accepted, more proof wanted, pictures asked for, return freight on the shop.
    Letter(
        "shopper", "qq", PLATFORM, "【天猫】您的投诉已受理（投诉编号：TS202611080031）", 9, 10,
        lambda day: f"""亲爱的会员：
您对“{JACKET}”的投诉我们已经受理。
投诉编号：TS202611080031
订单编号：3299194706518006493
投诉原因：描述不符
涉及金额：¥459.00
商家须在{zh(day(-7, 10, 30))}前响应，逾期系统将自动处理。
天猫客服""",
    ),
    Letter(
        "shopper", "netease", (JACKET, "service@yunduo-shop.example"), "商家已回复您的售后申请", 8, 15,
        lambda day: f"""{JACKET} 于 {zh(day(-8, 15, 12))} 回复了您的售后申请。
投诉编号：TS202611080031
商家留言：亲，羽绒服的尺码在正常误差内，您发的照片看不清楚，请再补充平铺测量的照片和吊牌照片，我们核实后再处理。""",
    ),
    Letter(
        "shopper", "foxmail", PLATFORM, "请在举证期内补充凭证", 6, 11,
        lambda day: f"""您好，您对“{JACKET}”的投诉（投诉编号：TS202611080031）已进入举证阶段。
请于{zh(day(-3, 11, 20))}前上传以下凭证：商品实物图、吊牌照片、与商家的聊天记录。
逾期视为放弃举证，平台将按现有材料判定。""",
    ),
    Letter(
        "shopper", "outlook", PLATFORM, "处理结果通知：支持买家", 2, 16,
        lambda day: f"""您好，关于投诉编号 TS202611080031（订单编号 3299194706518006493）的处理结果如下：
经核实，商品实际尺码与页面描述不符，平台支持买家退货退款459.00元，退货运费由商家承担。
如对结果有异议，可在{zh(day(5, 23, 59))}前提出申诉，逾期不再受理。""",
    ),
    # 2. Broken cosmetics: "could happen in transit", and the platform only says "talk to the shop".
    Letter(
        "shopper", "gmail", PLATFORM, "【天猫】投诉受理通知（投诉编号：TS202611060217）", 11, 9,
        lambda day: f"""亲爱的会员：
您对“{COSMETICS}”的投诉已受理。
投诉编号：TS202611060217
订单编号：3301225817640019375
投诉原因：商品破损
涉及金额：¥128.00
等待商家处理。""",
    ),
    Letter(
        "shopper", "apple", (COSMETICS, "kefu@huajianji.example"), "商家拒绝了您的退款申请", 9, 20,
        lambda day: f"""“{COSMETICS}”拒绝了您的退款申请。
投诉编号：TS202611060217
拒绝原因：粉底液外包装破碎属于运输途中可能出现的问题，本店发货时完好。
您可在7天内修改申请或申请客服介入，逾期申请将关闭。""",
    ),
    Letter(
        "shopper", "thunderbird", PLATFORM, "天猫客服已介入您的投诉", 8, 9,
        lambda day: f"""您好，天猫客服已介入您与“{COSMETICS}”的纠纷（投诉编号：TS202611060217）。
小二将联系双方核实情况，请保持电话畅通。""",
    ),
    Letter(
        "shopper", "qq", PLATFORM, "关于您投诉的处理结果", 4, 14,
        lambda day: f"""您好，您对“{COSMETICS}”的投诉（投诉编号：TS202611060217）处理结果如下：
经核实，双方对破损发生的环节各执一词，现有凭证无法判断责任，建议您与商家友好协商解决。""",
        note="平台等于什么都没说……",
    ),
    # 3. Headphones: withdrew under pressure, asked again; filed, the shop's clock runs.
    Letter(
        "shopper", "coremail", TAOBAO, "您已撤销退款申请", 5, 12,
        lambda day: """您已撤销对“回声数码专卖店”的退款申请。
订单编号：3304410092837465012
撤销后如问题仍未解决，可在售后期内再次申请。""",
    ),
    Letter(
        "shopper", "netease_master", TAOBAO, "退款申请已提交，等待商家处理", 0, 8,
        lambda day: f"""您的退款申请已提交，等待商家处理。
店铺：回声数码专卖店
订单编号：3304410092837465012
退款编号：285611223344556677
退款原因：商品质量问题
退款金额：329.00元
商家须在{zh(day(2, 8, 5))}前处理，逾期系统将自动退款。""",
    ),
    # 4. Shoes: first not accepted, then accepted with a number.
    Letter(
        "shopper", "mail_139", PLATFORM, "您的投诉不予受理", 6, 17,
        lambda day: """您好，您对“远足户外旗舰店”的投诉经审核不予受理。
订单编号：3308871234098765011
原因：投诉材料不完整。您可以补充材料后重新提交。""",
    ),
    Letter(
        "shopper", "qq_en", PLATFORM, "退款申请已提交", 3, 10,
        lambda day: """您的退款申请已提交。
店铺：远足户外旗舰店
订单编号：3308871234098765011
退款原因：少件
退款金额：268.00元""",
    ),
    Letter(
        "shopper", "outlook_web", PLATFORM, "【天猫】您的投诉已受理", 1, 9,
        lambda day: f"""您好，您对“远足户外旗舰店”的投诉已受理。
受理编号：SL202611200455
订单编号：3308871234098765011
商家须在{zh(day(1, 9, 30))}前响应，逾期系统将自动处理。""",
    ),
    # 5. Blanket: lost the first ruling, appealed, and the platform asks for proof again: due tomorrow.
    Letter(
        "shopper", "alimail", PLATFORM, "处理结果：支持卖家", 7, 10,
        lambda day: """您好，您对“暖窝家纺旗舰店”的投诉（投诉编号：TS202611020098）处理结果如下：
订单编号：3312200456781234590
您提供的凭证不足以证明商品存在质量问题，平台支持卖家，交易款项支付给卖家。""",
    ),
    Letter(
        "shopper", "gmail_en", PLATFORM, "申诉已受理", 5, 11,
        lambda day: """您好，您对投诉编号 TS202611020098 的申诉已受理，正在复核中。
申诉编号：SS202611170066""",
    ),
    Letter(
        "shopper", "qq", PLATFORM, "请补充凭证：申诉复核需要", 1, 18,
        lambda day: f"""您好，您对“暖窝家纺旗舰店”的申诉（投诉编号：TS202611020098）复核中，需要您补充凭证。
请于{zh(day(1, 18, 0))}前上传质检报告和商品细节图，逾期将按现有材料判定。""",
    ),
    # 6. Kettle: the platform has stepped in. A forged ruling about it came too, and moved nothing.
    Letter(
        "shopper", "attached", PLATFORM, "天猫客服已介入您的维权", 2, 10,
        lambda day: """您好，天猫客服已介入您与“一壶清泉电器专营店”的维权。
维权编号：WQ202611200012
订单编号：3315567890123456781
小二将在核实后给出处理意见，请保持电话畅通。""",
    ),
    Letter(
        "shopper", "direct", PLATFORM, "处理结果通知：支持卖家", 1, 13,
        lambda day: """您好，维权编号 WQ202611200012（订单编号 3315567890123456781）处理结果如下：
经核实，平台支持卖家，交易款项支付给卖家。本结果为最终结果。""",
        mailbox="forger@elsewhere.example",  # the name of the platform on it, and sent by somebody else
    ),
    # 7. Desk lamp: sent back, money arrived.
    Letter(
        "shopper", "foxmail", TAOBAO, "商家已同意退货，请尽快寄回", 8, 9,
        lambda day: f"""“夜读灯具专卖店”已同意您的退货申请。
退款编号：285611998877665544
订单编号：3317788990011223344
请于{zh(day(-1, 23, 59))}前寄回商品并填写运单号，逾期申请将关闭。""",
    ),
    Letter(
        "shopper", "thunderbird", TAOBAO, "商家已签收您的退货", 4, 15,
        lambda day: """您寄回“夜读灯具专卖店”的商品已由商家签收，等待商家确认收货。
退款编号：285611998877665544
订单编号：3317788990011223344
运单号：YT1234567890123""",
    ),
    Letter(
        "shopper", "auto", ALIPAY, "退款到账通知", 3, 12,
        lambda day: """您的一笔退款已到账。
退款金额：89.00元，已退回支付宝余额。
商户订单号：T200P3317788990011223344""",
    ),
    Letter(
        "shopper", "netease", ALIPAY, "退款到账通知", 3, 12,
        lambda day: """您的一笔退款已到账。
退款金额：89.00元，已退回支付宝余额。
商户订单号：T200P3317788990011223344""",
    ),
    # What else comes to an inbox: an advertisement, a parcel, a code of another service, the same notice twice.
    Letter(
        "shopper", "qq", TAOBAO, "双11返场红包已到账，领券满300减50", 5, 9,
        lambda day: """亲爱的会员，双11返场大促开始啦！您的红包已到账，全场满300减50，退款险免费送。回复TD退订。""",
    ),
    Letter(
        "shopper", "qq", ("菜鸟驿站", "notice@parcel.example"), "您的包裹已到达驿站", 4, 17,
        lambda day: """您的包裹已到达驿站，请凭取件码及时取件。运单号：SF1234567890123""",
    ),
    Letter(
        "shopper", "qq", ("某社区", "no-reply@forum.example"), "登录验证码", 3, 21,
        lambda day: """您的验证码是 493021，5分钟内有效，请勿告诉他人。""",
    ),
    Letter(
        "shopper", "gmail", PLATFORM, "处理结果通知：支持买家", 2, 16,
        lambda day: f"""您好，关于投诉编号 TS202611080031（订单编号 3299194706518006493）的处理结果如下：
经核实，商品实际尺码与页面描述不符，平台支持买家退货退款459.00元，退货运费由商家承担。
如对结果有异议，可在{zh(day(5, 23, 59))}前提出申诉，逾期不再受理。""",
    ),
    # 8. Toys: partly won, appealed.
    Letter(
        "shopper2", "outlook_en", PLATFORM, "关于您投诉的处理结果：部分支持", 6, 10,
        lambda day: """您好，您对“童趣玩具旗舰店”的投诉（投诉编号：TS202611050310）处理结果如下：
订单编号：3320011223344556677
经核实，平台部分支持您的诉求：退款120元，不退货。""",
    ),
    Letter(
        "shopper2", "apple_en", PLATFORM, "申诉已提交", 3, 16,
        lambda day: """您对投诉编号 TS202611050310 的申诉已提交，预计3-7个工作日反馈。
申诉编号：SS202611190121""",
    ),
    # 9. Sofa: settled.
    Letter(
        "shopper2", "thunderbird_en", PLATFORM, "双方已协商一致", 5, 14,
        lambda day: """您与“木语家居旗舰店”已协商一致，达成和解：商家同意退款300元，商品由您保留。
投诉编号：TS202610300512
订单编号：3321100998877665544""",
    ),
    # 10. Tea: the shopper let the time pass.
    Letter(
        "shopper2", "netease", TAOBAO, "退款已关闭：超时未操作", 4, 0,
        lambda day: """因您超时未操作，您对“一叶茶业专营店”的退款申请已关闭。
退款编号：285612334455667788
订单编号：3323344556677889900""",
    ),
    # 11. Phone case: the shop let the time pass.
    Letter(
        "shopper2", "qq", TAOBAO, "商家超时未响应，系统已自动退款", 2, 8,
        lambda day: """因商家“壳子数码店”超时未响应，系统已自动达成退款，本次售后已完结。
退款编号：285613445566778899
订单编号：3324455667788990011
退款金额：39.90元""",
    ),
    # 12. Rice cooker: the shop has answered with an offer.
    Letter(
        "shopper2", "foxmail", ("灶台电器旗舰店", "service@zaotai.example"), "商家已回复您的售后申请", 1, 19,
        lambda day: f"""灶台电器旗舰店 于 {zh(day(-1, 19, 20))} 回复了您的售后申请。
退款编号：285614556677889900
订单编号：3325566778899001122
商家留言：亲，内胆涂层脱落我们补偿您50元可以吗？同意的话我们马上处理。""",
    ),
    # Doubts for a volunteer.
    Letter(
        "shopper2", "qq", PLATFORM, "天猫客服已介入您的维权", 1, 9,
        lambda day: """您好，天猫客服已介入您与“灶台电器旗舰店”的维权，退款编号：285614556677889900。
小二将联系双方核实，请保持电话畅通。""",
        mailbox="zhou.work@corp.example",
    ),
    Letter(
        "shopper2", "netease", ("店小二", "shop8812@qq.example"), "Re: 您好", 1, 21,
        lambda day: """您好亲，您说的那个情况我们问过仓库了，您看这边怎么处理比较好呢？麻烦再发几张图看看。""",
    ),
    Letter(
        "shopper2", "apple", ("童趣玩具", "service@tongqu.example"), "亲，撤销投诉给您返30元红包", 2, 20,
        lambda day: """亲，麻烦您撤销投诉并改个好评，加微信 tongqu88，给您返30元红包哦。""",
    ),
    Letter(
        "shopper2", "outlook", ("天猫退款中心", "refund@tmal1-kf.example"), "【天猫】投诉处理异常，请尽快验证", 1, 10,
        lambda day: """您的退款异常，请点击链接 http://tmall.com.refund-kf.example/verify 验证。
请填写银行卡号和短信验证码，否则退款将被冻结。""",
    ),
)  # fmt: skip

# What the button "寄一封样信" sends, one after the other: the kettle's story goes on.
SAMPLES = (
    Letter(
        "shopper", "qq", PLATFORM, "请在举证期内补充凭证", 0, None,
        lambda day: f"""您好，您与“一壶清泉电器专营店”的维权（维权编号：WQ202611200012）已进入举证阶段。
请于{zh(day(3, 18, 0))}前上传商品实物图和视频，逾期将按现有材料判定。""",
    ),
    Letter(
        "shopper", "gmail", PLATFORM, "处理结果通知：支持买家", 0, None,
        lambda day: """您好，维权编号 WQ202611200012（订单编号 3315567890123456781）的处理结果如下：
经核实，电热水壶底座漏电属于质量问题，平台支持买家退货退款159.00元，退货运费由商家承担。""",
    ),
    Letter(
        "shopper", "netease", ALIPAY, "退款到账通知", 0, None,
        lambda day: """您的一笔退款已到账。
退款金额：159.00元，已退回支付宝余额。
商户订单号：T200P3315567890123456781""",
    ),
)  # fmt: skip

# What the button "寄一封伪造信" sends: a ruling that nobody made, from somewhere else.
FORGED = Letter(
    "shopper", "direct", PLATFORM, "处理结果通知：支持卖家", 0, None,
    lambda day: """您好，维权编号 WQ202611200012（订单编号 3315567890123456781）处理结果如下：
经核实，平台支持卖家，交易款项支付给卖家。""",
    mailbox="forger@elsewhere.example",
)  # fmt: skip


def day_of(now: datetime) -> Day:
    """`day(offset, hour, minute)`: that many days from `now`'s day, in the zone of `now`."""

    def day(offset: int, hour: int = 0, minute: int = 0) -> datetime:
        return (now + timedelta(days=offset)).replace(hour=hour, minute=minute, second=0, microsecond=0)

    return day

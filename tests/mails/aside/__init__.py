# ruff: noqa: E501  # tables are as wide as they are
"""The part set aside: who tunes rules does not read this folder (tests/mails/README.md)."""

from pathlib import Path

from tests.mails.corpus import Part
from tests.mails.shapes import Form, block, chinese

FORMS: dict[str, Form] = {
    "k9": ("Fwd: ", block("-------- 原始邮件 --------", ("from=发件人", "date=发送时间", "to=收件人", "subject=主题"), "：",
           chinese), ("User-Agent", "K-9 Mail for Android"), ""),
    "group": ("Fw:", block("-----------以下是转发邮件信息-----------",
              ("from=发件人", "to=收件人", "date=发送时间", "subject=主题"), ": ", lambda d: f"{d:%Y-%m-%d %H:%M:%S}"),
              ("X-Mailer", "Groupmail"), ""),
    "qq_dashes": ("转发：", block("–––––––––– 转发邮件 ––––––––––",
                  ("from=发件人", "date=日期", "to=收件人", "subject=主题"), "：", lambda d: f"{d:%Y-%m-%d %H:%M}"),
                  ("X-QQ-MIME", "TCMime 1.0 by Tencent"), "\n\n发自我的iPhone"),
    "huawei": ("转发：", block("-------- 原始邮件 --------", ("subject=主题", "from=发件人", "to=收件人", "date=日期"), "：",
               lambda d: f"{d.year}年{d.month}月{d.day}日周{'一二三四五六日'[d.weekday()]} {d:%H:%M}"),
               ("X-Mailer", "HuaweiMail"), "\n\n发自我的华为手机"),
}  # fmt: skip

PART = Part(
    name="aside",
    folder=Path(__file__).parent,
    seed=90210,
    clients=(*FORMS, "zimbra", "netease_master", "outlook_tw", "gmail_tw", "mail_139", "thunderbird_en", "attached_b64"),
    forms=FORMS,
    shops=(
        "栖木家居旗舰店", "澜庭卫浴专卖店", "衡一箱包专营店", "COZYNEST旗舰店", "3色猫宠物用品店", "老周的茶", "阿秀手作",
        "Mira·Lin饰品", "好眠到天亮企业店", "秦记腊味官方旗舰店", "北纬39度冰品", "米粒妈妈童书馆", "Otto海外旗舰店", "半山小院民艺",
    ),
    shops_hant=("晨光文具旗艦店", "小滿陶瓷"),
    mails=3,
    shorts=2,
    negatives=3,
)  # fmt: skip

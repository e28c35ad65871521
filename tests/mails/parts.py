# ruff: noqa: E501  # a list is as wide as it is
"""The two parts of the corpus. The wordings of `ASIDE` are read by nobody who tunes rules (README.md)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from complaints.demo.wraps import CLIENTS
from tests.mails.aside import PART as ASIDE
from tests.mails.corpus import Part
from tests.mails.shapes import FORMS

OPEN = Part(
    name="open",
    folder=Path(__file__).parent / "wordings",
    seed=1203,
    clients=tuple(name for name in (*CLIENTS, *FORMS) if name not in ASIDE.clients),
    forms=FORMS,
    shops=(
        "云朵服饰旗舰店", "花间集美妆专营店", "回声数码专卖店", "远足户外旗舰店", "暖窝家纺旗舰店", "一壶清泉电器专营店",
        "北野HOME旗舰店", "JUNA官方旗舰店", "lelebaby母婴专营店", "MUSEO海外旗舰店", "7度空间家居专营店", "九号厨具企业店",
        "阿明小铺", "小鹿家居", "林姐的衣橱", "老张五金", "王阿姨手工辣酱", "橘子汽水原创设计", "慢慢走户外集合店", "巷口旧书店",
        "Sunny's Closet", "K&M珠宝", "茶·无所谓", "一只鱼儿游啊游", "不打烊的深夜杂货铺", "甲乙丙丁数码港", "大卖场99",
        "晴川电器专营店", "拾光集官方旗舰店", "鹿角巷零食专卖店", "听雨轩文房", "森之谷宠物旗舰店", "三只熊童装企业店",
    ),
    shops_hant=("綠野戶外旗艦店", "花間集美妝專營店", "小鹿家居", "阿明小舖"),
    mails=5,
    shorts=4,
    negatives=3,
    odd=Path(__file__).parent / "odd",
)  # fmt: skip

# Wordings by people who knew neither rules nor lessons, judged at first sight and then learned from.
NOTED = replace(
    OPEN, name="noted", folder=Path(__file__).parent / "noted", seed=77, mails=1, shorts=1, negatives=1, odd=None
)

__all__ = ["ASIDE", "NOTED", "OPEN"]

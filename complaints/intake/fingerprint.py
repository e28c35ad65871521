"""What makes a notice the same notice, whoever forwarded it how; and the language it is written in."""

from __future__ import annotations

import hashlib
import unicodedata

from complaints.clocks import SHANGHAI
from complaints.intake.shapes import Notice

LONGEST = 1_000_000  # characters of a body that count
_ENOUGH = 20_000  # characters tell a language

# Pairs in frequent use, traditional before simplified, of which each form belongs to one script only.
_PAIRS = (
    "訴诉處处結结約约級级紙纸組组絡络給给統统經经維维網网線线編编總总績绩續续訂订計计討讨訊讯記记設设許许評评詐诈詢询"
    "試试話话該该誤误說说認认語语請请諒谅論论謝谢證证識识議议護护讓让財财責责貨货貴贵買买費费貼贴資资賠赔賣卖質质賬账購购"
    "車车這这進进遲迟過过達达違违選选還还郵邮運运連连門门間间關关電电題题類类願愿頁页項项順顺須须預预領领頻频額额馬马驗验"
    "鐘钟銷销錄录錢钱錯错為为無无東东來来個个們们傳传價价優优備备係系兩两內内則则動动務务單单員员問问啟启團团國国執执報报場场"
    "聲声夠够專专對对導导寫写實实將将屬属廠厂廣广應应張张後后從从復复態态戶户據据換换損损擇择擔担數数斷断時时會会機机權权條条"
    "樣样檢检歡欢歷历歸归氣气沒没準准滿满點点爭争狀状獎奖獲获現现產产異异當当發发盡尽監监碼码確确禮礼稱称種种積积節节簡简"
    "簽签羅罗習习聯联職职聽听與与舊旧萬万號号衛卫補补裝装製制規规視视親亲觀观觸触軟软載载轉转農农醫医釋释開开閉闭際际"
    "陳陈隨随險险難难雙双離离靜静響响頭头館馆體体鮮鲜麗丽齊齐"
)
_HANT = frozenset(_PAIRS[::2])
_HANS = frozenset(_PAIRS[1::2])


def fingerprint(notice: Notice) -> str:
    """64 hex digits, one and the same for a notice however it was forwarded.

    Of the body without blanks, punctuation and quote marks, in one width and case, and of the day (in
    Shanghai) that the notice is dated, which tells apart the same text sent again on another day.
    """
    said = unicodedata.normalize("NFKC", notice.body[:LONGEST]).lower()
    letters = "".join(character for character in said if character.isalnum())
    day = notice.date.astimezone(SHANGHAI).date().isoformat() if notice.date else ""
    return hashlib.sha256(f"{letters}\n{day}".encode("utf-8", "replace")).hexdigest()


def language(text: str) -> str:
    """`zh-Hans`, `zh-Hant` or `en`: Chinese where any noticeable part is, by the script of most characters."""
    sample = text[:_ENOUGH]
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in sample)
    latin = sum(character.isascii() and character.isalpha() for character in sample)
    if chinese * 4 < latin or not chinese + latin:  # a shop's name in an English notice is not enough
        return "en" if latin else "zh-Hans"
    traditional = sum(character in _HANT for character in sample)
    simplified = sum(character in _HANS for character in sample)
    return "zh-Hant" if traditional > simplified else "zh-Hans"

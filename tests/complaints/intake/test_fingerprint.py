from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from complaints.intake.decode import decode
from complaints.intake.fingerprint import fingerprint, language
from complaints.intake.unwrap import unwrap
from tests.mails.wraps import BODY, CLIENTS, INLINE, SENT, forwarded, without_html


def the_notice(raw):
    (notice,) = unwrap(decode(raw))
    return notice


def test_one_notice_has_one_fingerprint_however_it_was_forwarded():
    prints = {client: fingerprint(the_notice(forwarded(client))) for client in CLIENTS}
    assert set(prints.values()) == {prints["direct"]}, prints
    plain = {client: fingerprint(the_notice(without_html(forwarded(client)))) for client in INLINE}
    assert set(plain.values()) == {prints["direct"]}, plain


def test_width_case_blanks_and_quote_marks_do_not_count():
    notice = the_notice(forwarded("direct", body="投诉编号：TS1，退款 459.00 元"))
    same = replace(notice, body="> 投诉编号: ｔｓ１,\n> 退款459.00元。")
    assert fingerprint(same) == fingerprint(notice)


def test_another_word_or_another_day_is_another_notice():
    notice = the_notice(forwarded("direct"))
    others = [
        replace(notice, body=BODY + "已"),
        replace(notice, date=SENT + timedelta(days=1)),
        replace(notice, date=None),
    ]
    assert len({fingerprint(notice), *map(fingerprint, others)}) == 4


def test_the_day_is_shanghai_s_whatever_zone_the_date_was_written_in():
    notice = the_notice(forwarded("direct"))
    assert fingerprint(replace(notice, date=SENT.astimezone(UTC))) == fingerprint(notice)


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        (BODY, "zh-Hans"),
        ("您的投訴已經受理，請耐心等待處理結果", "zh-Hant"),
        ("Your complaint has been accepted. Shop: 云朵服饰旗舰店. Please upload your evidence within 72 hours.", "en"),
        ("Dear buyer, your refund of CNY 459.00 has been approved.", "en"),
        ("Order 3299194706518006493 退款成功", "zh-Hans"),
        ("", "zh-Hans"),
        ("天猫", "zh-Hans"),
        ("12345", "zh-Hans"),
    ],
)
def test_the_language_is_that_of_most_of_the_text(text, tongue):
    assert language(text) == tongue

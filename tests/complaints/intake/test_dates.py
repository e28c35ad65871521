from datetime import UTC, datetime, timedelta, timezone
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.intake.dates import SHANGHAI, find_moments, read_date, resolve

NOTICE_CAME = datetime(2026, 11, 8, 12, 0, tzinfo=SHANGHAI)


def the_only(text):
    moments = find_moments(text)
    assert len(moments) == 1, moments
    return moments[0]


def deadline(text, came=NOTICE_CAME):
    told = resolve(the_only(text), came, as_deadline=True)
    return told.isoformat() if told else None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2019年12月4日(星期三) 晚上7:32", "2019-12-04T19:32:00+08:00"),  # QQ
        ("2025年12月9日(星期二) 中午12:36", "2025-12-09T12:36:00+08:00"),
        ("2025年12月9日(星期二) 中午1:05", "2025-12-09T13:05:00+08:00"),
        ("2025年12月9日(星期二) 凌晨12:10", "2025-12-09T00:10:00+08:00"),
        ("Tue, Mar 5, 2024 10:23 AM", "2024-03-05T10:23:00+08:00"),  # QQ, English
        ("2021-01-21 10:33:41", "2021-01-21T10:33:41+08:00"),  # 163
        ("2026年09月21日 18:46", "2026-09-21T18:46:00+08:00"),  # 网易邮箱大师
        ("2026/09/01 10:00", "2026-09-01T10:00:00+08:00"),
        ("2021-03-11 19:05:03 (星期四)", "2021-03-11T19:05:03+08:00"),  # Coremail
        ("2019年03月05日 10点23分", "2019-03-05T10:23:00+08:00"),  # Sina
        ("2018-09-06 21:22", "2018-09-06T21:22:00+08:00"),  # Foxmail
        ("2024年3月5日(星期二) 10:23", "2024-03-05T10:23:00+08:00"),  # alimail
        ("2021年8月13日 15:45", "2021-08-13T15:45:00+08:00"),  # Outlook
        ("星期五, 11月 20, 2026 8:20 上午", "2026-11-20T08:20:00+08:00"),  # Outlook on a phone
        ("星期二, 3月 5，2024 8:20 下午", "2024-03-05T20:20:00+08:00"),
        ("星期二, 三月 5, 2024 10:23 上午", "2024-03-05T10:23:00+08:00"),
        ("Tuesday, March 5, 2024 10:23:00 AM", "2024-03-05T10:23:00+08:00"),
        ("Tuesday, March 5, 2024 12:23 AM", "2024-03-05T00:23:00+08:00"),
        ("2024年3月5日 上午 10:23", "2024-03-05T10:23:00+08:00"),
        ("2026年9月29日 GMT+8 14:44:02", "2026-09-29T14:44:02+08:00"),  # Apple
        ("2024年3月5日 GMT+8 上午10:23:01", "2024-03-05T10:23:01+08:00"),
        ("March 5, 2024 at 10:23:01\u202fPM GMT+8", "2024-03-05T22:23:01+08:00"),
        ("5 March 2024 at 10:23:01 GMT", "2024-03-05T10:23:01+00:00"),
        ("2026年10月7日周三 20:03", "2026-10-07T20:03:00+08:00"),  # Gmail
        ("2019年7月5日周五 下午3:24", "2019-07-05T15:24:00+08:00"),
        ("2024年3月5日 週二 上午10:23", "2024-03-05T10:23:00+08:00"),
        ("Fri, 28 Jun 2024 16:21:34 +0800", "2024-06-28T16:21:34+08:00"),
        ("Fri, 28 Jun 2024 16:21:34 -0530 (X)", "2024-06-28T16:21:34-05:30"),
        ("Fri, 28 Jun 24 16:21:34 GMT", "2024-06-28T16:21:34+00:00"),
        ("Wed Mar  6 10:23:00 CST 2024", "2024-03-06T10:23:00+08:00"),
        ("6/28/2024 4:21 PM", "2024-06-28T16:21:00+08:00"),
        ("28/6/2024 16:21", "2024-06-28T16:21:00+08:00"),
        ("2026-11-08T18:30:00-05:00", "2026-11-08T18:30:00-05:00"),
        ("2026-11-08T18:30:00Z", "2026-11-08T18:30:00+00:00"),
        ("２０２６年１１月８日　１８：３０", "2026-11-08T18:30:00+08:00"),
        ("二〇二六年十一月八日十八时", "2026-11-08T18:00:00+08:00"),
    ],
)
def test_each_client_s_date_header_is_read(written, meant):
    assert read_date(written).isoformat() == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "昨天",
        "11月8日 18:30",  # no year: a header cannot say which
        "Fri, 28 Jun 9999 16:21:34 GMT",
        "Thu, 01 Jan 0001 00:00:00 +0000",
        "1970-01-01 00:00:00",
        "2024-02-30 10:00",
        "2026-13-01",
        "订单编号 3299194706518006493",
        "2100-12-31 23:59:59 -1400",  # already 2101 in UTC
    ],
)
def test_a_header_that_names_no_possible_day_is_none(written):
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("请于11月10日前上传凭证", "2026-11-10T23:59:59+08:00"),
        ("请于11月10日18:30前上传", "2026-11-10T18:30:00+08:00"),
        ("请于11月10日24:00前处理", "2026-11-10T23:59:59+08:00"),
        ("请于11月10日24时前处理", "2026-11-10T23:59:59+08:00"),
        ("请于11月10日18时30分前", "2026-11-10T18:30:00+08:00"),
        ("请于 11 月 10 日 下午6点半 前", "2026-11-10T18:30:00+08:00"),
        ("今日24点前", "2026-11-08T23:59:59+08:00"),
        ("明天18:00前", "2026-11-09T18:00:00+08:00"),
        ("今晚12点前", "2026-11-08T23:59:59+08:00"),
        ("1月2日9点半前", "2027-01-02T09:30:00+08:00"),
        ("截止 11-15 18:30", "2026-11-15T18:30:00+08:00"),
        ("by 18:30 on November 10, 2026", "2026-11-10T18:30:00+08:00"),
        ("by 6:30 PM (Beijing time), Nov 10", "2026-11-10T18:30:00+08:00"),
        ("before November 10", "2026-11-10T23:59:59+08:00"),
        ("十二月三十一日下午三点前", "2026-12-31T15:00:00+08:00"),
        ("11月10日晚上12:30", "2026-11-11T00:30:00+08:00"),
        ("11月10日晚8点前", "2026-11-10T20:00:00+08:00"),
        ("明早9点半前", "2026-11-09T09:30:00+08:00"),
        ("明晚12点前", "2026-11-09T23:59:59+08:00"),
        ("11月10日（星期二）18：30前", "2026-11-10T18:30:00+08:00"),
        ("11月10日零点前", "2026-11-10T00:00:00+08:00"),
        ("by 6 p.m. on Nov 10", "2026-11-10T18:00:00+08:00"),
        ("before Nov 10, 6pm", "2026-11-10T18:00:00+08:00"),
        ("10 November 2026, 10:30 (GMT)", "2026-11-10T10:30:00+00:00"),
        ("11月8日24小时内", "2026-11-08T23:59:59+08:00"),
    ],
)
def test_a_deadline_in_a_sentence_is_read(words, meant):
    assert deadline(words) == meant


def test_a_day_without_year_may_lie_one_day_back_but_no_more():
    assert deadline("11月7日") == "2026-11-07T23:59:59+08:00"
    assert deadline("11月6日") == "2027-11-06T23:59:59+08:00"


def test_the_last_of_february_waits_for_a_leap_year():
    assert deadline("2月29日") == "2028-02-29T23:59:59+08:00"


def test_without_a_base_only_a_full_date_is_told():
    assert resolve(the_only("11月10日18:30"), None) is None
    assert resolve(the_only("明天18:00"), None) is None
    assert resolve(the_only("2026年11月10日18:30"), None) is not None


def test_midnight_is_the_next_day_unless_it_is_a_deadline():
    midnight = the_only("2026-11-10 24:00")
    assert resolve(midnight, None).isoformat() == "2026-11-11T00:00:00+08:00"
    assert resolve(midnight, None, as_deadline=True).isoformat() == "2026-11-10T23:59:59+08:00"


def test_the_base_is_counted_in_the_moment_s_own_zone():
    late_in_utc = datetime(2026, 11, 8, 18, 0, tzinfo=UTC)  # already the 9th in Shanghai
    assert resolve(the_only("明天"), late_in_utc).date().isoformat() == "2026-11-10"


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        ("2026-11-08至2026-11-10", ["2026-11-08", "2026-11-10"]),
        ("11月8日至10日", ["11月8日", "10日"]),
        ("11月10日9:00-18:00", ["11月10日9:00", "18:00"]),
        ("自2026年11月8日 18:30:05起,至2026年11月9日止", ["2026年11月8日 18:30:05", "2026年11月9日"]),
    ],
)
def test_both_ends_of_a_range_are_found_with_their_spans(words, spans):
    assert [words[moment.start : moment.end] for moment in find_moments(words)] == spans


def test_the_end_of_a_range_inherits_what_the_start_said():
    ends = [resolve(m, NOTICE_CAME).isoformat() for m in find_moments("2026年11月10日9:00-18:00")]
    assert ends == ["2026-11-10T09:00:00+08:00", "2026-11-10T18:00:00+08:00"]


@pytest.mark.parametrize(
    "words",
    [
        "订单编号3299194706518006493，金额459.00元",
        "72小时内，3天内，3个工作日内",
        "18:30",
        "T20261108 1-2 3/4 99%",
        "You may 5 times march on",
    ],
)
def test_what_is_no_date_is_not_taken_for_one(words):
    assert find_moments(words) == []


@pytest.mark.parametrize("bait", ["2026年", "2026-11-", "11月10日 ", " ", "Mar 5, ", "1/", "周三 上午 "])
def test_time_grows_with_the_length_only(bait):
    text = (bait * 60_000)[:240_000]
    started = process_time()
    find_moments(text)
    assert process_time() - started < 10


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789年月日时点分:：-/. 上下午晚MaryNovT+GMT至周三()\u00a0", max_size=60))
def test_no_text_breaks_the_grammar(text):
    end = 0
    for moment in find_moments(text):
        assert end <= moment.start < moment.end <= len(text)
        end = moment.end
        told = resolve(moment, NOTICE_CAME, as_deadline=True)
        assert told is not None
        assert told.utcoffset() is not None


@settings(max_examples=40, deadline=None)
@given(
    st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2099, 12, 30)),
    st.sampled_from([-480, 0, 330, 480]),
)
def test_an_rfc_2822_date_comes_back_as_it_went(moment, offset):
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert read_date(moment.strftime("%a, %d %b %Y %H:%M:%S %z")) == moment
    assert read_date(moment.isoformat()) == moment

import base64
import email
import quopri
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.intake.decode import Person, decode, decode_words, read_people
from tests.mails.wraps import ADDRESS, BODY, CLIENTS, INBOX, SENDER, SHOPPER, SUBJECT, a_mail, forwarded

TOP = b"From: lilei@qq.com\r\nTo: u@in.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def parts(*inner, kind="mixed", boundary="b"):
    mark = f"--{boundary}".encode()
    head = TOP + f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in inner) + mark + b"--\r\n"


def text_part(text, charset="utf-8", kind="plain", more=""):
    head = f"Content-Type: text/{kind}; charset={charset}{more}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head.encode() + text.encode("gb18030" if charset.startswith("gb") else charset)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_outer_headers_of_every_client_are_read(client):
    mail = decode(forwarded(client))
    if client in ("auto", "direct"):
        assert (mail.from_name, mail.from_address, mail.subject) == (SENDER, ADDRESS, SUBJECT)
    else:
        assert (mail.from_name, mail.from_address, mail.to) == ("李雷", SHOPPER, (INBOX,))
        assert mail.subject.endswith(SUBJECT)
    assert mail.date is not None
    assert mail.warnings == ()
    assert not mail.is_text


@pytest.mark.parametrize("client", CLIENTS)
def test_the_writer_s_mails_are_whole_to_another_parser_too(client):
    raw = forwarded(client)
    message = email.message_from_bytes(raw)
    texts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    charset = texts[0].get_content_charset()
    plain = texts[0].get_payload(decode=True).decode("gb18030" if charset.startswith("gb") else charset)
    assert plain.strip()
    assert all(part.defects == [] for part in message.walk())
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # or no SMTP door takes it


# --- charsets --------------------------------------------------------------------------------------------


def test_a_label_that_lies_is_warned_of():
    raw = a_mail(BODY).replace(b"charset=utf-8", b"charset=gb2312")
    mail = decode(raw)
    assert mail.text.strip() == BODY
    assert mail.warnings == ("charset_guessed",)


def test_gbk_under_the_label_gb2312_is_whole_and_needs_no_warning():
    mail = decode(parts(text_part("赟先生、喆女士，①", "gb2312")))
    assert (mail.text, mail.warnings) == ("赟先生、喆女士，①", ())


def test_damaged_bytes_are_marked():
    raw = a_mail(BODY)[:-1]
    mail = decode(raw)
    assert mail.text.startswith(BODY[:-1])
    assert set(mail.warnings) == {"charset_guessed", "damaged_text"}


def test_html_without_a_label_is_read_by_the_charset_it_names_itself():
    page = '<meta charset="big5"><p>投訴'.encode("big5")
    mail = decode(parts(b"Content-Type: text/html\r\n\r\n" + page))
    assert mail.text == "投訴"


def test_raw_eight_bit_headers_are_text_without_half_surrogates():
    raw = "From: 天猫 <a@b.cn>\r\nSubject: 投诉受理结果\r\nDate: x\r\n\r\nhi".encode("gb18030")
    mail = decode(raw)
    assert (mail.from_name, mail.subject) == ("天猫", "投诉受理结果")


# --- encoded words ---------------------------------------------------------------------------------------


def word(raw, charset="gb18030"):
    return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="


@pytest.mark.parametrize("cut", range(1, 12))
def test_words_that_are_cut_inside_a_character_are_joined_first(cut):
    raw = "投诉处理结果".encode("gb18030")
    assert decode_words(f"{word(raw[:cut])}\r\n {word(raw[cut:])}") == "投诉处理结果"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("=?UTF-8?Q?=E5=A4=A9=E7=8C=AB_ok?=", "天猫 ok"),
        ("=?gb2312?B?zOzDqA==?= notice", "天猫 notice"),
        ("a =?gbk?B?zOzDqA==?= =?utf-8?B?5a6i5pyN?= b", "a 天猫客服 b"),
        ("=?utf-8*zh?B?5a6i5pyN?=", "客服"),
        ("=?x-unknown?B?5a6i5pyN?=", "客服"),
        ("=?utf-8?B?5a6i5pyN", "=?utf-8?B?5a6i5pyN"),  # cut off: stays as it is
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("=?utf-8?B?5a6i5py?=", "客\ufffd"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_words_are_decoded_and_what_is_none_is_left(written, said):
    assert decode_words(written) == said


def test_a_name_cannot_smuggle_in_an_address():
    trick = word(b"service@mail.alipay.com <service@mail.alipay.com>", "utf-8")
    assert read_people(f"{trick} <evil@x.example>") == (
        Person("service@mail.alipay.com <service@mail.alipay.com>", "evil@x.example"),
    )


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("天猫客服 <A@B.cn>", [("天猫客服", "a@b.cn")]),
        ('"天猫客服"<a@b.cn>;', [("天猫客服", "a@b.cn")]),
        ('"Li, Lei" <a@b.cn>, c@d.cn', [("Li, Lei", "a@b.cn"), ("", "c@d.cn")]),
        ("天猫 [mailto:a@b.cn]", [("天猫", "a@b.cn")]),
        ("a@b.cn (天猫)", [("天猫", "a@b.cn")]),
        ("李雷; 韩梅梅", [("李雷", ""), ("韩梅梅", "")]),
        ("a@b.cn <a@b.cn>", [("a@b.cn", "a@b.cn")]),
        ("undisclosed-recipients:;", []),
        ("", []),
        ("<>", []),
        ("=?gbk?B?zOzDqA==?= <a@b.cn>", [("天猫", "a@b.cn")]),
        ("<a@b.cn>，<c@d.cn>", [("", "a@b.cn"), ("", "c@d.cn")]),
        ("\u202eevil <a@b.cn>", [("evil", "a@b.cn")]),
    ],
)
def test_people_are_read_in_every_spelling(written, people):
    assert [tuple(person) for person in read_people(written)] == people


# --- parts -----------------------------------------------------------------------------------------------


def test_html_is_preferred_and_plain_text_stands_in_for_a_mere_picture():
    both = parts(text_part("plain"), text_part("<p>rich</p>", kind="html"), kind="alternative")
    picture = parts(text_part("plain"), text_part("<img src=cid:1>", kind="html"), kind="alternative")
    assert decode(both).text == "rich"
    assert decode(picture).text == "plain"


def test_alternative_inside_mixed_leaves_the_other_texts_in_place():
    inner = parts(text_part("plain"), text_part("<p>rich</p>", kind="html"), kind="alternative", boundary="c")
    inner = inner[inner.index(b"Content-Type") :]
    mail = decode(parts(inner, text_part("and a footer")))
    assert mail.text == "rich\nand a footer"


def test_qq_s_entities_in_plain_text_become_what_they_mean():
    assert decode(parts(text_part('发件人:&nbsp;"x"<a@b.cn&gt;;'))).text == '发件人:\u00a0"x"<a@b.cn>;'


def test_flowed_lines_are_joined():
    flowed = text_part("one \ntwo\n> quoted\n-- \nme", more="; format=flowed")
    assert decode(parts(flowed)).text == "one two\n> quoted\n-- \nme"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "BASE64 ", "8bit", "x-odd"])
def test_transfer_encodings_are_undone(encoding):
    raw = "投诉=受理".encode()
    if "64" in encoding.lower():
        raw = base64.encodebytes(raw)
    elif encoding == "quoted-printable":
        raw = "".join(f"={byte:02X}" for byte in raw).encode()
    head = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    assert decode(parts(head.encode() + raw)).text.strip() == "投诉=受理"


def test_base64_without_padding_or_with_rubbish_is_forgiven():
    for payload in (b"5a6i5pyN5aSp", b"5a6i\r\n!!5pyN5aSp5", b"5a6i5pyN5aS"):
        head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        assert decode(parts(head + payload)).text.startswith("客服")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=UTF-8''%E5%87%AD%E8%AF%81.png", "凭证.png"),
        ("attachment; filename*0*=gb18030''%C6%BE; filename*1*=%D6%A4; filename*2=.png", "凭证.png"),
        ("attachment; filename==?gb18030?B?xr7WpC5wbmc=?=", "凭证.png"),
        ('attachment; filename="=?utf-8?Q?=E5=87=AD=E8=AF=81.png?="', "凭证.png"),
        ('attachment; filename="凭证.png"', "凭证.png"),
        ('attachment; filename="a;b.png"', "a;b.png"),
        (r'attachment; filename="C:\\fakepath\\凭证.png"', "凭证.png"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="\u202egnp.exe"', "gnp.exe"),
        ("attachment", ""),
    ],
)
def test_file_names_are_read_and_made_harmless(disposition, name):
    part = f"Content-Type: image/png\r\nContent-Disposition: {disposition}\r\n\r\nPNG".encode()
    (attachment,) = decode(parts(text_part("hi"), part)).attachments
    assert (attachment.name, attachment.raw, attachment.is_mail) == (name, b"PNG", False)


def test_an_attached_original_is_cut_out_by_its_offset_to_the_byte():
    original = forwarded("direct").replace(b"\r\n", b"\n", 3)  # mixed line ends: a rewriter would mend them
    raw = parts(text_part("see"), b"Content-Type: message/rfc822\r\n\r\n" + original)
    (attachment,) = decode(raw).attachments
    first, last = attachment.offset
    assert attachment.is_mail
    assert attachment.raw == raw[first:last] == original


def test_an_eml_file_sent_as_base64_is_a_mail_too():
    (attachment,) = decode(forwarded("attached_b64")).attachments
    assert (attachment.is_mail, attachment.name, attachment.offset) == (True, "原邮件.eml", None)
    assert decode(attachment.raw).subject == SUBJECT


def test_a_multipart_whose_delimiters_never_come_is_read_as_text():
    raw = TOP + b"Content-Type: multipart/mixed; boundary=nowhere\r\n\r\nhello"
    assert decode(raw).text == "hello"


def test_a_multipart_that_breaks_off_keeps_its_last_part():
    raw = parts(text_part("one"), text_part("two")).removesuffix(b"\r\n--b--\r\n")
    assert decode(raw).text == "one\ntwo"


# --- what is no mail -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "您的投诉已受理",
        "Note: hello\nthere",
        "Hello",
        "From: a\n\nhi",
        "发件人：天猫 <a@b.cn>\n主题：x\n\n正文",
        "http://x.example",
    ],
)
def test_a_text_without_header_block_is_a_pasted_text(text):
    mail = decode(text.encode())
    assert (mail.is_text, mail.text, mail.headers) == (True, text, ())


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_pasted_text_is_read_in_the_charsets_that_editors_save(codec):
    assert decode("您的投诉已受理，请耐心等待".encode(codec)).text == "您的投诉已受理，请耐心等待"


@pytest.mark.parametrize(
    "head", ["Subject: 投诉", "From: a@b.cn\nTo: c@d.cn", "Received: x", "X-Odd: 1\nSubject: 投诉"]
)
def test_a_few_headers_make_a_mail(head):
    mail = decode(f"{head}\n\nhello".encode())
    assert (mail.is_text, mail.text) == (False, "hello")


def test_nothing_at_all_is_an_empty_text():
    for raw in (b"", b"\r\n\r\n", b"\0"):
        mail = decode(raw)
        assert (mail.is_text, mail.text) == (True, "")


def test_bytes_that_are_no_text_say_so():
    assert decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").warnings == ("not_text",)


def test_leading_blank_lines_and_an_mbox_line_are_passed_over():
    for before in (b"\r\n\r\n", b"\xef\xbb\xbf", b"From lilei@qq.com Sun Nov  8 18:30:05 2026\n"):
        assert decode(before + a_mail("hi")).subject == "你好"


def test_nul_bytes_never_come_through():
    raw = a_mail("a\0b", subject="c\0d")
    mail = decode(raw)
    assert (mail.text, mail.subject) == ("ab", "cd")


def test_a_message_id_with_quotes_and_a_date_of_year_9999_break_nothing():
    raw = a_mail("hi").replace(b"<1@qq.com>", b'<"a"b"@new.mail.taobao.com>').replace(b"2026", b"9999")
    mail = decode(raw)
    assert (mail.message_id, mail.date) == ('<"a"b"@new.mail.taobao.com>', None)


# --- limits ----------------------------------------------------------------------------------------------


def nested(levels):
    head = b"".join(
        b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (level, level + 1) for level in range(levels)
    )
    return TOP + b"Content-Type: multipart/mixed; boundary=0\r\n\r\n" + head


def mails_in_mails(levels):
    return b"".join(b"From: a@b.cn\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n" for _level in range(levels))


@pytest.mark.parametrize(
    ("raw", "warning"),
    [
        (TOP + b"\r\n" + b"x" * (25 * 1024 * 1024), "too_large"),
        (TOP + b"X-Long: " + b"x" * 300_000 + b"\r\n\r\nhi", "headers_too_large"),
        (TOP + b"X-A: b\r\n" * 1_200 + b"\r\nhi", "too_many_headers"),
        (parts(*[b"\r\nx"] * 600), "too_many_parts"),
        (nested(30), "too_deep"),
        (nested(10_000), "too_deep"),
        (mails_in_mails(40), "too_deep"),
    ],
)
def test_over_a_limit_only_the_top_headers_are_read(raw, warning):
    started = process_time()
    mail = decode(raw)
    assert process_time() - started < 10
    assert mail.warnings == (warning,)
    assert mail.from_address in ("lilei@qq.com", "a@b.cn")
    assert (mail.text, mail.attachments) == ("", ())


def test_a_body_without_end_is_cut_at_a_line_and_not_inside_a_character():
    mail = decode(a_mail("投诉处理\n" * 400_000))
    assert mail.warnings == ("text_cut",)
    assert set(mail.text.split("\n")) == {"投诉处理"}


def test_under_the_limits_everything_is_read():
    many = decode(parts(*[text_part("x")] * 400))
    assert (many.text.count("x"), many.warnings) == (400, ())
    deep = parts(text_part("end"), boundary="z")
    deep = nested(18) + b"--18\r\n" + deep[deep.index(b"Content-Type") :]
    assert decode(deep).text == "end"


@pytest.mark.parametrize(
    "header",
    [
        b"Subject: " + b"=?utf-8?B?5a6i5pyN?= " * 10_000,
        b"From: " + b'"' * 100_000,
        b"To: " + b"(" * 100_000,
        b"To: " + b"a@b.cn," * 20_000,
        b"Subject: " + b"=?" * 100_000,
        b"Content-Type: text/plain; " + b"".join(b"name*%d*=x; " % number for number in range(15_000)),
    ],
)
def test_header_bombs_cost_little(header):
    started = process_time()
    decode(b"MIME-Version: 1.0\r\n" + header + b"\r\n\r\nhi")
    assert process_time() - started < 10


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(CLIENTS), st.data())
def test_mutated_mails_never_raise(client, data):
    raw = bytearray(forwarded(client))
    for _change in range(data.draw(st.integers(1, 20))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 60))] = data.draw(
            st.one_of(st.binary(max_size=8), st.sampled_from([b"\r\n", b"\r\n\r\n", b"=?", b"--", b"\0", b'"', b";"]))
        )
    mail = decode(bytes(raw))
    for text in (mail.text, mail.subject, mail.from_name, mail.html, *(value for _name, value in mail.headers)):
        assert "\0" not in text
        text.encode()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_raise(raw):
    decode(raw)
    decode(TOP + raw)


# --- traps that other readers fell into (lessons of public bug reports) -----------------------------------


def test_a_line_end_inside_an_encoded_name_is_a_blank():
    mail = decode(b"From: =?utf-8?b?5aSpCueMqw0K?= <a@b.cn>\r\nTo: x@y.cn\r\nSubject: =?utf-8?b?YQpi?=\r\n\r\nx")
    assert (mail.from_name, mail.from_address, mail.subject) == ("天 猫", "a@b.cn", "a b")


@pytest.mark.parametrize("label", ["gb2312", "GB_2312-80", "x-gbk", "cp936", "gb18030", "unknown-8bit", ""])
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_characters_outside_gb2312_are_whole_in_body_subject_and_sender(label, encoding):
    text = "喆赟镕堃囍玥①旗舰店的处理结果通知，请您查收"
    raw = text.encode("gb18030")
    body = {"base64": base64.encodebytes(raw), "quoted-printable": quopri.encodestring(raw), "8bit": raw}[encoding]
    word = f"=?{label or 'gb2312'}?B?{base64.b64encode(raw).decode()}?="
    charset = f"; charset={label}" if label else ""
    mail = decode(
        f"From: {word} <a@b.cn>\r\nTo: x@y.cn\r\nSubject: {word}\r\nContent-Type: text/plain{charset}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + body
    )
    assert (mail.from_name, mail.subject, mail.text.strip()) == (text, text, text)


def test_backslashes_are_letters():
    mail = decode(b"From: a@b.cn\r\nSubject: C:\\new\\table\r\n\r\nC:\\new\\table \\u5929")
    assert (mail.subject, mail.text) == ("C:\\new\\table", "C:\\new\\table \\u5929")


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "base64", "quoted-printable", "x-unknown"])
def test_an_attached_original_is_found_in_any_transfer_encoding(encoding):
    inner = b"From: a@b.cn\r\nSubject: =?gbk?B?zOzDqA==?=\r\n\r\nx=\r\n"
    coded = {"base64": base64.encodebytes(inner), "quoted-printable": quopri.encodestring(inner)}.get(encoding, inner)
    mail = decode(
        b"From: a@b.cn\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: "
        + encoding.encode()
        + b"\r\n\r\n"
        + coded
        + b"\r\n--b--\r\n"
    )
    (part,) = mail.attachments
    assert part.is_mail
    assert decode(part.raw).subject == "天猫"


def test_an_inline_disposition_hides_nothing_and_an_inline_picture_is_no_text():
    mail = decode(
        b"From: a@b.cn\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\nContent-Disposition: inline\r\n\r\nsaid\r\n"
        b"--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: inline\r\n\r\n%PDF\r\n--b--\r\n"
    )
    assert mail.text == "said"
    assert [part.name for part in mail.attachments] == ["a.pdf"]

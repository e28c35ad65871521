"""The tray: a volunteer settles what the machine doubts, masked; the owner sees it and can take it back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, new_case, open_when
from tools.screens import Way, look
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]
STRANGER = "somebody@elsewhere.example"


def case_with_doubt(
    phone: Phone, forward: Callable[..., None], owner: Person, shop: str, number: str, doubt: tuple[str, str]
) -> Page:
    """The owner's page on a case that was acknowledged, and about which `doubt` came from a stranger's mailbox."""
    page = phone(owner)
    forward(owner, "【天猫】您的投诉已受理", f"您对“{shop}”的投诉已受理，投诉编号：{number}，请等待商家处理。")
    open_when(page, "/cases/", shop)
    page.locator("a.cover", has_text=shop).click()
    expect(page.locator(".track .now")).to_have_text("已受理")
    subject, body = doubt
    forward(owner, subject, body.format(shop=shop, number=number), by=STRANGER)
    open_when(page, urlsplit(page.url).path, "等你确认")
    return page


def claim(page: Page, shop: str) -> str:
    """Take the mail about `shop` out of the tray; returns its path. The page stands on it."""
    page.goto("/tray/")
    card = page.locator("#tray-rows li.card", has_text=shop)
    card.get_by_role("button", name="认领并查看").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("看一封来信")
    return urlsplit(page.url).path


def test_a_volunteer_settles_a_doubt_and_the_owner_sees_who_looked_and_takes_it_back(
    phone: Phone, person: Callable[..., Person], forward: Callable[..., None]
) -> None:
    shop, refused = "松间竹器旗舰店", "拒绝了您的退款申请"
    owner = person("doubted@example.com")
    owners = case_with_doubt(
        phone, forward, owner, shop, "TS202611229901",
        ("商家拒绝了您的退款申请", "“{shop}”" + refused + "。\n投诉编号：{number}\n"
         "收货人：王小明\n联系电话：13812345678\n"
         "您可在7天内修改申请或申请客服介入，逾期申请将关闭。"),
    )  # fmt: skip
    helper = phone(person("helper@example.com", "volunteer"))
    item = claim(helper, shop)

    shown = helper.locator("main")
    expect(shown).to_contain_text("寄信的邮箱没有确认是买家本人的")
    expect(helper.locator("mark", has_text="拒绝").first).to_be_visible()
    expect(helper.locator(".masked").first).to_be_visible()
    for secret in ("王小明", "13812345678", "1381234", "TS202611229901", owner.email, owner.inbox):
        assert secret not in shown.inner_text()
        assert secret not in helper.content()

    other = phone(person("helper-two@example.com", "volunteer"))
    other.goto("/tray/")
    taken = other.locator("#tray-rows li.card", has_text=shop)
    expect(taken).to_contain_text("别人在看")
    expect(taken.get_by_role("button")).to_have_count(0)
    answer = other.goto(item)
    assert answer is not None
    assert answer.status == 404

    helper.get_by_role("button", name="提议是对的").click()
    expect(helper.locator("#messages")).to_contain_text("已确认")
    owners.reload()
    expect(owners.locator(".track .now")).to_have_text("商家已回应")
    helper.get_by_role("button", name="撤销", exact=True).click()
    expect(helper.locator("#messages")).to_contain_text("已撤销，这封信重新等人看")
    owners.reload()
    expect(owners.locator(".track .now")).to_have_text("已受理")
    helper.get_by_role("button", name="提议是对的").click()
    expect(helper.locator("#messages")).to_contain_text("已确认")

    owners.reload()
    case = urlsplit(owners.url).path
    owners.locator("#case-timeline li.event", has_text="拒绝了申请").get_by_role("link", name="看来信").click()
    looks = owners.locator("section", has=owners.locator("#looks-title")).locator("li")
    expect(looks.filter(has_text="志愿者")).to_have_count(5)  # claimed, read, and decided three times
    owners.get_by_role("button", name="撤销这个处理").click()
    expect(owners.locator("#messages")).to_contain_text("已撤销，重新等你确认")
    owners.goto(case)
    expect(owners.locator(".track .now")).to_have_text("已受理")
    expect(owners.locator("#case-timeline li.event.undone")).to_contain_text("拒绝了申请")
    answer = helper.goto(item)
    assert answer is not None
    assert answer.status == 200  # the owner took it back, and it waits again under the claim that still lives


def test_a_ruling_against_the_owner_is_refused_to_a_volunteer_in_a_clear_sentence(
    phone: Phone, person: Callable[..., Person], forward: Callable[..., None]
) -> None:
    shop = "听雨茶具旗舰店"
    owners = case_with_doubt(
        phone, forward, person("doubted@example.com"), shop, "TS202611229902",
        ("处理结果通知：支持卖家", "您好，您对“{shop}”的投诉（投诉编号：{number}）处理结果如下：\n"
         "经核实，平台支持卖家，交易款项支付给卖家。"),
    )  # fmt: skip
    helper = phone(person("helper@example.com", "volunteer"))
    claim(helper, shop)
    expect(helper.locator("#tray-decide")).to_contain_text("只能由买家本人确认")
    expect(helper.get_by_role("button", name="提议是对的")).to_have_count(0)
    helper.locator("#tray-file").get_by_role("button", name="归入案件").click()
    expect(helper.get_by_role("alert").filter(has_text="只能由买家本人确认")).to_contain_text("没有任何改变")
    owners.reload()
    expect(owners.locator(".track .now")).to_have_text("已受理")
    expect(owners.locator("#proposals")).to_contain_text("判决")


def test_a_volunteer_files_a_mail_without_a_number_and_undoes_it_then_rejects_and_skips(
    phone: Phone, person: Callable[..., Person], forward: Callable[..., None]
) -> None:
    shop, owner = "半亩花田绿植店", person("unnumbered@example.com")
    owners = phone(owner)
    forward(owner, "【天猫】您的投诉已受理", f"您对“{shop}”的投诉已受理，投诉编号：TS202611229903，请等待商家处理。")
    open_when(owners, "/cases/", shop)
    forward(owner, "天猫客服已介入", "您好，天猫客服已介入您的维权，小二将联系双方核实，请保持电话畅通。", by=STRANGER)
    open_when(owners, "/cases/", "等你确认")
    owners.locator("a.cover", has_text=shop).click()

    helper = phone(person("helper@example.com", "volunteer"))
    helper.goto("/tray/")
    mine = helper.locator("#tray-rows li.card", has_text="介入").last  # the newest comes last
    mine.get_by_role("button", name="认领并查看").click()
    filing = helper.locator("#tray-file")
    if filing.get_attribute("open") is None:
        filing.locator("summary").click()
    filing.locator("label", has_text=shop).click()
    filing.get_by_role("button", name="归入案件").click()
    expect(helper.locator("#messages")).to_contain_text("已归入案件")
    owners.reload()
    expect(owners.locator(".track .now")).to_have_text("平台已介入")
    helper.get_by_role("button", name="撤销", exact=True).click()
    expect(helper.locator("#messages")).to_contain_text("已撤销，这封信重新等人看")
    owners.reload()
    expect(owners.locator(".track .now")).to_have_text("已受理")
    helper.get_by_role("button", name="与投诉无关").click()
    expect(helper.locator("#messages")).to_contain_text("已标为与投诉无关")
    helper.get_by_role("button", name="撤销", exact=True).click()
    expect(helper.locator("#messages")).to_contain_text("已撤销，这封信重新等人看")
    helper.get_by_role("button", name="放回去").click()
    expect(helper.locator("#tray-rows")).to_contain_text("介入")


SMALL = Way(360, "light", "zh-hans")


def test_ten_doubts_are_settled_by_keys_alone_and_the_keys_stay_off_once_switched_off(
    phone: Phone, person: Callable[..., Person], forward: Callable[..., None], suji: Stack
) -> None:
    shop, owner = "十里书屋旗舰店", person("ten-doubts@example.com")
    for number in range(10):
        forward(
            owner, "【天猫】您的投诉已受理",
            f"您对“{shop}”的投诉已受理，投诉编号：TS20261122{8000 + number}，请等待商家处理。", by=STRANGER,
        )  # fmt: skip
    open_when(phone(owner), "/mails/", "等人确认")
    helper = phone(person("keys@example.com", "volunteer"))
    open_when(helper, "/tray/", shop)
    assert list(look(helper, SMALL)) == []
    helper.keyboard.press("?")
    expect(helper.locator("#keys-help")).to_be_visible()
    helper.keyboard.press("Escape")
    expect(helper.locator("#keys-help")).to_be_hidden()
    helper.keyboard.press("s")
    expect(helper.get_by_role("heading", level=1)).to_have_text("看一封来信")
    assert list(look(helper, SMALL)) == []

    settled = 0
    for _mail in range(40):
        here = helper.url
        mine = shop in helper.locator("main").inner_text()
        if settled == 0 and mine:
            helper.keyboard.press("j")
            assert helper.evaluate("document.activeElement.localName") == "mark"
        helper.keyboard.press("a" if mine else "s")  # one key a mail
        helper.wait_for_url(lambda url, before=here: url != before)
        settled += mine
        if settled == 10:
            break
    cases = suji.tell(owner.email)["cases"]
    assert [case["stage"] for case in cases] == ["acknowledged"] * 10
    helper.keyboard.press("z")
    expect(helper.locator("#messages")).to_contain_text("已撤销，这封信重新等人看")
    helper.keyboard.press("a")
    expect(helper.locator("#messages")).to_contain_text("已确认")

    helper.goto("/tray/")
    helper.get_by_role("button", name="快捷键").click()
    helper.get_by_label("使用快捷键").uncheck()
    helper.keyboard.press("Escape")
    helper.reload()
    helper.keyboard.press("?")
    expect(helper.locator("#keys-help")).to_be_hidden()


def test_a_shopper_asks_for_a_look_and_a_volunteer_answers_by_keyboard_alone(
    phone: Phone, person: Callable[..., Person]
) -> None:
    owners = phone(person("asks@example.com"))
    case = new_case(owners, "半坡陶器旗舰店")
    owners.get_by_role("link", name="请志愿者看看").click()
    owners.locator("label", has_text="证据够不够").click()
    owners.get_by_role("button", name="请人看看").click()
    expect(owners.locator("#review")).to_contain_text("等志愿者来看")

    helper = phone(person("looks@example.com", "volunteer"))
    helper.goto("/reviews/")
    card = helper.locator("li.card", has_text="半坡陶器")
    card.get_by_role("checkbox").focus()
    helper.keyboard.press("Space")
    helper.keyboard.press("Tab")
    helper.keyboard.press("Enter")
    expect(helper.get_by_role("heading", level=1)).to_contain_text("半坡陶器")
    assert list(look(helper, SMALL)) == []
    helper.get_by_label("写给买家的话").focus()
    helper.keyboard.type("请先拍下吊牌")
    helper.keyboard.press("Tab")
    helper.keyboard.press("Enter")
    expect(helper.locator("#messages")).to_contain_text("买家在案件页上看得到")

    owners.goto(case)
    expect(owners.locator("#review")).to_contain_text("请先拍下吊牌")
    assert list(look(owners, SMALL)) == []
    owners.get_by_role("button", name="有帮助，谢谢，结束").click()
    expect(owners.locator("#messages")).to_contain_text("谢谢已经转达")
    owners.get_by_role("link", name="谁看过这个案件").click()
    expect(owners.locator("tbody tr")).to_have_count(3)  # took it on, looked, wrote
    assert list(look(owners, SMALL)) == []
    answer = helper.reload()
    assert answer is not None
    assert answer.status == 404

"""Exhibits on a phone: choosing, dropping, pasting, a file that is none, the viewer, captions, putting aside."""

from __future__ import annotations

import base64
import functools
import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, JSHandle, Page, expect

from tests.browser.conftest import Person, new_case
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]
READ = "() => [...document.querySelectorAll('#exhibits img')].filter(one => one.naturalWidth > 0).length"
TRANSFER = """files => {
  const transfer = new DataTransfer();
  for (const [name, type, base64] of files) {
    const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  return transfer;
}"""


@functools.cache
def picture(width: int = 900, format: str = "JPEG", colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, 700), colour).save(file, format)
    return file.getvalue()


def jpeg(name: str, **look: object) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(**look)}  # type: ignore[arg-type]


def wait_for_thumbnails(page: Page, count: int) -> None:
    """Until the page has polled itself so many thumbnails."""
    expect(page.locator("#exhibits img")).to_have_count(count, timeout=30_000)
    page.locator("#exhibits").scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({READ})() === {count}", timeout=20_000)


def transfer(page: Page, *files: FilePayload) -> JSHandle:
    """What a drop or a paste carries."""
    told = [[one["name"], one["mimeType"], base64.b64encode(one["buffer"]).decode()] for one in files]
    return page.evaluate_handle(TRANSFER, told)


def test_many_are_chosen_and_a_file_that_is_none_stays_with_its_sentence(
    suji: Stack, phone: Phone, person: Callable[..., Person]
) -> None:
    page = phone(person("exhibits@example.com"))
    new_case(page, "青禾家居旗舰店")
    page.locator("#id_files").set_input_files(
        [
            jpeg("破损.jpg", colour="teal"),
            {"name": "聊天记录.jpg", "mimeType": "image/jpeg", "buffer": "这是文字，不是图片。".encode() * 40},
            jpeg("吊牌.jpg", colour="maroon"),
        ]
    )
    lines = page.locator("#exhibit-form .upload")
    expect(lines).to_have_count(3)
    for line in lines.all():
        expect(line.locator("progress")).to_have_count(1)
    expect(lines.filter(has_text="破损.jpg")).to_contain_text("已交上")
    expect(lines.filter(has_text="吊牌.jpg")).to_contain_text("已交上")
    refused = lines.filter(has_text="聊天记录.jpg")
    expect(refused).to_have_class(re.compile(r"\bfailed\b"))
    expect(refused.locator(".upload-said")).to_contain_text("这种文件不能作为证据保存")
    expect(page.locator("#exhibits .upload")).to_have_count(0)  # said once, beside the file
    expect(page.locator("#exhibits h2 .count")).to_have_text("2")
    wait_for_thumbnails(page, 2)
    assert page.evaluate("() => document.querySelector('#exhibits img').naturalWidth") <= 320

    refused.get_by_role("button", name="重试").click()
    expect(refused.get_by_role("button", name="重试")).to_be_visible()  # and refused again
    refused.get_by_role("button", name="移除").click()
    expect(lines).to_have_count(2)
    lines.first.get_by_role("button", name="移除").click()  # the line, not the exhibit
    expect(lines).to_have_count(1)
    page.reload()
    expect(page.locator("#exhibits h2 .count")).to_have_text("2")


def test_pictures_are_dropped_and_pasted_and_opened_in_the_viewer(phone: Phone, person: Callable[..., Person]) -> None:
    page = phone(person("exhibits@example.com"))
    new_case(page, "远山茶叶店")
    drop = transfer(page, jpeg("外箱.jpg", colour="olive"))
    for type in ("dragenter", "dragover"):
        page.dispatch_event("#exhibit-form", type, {"dataTransfer": drop})
    expect(page.locator("#exhibit-form")).to_have_class(re.compile(r"\bover\b"))
    page.dispatch_event("#exhibit-form", "drop", {"dataTransfer": drop})
    expect(page.locator("#exhibit-form")).not_to_have_class(re.compile(r"\bover\b"))
    expect(page.locator("#exhibits h2 .count")).to_have_text("1")
    paste = transfer(page, {"name": "image.png", "mimeType": "image/png", "buffer": picture(640, "PNG", "navy")})
    page.evaluate(
        "clipboardData => document.body.dispatchEvent("
        "new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))",
        paste,
    )
    expect(page.locator("#exhibits h2 .count")).to_have_text("2")
    wait_for_thumbnails(page, 2)

    first = page.locator("#exhibits a[data-view]").first
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.locator("dialog.viewer")
    expect(viewer).to_be_visible()
    shown = viewer.locator("img")
    before = shown.get_attribute("src")
    page.wait_for_function("() => document.querySelector('dialog.viewer img').naturalWidth > 320")
    page.keyboard.press("ArrowRight")
    expect(shown).not_to_have_attribute("src", before or "")
    viewer.get_by_role("button", name="上一张").click()
    expect(shown).to_have_attribute("src", before or "")
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(first).to_be_focused()
    first.click()
    viewer.get_by_role("button", name="关闭").click()
    expect(viewer).to_have_count(0)
    expect(first).to_be_focused()


def test_an_exhibit_is_described_put_aside_and_brought_back(phone: Phone, person: Callable[..., Person]) -> None:
    page = phone(person("exhibits@example.com"))
    case = new_case(page, "北岸渔具店")
    page.locator("#id_files").set_input_files(jpeg("IMG_0001.jpg", colour="purple"))
    wait_for_thumbnails(page, 1)
    page.locator("#exhibits").get_by_role("link", name="IMG_0001.jpg").last.click()
    page.locator("#exhibit-edit [name=caption]").fill("开箱时就是裂的")
    kind = page.locator("#exhibit-edit [name=kind]")
    chosen = kind.locator("option").nth(1).inner_text()
    kind.select_option(index=1)
    page.get_by_role("button", name="保存说明").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("开箱时就是裂的")
    expect(page.locator("#messages")).to_contain_text("说明已保存")
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载原件").click()
    assert saved.value.path().read_bytes() == picture(colour="purple")
    page.goto(case)
    expect(page.locator("#exhibits .thumb")).to_contain_text("开箱时就是裂的")
    expect(page.locator("#exhibits .thumb .tag")).to_have_text(chosen)
    expect(page.locator("#exhibits img")).to_have_attribute("alt", "开箱时就是裂的")

    page.locator("#exhibits .thumb-foot a").click()
    page.get_by_role("button", name="移出案件").click()
    expect(page.locator("#messages")).to_contain_text("已从案件中移出")
    expect(page.locator("#exhibits h2 .count")).to_have_text("0")
    page.locator("#exhibits-removed summary").click()
    page.locator("#exhibits-removed").get_by_role("button", name="放回案件").click()
    expect(page.locator("#exhibits h2 .count")).to_have_text("1")
    expect(page.locator("#exhibits .thumb")).to_contain_text("开箱时就是裂的")


def test_exhibits_are_put_in_order_and_their_kinds_put_right_on_a_page_of_their_own(
    phone: Phone, person: Callable[..., Person]
) -> None:
    page = phone(person("exhibits@example.com"))
    new_case(page, "白塔文具店")
    page.locator("#id_files").set_input_files([jpeg(f"{name}.jpg", colour=name) for name in ("tan", "pink", "gold")])
    wait_for_thumbnails(page, 3)
    page.get_by_role("link", name="整理证据").click()
    names = page.locator(".piece-said > a")
    expect(names).to_have_text(["tan.jpg", "pink.jpg", "gold.jpg"])
    gold = page.locator(".piece", has_text="gold.jpg")
    gold.get_by_role("button", name="上移").click()
    expect(names).to_have_text(["tan.jpg", "gold.jpg", "pink.jpg"])
    expect(gold.get_by_role("button", name="上移")).to_be_focused()  # to be pressed again at once
    page.keyboard.press("Enter")
    expect(names).to_have_text(["gold.jpg", "tan.jpg", "pink.jpg"])
    expect(gold.get_by_role("button", name="上移")).to_be_disabled()
    expect(gold).to_contain_text("猜的")
    gold.get_by_label("种类").select_option("invoice")
    expect(gold).not_to_contain_text("猜的")
    page.locator("#id_files").set_input_files(jpeg("plum.jpg", colour="plum"))
    expect(names).to_have_text(["gold.jpg", "tan.jpg", "pink.jpg", "plum.jpg"])
    page.reload()
    expect(gold.get_by_label("种类")).to_have_value("invoice")
    expect(names).to_have_text(["gold.jpg", "tan.jpg", "pink.jpg", "plum.jpg"])

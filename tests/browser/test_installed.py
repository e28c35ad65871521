"""The service worker: what another app shares waits for a press; without network nothing of a case is there to show."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Person, new_case
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

# What the system does when somebody chooses Suji in the share menu of another app.
SHARE = """(picture) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/hand-in/share/", enctype: "multipart/form-data" });
  for (const [name, value] of [["title", "商家回复"], ["text", "商家回复：商家拒绝了你的退款申请。"], ["url", ""]]) {
    const field = document.createElement("input");
    Object.assign(field, { name, value });
    form.append(field);
  }
  const carried = new DataTransfer(), files = document.createElement("input");
  const mail = "Subject: 商家回复\\r\\n\\r\\n商家拒绝了你的退款申请。";
  carried.items.add(new File([mail], "通知.eml", { type: "message/rfc822" }));
  carried.items.add(new File([new Uint8Array(picture)], "吊牌.png", { type: "image/png" }));
  Object.assign(files, { type: "file", name: "files", multiple: true, files: carried.files });
  form.append(files);
  document.body.append(form);
  form.submit();
}"""
KEPT = """async () => {
  const paths = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) paths.push(new URL(request.url).pathname);
  }
  return paths;
}"""
CONTROLLED = "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


@pytest.fixture
def installed(browser: Browser, suji: Stack, person: Callable[..., Person]) -> Page:
    """A signed-in phone whose service worker is at work."""
    context = browser.new_context(
        viewport=PHONE, base_url=suji.url, storage_state=person("share@example.com").cookies, is_mobile=True
    )
    page = context.new_page()
    page.goto("/cases/")
    page.wait_for_function(CONTROLLED)
    return page


def test_what_is_shared_waits_for_a_press_and_without_network_nothing_of_a_case_shows(installed: Page) -> None:
    page = installed
    case = new_case(page, "暖山旗舰店")
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "PNG")
    with page.expect_navigation(url="**/hand-in/?shared=1"):
        page.evaluate(SHARE, list(picture.getvalue()))
    expect(page.locator("#shared-said")).to_be_visible()
    # The title is said in the text already: it is not said twice.
    expect(page.locator("#hand-in-form textarea")).to_have_value("商家回复：商家拒绝了你的退款申请。")
    assert page.locator("#hand-in-form input[type=file]").evaluate("field => field.files[0].name") == "通知.eml"
    page.locator("#shared-exhibits").get_by_role("button", name="暖山旗舰店").click()
    expect(page.locator("#exhibits .thumb")).to_have_count(1)
    assert page.url.endswith(f"{case}#exhibits")
    assert all(path == "/offline/" or path.startswith("/static/") for path in page.evaluate(KEPT))
    page.goto("/mails/")
    expect(page.get_by_text("还没有来信")).to_be_visible()  # the mail was not handed in: nobody pressed its button

    page.context.set_offline(True)
    page.goto(case)
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    expect(page.get_by_text("暖山旗舰店")).to_have_count(0)
    page.context.set_offline(False)
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_role("heading", name="暖山旗舰店").first).to_be_visible()
    page.context.close()

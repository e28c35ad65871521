"""Several files at once on the hand-in page: chosen, dropped, packed; what became of each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser

DROP = """(form, [name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  for (const type of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true }));
}"""


def a_file(name: str, raw: bytes) -> dict[str, str | bytes]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": raw}


def test_files_that_are_chosen_and_dropped_are_handed_in_together_and_each_is_named(
    phone: Callable[..., Page], person: Callable[..., Person]
) -> None:
    page = phone(person("letters@example.com"))
    page.goto("/hand-in/")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("处理结果通知（投诉编号2026110900123，订单编号3299194706518006493）.eml", make.raw_mail("一"))
        archive.writestr("订单.pdf", b"x")
    page.locator("#id_files").set_input_files(
        [a_file("来信.zip", packed.getvalue()), a_file("同一封.eml", make.raw_mail("一"))]
    )
    page.locator("#hand-in-form").evaluate(DROP, ["拖进来的.txt", "商家拒绝了你的退款申请。"])
    assert page.locator("#id_files").evaluate("field => field.files.length") == 3
    page.get_by_role("button", name="交上去").click()
    rows = page.locator("#handed > li")
    expect(rows).to_have_count(4)
    said = rows.all_inner_texts()
    assert [text.split("\n")[-1].strip() for text in said] == [
        "收下了",
        "不是邮件，没有收",
        "以前交过，没有重复计入",
        "收下了",
    ]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

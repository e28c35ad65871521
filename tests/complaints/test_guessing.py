import pytest

from complaints.guessing import guess_kind
from evidence.models import Exhibit


def an_exhibit(
    name: str, content_type: str = "image/jpeg", size: tuple[int, int] = (3000, 4000), **facts: str
) -> Exhibit:
    return Exhibit(name=name, content_type=content_type, width=size[0], height=size[1], facts=facts)


@pytest.mark.parametrize(
    ("exhibit", "kind"),
    [
        (an_exhibit("IMG_0001.JPG", device="Apple iPhone 15"), "photo"),
        (an_exhibit("mmexport1699.jpg"), "photo"),
        (an_exhibit("mmexport1700.jpg", size=(1080, 2400)), "chat"),
        (an_exhibit("Screenshot_2026-11-08.png", "image/png", (1080, 1900)), "chat"),
        (an_exhibit("旺旺聊天记录1.png", "image/png"), "chat"),
        (an_exhibit("订单详情.png", "image/png", (1080, 2400)), "order"),
        (an_exhibit("顺丰签收底单.jpg"), "logistics"),
        (an_exhibit("质检报告.pdf", "application/pdf"), "test_report"),
        (an_exhibit("发票.pdf", "application/pdf"), "invoice"),
        (an_exhibit("scan.pdf", "application/pdf"), "other"),
        (an_exhibit("开箱.mp4", "video/mp4"), "unboxing_video"),
        (an_exhibit("开箱后的衣服.jpg"), "photo"),  # no picture is a video
        (an_exhibit("聊天录屏.mp4", "video/mp4"), "video"),
        (an_exhibit("支付宝账单截图.png", "image/png"), "payment"),
        (an_exhibit("drawing.png", "image/png", (800, 600)), "other"),
    ],
    ids=lambda value: value.name if isinstance(value, Exhibit) else value,
)
def test_the_kind_is_guessed_from_name_type_shape_and_camera(exhibit, kind):
    assert guess_kind(exhibit) == kind


@pytest.mark.parametrize(
    ("name", "content_type", "asked", "kind"),
    [
        ("mmexport1.jpg", "image/jpeg", ["logistics"], "logistics"),
        ("mmexport1.jpg", "image/jpeg", ["logistics", "unboxing_video"], "logistics"),
        ("mmexport1.jpg", "image/jpeg", ["logistics", "invoice"], "photo"),  # which of the two, nobody knows
        ("聊天.jpg", "image/jpeg", ["logistics"], "chat"),  # its name says more than what was asked for
        ("VID_1.mp4", "video/mp4", ["unboxing_video", "photo"], "unboxing_video"),
        ("VID_1.mp4", "video/mp4", ["photo"], "video"),
    ],
)
def test_what_the_case_was_asked_for_helps_to_guess(name, content_type, asked, kind):
    assert guess_kind(an_exhibit(name, content_type), asked) == kind

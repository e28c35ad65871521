"""What a file that was handed in shows, guessed from what is known without reading it. A person puts it right."""

from __future__ import annotations

import re
from collections.abc import Collection

from complaints.models.case import Shown
from evidence.keep import VIDEOS
from evidence.models import Exhibit

K = Shown.Kind

# Words in file names, the first that is found counts.
NAMED: tuple[tuple[str, K], ...] = (
    (r"开箱|拆箱|拆包|unbox", K.UNBOXING_VIDEO),
    (r"聊天|旺旺|千牛|客服|对话|chat", K.CHAT),
    (r"拒收", K.REFUSAL),
    (r"物流|快递|运单|底单|签收|红章|logistic|express", K.LOGISTICS),
    (r"鉴定", K.AUTHENTICITY_REPORT),
    (r"质检|检测|检验", K.TEST_REPORT),
    (r"发票|小票|收据|invoice|receipt", K.INVOICE),
    (r"支付|付款|转账|账单|payment|alipay", K.PAYMENT),
    (r"处罚|判决|裁定|法院|立案", K.OFFICIAL),
    (r"医院|病历|诊断|门诊", K.MEDICAL),
    (r"授权|报关|合格证|进货", K.ORIGIN),
    (r"订单|order", K.ORDER),
    (r"商品|宝贝|详情|宣传|快照|listing", K.LISTING),
    (r"实物|细节|吊牌|破损|瑕疵|包装|外箱", K.PHOTO),
)
OF_A_SCREEN = re.compile(r"screenshot|截图|截屏|截长图|屏幕快照|屏幕截图|screen_?cap", re.IGNORECASE)
TALL = 1.9  # times as high as wide: screens of phones, and what was scrolled on them, not what cameras take


def guess_kind(exhibit: Exhibit, asked: Collection[str] = ()) -> str:
    """The kind that `exhibit` most likely is of, a value of `Shown.Kind`.

    asked  the kinds that the case was last asked for: where there is but one that such a file can be, it is that
    """
    name = exhibit.name.lower()
    is_video = exhibit.content_type in VIDEOS
    for words, kind in NAMED:
        if re.search(words, name) and (is_video == (kind is K.UNBOXING_VIDEO)):
            return kind
    if is_video:
        return K.UNBOXING_VIDEO if K.UNBOXING_VIDEO in asked else K.VIDEO
    if not exhibit.content_type.startswith("image/"):
        return K.OTHER
    fitting = [kind for kind in dict.fromkeys(asked) if kind not in (K.UNBOXING_VIDEO, K.VIDEO, K.CALL, K.OTHER)]
    if len(fitting) == 1:
        return fitting[0]
    if exhibit.facts.get("device"):
        return K.PHOTO  # a camera wrote who it is; nothing that makes pictures of screens does
    width, height = exhibit.width or 1, exhibit.height or 1
    if OF_A_SCREEN.search(name) or height > TALL * width:
        return K.CHAT
    return K.PHOTO if exhibit.content_type in ("image/jpeg", "image/heic") else K.OTHER

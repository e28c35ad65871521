# ruff: noqa: E501  # a table is as wide as it is
"""True wordings of every kind of notice, with what a careful reader would take from them.

Shops, people and numbers are invented; the wordings are reconstructions in many styles. `expect` names
the fields that must come out so; a field that it leaves out must be empty, unless it is in `free`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from complaints.stages import Act, Kind, Party

CHINA = timezone(timedelta(hours=8))
SENT = datetime(2026, 11, 8, 18, 30, tzinfo=CHINA)


@dataclass(frozen=True)
class True_:
    kind: Kind
    subject: str
    body: str
    expect: dict[str, Any] = field(default_factory=dict)
    free: tuple[str, ...] = ()  # fields that may hold something or nothing
    act: Act | None = None
    by: Party | None = None
    sender: tuple[str, str] = ("", "")
    date: datetime | None = SENT
    arrived: bool = False
    moves: bool = True


def at(text: str) -> datetime:
    """A moment in Shanghai: 2026-11-10 18:30, or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def end(day: str) -> datetime:
    return at(f"{day} 23:59:59")


K, P = Kind, Party
ORDER = "3299194706518006493"

# fmt: off
TRUE_NOTICES: tuple[True_, ...] = (
    # -- filed --------------------------------------------------------------------------------------------
    True_(K.FILED, "退款申请已提交，等待商家处理", f"订单编号：{ORDER}\n退款编号：285611223344556677\n退款类型：退货退款\n退款金额：459.00元\n商家剩余处理时间：1天23时59分",
          {"order_no": ORDER, "case_no": "285611223344556677", "case_no_kind": "refund", "amount": "459.00", "deadline": at("2026-11-10 18:29:00"), "deadline_for": P.MERCHANT}),
    True_(K.FILED, "【淘宝网】维权已发起", "亲爱的会员：您已成功发起维权，维权编号 9920261108001，涉及店铺“小鹿家居”，申请退款 ¥88.50。商家将在2026年11月10日24:00前处理。",
          {"case_no": "9920261108001", "case_no_kind": "refund", "shop": "小鹿家居", "amount": "88.50", "deadline": end("2026-11-10"), "deadline_for": P.MERCHANT}),
    True_(K.FILED, "", "尊敬的用户，您对青禾茶业专营店的退货申请已提交，请耐心等待商家审核。订单号 4420191822771500123。",
          {"order_no": "4420191822771500123", "shop": "青禾茶业专营店"}),
    True_(K.FILED, "投訴已提交", "您好，您的投訴已提交，投訴編號：TS20261108777，訂單編號：３２９９１９４７０６５１８００６４９３。",
          {"order_no": ORDER, "case_no": "TS20261108777", "case_no_kind": "complaint"}),
    True_(K.FILED, "Your refund request has been submitted", f"Dear customer, your refund request has been submitted. Order No.: {ORDER}. Refund amount: ¥129.00.",
          {"order_no": ORDER, "amount": "129.00"}),
    True_(K.FILED, "售后申请提交成功", "您提交了退货退款申请，售后编号：SH8812345670，退款金额 1,299.00 元，原因：商品质量问题。",
          {"case_no": "SH8812345670", "case_no_kind": "after_sale", "amount": "1299.00", "reason": "quality"}),
    # -- acknowledgement ----------------------------------------------------------------------------------
    True_(K.ACKNOWLEDGEMENT, "【天猫】您的投诉已受理（投诉编号：TS202611080031）",
          f"亲爱的会员，您对“云朵服饰旗舰店”的投诉我们收到了。\n投诉编号：TS202611080031\n订单编号：{ORDER}\n投诉原因：描述不符\n涉及金额：¥459.00\n商家须在2026-11-10 18:30:00前响应，逾期系统将自动处理。",
          {"order_no": ORDER, "case_no": "TS202611080031", "case_no_kind": "complaint", "shop": "云朵服饰旗舰店", "amount": "459.00", "reason": "misdescribed",
           "deadline": at("2026-11-10 18:30:00"), "deadline_for": P.MERCHANT, "if_missed": "other"}),
    True_(K.ACKNOWLEDGEMENT, "投诉受理通知", "您好，平台已受理您对星河数码专卖店的投诉，受理编号：SL2026110809。我们将在3个工作日内联系您核实情况。",
          {"case_no": "SL2026110809", "case_no_kind": "acceptance", "shop": "星河数码专卖店", "deadline": end("2026-11-11"), "deadline_for": P.PLATFORM}),
    True_(K.ACKNOWLEDGEMENT, "关于您的维权申请", "尊敬的会员：\n您于2026年11月7日提交的维权申请已受理，维权编号：7712345678901。店铺：阿明小铺\n维权原因：未收到货\n商家需在48小时内回复。",
          {"case_no": "7712345678901", "case_no_kind": "refund", "shop": "阿明小铺", "reason": "not_received", "deadline": at("2026-11-10 18:30:00"), "deadline_for": P.MERCHANT}),
    True_(K.ACKNOWLEDGEMENT, "我們已收到您的投訴", "親愛的會員，我們已收到您對「綠野戶外旗艦店」的投訴，投訴編號 TS998877665，訂單編號 4420191822771500123，請耐心等候。",
          {"case_no": "TS998877665", "case_no_kind": "complaint", "order_no": "4420191822771500123", "shop": "綠野戶外旗艦店"}),
    True_(K.ACKNOWLEDGEMENT, "Complaint accepted", "Your complaint has been accepted. Complaint number: TS-2026-5512. The seller must respond within 48 hours.",
          {"case_no": "TS-2026-5512", "case_no_kind": "complaint", "deadline": at("2026-11-10 18:30:00"), "deadline_for": P.MERCHANT}),
    True_(K.ACKNOWLEDGEMENT, "", f"【淘宝】您发起的投诉(TS55667788990)已被平台受理，订单{ORDER}，请留意处理进度。", {"order_no": ORDER}, free=("case_no", "case_no_kind")),
    # -- merchant_reply -----------------------------------------------------------------------------------
    True_(K.MERCHANT_REPLY, "商家已回复您的售后申请", "云朵服饰旗舰店 于 2026年11月9日 10:12 留言：亲，尺码在正常误差内，补偿20元可以吗",
          {"shop": "云朵服饰旗舰店"}, free=("refusal_ground", "reason", "offer"), date=at("2026-11-09 10:15:00")),
    True_(K.MERCHANT_REPLY, "您有一条新的协商留言", f"商家“小鹿家居”回复了您：亲，请提供一下开箱视频和破损照片，我们核实后给您处理。订单编号：{ORDER}",
          {"order_no": ORDER, "shop": "小鹿家居", "evidence_asked": ("unboxing_video", "photo")}, free=("reason", "refusal_ground")),
    True_(K.MERCHANT_REPLY, "卖家留言提醒", "您好，卖家给您留言了，请及时查看。投诉编号：TS20261109001。留言内容：同意部分退款30元。",
          {"case_no": "TS20261109001", "case_no_kind": "complaint"}, free=("offer",)),
    True_(K.MERCHANT_REPLY, "", "尊敬的会员，商家已响应您的投诉，并提出了新的解决方案：补偿50元，商品无需退回。请您登录查看。",
          {}, free=("offer", "amount", "reason")),
    True_(K.MERCHANT_REPLY, "商家要求補充資料", "您好，賣家希望您提供商品細節照片，以便進一步處理您的申請。", {"evidence_asked": ("photo",)}),
    True_(K.MERCHANT_REPLY, "The seller has replied", f"The seller has replied to your request for order {ORDER}. Please log in to read the message.", {"order_no": ORDER}),
    True_(K.MERCHANT_REPLY, f"Re: 关于订单{ORDER}", "亲，您好，这边是云朵服饰旗舰店售后，麻烦您再拍几张清晰的照片发给我们，我们核实后给您处理哦。",
          {"order_no": ORDER, "shop": "云朵服饰旗舰店", "evidence_asked": ("photo",)}, sender=("云朵服饰旗舰店", "yunduo_shouhou@qq.com")),
    # -- merchant_refusal ---------------------------------------------------------------------------------
    True_(K.MERCHANT_REFUSAL, "商家拒绝了您的退款申请", f"订单编号：{ORDER}\n拒绝原因：已拆封影响二次销售。\n您可在7天内修改申请或申请客服介入，逾期将关闭。",
          {"order_no": ORDER, "refusal_ground": "opened", "deadline": end("2026-11-15"), "deadline_for": P.BUYER, "if_missed": "closes"}),
    True_(K.MERCHANT_REFUSAL, "您的退款申请被商家拒绝", "您好，美妆优选专营店拒绝了您的退款申请，拒绝理由：破损属于运输途中可能出现的问题。请于2026年11月15日前处理，否则申请将自动关闭。",
          {"shop": "美妆优选专营店", "refusal_ground": "transit", "deadline": end("2026-11-15"), "deadline_for": P.BUYER, "if_missed": "closes"}, free=("reason",)),
    True_(K.MERCHANT_REFUSAL, "退款被拒绝通知", "店铺：阿明小铺\n卖家不同意您的退款申请（退款编号 3312345678），说明：尺寸误差在1-3cm正常范围内。",
          {"shop": "阿明小铺", "case_no": "3312345678", "case_no_kind": "refund", "refusal_ground": "within_tolerance"}, free=("reason",)),
    True_(K.MERCHANT_REFUSAL, "", "【天猫】商家已拒绝您的退货退款申请，原因：定制商品不支持退换。剩余处理时间6天23小时，超时将自动撤销申请。",
          {"refusal_ground": "custom_made", "deadline": at("2026-11-15 17:30:00"), "deadline_for": P.BUYER, "if_missed": "closes"}),
    True_(K.MERCHANT_REFUSAL, "賣家拒絕退款", "親愛的會員，賣家已拒絕您的退款申請，拒絕原因：未提供開箱視頻，無法證明。", {"refusal_ground": "no_video"}),
    True_(K.MERCHANT_REFUSAL, "Your refund was declined", "The seller has rejected your refund request. Reason: the item has been used. You may request platform intervention within 7 days.",
          {"refusal_ground": "opened", "deadline": end("2026-11-15"), "deadline_for": P.BUYER}),
    # -- return_agreed ------------------------------------------------------------------------------------
    True_(K.RETURN_AGREED, "商家已同意退货，请尽快寄回", f"订单编号：{ORDER}\n退货地址：浙江省杭州市余杭区某路1号 李先生 138****0000\n请于2026-11-16 23:59前填写运单号，逾期退款将关闭。",
          {"order_no": ORDER, "deadline": at("2026-11-16 23:59:00"), "deadline_for": P.BUYER, "if_missed": "closes"}),
    True_(K.RETURN_AGREED, "退货申请已通过", "星河数码专卖店同意了您的退货申请，请在7天内寄回商品，退货运费由商家承担。",
          {"shop": "星河数码专卖店", "deadline": end("2026-11-15"), "deadline_for": P.BUYER, "freight_payer": "seller"}),
    True_(K.RETURN_AGREED, "退款协议达成，等待买家退货", "售后编号：SH7700112233\n退款金额：￥66.00\n请您在11月15日前退回商品并上传物流单号。",
          {"case_no": "SH7700112233", "case_no_kind": "after_sale", "amount": "66.00", "deadline": end("2026-11-15"), "deadline_for": P.BUYER}),
    True_(K.RETURN_AGREED, "", "亲爱的会员，卖家已同意您的换货申请，请尽快将商品寄至退货地址。", {}),
    True_(K.RETURN_AGREED, "賣家同意退貨", "賣家已同意您的退貨退款申請，請於七日內寄回，運費由您自理。", {"deadline": end("2026-11-15"), "deadline_for": P.BUYER, "freight_payer": "buyer"}),
    True_(K.RETURN_AGREED, "Return approved", "The seller has agreed to your return. Please send the item back by November 16, 2026.", {"deadline": end("2026-11-16"), "deadline_for": P.BUYER}),
    # -- return_received ----------------------------------------------------------------------------------
    True_(K.RETURN_RECEIVED, "商家已签收您的退货", "运单号：YT1234567890123，商家须在3天内确认收货并退款，超时系统将自动退款给您。",
          {"tracking_no": "YT1234567890123", "deadline": end("2026-11-11"), "deadline_for": P.MERCHANT, "if_missed": "auto_refund"}),
    True_(K.RETURN_RECEIVED, "退货包裹已送达", f"您退回的商品已被云朵服饰旗舰店签收（订单编号：{ORDER}）。", {"order_no": ORDER, "shop": "云朵服饰旗舰店"}),
    True_(K.RETURN_RECEIVED, "", "尊敬的会员，卖家已收到您寄回的退货，快递单号 SF1234567890123，请等待卖家验货。", {"tracking_no": "SF1234567890123"}),
    True_(K.RETURN_RECEIVED, "退货签收通知", "您的退货包裹已由商家仓库签收，商家将在2026-11-18 12:00前完成退款。", {"deadline": at("2026-11-18 12:00:00"), "deadline_for": P.MERCHANT}),
    True_(K.RETURN_RECEIVED, "賣家已收到退貨", "賣家已簽收您的退貨，等待賣家確認收貨。", {}),
    True_(K.RETURN_RECEIVED, "Return received", "The seller has received your return. Refund No.: 998877665544.", {"case_no": "998877665544", "case_no_kind": "refund"}),
    # -- intervention -------------------------------------------------------------------------------------
    True_(K.INTERVENTION, "天猫客服已介入您的维权", "维权编号：9912345678\n小二将联系双方核实，请保持电话畅通。预计4个工作日内给出处理意见。",
          {"case_no": "9912345678", "case_no_kind": "refund", "deadline": end("2026-11-12"), "deadline_for": P.PLATFORM}),
    True_(K.INTERVENTION, "平台介入通知", f"您好，淘宝已介入处理您与“小鹿家居”的纠纷，订单编号：{ORDER}。", {"order_no": ORDER, "shop": "小鹿家居"}),
    True_(K.INTERVENTION, "", "亲爱的会员：您的投诉（投诉编号 TS20261110002）现已由专属客服为您处理，请留意电话。", {"case_no": "TS20261110002", "case_no_kind": "complaint"}),
    True_(K.INTERVENTION, "您的介入申请已受理", "您申请的客服介入已受理，我们会在48小时内联系您和商家。", {"deadline": at("2026-11-10 18:30:00"), "deadline_for": P.PLATFORM}),
    True_(K.INTERVENTION, "淘寶客服已介入", "您好，因商家逾期未響應，淘寶客服已介入您的退款糾紛，請保持聯繫方式暢通。", {}),
    True_(K.INTERVENTION, "Platform has stepped in", "Taobao customer service has stepped in to your dispute. Dispute ID: 88776655443.", {"case_no": "88776655443", "case_no_kind": "refund"}),
    # -- evidence_request ---------------------------------------------------------------------------------
    True_(K.EVIDENCE_REQUEST, "请在举证期内补充凭证", "请在72小时内（截止2026-11-14 18:00）上传：商品实物图、吊牌照片、与商家的聊天记录；逾期视为放弃举证。",
          {"deadline": at("2026-11-14 18:00:00"), "deadline_for": P.BUYER, "if_missed": "judged_as_is", "evidence_asked": ("photo", "chat")}),
    True_(K.EVIDENCE_REQUEST, "【天猫】维权举证通知", f"尊敬的会员，为核实您反映的问题，请您于11月12日20:00前提供质检报告及开箱视频。订单编号：{ORDER}",
          {"order_no": ORDER, "deadline": at("2026-11-12 20:00:00"), "deadline_for": P.BUYER, "evidence_asked": ("test_report", "unboxing_video")}),
    True_(K.EVIDENCE_REQUEST, "举证通知", "已要求商家于2026年11月11日前提供进货凭证，请您耐心等待。", {"deadline": end("2026-11-11"), "deadline_for": P.MERCHANT, "evidence_asked": ("origin",)}),
    True_(K.EVIDENCE_REQUEST, "", "您的投诉已进入举证阶段，请在3天内上传以下凭证：\n1. 商品破损照片\n2. 物流签收底单\n3. 聊天记录截图\n逾期未提交，平台将根据现有证据作出判定。",
          {"deadline": end("2026-11-11"), "deadline_for": P.BUYER, "if_missed": "judged_as_is", "evidence_asked": ("photo", "logistics", "chat")}, free=("reason",)),
    True_(K.EVIDENCE_REQUEST, "請補充憑證", "您好，請您於2026年11月13日前上傳商品照片與付款憑證，投訴編號：TS77665544332。",
          {"deadline": end("2026-11-13"), "deadline_for": P.BUYER, "evidence_asked": ("photo", "payment"), "case_no": "TS77665544332", "case_no_kind": "complaint"}),
    True_(K.EVIDENCE_REQUEST, "Please provide evidence", "Please upload photos of the item and the chat history within 72 hours. Case No.: TS-8899-001.",
          {"deadline": at("2026-11-11 18:30:00"), "deadline_for": P.BUYER, "evidence_asked": ("photo", "chat"), "case_no": "TS-8899-001", "case_no_kind": "complaint"}),
    # -- evidence_received --------------------------------------------------------------------------------
    True_(K.EVIDENCE_RECEIVED, "您的凭证已收到，进入审核", "预计4个工作日内给出处理意见。", {"deadline": end("2026-11-12"), "deadline_for": P.PLATFORM}, by=P.BUYER),
    True_(K.EVIDENCE_RECEIVED, "举证完成", "您好，我们已收到您提交的凭证，投诉编号：TS20261112003，请耐心等待审核结果。", {"case_no": "TS20261112003", "case_no_kind": "complaint"}, by=P.BUYER),
    True_(K.EVIDENCE_RECEIVED, "", f"您已成功上传凭证，平台审核中。订单号：{ORDER}", {"order_no": ORDER}, by=P.BUYER),
    True_(K.EVIDENCE_RECEIVED, "商家已提交凭证", "被投诉方星河数码专卖店已提交进货凭证，平台将尽快审核。", {"shop": "星河数码专卖店"}, by=P.MERCHANT),
    True_(K.EVIDENCE_RECEIVED, "憑證已收到", "您提交的憑證已收到，案件進入人工審核。", {}, by=P.BUYER),
    True_(K.EVIDENCE_RECEIVED, "Evidence received", "We have received your evidence. A specialist will review it within 4 working days.", {"deadline": end("2026-11-12"), "deadline_for": P.PLATFORM}, by=P.BUYER),
    # -- ruling -------------------------------------------------------------------------------------------
    True_(K.RULING, "处理结果通知：支持买家", f"经核实，商品与描述不符，支持退货退款459.00元，退货运费由商家承担；如有异议可在7天内提出申诉。订单编号：{ORDER}",
          {"order_no": ORDER, "outcome": "buyer", "amount": "459.00", "freight_payer": "seller", "reason": "misdescribed", "deadline": end("2026-11-15"), "deadline_for": P.BUYER}),
    True_(K.RULING, "处理结果：支持卖家", "您提供的凭证不足以证明商品存在质量问题，交易款项支付给卖家。", {"outcome": "seller", "reason": "quality"}),
    True_(K.RULING, "关于您投诉的处理结果", "部分支持：退款120元，不退货。投诉编号：TS20261115001", {"outcome": "partial", "amount": "120.00", "case_no": "TS20261115001", "case_no_kind": "complaint"}),
    True_(K.RULING, "关于您反馈的问题", "您好，经核实，建议您与商家友好协商解决。感谢您的理解。", {"outcome": "ambiguous"}),
    True_(K.RULING, "维权结果告知", "亲爱的会员，您对小鹿家居的维权，平台判定商家责任，商家需在3天内退款¥88.50。店铺：小鹿家居",
          {"outcome": "buyer", "shop": "小鹿家居", "amount": "88.50", "deadline": end("2026-11-11"), "deadline_for": P.MERCHANT}),
    True_(K.RULING, "投诉不成立通知", "您好，经审核，您的投诉不成立，原因：未提供有效凭证。如对结果有异议，请于2026年11月20日18:00前提交申诉。",
          {"outcome": "seller", "deadline": at("2026-11-20 18:00:00"), "deadline_for": P.BUYER}, free=("reason",)),
    True_(K.RULING, "", "【淘宝】经平台核实，您的投诉成立，商家向您赔付30元，款项将于3个工作日内到账。", {"outcome": "buyer", "amount": "30.00"}),
    True_(K.RULING, "大众评审结果", "经大众评审判定，支持买家，全额退款199元。", {"outcome": "buyer", "amount": "199.00"}, by=P.JURY),
    True_(K.RULING, "處理結果", "經核實，平台判定支持買家，退款金額 NT不計，共計人民幣459元，退貨運費由賣家承擔。", {"outcome": "buyer", "amount": "459.00", "freight_payer": "seller"}),
    True_(K.RULING, "Decision on your complaint", "After review, we have decided in favour of the buyer. A refund of CNY 459.00 will be made. Return shipping is paid by the seller.",
          {"outcome": "buyer", "amount": "459.00", "freight_payer": "seller"}),
    True_(K.RULING, "退款申请处理结果", "平台不支持您的退款申请，理由是商品已影响二次销售。退款编号 5566778899001。", {"outcome": "seller", "case_no": "5566778899001", "case_no_kind": "refund"}),
    # -- appeal_acknowledgement ---------------------------------------------------------------------------
    True_(K.APPEAL_ACKNOWLEDGEMENT, "申诉已提交", "申诉编号：SS20261116001，预计3-7个工作日反馈。", {"case_no": "SS20261116001", "case_no_kind": "appeal", "deadline": end("2026-11-17"), "deadline_for": P.PLATFORM}, by=P.BUYER),
    True_(K.APPEAL_ACKNOWLEDGEMENT, "申诉受理通知", "您好，平台已受理您的申诉，投诉编号：TS20261116009，申诉编号：SS887766。", {"case_no": "TS20261116009", "case_no_kind": "complaint"}, by=P.BUYER),
    True_(K.APPEAL_ACKNOWLEDGEMENT, "商家已发起申诉", "您好，商家对处理结果提起申诉，平台将进行复核。", {}, by=P.MERCHANT),
    True_(K.APPEAL_ACKNOWLEDGEMENT, "", f"亲爱的会员，您提交的申诉已收到，现进入复核阶段。订单编号 {ORDER}", {"order_no": ORDER}, by=P.BUYER),
    True_(K.APPEAL_ACKNOWLEDGEMENT, "申訴已受理", "您的申訴已受理，複核中，請耐心等候。", {}, by=P.BUYER),
    True_(K.APPEAL_ACKNOWLEDGEMENT, "Appeal received", "Your appeal has been received. Appeal No.: AP-20261116.", {"case_no": "AP-20261116", "case_no_kind": "appeal"}, by=P.BUYER),
    # -- appeal_ruling ------------------------------------------------------------------------------------
    True_(K.APPEAL_RULING, "申诉结果：维持原处理结果", "您好，经复核，您的申诉不成立，维持原处理结果。", {"outcome": "seller"}),
    True_(K.APPEAL_RULING, "申诉成功通知", "您的申诉成立，平台改判支持买家，退款459.00元。投诉编号：TS20261120001", {"outcome": "buyer", "amount": "459.00", "case_no": "TS20261120001", "case_no_kind": "complaint"}),
    True_(K.APPEAL_RULING, "", "尊敬的会员，商家的申诉不成立，维持原判定，商家须在3天内退款。", {"outcome": "buyer", "deadline": end("2026-11-11"), "deadline_for": P.MERCHANT}),
    True_(K.APPEAL_RULING, "复核结果告知", "经复核，维持原判。申诉编号：SS9988776655", {"case_no": "SS9988776655", "case_no_kind": "appeal"}),
    True_(K.APPEAL_RULING, "申訴結果", "您的申訴未通過，維持原處理結果。", {"outcome": "seller"}),
    True_(K.APPEAL_RULING, "Appeal decision", "Your appeal has been dismissed. The original decision is upheld.", {"outcome": "seller"}),
    # -- settlement ---------------------------------------------------------------------------------------
    True_(K.SETTLEMENT, "双方已协商一致", f"商家同意退款300元。订单编号：{ORDER}", {"order_no": ORDER, "amount": "300.00", "outcome": "settled"}),
    True_(K.SETTLEMENT, "和解成功通知", "您与云朵服饰旗舰店已达成和解，商家补偿50元，投诉编号：TS20261118001。", {"shop": "云朵服饰旗舰店", "amount": "50.00", "case_no": "TS20261118001", "case_no_kind": "complaint", "outcome": "settled"}),
    True_(K.SETTLEMENT, "", "亲爱的会员，您已与商家达成一致，本次投诉按协商方案执行。", {"outcome": "settled"}),
    True_(K.SETTLEMENT, "调解成功", "经平台调解，买卖双方达成调解协议：商家退款66元。", {"amount": "66.00", "outcome": "settled"}),
    True_(K.SETTLEMENT, "雙方已達成和解", "您與賣家已達成和解，補償人民幣80元。", {"amount": "80.00", "outcome": "settled"}),
    True_(K.SETTLEMENT, "Settlement reached", "You and the seller have reached an agreement. The seller will refund CNY 60.00.", {"amount": "60.00", "outcome": "settled"}),
    # -- withdrawal ---------------------------------------------------------------------------------------
    True_(K.WITHDRAWAL, "您已撤销投诉", "投诉编号：TS20261119001", {"case_no": "TS20261119001", "case_no_kind": "complaint", "outcome": "withdrawn"}),
    True_(K.WITHDRAWAL, "撤销成功通知", f"您好，您已主动撤销退款申请，订单编号：{ORDER}。", {"order_no": ORDER, "outcome": "withdrawn"}),
    True_(K.WITHDRAWAL, "", "【淘宝】您的维权申请已由您撤回，维权编号 8877665544。", {"case_no": "8877665544", "case_no_kind": "refund", "outcome": "withdrawn"}),
    True_(K.WITHDRAWAL, "投诉已撤销", "亲爱的会员，您对小鹿家居的投诉已撤销。店铺：小鹿家居", {"shop": "小鹿家居", "outcome": "withdrawn"}),
    True_(K.WITHDRAWAL, "投訴已撤回", "您已撤回本次投訴，如有需要可再次聯繫我們。", {"outcome": "withdrawn"}),
    True_(K.WITHDRAWAL, "Complaint withdrawn", "You have withdrawn your complaint. Complaint ID: TS-1122-3344.", {"case_no": "TS-1122-3344", "case_no_kind": "complaint", "outcome": "withdrawn"}),
    # -- closing ------------------------------------------------------------------------------------------
    True_(K.CLOSING, "退款已关闭：超时未操作", "由于您在规定时间内未寄回商品，退款申请已自动关闭。退款编号：6677889900112", {"case_no": "6677889900112", "case_no_kind": "refund", "outcome": "lapsed_buyer"}, act=Act.LAPSES, by=P.BUYER),
    True_(K.CLOSING, "投诉已结案", "您好，您的投诉（投诉编号：TS20261121001）已结案，感谢您的支持。", {"case_no": "TS20261121001", "case_no_kind": "complaint"}, act=Act.CLOSES, by=P.PLATFORM),
    True_(K.CLOSING, "投诉不予受理通知", "您好，经审核，您的投诉不在受理范围，不予受理。", {"outcome": "not_accepted"}, act=Act.REJECTS, by=P.PLATFORM),
    True_(K.CLOSING, "", f"尊敬的会员，因商家超时未响应，您的退款已由系统自动达成，售后单已完结。订单编号：{ORDER}", {"order_no": ORDER, "outcome": "lapsed_seller"}, act=Act.LAPSES, by=P.MERCHANT),
    True_(K.CLOSING, "退款關閉通知", "您的退款申請已關閉，原因：逾期未處理。", {"outcome": "lapsed_buyer"}, free=("reason",), act=Act.LAPSES, by=P.BUYER),
    True_(K.CLOSING, "Case closed", "Your complaint has been closed. Case No.: TS-7788-9900.", {"case_no": "TS-7788-9900", "case_no_kind": "complaint"}, act=Act.CLOSES, by=P.PLATFORM),
    True_(K.CLOSING, "售后已完结", "您的售后服务单已完结，服务单号：FW20261121.", {"case_no": "FW20261121", "case_no_kind": "after_sale"}, act=Act.CLOSES, by=P.PLATFORM),
    # -- refund_arrived -----------------------------------------------------------------------------------
    True_(K.REFUND_ARRIVED, "退款到账通知", f"支付宝：您的一笔退款459.00元已退回余额，商户订单号 T200P{ORDER}。", {"order_no": ORDER, "amount": "459.00", "outcome": "refunded"}, arrived=True),
    True_(K.REFUND_ARRIVED, "极速退款成功", f"亲爱的会员，您的订单{ORDER}极速退款成功，退款金额¥129.00已原路退回。", {"order_no": ORDER, "amount": "129.00", "outcome": "refunded"}, arrived=True),
    True_(K.REFUND_ARRIVED, "退款成功", "您好，退款66.00元已退至您的银行卡（尾号1234），退款编号：9900887766554。", {"amount": "66.00", "case_no": "9900887766554", "case_no_kind": "refund", "outcome": "refunded"}, arrived=True),
    True_(K.REFUND_ARRIVED, "", "【支付宝】您有一笔退款已到账，金额88.50元，来自小鹿家居。", {"amount": "88.50", "outcome": "refunded"}, free=("shop",), arrived=True),
    True_(K.REFUND_ARRIVED, "退款已到帳", "您的退款人民幣199元已退回您的帳戶。", {"amount": "199.00", "outcome": "refunded"}, arrived=True),
    True_(K.REFUND_ARRIVED, "Refund completed", f"Your refund of CNY 459.00 has been credited to your account. Order number: {ORDER}", {"order_no": ORDER, "amount": "459.00", "outcome": "refunded"}, arrived=True),
    # -- execution, reminder, suspension, external: they join and move nothing ------------------------------
    True_(K.EXECUTION, "退款处理中", f"您的退款459.00元正在处理中，已通知支付宝退款，订单编号：{ORDER}。", {"order_no": ORDER, "amount": "459.00"}, moves=False),
    True_(K.EXECUTION, "赔付执行通知", "平台已从商家保证金中划扣30元用于赔付您。", {"amount": "30.00"}, moves=False),
    True_(K.EXECUTION, "", "您好，平台已划扣商家保证金向您赔付50元，款项已到账，请查收。", {"amount": "50.00", "outcome": "refunded"}, arrived=True),
    True_(K.REMINDER, "您的售后还有24小时即将超时关闭", "请于11月15日 9:00前操作。", {"deadline": at("2026-11-15 09:00:00"), "deadline_for": P.BUYER}, free=("if_missed",), moves=False, date=at("2026-11-14 09:00:00")),
    True_(K.REMINDER, "超时提醒", "您的退款申请将于2026-11-12 18:00自动关闭，请尽快填写退货运单号。退款编号：1122334455667", {"case_no": "1122334455667", "case_no_kind": "refund", "deadline": at("2026-11-12 18:00:00"), "deadline_for": P.BUYER}, free=("if_missed",), moves=False),
    True_(K.SUSPENSION, "投诉中止处理通知", "因您已向法院起诉，平台已中止处理本次投诉。投诉编号：TS20261122001", {"case_no": "TS20261122001", "case_no_kind": "complaint"}, act=Act.SUSPENDS, by=P.PLATFORM, moves=False),
    True_(K.SUSPENSION, "投诉恢复处理", "您好，您的投诉已恢复处理，请留意后续通知。", {}, act=Act.RESUMES, by=P.PLATFORM, moves=False),
    True_(K.EXTERNAL, "投诉受理告知书", "杭州市余杭区市场监督管理局：您的投诉我局已决定受理，登记编号：1330110002026110812345，将组织调解。",
          {"case_no": "1330110002026110812345", "case_no_kind": "regulator"}, act=Act.REGULATOR, by=P.AUTHORITY, moves=False),
    True_(K.EXTERNAL, "诉前调解通知", "杭州互联网法院 案号：（2026）浙0192诉前调1234号，请您保持联系。", {"case_no": "（2026）浙0192诉前调1234号", "case_no_kind": "court"}, act=Act.COURT, by=P.AUTHORITY, moves=False),
    True_(K.EXTERNAL, "消费投诉受理通知", "您好，您的投诉我会已受理，将组织调解。\n上海市消费者权益保护委员会", {}, act=Act.CONSUMER_ASSOCIATION, by=P.AUTHORITY, moves=False),
    # -- the same kinds in other hands ---------------------------------------------------------------------
    True_(K.ACKNOWLEDGEMENT,"【淘宝网】投诉进度提醒","亲爱的lily_88：\n    您好！您针对店铺【花间里原创女装】发起的投诉，平台已于2026-11-08 14:20:11完成受理，单号：TS8837462910。\n商家会在3天内给您答复，请您留意旺旺消息。\n本邮件由系统自动发出，请勿直接回复。", {"case_no": "TS8837462910", "case_no_kind": "complaint", "shop": "花间里原创女装", "deadline": end("2026-11-11"), "deadline_for": P.MERCHANT}),
    True_(K.ACKNOWLEDGEMENT,"投诉登记成功","尊敬的顾客，您反馈的订单4411223344556677889问题我们已登记受理，工单号GD20261108-991，专员将于2个工作日内致电。", {"order_no": "4411223344556677889", "case_no": "GD20261108-991", "case_no_kind": "complaint", "deadline": end("2026-11-10"), "deadline_for": P.PLATFORM}),
    True_(K.ACKNOWLEDGEMENT,"您的维权申请我们已收到","会员您好，维权申请（编号：2260098811223）我们已经收到，正在等待商家响应，商家响应截止时间：2026年11月11日 09:00:00。", {"case_no": "2260098811223", "case_no_kind": "refund", "deadline": at("2026-11-11 09:00:00"), "deadline_for": P.MERCHANT}),
    True_(K.FILED,"您已发起退款","订单号 4411223344556677889 您已发起仅退款申请，金额 ¥36.80，等待卖家处理，卖家还有 2天0小时 来处理。", {"order_no": "4411223344556677889", "amount": "36.80", "deadline": at("2026-11-10 18:30:00"), "deadline_for": P.MERCHANT}),
    True_(K.FILED,"投诉提交成功通知","您对海蓝数码旗舰店的投诉已成功提交，投诉单号TS112233445566，我们会尽快为您处理。", {"case_no": "TS112233445566", "case_no_kind": "complaint", "shop": "海蓝数码旗舰店"}),
    True_(K.MERCHANT_REPLY,"商家有新回复","您的投诉单TS112233445566有新的商家回复：“您好，我们已安排补发，请您耐心等待”。", {"case_no": "TS112233445566", "case_no_kind": "complaint"}),
    True_(K.MERCHANT_REPLY,"协商进展通知","卖家针对您的退款申请作出了回应：同意补偿15元优惠券，商品由您保留。请在48小时内确认是否接受，超时将视为同意。", {"deadline": at("2026-11-10 18:30:00"), "deadline_for": P.BUYER, "if_missed": "accepts_offer"}, free=("offer",)),
    True_(K.MERCHANT_REPLY,"卖家给您发来新的协商方案","海蓝数码旗舰店提出补偿方案：退款50元，不退货。", {"shop": "海蓝数码旗舰店"}, free=("offer",)),
    True_(K.MERCHANT_REFUSAL,"很抱歉，卖家未同意您的退款申请","退款单号：2299887766554433\n拒绝说明：亲，商品使用后出现问题不在退货范围\n您还可以在6天23时内修改退款申请", {"case_no": "2299887766554433", "case_no_kind": "refund", "deadline": at("2026-11-15 17:30:00"), "deadline_for": P.BUYER}, free=("refusal_ground",)),
    True_(K.MERCHANT_REFUSAL,"退货申请被驳回","您在海蓝数码旗舰店的退货申请已被商家驳回，驳回理由：超过七天无理由退货期限。", {"shop": "海蓝数码旗舰店", "refusal_ground": "late"}),
    True_(K.MERCHANT_REFUSAL,"商家拒收您退回的商品","商家拒绝签收您退回的商品，原因：吊牌已剪。您可申请客服介入。", {"refusal_ground": "opened"}),
    True_(K.RETURN_AGREED,"卖家同意退货退款","卖家已同意您的退货退款申请，请于2026年11月15日23时59分前将商品寄回以下地址：广东省广州市白云区xx路，收件人：张三，并在页面填写快递单号。", {"deadline": at("2026-11-15 23:59:00"), "deadline_for": P.BUYER}),
    True_(K.RETURN_AGREED,"您的退货申请审核通过啦","海蓝数码旗舰店已通过您的退货申请，退货截止时间：2026-11-15 18:30:00，逾期未寄回系统将自动关闭本次售后。", {"shop": "海蓝数码旗舰店", "deadline": at("2026-11-15 18:30:00"), "deadline_for": P.BUYER, "if_missed": "closes"}),
    True_(K.RETURN_RECEIVED,"商家收到退货提醒","您寄出的退货（中通快递 78123456789012）商家已签收，商家确认无误后将退款给您。", {"tracking_no": "78123456789012"}),
    True_(K.INTERVENTION,"淘宝小二已介入处理","您申请的平台介入已生效，小二将于3个工作日内审核双方凭证。", {"deadline": end("2026-11-11"), "deadline_for": P.PLATFORM}),
    True_(K.INTERVENTION,"客服介入进度","您的纠纷单2299887766554433，天猫客服已经介入，请双方耐心等待，期间请不要私下交易。", {"case_no": "2299887766554433", "case_no_kind": "refund"}),
    True_(K.EVIDENCE_REQUEST,"【天猫】请尽快上传举证材料","您好，因您与商家对商品是否存在破损有争议，现需您提供以下材料：①外包装及面单照片；②破损部位照片；③开箱视频。提交截止时间为2026年11月11日24:00，逾期将按现有材料判定。", {"deadline": end("2026-11-11"), "deadline_for": P.BUYER, "if_missed": "judged_as_is", "evidence_asked": ("logistics", "photo", "unboxing_video")}, free=("reason",)),
    True_(K.EVIDENCE_REQUEST,"举证期提醒","您的维权已进入举证期，举证截止时间：2026-11-11 23:59:59。", {"deadline": end("2026-11-11"), "deadline_for": P.BUYER}),
    True_(K.EVIDENCE_REQUEST,"补充材料通知","您提交的凭证不够清晰，烦请于11月10日12点前重新上传商品细节图和聊天截图，否则平台将根据已有凭证处理。", {"deadline": at("2026-11-10 12:00:00"), "deadline_for": P.BUYER, "if_missed": "judged_as_is", "evidence_asked": ("photo", "chat")}),
    True_(K.EVIDENCE_RECEIVED,"凭证提交成功","您已成功提交凭证3份，等待平台审核，预计2026年11月13日前给出结果。", {"deadline": end("2026-11-13"), "deadline_for": P.PLATFORM}),
    True_(K.EVIDENCE_RECEIVED,"举证完成通知","双方举证已完成，您的案件已进入审核环节。", {}),
    True_(K.RULING,"【天猫】维权结果通知","尊敬的会员：经平台核实，您提交的凭证有效，现判定商家全额退款￥328.00，退货运费由商家承担。商家应于2026-11-12 18:00前完成退款，逾期平台将从其保证金中划扣。", {"amount": "328.00", "deadline": at("2026-11-12 18:00:00"), "deadline_for": P.MERCHANT, "outcome": "buyer", "freight_payer": "seller"}, free=("if_missed",)),
    True_(K.RULING,"投诉处理结果","您好，关于您投诉“海蓝数码旗舰店”违背承诺一事，经核实投诉成立，商家需向您支付违约金30元。", {"shop": "海蓝数码旗舰店", "amount": "30.00", "outcome": "buyer", "reason": "broken_promise"}),
    True_(K.RULING,"您的投诉有结果了","经审核，您提供的证据无法证明商品为假货，平台对您的诉求不予支持，投诉关闭。", {"outcome": "seller"}, free=("reason",)),
    True_(K.RULING,"纠纷处理完成","小二已完成处理：支持您的退货退款申请，请您在7天内将商品寄回，运费由买家先行垫付，凭据由商家承担。", {"deadline": end("2026-11-15"), "deadline_for": P.BUYER, "outcome": "buyer"}, free=("freight_payer",)),
    True_(K.RULING,"关于投诉单TS112233445566的答复","您好，您反馈的物流破损问题已核实，鉴于双方责任难以界定，建议您与卖家自行协商解决，感谢理解。", {"outcome": "ambiguous", "case_no": "TS112233445566", "case_no_kind": "complaint", "reason": "damaged"}),
    True_(K.RULING,"判决通知","大众评审团以21:10投票支持卖家，您的退款申请被驳回。", {"outcome": "seller"}),
    True_(K.RULING,"处理意见","平台认定双方均有责任，商家退款100元，商品归买家所有。", {"amount": "100.00", "outcome": "partial"}),
    True_(K.APPEAL_ACKNOWLEDGEMENT,"申诉提交成功","您就投诉单TS112233445566提交的申诉我们已收到，将在5个工作日内复核并通知您。", {"deadline": end("2026-11-13"), "deadline_for": P.PLATFORM, "case_no": "TS112233445566", "case_no_kind": "complaint"}),
    True_(K.APPEAL_ACKNOWLEDGEMENT,"卖家提起申诉提醒","海蓝数码旗舰店不服平台判定，已于2026年11月8日提交申诉，平台将重新审核。", {"shop": "海蓝数码旗舰店"}, by=P.MERCHANT),
    True_(K.APPEAL_RULING,"申诉处理结果","您的申诉经复审未通过，平台维持此前的处理决定。", {"outcome": "seller"}),
    True_(K.APPEAL_RULING,"复审通知","复审结论：撤销原判定，改为支持买家，退款¥328.00。", {"amount": "328.00", "outcome": "buyer"}),
    True_(K.SETTLEMENT,"和解达成","您与海蓝数码旗舰店已就本次纠纷达成一致：商家退还100元，投诉结束。", {"shop": "海蓝数码旗舰店", "amount": "100.00", "outcome": "settled"}),
    True_(K.SETTLEMENT,"协商成功","您已接受商家的方案，双方协商成功，商家将在24小时内退款80元。", {"amount": "80.00", "deadline": at("2026-11-09 18:30:00"), "deadline_for": P.MERCHANT, "outcome": "settled"}),
    True_(K.WITHDRAWAL,"退款申请撤销通知","您已取消退款申请，如后续仍有问题可再次发起。", {"outcome": "withdrawn"}),
    True_(K.WITHDRAWAL,"投诉撤诉成功","您的投诉TS112233445566已撤诉。", {"case_no": "TS112233445566", "case_no_kind": "complaint", "outcome": "withdrawn"}),
    True_(K.CLOSING,"您的退款申请已关闭","因您未在2026年11月7日前填写退货物流信息，退款申请2299887766554433已关闭。", {"outcome": "lapsed_buyer", "case_no": "2299887766554433", "case_no_kind": "refund"}),
    True_(K.CLOSING,"投诉完结通知","您的投诉TS112233445566已处理完毕并结案。", {"case_no": "TS112233445566", "case_no_kind": "complaint"}),
    True_(K.CLOSING,"投诉未被受理","很抱歉，您的投诉超出投诉时效，平台不予受理。", {"outcome": "not_accepted"}),
    True_(K.CLOSING,"退款达成通知","卖家超时未处理，系统已默认同意您的退款申请，退款流程结束。", {"outcome": "lapsed_seller"}),
    True_(K.REFUND_ARRIVED,"退款已完成","您的退款¥328.00已原路返还至招商银行储蓄卡，请注意查收。", {"amount": "328.00", "outcome": "refunded"},arrived=True),
    True_(K.REFUND_ARRIVED,"支付宝退款通知","您在淘宝的交易（订单4411223344556677889）发生退款，36.80元已退回到您的支付宝余额。", {"order_no": "4411223344556677889", "amount": "36.80", "outcome": "refunded"},arrived=True),
    True_(K.EXECUTION,"赔付进度","平台已启动赔付流程，将从商家保证金划扣30元，预计3个工作日到账。", {"amount": "30.00"},moves=False),
    True_(K.REMINDER,"退货即将超时","您还有1天5小时可填写退货单号，超时后退款申请将关闭。", {"deadline": at("2026-11-09 23:30:00"), "deadline_for": P.BUYER, "if_missed": "closes"},moves=False),
    True_(K.SUSPENSION,"争议处理暂停通知","应双方要求，本案自即日起暂停处理30天。", {},moves=False),
    True_(K.EXTERNAL,"12315投诉处理告知","【全国12315平台】您的投诉（登记编号：3301100020261108001122）已由余杭区市场监督管理局受理，将在60日内组织调解。", {"case_no": "3301100020261108001122", "case_no_kind": "regulator", "deadline": end("2027-01-07"), "deadline_for": P.PLATFORM},moves=False),
    True_(K.EXTERNAL,"立案通知","您诉海蓝数码有限公司网络购物合同纠纷一案，本院已立案，案号（2026）浙0192民初4455号。\n杭州互联网法院", {"case_no": "（2026）浙0192民初4455号", "case_no_kind": "court", "shop": "海蓝数码有限公司"},moves=False),
    True_(K.ACKNOWLEDGEMENT,"Case received","Hello, we've received your complaint about Blue Ocean Digital Store. Your case number is C-20261108-77. A specialist will contact you within 2 business days.", {"case_no": "C-20261108-77", "case_no_kind": "complaint", "deadline": end("2026-11-10"), "deadline_for": P.PLATFORM}, free=("shop",)),
    True_(K.RULING,"Result of your dispute","Following our review, the platform rules in your favor: the seller must refund ¥328.00 by 2026-11-12.", {"amount": "328.00", "deadline": end("2026-11-12"), "deadline_for": P.MERCHANT, "outcome": "buyer"}),
    True_(K.MERCHANT_REFUSAL,"Refund request declined","Unfortunately, the seller declined your refund request because the parcel was damaged during shipping.", {"refusal_ground": "transit"}, free=("reason",)),
    True_(K.EVIDENCE_REQUEST,"More information needed","To continue with your claim, please submit a photo of the product and a copy of your chat with the seller before Nov 12, 2026 18:00.", {"deadline": at("2026-11-12 18:00:00"), "deadline_for": P.BUYER, "evidence_asked": ("photo", "chat")}),
    True_(K.ACKNOWLEDGEMENT, "您反馈的售后问题已受理", "您好，感谢您联系天猫。您关于「森系女鞋专营店」商品质量问题的投诉，我们已经受理，受理单号 20261108556677。我们会督促商家在48小时内与您联系。",
          {"case_no": "20261108556677", "case_no_kind": "acceptance", "shop": "森系女鞋专营店", "deadline": at("2026-11-10 18:30:00"), "deadline_for": P.MERCHANT, "reason": "quality"}),
    True_(K.MERCHANT_REFUSAL, "商家驳回您的售后申请", "您申请的仅退款（¥49.90）已被商家驳回，驳回原因：已发货，需退货后退款。请在 2026-11-15 18:30 前修改申请或申请平台介入，超时未处理售后将自动关闭。",
          {"amount": "49.90", "deadline": at("2026-11-15 18:30:00"), "deadline_for": P.BUYER, "if_missed": "closes"}, free=("refusal_ground",)),
    True_(K.RETURN_RECEIVED, "您的退货已被签收", "您退回的包裹（圆通 YT9988776655443）已于11月8日被商家签收，请等待商家退款，商家最晚处理时间：2026年11月18日。",
          {"tracking_no": "YT9988776655443", "deadline": end("2026-11-18"), "deadline_for": P.MERCHANT}),
    True_(K.EVIDENCE_REQUEST, "需要您补充信息", "为了更快处理您的投诉，需要您在11月10日18:00之前补充以下凭证：商品细节照片、支付凭证。",
          {"deadline": at("2026-11-10 18:00:00"), "deadline_for": P.BUYER, "evidence_asked": ("photo", "payment")}),
    True_(K.RULING, "维权判定结果", "根据《淘宝平台争议处理规则》，判定本次交易支持退货退款，退货邮费由卖家承担，请您于7日内将商品寄回。",
          {"outcome": "buyer", "freight_payer": "seller", "deadline": end("2026-11-15"), "deadline_for": P.BUYER}),
    True_(K.RULING, "关于订单4411223344556677889的处理", "平台经核查认为卖家存在虚假发货，支持仅退款，金额￥36.80将原路退回。",
          {"order_no": "4411223344556677889", "outcome": "buyer", "amount": "36.80", "reason": "fake_shipment"}),
    True_(K.RULING, "反馈处理", "您好，平台已将您的问题反馈给商家，建议双方协商处理。", {"outcome": "ambiguous"}),
    True_(K.RULING, "处理结果", "很抱歉，您的诉求未获支持。", {"outcome": "seller"}),
    True_(K.WITHDRAWAL, "您撤回了售后申请", "您于2026年11月8日 16:20撤回了售后申请，售后已关闭。", {"outcome": "withdrawn"}),
    True_(K.CLOSING, "售后关闭提醒", "因超时未处理，您的售后申请已被系统关闭。", {"outcome": "lapsed_buyer"}, act=Act.LAPSES, by=P.BUYER),
    True_(K.REMINDER, "您有一笔售后待处理", "您的售后单即将到期，请在12小时内完成操作，过期视为放弃。", {"deadline": at("2026-11-09 06:30:00"), "deadline_for": P.BUYER, "if_missed": "closes"}, moves=False),
    True_(K.EXTERNAL, "市场监管局投诉受理通知", "您好，您于11月6日提交的投诉（编号1330106002026110699887）经审查符合规定，我局予以受理。西湖区市场监督管理局",
          {"case_no": "1330106002026110699887", "case_no_kind": "regulator"}, act=Act.REGULATOR, moves=False),
    # -- whose duty, whose limit ------------------------------------------------------------------------------
    True_(K.RULING, "处理结果通知：支持买家", "经平台核实，商品与描述不符，支持您退货退款，退款金额459.00元，退货运费由商家承担。\n投诉编号：TS202611080031 店铺：云朵服饰旗舰店\n如您对结果有异议，可在2026-11-20 12:00前提出申诉。",
          {"case_no": "TS202611080031", "case_no_kind": "complaint", "shop": "云朵服饰旗舰店", "amount": "459.00", "outcome": "buyer", "freight_payer": "seller", "reason": "misdescribed",
           "deadline": at("2026-11-20 12:00:00"), "deadline_for": P.BUYER}),
    True_(K.RULING, "纠纷判定通知", "经平台判定，本次纠纷由卖家承担责任，将全额退款 RMB 1,299 给您，退货邮费由卖家负担。纠纷编号：DZ20261105",
          {"case_no": "DZ20261105", "case_no_kind": "refund", "amount": "1299.00", "outcome": "buyer", "freight_payer": "seller"}),
    True_(K.RULING, "投诉处理结果告知", "您好，经审核双方提交的凭证，平台认定商家发货尺码与订单不符，责任在商家。来回运费由商家承担。", {"outcome": "buyer", "freight_payer": "seller"}, free=("reason",)),
    True_(K.RULING, "Decision on your dispute", "Dear customer, the platform has ruled in favour of the buyer. The seller shall refund you CNY 259.00 and bear the return shipping fee.",
          {"amount": "259.00", "outcome": "buyer", "freight_payer": "seller"}),
    True_(K.APPEAL_RULING, "商家申诉结果", "商家对判定结果的申诉未通过，维持原判定：支持买家。投诉编号：TS20261120009", {"case_no": "TS20261120009", "case_no_kind": "complaint", "outcome": "buyer"}),
    True_(K.APPEAL_RULING, "", "【淘宝】申诉成功！经复核改判：由卖家全额退款99.9元。", {"amount": "99.90", "outcome": "buyer"}),
    True_(K.CLOSING, "案件关闭通知", "您的投诉案件（TS20261120009）已处理完毕并结案，如有其他问题请重新提交。", free=("case_no", "case_no_kind")),
    True_(K.FILED, "【淘宝网】投诉提交成功", "亲爱的买家，您提交的投诉我们已经收到，投诉单号 TS20261103774512。", {"case_no": "TS20261103774512", "case_no_kind": "complaint"}),
    True_(K.MERCHANT_REPLY, "商家向您发起协商", "商家“竹溪茶具旗舰店”提出方案：部分退款45元，不退货。请在2026.11.12 09:00前确认，逾期未确认将视为同意该方案。",
          {"shop": "竹溪茶具旗舰店", "deadline": at("2026-11-12 09:00:00"), "deadline_for": P.BUYER, "if_missed": "accepts_offer"}, free=("amount", "offer")),
    True_(K.MERCHANT_REFUSAL, "您的退款申请被拒绝", "卖家：花间集美妆店 不同意您的退款申请。理由：这是运输途中可能出现的问题，请联系快递公司。", {"shop": "花间集美妆店", "refusal_ground": "transit"}),
    True_(K.MERCHANT_REPLY, "卖家给您留言了", "您的退款协商有新留言。\n卖家（海螺童装店）：您好，我们帮您核实。", {"shop": "海螺童装店"}),
    True_(K.INTERVENTION, "客服介入通知", "您好，商家未能与您达成一致，天猫客服现已介入，将在2个工作日内联系您。", free=("deadline", "deadline_for")),
    True_(K.EXTERNAL, "【12315】投诉办理告知", "您好，您的投诉（登记编号：1330110002026110812345678）已由杭州市余杭区市场监督管理局受理。",
          {"case_no": "1330110002026110812345678", "case_no_kind": "regulator"}, act=Act.REGULATOR, moves=False),
    True_(K.EVIDENCE_REQUEST, "凭证不足，请补充", "您已上传的凭证不清晰，请在11月9日20点前重新上传清晰的实物照片。投诉编号：TS20261107031",
          {"case_no": "TS20261107031", "case_no_kind": "complaint", "deadline": at("2026-11-09 20:00:00"), "deadline_for": P.BUYER, "evidence_asked": ("photo",)}),
    True_(K.EVIDENCE_REQUEST, "", "【淘宝】小二需要您补充开箱视频和物流签收凭证，请于2026/11/18 12:30前在订单详情页上传。",
          {"deadline": at("2026-11-18 12:30:00"), "deadline_for": P.BUYER, "evidence_asked": ("unboxing_video", "logistics")}),
    True_(K.RULING, "投诉处理结果通知", "您好，平台判定退货退款，退款金额按实付389.00元，订单总额420.00元。", {"outcome": "buyer", "amount": "389.00"}),
    True_(K.RULING, "投诉处理结果通知", "您好，运费险已赔付12元，退款88元，平台支持买家。", {"outcome": "buyer", "amount": "88.00"}, free=("freight_payer",)),
    True_(K.RULING, "投诉处理结果通知", "您好，由于双方证据均不充分，平台酌情判定商家补偿您30元，其余请求不予支持。", {"outcome": "partial", "amount": "30.00"}),
    True_(K.RULING, "投诉处理结果通知", "您好，平台认为双方均有责任，退款50%，即64.50元，运费各自承担。", {"outcome": "partial", "amount": "64.50", "freight_payer": "split"}),
    True_(K.MERCHANT_REFUSAL, "Refund request rejected", "Dear customer, the seller has rejected your refund request. Reason: the item was damaged in transit. Please modify your request or ask for platform intervention before 2026-11-15 12:00, otherwise the request will be closed.",
          {"deadline": at("2026-11-15 12:00:00"), "deadline_for": P.BUYER, "if_missed": "closes", "refusal_ground": "transit"}, free=("reason",)),
)

"""A mail that is a trap, opened wherever its text is shown: it asks for nothing, runs nothing, leads nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.browser.conftest import Person, deliver, open_when, watch
from tools.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

Phone = Callable[..., Page]
SHOP, NUMBER = "无名陷阱店", "TS202611229931"
CANARY = "http://canary.example"  # .example belongs to nobody; whatever asks it, or a path of this name, was caught
RUN = "parent.caught=1;top.caught=1;window.caught=1;alert('caught')"

HEAD = f"""
<base href="{CANARY}/base/">
<meta http-equiv="refresh" content="0;url={CANARY}/refresh">
<link rel="stylesheet" href="{CANARY}/sheet.css">
<link rel="preload" as="image" href="{CANARY}/preload.png">
<link rel="icon" href="{CANARY}/icon.ico">
<style>@import url("{CANARY}/import.css"); body {{ background: url({CANARY}/style.png) }}
@font-face {{ font-family: x; src: url({CANARY}/font.woff) }} p {{ font-family: x }}</style>
"""
PAYLOADS = (
    f"<script>{RUN}</script>",
    f'<script src="{CANARY}/script.js"></script>',
    f'<script type="module">{RUN}</script>',
    f'<img src="{CANARY}/pixel.png" width="1" height="1">',
    f'<img src="x-canary" onerror="{RUN}">',
    f'<img srcset="{CANARY}/set.png 1x">',
    f'<picture><source srcset="{CANARY}/source.png"><img></picture>',
    f'<body onload="{RUN}" background="{CANARY}/body.png">',
    f'<svg onload="{RUN}"><image href="{CANARY}/svg.png"/></svg>',
    f'<svg><script>{RUN}</script><a xlink:href="javascript:{RUN}"><text y="20">去付款</text></a></svg>',
    f'<svg><use href="{CANARY}/use.svg#x"/><style>*{{background:url({CANARY}/svgstyle.png)}}</style></svg>',
    f'<math><mtext><table><mglyph><style><img src=x onerror="{RUN}"></style></mglyph></table></mtext></math>',
    f'<iframe src="{CANARY}/frame"></iframe>',
    f"<iframe srcdoc=\"<script>{RUN.replace(chr(39), '')}</script><img src='{CANARY}/srcdoc.png'>\"></iframe>",
    f'<object data="{CANARY}/object.swf"></object>',
    f'<embed src="{CANARY}/embed.swf">',
    f'<video src="{CANARY}/video.mp4" poster="{CANARY}/poster.png" autoplay></video>',
    f'<audio src="{CANARY}/audio.mp3" autoplay></audio>',
    f'<form action="{CANARY}/form"><input name="password" type="password" autofocus onfocus="{RUN}">'
    "<button>验证</button></form>",
    f'<form id="f2" action="javascript:{RUN}"></form><button form="f2" formaction="{CANARY}/button">领取退款</button>',
    f'<input type="image" src="{CANARY}/input.png">',
    f'<a href="javascript:{RUN}">查看详情</a>',
    f'<a href="data:text/html,<script>{RUN}</script>">查看凭证</a>',
    f'<a href="vbscript:{RUN}">查看订单</a>',
    f'<a href="{CANARY}/ping" ping="{CANARY}/pinged" target="_top">https://www.tmall.com/</a>',
    f'<a href="{CANARY}/parent" target="_parent">去申诉</a>',
    '<a href="//canary.example/relative" target="_blank">去举证</a>',
    f'<div style="background:url({CANARY}/css.png)">背景</div>',
    f'<div style="background-image:image-set(url({CANARY}/imageset.png) 1x)">背景</div>',
    f'<div style="list-style:url({CANARY}/list.png);display:list-item">背景</div>',
    f'<div style="width:expression({RUN});behavior:url({CANARY}/htc)">背景</div>',
    '<div style="position:fixed;inset:0;z-index:99999;background:#fff">请重新登录</div>',
    f'<table background="{CANARY}/table.png"><tr><td background="{CANARY}/cell.png">表</td></tr></table>',
    f'<details open ontoggle="{RUN}"><summary>详情</summary></details>',
    f'<marquee onstart="{RUN}">通知</marquee>',
    f'<p onmouseover="{RUN}" onclick="{RUN}" onanimationstart="{RUN}" style="animation:x 1s">点这里</p>',
    f'<div hx-get="{CANARY}/htmx" hx-trigger="load" data-poll="{CANARY}/poll" data-fast>更新</div>',
    f'<iframe class="letter" src="javascript:{RUN}"></iframe>',
    f'<portal src="{CANARY}/portal"></portal><fencedframe src="{CANARY}/fenced"></fencedframe>',
    f'<template><img src=x onerror="{RUN}"></template><noscript><img src="{CANARY}/noscript.png"></noscript>',
    f'<noscript><p title="</noscript><img src=x onerror={RUN.split(";")[0]}>"></noscript>',
    f'<xmp><p title="</xmp><img src=x onerror={RUN.split(";")[0]}>"></xmp>',
    f'<!--><img src=x onerror="{RUN}">-->',
    f'<![CDATA[<img src=x onerror="{RUN}">]]>',
    f'</body></html><script>{RUN}</script><img src="{CANARY}/after.png">',
)
IN_A_LINE = f'"><img src={CANARY}/line.png onerror=alert(1)><script>window.caught=1</script>'
SAID = f"您好，您对“{SHOP}”的投诉已受理，投诉编号：{NUMBER}，请等待商家处理。"


def page_of_the_trap() -> str:
    return f"<!doctype html><html><head>{HEAD}</head><body><p>{SAID}</p>{''.join(PAYLOADS)}</body></html>"


def trap(shopper: Person) -> bytes:
    """The notice with all of it: in its HTML, its subject, its sender's name and the name of an attachment."""
    mail = EmailMessage(policy=SMTP.clone(max_line_length=900))
    mail["Subject"] = f"【天猫】您的投诉已受理 {IN_A_LINE}"
    mail["From"] = f'"天猫 {IN_A_LINE.replace(chr(34), "")}" <{shopper.email}>'
    mail["To"] = shopper.inbox
    mail["Date"] = timezone.localtime() - timedelta(minutes=5)
    mail["Message-ID"] = "<trap@client.localhost>"
    mail.set_content(page_of_the_trap(), subtype="html", cte="base64")
    mail.add_attachment(b"<script>window.caught=1</script>", "text", "html", filename=f"{IN_A_LINE}.html")
    return mail.as_bytes()


def test_the_trap_snaps_where_nothing_guards(browser: Browser) -> None:
    """Without our doors the same page asks and runs: else the tests below would prove nothing."""
    context = browser.new_context()
    asked: list[str] = []
    faults: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    context.route("**/*", answer)
    watch(context, "", faults)
    page = context.new_page()
    page.set_content(page_of_the_trap(), wait_until="commit")
    page.wait_for_timeout(1500)
    context.close()
    assert len(PAYLOADS) >= 40
    assert len({urlsplit(url).path for url in asked if "canary" in url}) >= 10
    assert any("dialog" in fault for fault in faults)


ACTIVE = "a,script,iframe,object,embed,form,input,button,base,meta[http-equiv],link,img,picture,video,audio,svg,math"
HANDLERS = "[onclick],[onload],[onerror],[style*=url],[ping],[hx-get],[data-poll],[href]"


def unharmed(page: Page) -> None:
    """Nothing ran in any frame, and the page is where it was."""
    for frame in page.frames:
        assert frame.evaluate("() => window.caught") is None
        assert "canary" not in frame.url


def letter_in(page: Page, box: str) -> FrameLocator:
    """The frame of the letter inside `box`, in sight, with its text there and whatever it wanted to do done."""
    page.locator(f"{box} iframe.letter").scroll_into_view_if_needed()
    letter = page.frame_locator(f"{box} iframe.letter")
    expect(letter.locator("body")).to_contain_text(SAID)
    page.wait_for_timeout(1000)
    unharmed(page)
    return letter


def test_a_trap_is_opened_as_mail_as_case_and_by_itself_and_nothing_happens(
    suji: Stack, phone: Phone, person: Callable[..., Person]
) -> None:
    shopper = person("trapped@example.com")
    page = phone(shopper)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    deliver(suji, shopper, trap(shopper))
    open_when(page, "/mails/", "没有改变任何进度")
    unharmed(page)
    page.locator("a.cover").first.click()
    expect(page.locator("#mail-live")).to_contain_text("可疑之处")  # and it moved nothing by itself
    letter = letter_in(page, "#mail-live")
    expect(letter.locator(ACTIVE)).to_have_count(0)
    expect(letter.locator(HANDLERS)).to_have_count(0)
    expect(letter.locator("body")).to_contain_text("去申诉 [canary.example]")  # where a link would have led
    source = page.locator("iframe.letter").get_attribute("src") or ""

    filing = page.locator("#mail-file")  # its owner files it all the same
    filing.locator("[name=kind]").select_option("acknowledgement")
    filing.locator("label", has_text="新建").click()
    filing.get_by_role("button", name="归入案件").click()
    expect(page.locator(".track .now")).to_have_text("已受理")
    case = page.url
    page.locator("#case-letters summary").click()
    letter_in(page, "#case-letters")
    assert page.url == case

    answer = page.goto(source)  # the letter by its own address, no frame of ours around it
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    page.wait_for_timeout(800)
    unharmed(page)
    assert not [url for url in asked if "canary" in url]


def test_a_trap_in_the_tray_is_text(suji: Stack, phone: Phone, person: Callable[..., Person]) -> None:
    shopper = person("trapped-again@example.com")
    deliver(suji, shopper, trap(shopper), mailbox="forger@elsewhere.example")
    owners = phone(shopper)
    open_when(owners, "/mails/", "没有改变任何进度")
    unharmed(owners)
    helper = phone(person("trap-helper@example.com", "volunteer"))
    asked: list[str] = []
    helper.context.on("request", lambda request: asked.append(request.url))
    helper.goto("/tray/")
    unharmed(helper)
    newest = helper.locator("#tray-rows li.card", has_text="疑似诈骗").last
    newest.get_by_role("button", name="认领并查看").click()
    expect(helper.get_by_role("alert")).to_contain_text("很像诈骗")
    expect(helper.locator("main .prose").first).to_contain_text("投诉已受理")
    expect(helper.locator("main").locator("script,iframe,img,object,base")).to_have_count(0)
    helper.wait_for_timeout(500)
    unharmed(helper)
    assert not [url for url in asked if "canary" in url]

"""Pictures of the pages, and what a machine can see wrong with them: `make screens`.

Every page (but those between two steps of logging in) at 360 and 1280 px, light and dark, zh and en, into screens/.
Ends with status 1 when any page scrolls sideways at 360 px, breaks a rule of axe, logs an error, asks another host,
leaves text untranslated, or has a target under 24 px.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.pictures.drawn import drawn
from tests.services import chromium
from tools.stack import ROOT, Stack, running

WIDTHS = {360: 640, 1280: 800}
THEMES = ("light", "dark")
LANGUAGES = {"zh-hans": "zh", "en": "en"}
PEOPLE = {"shopper": "lin@example.com", "volunteer": "volunteer@example.com", "staff": "host@example.com"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

# Han letters in an English page that no lang="zh…" covers, and which are nobody's own words.
UNTRANSLATED = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), parent = walker.currentNode.parentElement;
    if (!/[\\u4e00-\\u9fff]/.test(text) || parent.closest('[lang^="zh"],script,style,template')) continue;
    if (parent.checkVisibility()) found.push(text.slice(0, 60));
  }
  return found;
}"""

# Targets under 24 px; a link inside running text is as high as its line and may be (WCAG 2.5.8, inline).
SMALL = """() => [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]
  .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .filter(e => !(e.matches('a,button.link-button') && getComputedStyle(e).display === 'inline'))
  .map(e => [e, (e.closest('label') || e).getBoundingClientRect()])
  .filter(([e, box]) => box.width > 1 && box.height > 1 && (box.width < 24 || box.height < 24))
  .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`)"""

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Sight:
    """A page to look at: its name, who looks, and where it is."""

    name: str
    who: str  # "" or one of PEOPLE
    path: str
    status: int = 200


@dataclass(frozen=True)
class Way:
    """How a page is looked at: one of WIDTHS, THEMES and LANGUAGES."""

    width: int
    theme: str
    language: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{LANGUAGES[self.language]}"


ALL_WAYS = tuple(Way(width, theme, language) for language in LANGUAGES for theme in THEMES for width in WIDTHS)


def sights(stack: Stack) -> list[Sight]:
    """The main pages, with a case and a mail of the demo world that have something to show."""
    told = stack.tell("lin@example.com")
    ruled = next(case["id"] for case in told["cases"] if case["stage"] == "ruled" and case["outcome"] == "buyer")
    doubted = next(mail["id"] for mail in told["mails"] if mail["outcome"] == "review")
    return [
        Sight("home", "", "/"),
        Sight("sample", "", "/sample/"),
        Sight("signup", "", "/accounts/signup/"),
        Sight("start", "shopper", "/start/"),
        Sight("guide", "shopper", "/forwarding/gmail/"),
        Sight("missing", "shopper", "/forwarding/missing/"),
        Sight("addresses", "shopper", "/addresses/"),
        Sight("mailboxes", "shopper", "/accounts/email/"),
        Sight("cases", "shopper", "/cases/"),
        Sight("case", "shopper", f"/cases/{ruled}/"),
        Sight("search", "shopper", "/search/?q=退款"),
        Sight("record", "shopper", f"/cases/{ruled}/record/"),
        Sight("deadline", "shopper", f"/cases/{ruled}/deadline/"),
        Sight("demands", "shopper", f"/cases/{ruled}/demands/"),
        Sight("reminders", "shopper", "/reminders/"),
        Sight("new", "shopper", "/cases/new/"),
        Sight("hand-in", "shopper", "/hand-in/"),
        Sight("mails", "shopper", "/mails/"),
        Sight("mail", "shopper", f"/mails/{doubted}/"),
        Sight("tray", "volunteer", "/tray/"),
    ]


def further_sights(browser: Browser, stack: Stack, links: dict[str, str]) -> list[Sight]:
    """All the other pages, after acts of the demo's people that make them: a picture handed in, a volunteer at work."""
    told = stack.tell(PEOPLE["shopper"])
    case = next(case for case in told["cases"] if case["stage"] == "ruled" and case["outcome"] == "buyer")
    filed = next(mail["id"] for mail in told["mails"] if mail["outcome"] == "filed")
    here = f"/cases/{case['id']}/"
    picture = io.BytesIO()
    Image.new("RGB", (320, 240), "#5cc4c0").save(picture, "PNG")
    contexts = {who: opened(browser, stack, ALL_WAYS[0], script=False) for who in ("shopper", "volunteer")}
    pages = {who: context.new_page() for who, context in contexts.items()}
    for who, page in pages.items():
        page.goto(links[who])

    page = pages["shopper"]
    page.goto(stack.url + here)
    page.set_input_files("#id_files", {"name": "吊牌.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    page.locator("#exhibit-form .actions [type=submit]").click()
    correct = page.locator("a[href$='/correct/']").first.get_attribute("href") or ""
    exhibit = urlsplit(page.locator("#exhibits a.break").first.get_attribute("href") or "").path
    page.goto(f"{stack.url}{here}review/")
    page.locator("main input[type=checkbox]").first.check()
    page.locator("#case-review-form [type=submit]").click()

    page.goto(f"{stack.url}/kept/")
    page.locator("#id_title").fill("羊毛大衣")
    page.set_input_files("#id_files", {"name": "商品页.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    page.locator("main summary").first.click()
    page.locator("#id_signed_on").fill(f"{datetime.now(UTC):%Y-%m-%d}")
    page.locator("main [type=submit]").first.click()
    kept = urlsplit(page.url).path
    kept_file = urlsplit(page.locator("#keeping-files a.break").first.get_attribute("href") or "").path
    shot = drawn(("投诉处理结果通知", "您投诉鹿角灯饰旗舰店一事，平台已审核完毕：支持买家。", "商家应退款459.00元。"))
    page.goto(f"{stack.url}/hand-in/")
    page.set_input_files("#id_files", {"name": "截图.png", "mimeType": "image/png", "buffer": shot})
    page.locator("#hand-in-form [type=submit]").click()
    screenshot = urlsplit(page.url).path
    for _turn in range(90):  # OCR takes its seconds
        if page.locator("#picture-form").is_visible():
            break
        page.wait_for_timeout(1000)
        page.goto(stack.url + screenshot)

    page = pages["volunteer"]
    page.goto(f"{stack.url}/reviews/")
    page.locator("input[name=neutral]").first.check()
    page.locator("form[action$='/take/'] [type=submit]").first.click()
    review = urlsplit(page.url).path
    page.goto(f"{stack.url}/tray/")
    page.locator("form[action$='/claim/'] [type=submit]").first.click()
    claimed = urlsplit(page.url).path
    for context in contexts.values():
        context.close()

    return [
        Sight("privacy", "", "/privacy/"),
        Sight("login", "", "/accounts/login/"),
        Sight("login-code", "", "/accounts/login/code/"),
        Sight("reset", "", "/accounts/password/reset/"),
        Sight("offline", "", "/offline/"),
        Sight("guides-outside", "", "/forwarding/"),
        Sight("not-found", "", "/no-such-page/", 404),
        Sight("link-used-up", "", "/enter/no-such-token/", 404),
        Sight("guides", "shopper", "/forwarding/"),
        Sight("password", "shopper", "/accounts/password/set/"),
        Sight("logout", "shopper", "/accounts/logout/"),
        Sight("case-with-picture", "shopper", here),
        Sight("letters", "shopper", f"{here}letters/"),
        Sight("letter", "shopper", f"{here}letters/first/"),
        Sight("looks", "shopper", f"{here}looks/"),
        Sight("correct", "shopper", correct),
        Sight("exhibit", "shopper", exhibit),
        Sight("exhibits", "shopper", f"{here}exhibits/"),
        Sight("mail-files", "shopper", f"/mails/{filed}/files/"),
        Sight("kept", "shopper", "/kept/"),
        Sight("kept-order", "shopper", kept),
        Sight("kept-file", "shopper", kept_file),
        Sight("new-of-kept", "shopper", f"/cases/new/?keeping={kept.strip('/').split('/')[-1]}"),
        Sight("screenshot", "shopper", screenshot),
        Sight("shared", "shopper", "/hand-in/?shared=1"),
        Sight("reviews", "volunteer", "/reviews/"),
        Sight("review", "volunteer", review),
        Sight("claimed", "volunteer", claimed),
        Sight("mine", "volunteer", "/tray/mine/"),
        Sight("overview", "staff", "/tray/overview/"),
        Sight("operations", "staff", "/staff/operations/"),
        Sight("laboratory", "staff", "/laboratory/"),
        Sight("outgoing", "staff", "/outgoing/"),
    ]


def look(page: Page, way: Way) -> Iterator[str]:
    """What is wrong with the page that is open."""
    if way.width == 360 and (over := page.evaluate(SIDEWAYS)) > 0:
        yield f"scrolls sideways by {over} px"
    for violation in Axe().run(page).response["violations"]:
        where = "; ".join(node["html"][:100] for node in violation["nodes"][:3])
        yield f"axe {violation['id']}: {violation['help']} ({where})"
    if way.language == "en":
        yield from (f"untranslated: {text}" for text in page.evaluate(UNTRANSLATED))
    yield from (f"small target: {target}" for target in page.evaluate(SMALL))


def log_in_links(stack: Stack) -> dict[str, str]:
    return {who: stack.add_user(email, who)[0] for who, email in PEOPLE.items()}


def log_in(context: BrowserContext, link: str) -> None:
    page = context.new_page()
    page.goto(link)
    page.close()


def opened(browser: Browser, stack: Stack, way: Way, script: bool = True) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": way.width, "height": WIDTHS[way.width]},
        color_scheme=way.theme,  # type: ignore[arg-type]  # one of THEMES
        reduced_motion="reduce",
        java_script_enabled=script,
    )
    context.add_cookies([{"name": "django_language", "value": way.language, "url": stack.url}])
    return context


def take(
    browser: Browser,
    stack: Stack,
    folder: Path | None,
    only: Collection[str] = (),
    ways: Iterable[Way] = ALL_WAYS,
    further: bool = False,
) -> list[str]:
    """Open the main sights, and the `further` ones (or `only` those named) in every way, keep their pictures in
    `folder` if any, return the faults."""
    if folder:
        folder.mkdir(exist_ok=True)
    faults: list[str] = []
    seen = sights(stack) + (further_sights(browser, stack, log_in_links(stack)) if further else [])
    pages = [sight for sight in seen if not only or sight.name in only]
    links = log_in_links(stack)
    for way in ways:
        for who in ("", *PEOPLE):
            if not any(sight.who == who for sight in pages):
                continue
            context = opened(browser, stack, way)
            if who:
                log_in(context, links[who])
            for sight in (sight for sight in pages if sight.who == who):
                name = f"{sight.name}-{way}"
                faults += [f"{name}: {fault}" for fault in see(context, stack, sight, name, folder, way)]
            context.close()
    return faults


def see(context: BrowserContext, stack: Stack, sight: Sight, name: str, folder: Path | None, way: Way) -> list[str]:
    """The faults of one page; its picture goes into `folder`."""
    faults: list[str] = []
    page = context.new_page()
    expected = f"status of {sight.status}"  # Chromium logs a page that is not there as an error
    page.on(
        "console",
        lambda said: (
            faults.append(f"console: {said.text[:200]}") if said.type == "error" and expected not in said.text else None
        ),
    )
    page.on("pageerror", lambda error: faults.append(f"script: {error.message[:200]}"))
    host = urlsplit(stack.url).netloc
    page.on(
        "request",
        lambda asked: (
            faults.append(f"asks {asked.url[:100]}")
            if urlsplit(asked.url).netloc not in ("", host) and not asked.url.startswith(("data:", "blob:"))
            else None
        ),
    )
    answer = page.goto(stack.url + sight.path, wait_until="load")
    if answer is None or answer.status != sight.status:
        faults.append(f"answers {answer.status if answer else 'nothing'}")
    if folder:
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    faults += look(page, way)
    page.close()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages")
    parser.add_argument("--ways", nargs="*", default=[], help="such as 360-light-zh")
    parser.add_argument("--folder", type=Path, default=ROOT / "screens")
    chosen = parser.parse_args()
    if chromium() is None:
        print("No Chromium found: apt-get install chromium fonts-noto-cjk")  # noqa: T201
        return 2
    ways = [way for way in ALL_WAYS if not chosen.ways or str(way) in chosen.ways]
    with running() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        faults = take(browser, stack, chosen.folder, set(chosen.only), ways, further=True)
        browser.close()
    for fault in faults:
        print(fault)  # noqa: T201
    print(f"{len(list(chosen.folder.glob('*.png')))} pictures in {chosen.folder.name}/, {len(faults)} faults")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

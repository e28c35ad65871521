"""What a person sees of a mail's HTML: as text for the line, and as harmless HTML for the page.

Text that a style hides (display, visibility, size, white on white) is dropped in both: it must move no
case. HTML trees cost time in the square of their depth and of their open formatting elements, so `html`
is cut before any parser sees it; what is cut off is the end, which is the oldest part of a mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from colorsys import hls_to_rgb
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST_HTML = 1_000_000  # characters
MOST_TAGS = 8_000  # this many nested elements still parse in 0.2 s
MOST_OPEN_FORMATS = 64  # <font> and the like that are opened again in every later block
MOST_ENTITIES = 60_000  # nh3 takes time in the square of their number
MOST_ATTRIBUTES = 300  # words in one tag
MOST_STYLE_RULES = 400


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})?([^<>]*)(>?)")
_FORMATS = _names("a b big code em font i nobr s small strike strong tt u")
_BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary"
    " table tbody tfoot thead tr ul"
)
_NEVER_SHOWN = _names(
    "script noscript style head title template svg math object embed applet iframe frame frameset noframes select"
    " option textarea datalist audio video canvas map area base link meta param source track"
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
                        "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]")  # fmt: skip
_BLANKS = re.compile(r"[ \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_CELL = "\t"  # between the cells of a row


_TURNED = re.compile("\u202e([^\u202c\u202d\u2069\n]{0,2000})")


def as_seen(text: str) -> str:
    """`text` with what a direction override turns round in the order that a person sees."""
    return _TURNED.sub(lambda found: found[1][::-1], text) if "\u202e" in text else text


_ENTITY = re.compile("[&\u00a0]")


class Shallow(NamedTuple):
    html: str
    is_cut: bool


def shallow(html: str) -> Shallow:
    """`html` up to the point where parsing it could take more than linear time. Itself linear."""
    is_cut = len(html) > LONGEST_HTML
    html = html[:LONGEST_HTML].replace("\0", "")
    if html.count("&") + html.count("\u00a0") > MOST_ENTITIES:
        last = next(islice(_ENTITY.finditer(html), MOST_ENTITIES, None))
        html, is_cut = html[: last.start()], True
    formats: dict[str, int] = {}
    attributes, is_inside = 0, False  # of the tag that has not ended yet: a "<" may stand in an attribute
    for tags, found in enumerate(_TAG.finditer(html)):
        closing, name, rest, end = found.groups()
        if name or is_inside:
            attributes = (attributes if is_inside else 0) + len(rest.split(None, MOST_ATTRIBUTES))
        is_inside = not end and bool(name or is_inside)
        if name and (name := name.lower()) in _FORMATS:
            formats[name] = max(0, formats.get(name, 0) + (-1 if closing else 1))
        if tags >= MOST_TAGS or attributes > MOST_ATTRIBUTES or sum(formats.values()) > MOST_OPEN_FORMATS:
            return Shallow(html[: found.start()], True)
    return Shallow(html, is_cut)


# --- styles ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down to the text inside it."""

    is_hidden: bool = False  # nothing inside can be seen
    is_tiny: bool = False  # font size 0 or 1, until a child sets another
    color: int | None = None  # 0xRRGGBB
    background: int | None = 0xFFFFFF  # None: a picture or a gradient, anything may stand out from it
    keeps_lines: bool = False

    @property
    def shows_text(self) -> bool:
        return not (self.is_hidden or self.is_tiny or self._is_same_color)

    @property
    def _is_same_color(self) -> bool:
        if self.color is None or self.background is None:
            return False
        pairs = ((self.color >> shift & 255, self.background >> shift & 255) for shift in (16, 8, 0))
        return all(abs(ink - paper) <= 8 for ink, paper in pairs)


# The names of colours that text is hidden with on paper of the same, and of the commonest others.
_NAMED = {
    "white": 0xFFFFFF, "snow": 0xFFFAFA, "ghostwhite": 0xF8F8FF, "whitesmoke": 0xF5F5F5, "ivory": 0xFFFFF0,
    "floralwhite": 0xFFFAF0, "mintcream": 0xF5FFFA, "azure": 0xF0FFFF, "aliceblue": 0xF0F8FF, "seashell": 0xFFF5EE,
    "black": 0, "red": 0xFF0000, "green": 0x008000, "blue": 0xFF, "yellow": 0xFFFF00, "orange": 0xFFA500,
    "gray": 0x808080, "grey": 0x808080, "silver": 0xC0C0C0, "lightgray": 0xD3D3D3, "lightgrey": 0xD3D3D3,
    "gainsboro": 0xDCDCDC, "darkgray": 0xA9A9A9, "darkgrey": 0xA9A9A9, "navy": 0x80, "maroon": 0x800000,
}  # fmt: skip
_NUMBER = re.compile(r"-?\d{0,6}\.?\d{1,6}")
_HEX = re.compile(r"#([0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![0-9a-fA-F])")
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]{0,80})\)")
_ZERO = re.compile(r"0*\.?0*%?")


class _Ink(NamedTuple):
    color: int  # 0xRRGGBB
    is_clear: bool  # nothing of it can be seen


def _ink(value: str) -> _Ink | None:
    """The colour that a CSS value names, None if it names none."""
    if found := _HEX.search(value):
        digits = found[1] if len(found[1]) >= 6 else "".join(digit * 2 for digit in found[1])
        return _Ink(int(digits[:6], 16), digits[6:] == "00")
    if found := _FUNCTION.search(value):
        parts = found[2].replace(",", " ").replace("/", " ").split()
        numbers = [_number(part) for part in parts[:3]]
        if len(numbers) < 3 or any(number is None for number in numbers):
            return None
        is_clear = len(parts) > 3 and _ZERO.fullmatch(parts[3]) is not None
        if found[1] == "hsl":
            return _Ink(_from_hsl(*(number or 0.0 for number in numbers)), is_clear)
        red, green, blue = (
            max(0, min(255, round((number or 0.0) * (2.55 if part.endswith("%") else 1))))
            for number, part in zip(numbers, parts, strict=False)
        )
        return _Ink(red << 16 | green << 8 | blue, is_clear)
    words = value.replace("!", " ").split()
    if "transparent" in words:
        return _Ink(0, True)
    named = next((_NAMED[word] for word in words if word in _NAMED), None)
    return _Ink(named, False) if named is not None else None


def _from_hsl(hue: float, saturation: float, lightness: float) -> int:
    red, green, blue = hls_to_rgb(hue % 360 / 360, min(1, max(0, lightness / 100)), min(1, max(0, saturation / 100)))
    return round(red * 255) << 16 | round(green * 255) << 8 | round(blue * 255)


def _declarations(style: str) -> dict[str, str]:
    """`name: value` pairs of a style, lower-case; the last of a name counts unless an earlier is important."""
    said: dict[str, str] = {}
    style = style[:4000]
    if "\\" in style or "/*" in style:
        style = _ESCAPE.sub(_unescaped, _COMMENT.sub("", style))
    for piece in style.split(";"):
        name, colon, value = piece.partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip().lower()
            if "!important" in said.get(name, "") and "!important" not in value:
                continue
            said[name] = value
    return said


_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/)){0,4000}(?:\*/|$)")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6}[ \t\n]?|[^0-9a-fA-F\n])")


def _unescaped(found: re.Match[str]) -> str:
    """What a CSS escape stands for: d\\69splay is display."""
    code = found[1].strip()
    if len(found[1]) == 1 and not code.isalnum():
        return found[1]
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return found[1]


def _number(value: str | None) -> float | None:
    found = _NUMBER.match(value.strip()) if value else None
    return float(found[0]) if found else None


_MOVED = re.compile(r"translate(?:x|y|3d)?\([^)]{0,20}?-\s?\d{4,}")
_FADED = re.compile(r"opacity\s?(?:\(|=)\s?(?:0?\.0\d*|0)%?\s?\)")
_CLIPPED = re.compile(r"inset\(\s?(?:50|[6-9]\d|100)%|circle\(\s?0|polygon\(\s?0 0,\s?0 0")


def _is_out_of_sight(said: dict[str, str]) -> bool:
    if said.get("display", "").startswith("none") or said.get("mso-hide", "").startswith("all"):
        return True
    if said.get("visibility", "").startswith(("hidden", "collapse")) or said.get("content-visibility", "").startswith(
        "hid"
    ):
        return True
    if "".join(said.get("clip", "").split()).startswith(("rect(0", "rect(1px")) or _CLIPPED.search(
        said.get("clip-path", "")
    ):
        return True
    moved = said.get("transform", "")
    if moved and ("scale(0)" in moved or "scale(0," in moved or _MOVED.search(moved)):
        return True
    opacity = _number(said.get("opacity"))
    if (opacity is not None and opacity < 0.1) or _FADED.search(said.get("filter", "")):
        return True
    clips = said.get("overflow", "").startswith(("hidden", "clip"))
    sizes = [_number(said.get(name)) for name in ("height", "max-height", "width", "max-width")]
    if clips and any(size is not None and size <= 1 for size in sizes):
        return True
    places = [_number(said.get(name)) for name in ("text-indent", "left", "top", "right", "margin-left", "margin-top")]
    return any(place is not None and place <= -900 for place in places)


_FONT_SIZE = re.compile(r"(?<![\w.#-])(\d{0,4}\.?\d{1,4}(?:px|pt|em|rem|%)?)(?:\s?/|\s|$)")
TINY = 2  # pixels or points; no one reads letters of that size


def _restyled(look: _Look, said: dict[str, str]) -> _Look:
    """`look` after the declarations of one element."""
    is_tiny, color, background, keeps_lines = look.is_tiny, look.color, look.background, look.keeps_lines
    size = said.get("font-size")
    if size is None and (short := _FONT_SIZE.search(said.get("font", ""))):
        size = short[1]
    if size is not None:
        number = _number(size)
        is_relative = "%" in size or "em" in size  # relative to the parent; of nothing it stays nothing
        is_tiny = number is not None and (number <= (10 if "%" in size else 0.1) if is_relative else number <= TINY)
        is_tiny = is_tiny or (is_relative and look.is_tiny and "rem" not in size)
    for name in ("background", "background-color", "background-image"):
        value = said.get(name)
        if value is None:
            continue
        if "url(" in value or "gradient" in value:
            background = None
        elif (paper := _ink(value)) and not paper.is_clear:
            background = paper.color
    for name in ("color", "-webkit-text-fill-color"):
        value = said.get(name)
        if value is None or value.startswith(("inherit", "currentcolor", "unset")):
            continue
        ink = _ink(value)
        is_clear = ink is not None and ink.is_clear
        color = (background if background is not None else color) if is_clear else ink.color if ink else None
        if is_clear and background is None:
            return _Look(is_hidden=True)
    if "white-space" in said:
        keeps_lines = said["white-space"].startswith(("pre", "break-spaces"))
    return _Look(look.is_hidden or _is_out_of_sight(said), is_tiny, color, background, keeps_lines)


_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]{0,15})?[.#][\w-]{1,80}|[a-z][a-z0-9]{0,15}")
_BRACE = re.compile("[{}]")
_ALWAYS = frozenset({"@mediaall", "@mediascreen", "@mediaonlyscreen"})


def _css_rules(css: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of the rules that count on every screen; others' contents are passed over."""
    depth = start = inside = 0
    selectors = ""
    for found in _BRACE.finditer(css):
        if found[0] == "{":
            if not depth:
                selectors, inside = css[start : found.start()].rpartition(";")[2].strip(), found.end()
                if "".join(selectors.lower().split()) in _ALWAYS:
                    start = inside  # its rules are read as if they stood alone
                    continue
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                start = found.end()
                if not selectors.startswith("@"):
                    yield selectors, css[inside : found.start()]
        else:
            start = found.end()


def _simple_selector(selector: str) -> str | None:
    """p, .name, p.name or #name, perhaps inside bare tags (body .name); None for anything cleverer."""
    *around, last = selector.replace(">", " ").split() or [""]
    is_plain = all(name.isalnum() for name in around)
    return last if is_plain and _SIMPLE.fullmatch(last) else None


def _rules(tree: LexborHTMLParser) -> dict[str, dict[str, str]]:
    """Declarations of <style> by simple selector."""
    rules: dict[str, dict[str, str]] = {}
    for node in tree.css("style")[:20]:
        first, *commented = node.text(deep=True)[:100_000].split("/*")
        css = first + "".join(piece.partition("*/")[2] for piece in commented)
        for selectors, style in islice(_css_rules(css), MOST_STYLE_RULES):
            said = _declarations(style)
            for selector in selectors.split(",")[:20]:
                if name := _simple_selector(selector):
                    rules.setdefault(name, {}).update(said)
    return rules


def _said(node: LexborNode, tag: str, rules: dict[str, dict[str, str]]) -> dict[str, str]:
    """All that style sheets and attributes say about `node`, the nearest last."""
    given = node.attributes
    said: dict[str, str] = {}
    if value := given.get("bgcolor"):
        said["background-color"] = value.lower()
    if tag == "font" and (value := given.get("color")):
        said["color"] = value.lower()
    if tag == "body" and (value := given.get("text")):
        said["color"] = value.lower()
    if tag == "font" and given.get("size") == "0":
        said["font-size"] = "0"
    if "hidden" in given or (tag == "dialog" and "open" not in given):
        said["display"] = "none"
    if rules:
        names = [tag]
        for name in (given.get("class") or "").split()[:20]:
            names += [f".{name}", f"{tag}.{name}"]
        names.append(f"#{given.get('id') or ''}")
        for name in names:
            said |= rules.get(name, {})
    if style := given.get("style"):
        said |= _declarations(style)
    if tag == "pre":
        said.setdefault("white-space", "pre")
    return said


# --- the walk --------------------------------------------------------------------------------------------


class _Step(NamedTuple):
    node: LexborNode
    tag: str  # "#text" for text
    is_end: bool
    look: _Look
    shape: str = ""  # block, row, cell, beside (a cell that no table holds), or "" for what flows with the text


_SHAPES = {
    "block": "block", "flex": "block", "grid": "block", "list-item": "block", "table": "block", "flow-root": "block",
    "table-row": "row", "table-cell": "cell", "inline": "inline", "inline-block": "inline",
}  # fmt: skip


def _shape(tag: str, display: str, is_in_row: bool) -> str:
    if tag in ("td", "th"):
        return "cell"
    if tag == "tr":
        return "row"
    if is_in_row or tag == "dd":
        return "beside"
    shape = _SHAPES.get(display.partition(" ")[0], "")
    if shape == "inline":
        return "inline" if tag in _BLOCKS else ""
    return shape or ("block" if tag in _BLOCKS else "")


def _is_row(said: dict[str, str]) -> bool:
    """Whether what an element holds stands side by side."""
    return said.get("display", "").startswith(("flex", "inline-flex")) and not said.get(
        "flex-direction", ""
    ).startswith("col")


def _walk(root: LexborNode, rules: dict[str, dict[str, str]]) -> Iterator[_Step]:
    """Every element (twice: start and end) and text below `root`, in order, without recursion."""
    stack: list[tuple[LexborNode, _Look, str | None, bool]] = [(root, _Look(), None, False)]
    while stack:
        node, look, ended, is_in_row = stack.pop()
        if node.is_text_node:
            yield _Step(node, "#text", False, look)
            continue
        tag = node.tag or ""
        if ended is not None:
            yield _Step(node, tag, True, look, ended)
            continue
        if not node.is_element_node:
            continue
        said: dict[str, str] = {}
        if tag in _NEVER_SHOWN:
            look = _Look(is_hidden=True)
        elif said := _said(node, tag, rules):
            look = _restyled(look, said)
        shape = _shape(tag, said.get("display", ""), is_in_row)
        yield _Step(node, tag, False, look, shape)
        stack.append((node, look, shape, False))
        if look.is_hidden:
            continue
        child, lays_row = node.last_child, _is_row(said)
        while child is not None:
            stack.append((child, look, None, lays_row))
            child = child.prev


def _tree(html: str) -> tuple[LexborNode, dict[str, dict[str, str]], bool] | None:
    cut = shallow(html)
    tree = LexborHTMLParser(cut.html)
    body = tree.body
    return (body, _rules(tree), cut.is_cut) if body is not None else None


class _Page:
    """Lines of text as blocks, breaks and cells make them."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.pending = ""  # what comes before the next text: "", " ", cell or "\n"
        self.is_first_cell = True
        self.is_fresh_cell = False  # blocks at the start of a cell do not part it from the one before

    def block(self) -> None:
        if not self.is_fresh_cell and self.lines[-1]:
            self.pending = "\n"

    def cell(self) -> None:
        if self.is_first_cell:
            self.is_first_cell = False
            return
        if self.lines[-1]:
            self.pending = _CELL
        self.is_fresh_cell = True

    def beside(self, is_first: bool) -> None:
        """What stands right of the one before it, outside of tables."""
        if is_first:
            self.block()
            return
        if self.lines[-1]:
            self.pending = _CELL
        self.is_fresh_cell = True

    def gap(self) -> None:
        if self.lines[-1] and not self.pending:
            self.pending = " "

    def row(self, is_end: bool) -> None:
        if is_end:
            self.is_fresh_cell = False
        elif not self.is_fresh_cell:
            self.is_first_cell = True
        self.block()

    def line(self) -> None:
        if self.pending == "\n":
            self.lines.append("")
        self.pending = ""
        self.lines.append("")

    def write(self, text: str, keeps_lines: bool) -> None:
        pieces = text.replace("\r\n", "\n").split("\n") if keeps_lines else [text]
        for at, piece in enumerate(pieces):
            if at:
                self.line()
            self._write(piece)

    def _write(self, text: str) -> None:
        plain = _BLANKS.sub(" ", _INVISIBLE.sub("", as_seen(text)))
        said = plain.strip(" ")
        if not said:
            if plain and not self.pending and self.lines[-1]:
                self.pending = " "
            return
        if self.pending == "\n":
            self.lines.append("")
        elif self.pending and self.lines[-1]:
            self.lines[-1] += self.pending
        elif plain.startswith(" ") and self.lines[-1] and not self.lines[-1].endswith((" ", _CELL)):
            self.lines[-1] += " "
        self.lines[-1] += said
        self.pending = " " if plain.endswith(" ") else ""
        self.is_fresh_cell = False

    def text(self) -> str:
        kept: list[str] = []
        for line in self.lines:
            line = line.strip()
            if line or (kept and kept[-1]):
                kept.append(line)
        return "\n".join(kept).strip("\n")


def visible_text(html: str) -> str:
    """The text that a person sees of `html`: a block a line, the cells of a row on one line with tabs between.

    Inline elements part nothing (a number cut by <span> or <wbr> stays whole). At most one blank line in
    a row; characters without width are dropped. Whatever `html` is, this returns, in linear time.
    """
    parsed = _tree(html)
    if parsed is None:
        return ""
    body, rules, _is_cut = parsed
    page = _Page()
    for step in _walk(body, rules):
        if step.tag == "#text":
            if step.look.shows_text:
                page.write(step.node.text_content or "", step.look.keeps_lines)
        elif step.look.is_hidden:
            continue
        elif step.tag == "br":
            if not step.is_end:
                page.line()
        elif step.shape == "cell":
            if not step.is_end:
                page.cell()
        elif step.shape == "row":
            page.row(step.is_end)
        elif step.shape == "beside":
            if not step.is_end:
                page.beside(_is_first(step.node))
        elif step.shape == "inline":
            page.gap()
        elif step.shape:
            page.block()
    return page.text()


def _is_first(node: LexborNode) -> bool:
    """Whether no element stands before `node` where it is; of a <dd>, whether no <dt> does."""
    before = node.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    return before is None or (node.tag == "dd" and before.tag != "dt")


def is_cut(html: str) -> bool:
    """Whether `visible_text` and `safe_html` leave out the end of `html`."""
    return shallow(html).is_cut


# --- HTML for the page -----------------------------------------------------------------------------------

_KEPT_TAGS = set(
    _names(
        "abbr b blockquote br caption center cite code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6"
        " hr i ins li ol p pre q s small span strike strong sub sup table tbody td tfoot th thead tr u ul"
    )
)
_KEPT_ATTRIBUTES = {
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_DROPPED_WITH_CONTENT = {"script", "style", "title", "head", "template", "svg", "math", "object", "iframe"}
_HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,10}")


def _host(href: str) -> str:
    """The host that `href` leads to, in ASCII, "" if none or if it is no web address."""
    try:
        parts = urlsplit(href.strip())
        host = parts.hostname or ""
        host = host.encode("idna").decode() if not host.isascii() else host
    except ValueError:  # a broken IPv6 host or a label that is too long
        return ""
    return host.lower() if parts.scheme in ("http", "https") else ""


def safe_html(html: str) -> str:
    """`html` as it may stand in the sandboxed frame: no picture, script, style, class or hidden text.

    Of a link its text stays, and leads nowhere: no page opens inside the frame, and none should. Where the text
    does not name the host that the link led to, that host follows in brackets.
    """
    parsed = _tree(html)
    if parsed is None:
        return ""
    body, rules, _is_cut = parsed
    unseen: list[LexborNode] = []
    links: list[LexborNode] = []
    for step in _walk(body, rules):
        if step.is_end:
            continue
        if step.tag == "#text":
            if not step.look.shows_text:
                unseen.append(step.node)
        elif step.look.is_hidden:
            unseen.append(step.node)
        elif step.tag == "a":
            links.append(step.node)
    for node in links:
        host = _host(node.attributes.get("href") or "")
        if host and host not in _HOST.findall(node.text(deep=True).lower()[:2000]):
            node.insert_child(f" [{host}]")
    for node in unseen:
        if node.parent is not None:
            node.remove()
    return nh3.clean(
        body.inner_html or "",
        tags=_KEPT_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_KEPT_ATTRIBUTES,
    )

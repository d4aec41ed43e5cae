"""Pages of A4 paper and the flow that fills them with lines of text.

Purpose: set paragraphs, two-column blocks, tables and footnotes the way an office's word processor does, and remember
where every word was put, so that a later reading of the page can be aligned by place as well as by letters.

Limits: Latin script with precomposed (NFC) letters, one font family a document, no hyphenation (a word breaks only after a
hyphen it already has), tables whose rows don't split over pages.

Coordinates are pixels at 300 dpi, origin top left. Example:

    flow = Flow(Style(size=14))
    flow.paragraph("Căn cứ tình hình thực tế của địa phương, ...")
    pages = flow.finish()          # pages[0].image, pages[0].lines
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from marks import draw_stacked

DPI = 300
MM = DPI / 25.4
POINT = DPI / 72
WIDTH, HEIGHT = round(210 * MM), round(297 * MM)
# Debian: fonts-croscore (Tinos, Arimo) and fonts-liberation2. The older fonts-liberation 1.x has no Vietnamese letters.
FONTS = {
    "Tinos": "/usr/share/fonts/truetype/croscore/Tinos-{}.ttf",
    "Arimo": "/usr/share/fonts/truetype/croscore/Arimo-{}.ttf",
    "Liberation Serif": "/usr/share/fonts/truetype/liberation2/LiberationSerif-{}.ttf",
}
FACES = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "BoldItalic"}
SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


@dataclass(frozen=True)
class Style:
    """How a run of text looks. `size` in points; `leading` is the line pitch as a multiple of the size,
    `space` the least width of a space between words as a multiple of the font's (tight setting makes readers glue words); `stacked` sets tones on top of circumflex and breve."""

    size: float = 14
    bold: bool = False
    italic: bool = False
    family: str = "Tinos"
    leading: float = 1.22
    space: float = 1.0
    stacked: bool = False

    def but(self, **changes):
        return Style(**{**self.__dict__, **changes})

    @property
    def font(self):
        return load_font(self.family, FACES[self.bold, self.italic], self.size)

    @property
    def pitch(self):
        return self.size * POINT * self.leading


@lru_cache(maxsize=None)
def load_font(family, face, size):
    """The face at `size` points on a 300 dpi page."""
    return ImageFont.truetype(FONTS[family].format(face), size * POINT, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=200_000)
def width_of(text, style):
    return style.font.getlength(text)


def space_of(style):
    return width_of(" ", style) * style.space


@dataclass
class Word:
    """One printed token and the stretch of its line it occupies."""

    text: str
    left: float
    right: float


@dataclass
class Line:
    """One printed line of one column. Lines of several columns that a reader sees side by side share `row`."""

    words: list
    top: float
    bottom: float
    row: int

    @property
    def text(self):
        return " ".join(w.text for w in self.words)

    @property
    def left(self):
        return self.words[0].left

    @property
    def right(self):
        return self.words[-1].right


@dataclass
class Page:
    """A typeset page: greyscale image, its lines, and the place of the signature when it carries one."""

    image: Image.Image
    lines: list = field(default_factory=list)
    signature: tuple = None

    def rows(self):
        """Lines as read across the page: those of one row joined from left to right, rows from top to bottom."""
        rows = {}
        for line in self.lines:
            rows.setdefault(line.row, []).append(line)
        joined = [sorted(row, key=lambda l: l.left) for row in rows.values()]
        joined.sort(key=lambda row: min(l.top for l in row))
        return joined

    def text(self):
        return "\n".join(" ".join(l.text for l in row) for row in self.rows())


@dataclass(frozen=True)
class Margins:
    """In millimetres; the defaults lie inside what NĐ 30/2020 allows (20-25, 20-25, 30-35, 15-20)."""

    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 20


class Flow:
    """Fills pages from top to bottom. Every method puts one kind of block and starts a new page when it must."""

    def __init__(self, style=Style(), margins=Margins(), page_numbers=True, footnotes=None, spacing=4):
        """`footnotes`: mark in plain digits -> text; each is set at the foot of the page where its superscript stands.
        `spacing`: points between paragraphs."""
        self.style, self.margins, self.page_numbers, self.spacing = style, margins, page_numbers, spacing
        self.footnotes = dict(footnotes or {})
        self.left, self.right = margins.left * MM, WIDTH - margins.right * MM
        self.pages, self.row = [], 0
        self.new_page()

    # pages

    def new_page(self):
        if self.pages:
            self._set_notes()
        page = Page(Image.new("L", (WIDTH, HEIGHT), 255))
        self.pages.append(page)
        self.draw = ImageDraw.Draw(page.image)
        self.y, self.floor = self.margins.top * MM, HEIGHT - self.margins.bottom * MM
        self.notes = []
        if self.page_numbers and len(self.pages) > 1:
            style = self.style.but(size=13, bold=False, italic=False)
            self._put_line([(str(len(self.pages)), style)], self.left, self.right, 13 * MM, "center", self._next_row())

    def finish(self):
        """The pages, footnotes set."""
        self._set_notes()
        return self.pages

    def _next_row(self):
        self.row += 1
        return self.row

    def _need(self, height):
        if self.y + height > self.floor and self.pages[-1].lines:
            self.new_page()

    # lines

    def _put_line(self, words, left, right, top, align, row, last=True):
        """Draws words between left and right; `justify` spreads them unless it is a paragraph's last line."""
        widths = [width_of(t, s) for t, s in words]
        space = space_of(words[0][1])
        slack = (right - left) - sum(widths)
        gap = space
        if align == "justify" and not last and len(words) > 1:
            gap = max(space * 0.8, min(slack / (len(words) - 1), space * 4))
        total = sum(widths) + gap * (len(words) - 1)
        x = left + {"center": (right - left - total) / 2, "right": right - left - total}.get(align, 0)
        set_words = []
        for (text, style), width in zip(words, widths):
            ascent = style.font.getmetrics()[0]
            base = top + words[0][1].font.getmetrics()[0]
            if style.stacked:
                draw_stacked(self.pages[-1].image, self.draw, x, base - ascent, text, style.font)
            else:
                self.draw.text((x, base - ascent), text, fill=0, font=style.font)
            set_words.append(Word(text, x, x + width))
            x += width + gap
        ascent, descent = words[0][1].font.getmetrics()
        line = Line(set_words, top, top + ascent + descent, row)
        self.pages[-1].lines.append(line)
        return line

    def _note_marks(self, words):
        for text, _ in words:
            for found in SUPERSCRIPT.findall(text):
                mark = "".join(str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(c)) for c in found)
                if mark in self.footnotes:
                    yield mark, found

    def _set_notes(self):
        style = self.style.but(size=10, bold=False, italic=False)
        if not self.notes:
            return
        y = self.floor + 4 * POINT
        self.draw.line((self.left, y, self.left + 50 * MM, y), fill=0, width=2)
        y += 4 * POINT
        for lines in self.notes:
            for k, words in enumerate(lines):
                self._put_line(words, self.left, self.right, y, "justify", self._next_row(), k == len(lines) - 1)
                y += style.pitch

    def _reserve_notes(self, words):
        """Height that the footnotes marked in these words ask for, and their broken lines."""
        style = self.style.but(size=10, bold=False, italic=False)
        notes = [break_lines([(w, style) for w in f"{found} {self.footnotes[mark]}".split()], self.right - self.left)
                 for mark, found in self._note_marks(words)]
        height = sum(len(lines) for lines in notes) * style.pitch
        if notes and not self.notes:
            height += 10 * POINT
        return notes, height

    # blocks

    def gap(self, points):
        self.y += points * POINT

    def rule(self, left, right, width=3):
        """A horizontal stroke at the present height."""
        self.draw.line((left, self.y, right, self.y), fill=0, width=width)

    def paragraph(self, runs, align="justify", indent=12.7, style=None, inset=0):
        """A paragraph. `runs`: text, or (text, style) pieces; `indent` of the first line and `inset` of all in mm."""
        style = style or self.style
        runs = [(runs, style)] if isinstance(runs, str) else runs
        words = [(w, s) for text, s in runs for w in text.split()]
        if not words:
            return
        left, right = self.left + inset * MM, self.right - (inset * MM if align == "center" else 0)
        first = indent * MM if align in ("justify", "left") else 0
        lines = break_lines(words, right - left, first)
        for k, line in enumerate(lines):
            pitch = line[0][1].pitch
            notes, height = self._reserve_notes(line)
            self._need(pitch + height)
            start = left + (first if k == 0 else 0)
            self._put_line(line, start, right, self.y, align, self._next_row(), k == len(lines) - 1)
            self.y += pitch
            if notes:
                self.notes += notes
                self.floor -= height
                for mark, _ in self._note_marks(line):
                    self.footnotes.pop(mark)
        self.y += self.spacing * POINT

    def columns(self, left, right, split=0.42, align=("center", "center")):
        """Two blocks side by side; each is a list of (text, style) paragraphs, `None` text makes a short rule under the
        line before, a number of points makes room. Returns the box of the right block (for a stamp)."""
        border = self.left + (self.right - self.left) * split
        sides = [(left, self.left - 5 * MM, border - 2 * MM, align[0]), (right, border, self.right + 3 * MM, align[1])]
        laid = [self._lay_column(*side) for side in sides]
        self._need(max(height for _, height in laid))
        origin, rows = self.y, []
        for column, _ in laid:
            for item in column:
                if item[0] == "rule":
                    _, y, x0, x1 = item
                    self.draw.line((x0, origin + y, x1, origin + y), fill=0, width=3)
                    continue
                _, words, y, x0, x1, how = item
                middle = origin + y + words[0][1].pitch / 2
                row = next((r for m, r in rows if abs(m - middle) < words[0][1].pitch * 0.5), None) or self._next_row()
                rows.append((middle, row))
                self._put_line(words, x0, x1, origin + y, how, row)
        self.y = origin + max(height for _, height in laid) + self.spacing * POINT
        return (border, origin, self.right, self.y)

    def _lay_column(self, items, x0, x1, align):
        out, y = [], 0
        for text, style in items:
            if isinstance(text, (int, float)):
                y += text * POINT
            elif text is None:
                length = style if isinstance(style, (int, float)) else 0.4 * (x1 - x0)
                middle = (x0 + x1) / 2
                out.append(("rule", y + 2 * POINT, middle - length / 2, middle + length / 2))
                y += 5 * POINT
            else:
                for words in break_lines([(w, style) for w in text.split()], x1 - x0):
                    out.append(("line", words, y, x0, x1, align))
                    y += style.pitch
        return out, y

    def table(self, columns, rows, style=None, ruled=True):
        """A table with ruling lines; column widths follow the longest texts. Cells break inside their column."""
        style = style or self.style.but(size=12)
        pad = 2 * MM
        head = style.but(bold=True)
        grid = [(columns, head)] + [(row, style) for row in rows]
        count = max(len(cells) for cells, _ in grid)
        wish = []
        for k in range(count):
            texts = [(str(cells[k]), s) for cells, s in grid if k < len(cells) and cells[k] is not None]
            longest = max((width_of(w, s) for t, s in texts for w in t.split()), default=0)
            full = max((width_of(t, s) for t, s in texts), default=0)
            wish.append((longest + 2 * pad, min(full + 2 * pad, 60 * MM)))
        room = self.right - self.left
        least, most = sum(a for a, _ in wish), sum(b for _, b in wish)
        share = (room - least) / (most - least) if most > least else 0
        widths = [a + (b - a) * share for a, b in wish] if share > 0 else [room * a / least for a, _ in wish]
        for number, (cells, s) in enumerate(grid):
            laid = [break_lines([(w, s) for w in str(c or "").split()], width - 2 * pad) if c else []
                    for c, width in zip(cells, widths)]
            height = max((len(lines) for lines in laid), default=1) * s.pitch + pad
            self._need(height)
            x, base = self.left, self._next_row()
            for k, (lines, width) in enumerate(zip(laid, widths)):
                if ruled:
                    self.draw.rectangle((x, self.y, x + width, self.y + height), outline=0, width=3)
                centred = number == 0 or sum(len(w) + 1 for line in lines for w, _ in line) < 10
                for depth, words in enumerate(lines):
                    self._put_line(words, x + pad, x + width - pad, self.y + pad / 2 + depth * s.pitch,
                                   "center" if centred else "left", base + depth)
                x += width
            self.row = base + max((len(lines) for lines in laid), default=1)
            self.y += height
        self.gap(self.spacing)


def break_lines(words, width, first=0):
    """Greedy lines of (text, style) words no wider than `width`, the first one `first` shorter. A word that does not fit is
    broken after a hyphen inside it when the part before still fits (2022-2025 -> 2022- / 2025)."""
    lines, line, used, room = [], [], 0.0, width - first
    queue = list(reversed(words))
    while queue:
        text, style = queue.pop()
        space = space_of(style) if line else 0
        if not line or used + space + width_of(text, style) <= room:
            line.append((text, style))
            used += space + width_of(text, style)
            continue
        for cut in range(len(text) - 2, 1, -1):
            if text[cut - 1] == "-" and text[cut].isalnum() and used + space + width_of(text[:cut], style) <= room:
                line.append((text[:cut], style))
                text = text[cut:]
                break
        lines.append(line)
        line, used, room = [], 0.0, width
        queue.append((text, style))
    if line:
        lines.append(line)
    return lines

"""A plan (the JSON of `corpus/`) set on pages as NĐ 30/2020 prescribes.

Letterhead in two columns, kind and title centred, bases, the numbered tree, closing, recipients beside the signature,
appendices as ruled tables on pages of their own, footnotes, page numbers from the second page on. `layout` of the plan is
honoured: font_pt, heading_style (bold | plain), page_number, rule_under_motto, motto.

    pages = plan_pages(json.load(open("corpus/a1.json")))
"""

import re

from page import MM, Flow, Margins, Style, width_of

PARTY_NUMBER = re.compile(r"-\w+/(TW|TU|HU|ĐU|ĐUK|QU|ThU)$")
OUTER_LABEL = re.compile(r"(Phần|Chương|Mục) ")


def marker(label):
    """The label as printed: I -> I., 1.1 -> 1.1., a -> a), Điều 1 -> Điều 1. ; -, + and (1) as they are."""
    if re.fullmatch(r"[a-zđ]{1,2}", label):
        return label + ")"
    if re.fullmatch(r"[A-ZĐ]+|\d+(\.\d+)*|Điều .*", label):
        return label + "."
    return label


def spelled_date(plan):
    """Hải Lăng, ngày 27 tháng 02 năm 2014: days in two digits as given, months from March on without the zero."""
    year, month, day = plan["date"].split("-")
    return f"{plan['place']}, ngày {day} tháng {month if int(month) < 3 else int(month)} năm {year}"


def issuer_lines(issuer):
    """ỦY BAN NHÂN DÂN stands on a line of its own above the place."""
    found = re.fullmatch(r"((?:ỦY|UỶ) BAN NHÂN DÂN) (.+)", issuer)
    return list(found.groups()) if found else [issuer]


class PlanSetter:
    """Sets one plan. `base`: the typeface and spacing of the body; its size is the plan's own."""

    def __init__(self, plan, base=Style(), margins=Margins()):
        layout = plan.get("layout") or {}
        size = layout.get("font_pt", 14)
        self.plan, self.layout = plan, layout
        self.base = base.but(size=size)
        self.small = self.base.but(size=size - 1)
        self.flow = Flow(self.base, margins, layout.get("page_number", True),
                         {n["mark"]: n["text"] for n in plan.get("footnotes") or []})
        self.signature = None

    def pages(self):
        plan = self.plan
        self.letterhead()
        self.title(plan["kind"], plan["title"])
        modern = plan["date"] >= "2020-03-05"
        for text in plan["preamble"]:
            basis = modern and text.startswith(("Căn cứ", "Theo đề nghị", "Xét đề nghị"))
            self.flow.paragraph(text, style=self.base.but(italic=basis))
        self.nodes(plan["sections"])
        attached = plan.get("attached") or []
        if attached:
            self.closing()
        for part in attached:
            self.flow.new_page()
            self.title(part.get("kind"), part.get("title"))
            if part.get("note"):
                self.flow.paragraph(part["note"], "center", style=self.base.but(italic=True))
            self.nodes(part["sections"])
        if not attached:
            self.closing()
        for appendix in plan.get("appendices") or []:
            self.flow.new_page()
            self.title(appendix["label"], appendix["title"])
            self.flow.table(appendix["columns"], appendix["rows"])
        return self.flow.finish()

    def letterhead(self):
        plan, small, bold = self.plan, self.small, self.small.but(bold=True)
        italic = self.base.but(italic=True)
        party = bool(PARTY_NUMBER.search(plan["number"]))
        motto = self.layout.get("motto")
        left = [(plan["issuer_parent"], small)] if plan["issuer_parent"] else []
        left += [(part, bold) for part in issuer_lines(plan["issuer"])] + [(None, 25 * MM)]
        if motto or party:
            right = [(motto or "ĐẢNG CỘNG SẢN VIỆT NAM", self.base.but(bold=True))]
        else:
            republic = "HOÀ" if "UỶ" in plan["issuer"] + (plan["issuer_parent"] or "") else "HÒA"
            name = f"CỘNG {republic} XÃ HỘI CHỦ NGHĨA VIỆT NAM"
            while width_of(name, bold) > 0.58 * (self.flow.right - self.flow.left):
                bold = bold.but(size=bold.size - 0.5)
            right = [(name, bold),
                     ("Độc lập - Tự do - Hạnh phúc", self.base.but(bold=True))]
        if self.layout.get("rule_under_motto", True):
            right += [(None, 60 * MM)]
        self.flow.columns(left, right, split=0.42)
        number = ("Số " if party else "Số: ") + plan["number"]
        self.flow.columns([(number, small)], [(spelled_date(plan), italic)], split=0.42)
        self.flow.gap(8)

    def title(self, kind, title):
        bold = self.base.but(bold=True)
        if kind:
            self.flow.paragraph(kind, "center", style=bold)
        if title:
            self.flow.paragraph(title, "center", style=bold, inset=8)
        self.flow.gap(6)

    def nodes(self, nodes):
        for node in nodes:
            label, text = node["label"] or "", node["text"] or ""
            if OUTER_LABEL.match(label):
                bold = self.base.but(bold=True)
                self.flow.paragraph(label, "center", style=bold)
                self.flow.paragraph(text, "center", style=bold)
            else:
                self.item(marker(label), text, bool(node["children"] or node["paragraphs"]))
            for paragraph in node["paragraphs"]:
                self.flow.paragraph(paragraph)
            self.nodes(node["children"])

    def item(self, mark, text, has_content):
        """Headings are bold where the plan wants them so: capitals, or a short numbered line with something under it."""
        capital = len(text) > 3 and text == text.upper()
        numbered = re.fullmatch(r"([IVXLC]+|[A-ZĐ]|\d+(\.\d+)*|Điều \d+)\.", mark)
        heading = capital or (numbered and has_content and len(text) < 90)
        if mark.startswith("Điều"):
            self.flow.paragraph([(mark, self.base.but(bold=True)), (text, self.base)])
            return
        bold = bool(heading) and self.layout.get("heading_style", "bold") == "bold"
        self.flow.paragraph(f"{mark} {text}".strip(), style=self.base.but(bold=bold))

    def closing(self):
        for text in self.plan["closing"]:
            self.flow.paragraph(text)
        self.flow.gap(6)
        sign = self.plan["signature"] or {}
        to = self.base.but(size=11)
        people = self.plan["recipients"]
        left = [("Nơi nhận:", self.base.but(size=12, bold=True, italic=True))] if people else []
        left += [(f"- {r}{'.' if k == len(people) - 1 else ';'}", to) for k, r in enumerate(people)]
        bold = self.base.but(bold=True)
        right = [(sign[k], bold) for k in ("authority", "position") if sign.get(k)]
        if sign.get("name"):
            right += [(62, None), (sign["name"], bold)]
        if left or right:
            box = self.flow.columns(left, right, split=0.5, align=("left", "center"))
            self.flow.pages[-1].signature = box


def plan_pages(plan, base=Style(), margins=Margins()):
    """The plan's typeset pages, in order."""
    return PlanSetter(plan, base, margins).pages()


def text_pages(paragraphs, style=Style(), margins=Margins()):
    """Running text, one paragraph an entry, as pages; lines wholly in capitals are set bold, as headings are."""
    flow = Flow(style, margins)
    for text in paragraphs:
        capital = len(text) > 3 and text == text.upper() and text != text.lower()
        flow.paragraph(text, style=style.but(bold=capital))
    return flow.finish()

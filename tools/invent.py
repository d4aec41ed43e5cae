"""Documents that nobody wrote: sentences of a corpus in the shape of administrative documents.

Purpose: training pages. A corpus's paragraphs give the running text; letterheads, symbols, dates, amounts, headings in
capitals, numbered trees, recipients and signatures are composed around them, so that capitals, digits and punctuation are
seen as often as in real plans. The documents mean nothing.

Limits: nothing here depends on the plans of `corpus/`, which are kept to measure on.
"""

import lzma
import re
import unicodedata
import zlib
from collections import Counter

from page import Flow, Margins, Style
from plan_layout import PlanSetter

PRINTABLE = re.compile(r"[A-Za-zÀ-ỹ0-9 .,;:!?()\[\]/%&+\-–—“”\"'…°²³*=<>@_•]+")
VOWELS = [unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưy" for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")]
LOWER = "[" + "".join(VOWELS) + "bcdđghklmnpqrstvxfjwz]"
UPPER = LOWER.upper()
NAME = f"{UPPER}{LOWER}+"
PLACE = re.compile(rf"\b(tỉnh|huyện|xã|phường|quận|thị xã|thị trấn|thành phố) ({NAME}(?: {NAME}){{0,2}})")
AGENCY = re.compile(rf"\b(?:Sở|Bộ|Phòng|Ban|Chi cục|Cục|Tổng cục|Trung tâm|Thanh tra|Văn phòng) {NAME}(?: (?:{NAME}|và|{LOWER}{{2,5}})){{0,4}}")
BROKEN_CAPITALS = re.compile(rf"{UPPER}{LOWER}{UPPER}{{2}}|{LOWER}{UPPER}{LOWER}*{UPPER}|\b{LOWER}{{2,}}{UPPER}")
SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lò Hà Lương Đinh Y Nông".split()
MIDDLE = "Văn Thị Đức Hữu Thanh Quốc Minh Ngọc Xuân Thế Công Đình Thành Kim Hồng Bá".split()
GIVEN = ("An Anh Bình Cường Dũng Dương Đạt Đức Giang Hà Hải Hạnh Hiếu Hoa Hòa Hùng Hương Khánh Kiên Lan Linh Long Lực Mai "
         "Nam Nga Ngân Nghĩa Phong Phúc Phương Quang Quý Sơn Tâm Thắng Thảo Thịnh Thủy Toàn Trang Trung Tú Tuấn Vinh Yến").split()
KINDS = [("KẾ HOẠCH", "KH"), ("QUYẾT ĐỊNH", "QĐ"), ("BÁO CÁO", "BC"), ("CHỈ THỊ", "CT"), ("THÔNG BÁO", "TB"), ("TỜ TRÌNH", "TTr"),
         ("CHƯƠNG TRÌNH", "CTr"), ("NGHỊ QUYẾT", "NQ"), ("PHƯƠNG ÁN", "PA"), ("ĐỀ ÁN", "ĐA"), ("HƯỚNG DẪN", "HD"), ("CÔNG ĐIỆN", "CĐ")]
SYMBOLS = "UBND HĐND SNV SYT SGDĐT STC SXD STP SNNPTNT SVHTTDL SLĐTBXH SKHCN STTTT BCĐ VP TU BNV BTC TTg CP BTP BTNMT PNV".split()
HEADINGS = ["MỤC ĐÍCH, YÊU CẦU", "MỤC TIÊU", "QUAN ĐIỂM CHỈ ĐẠO", "ĐÁNH GIÁ TÌNH HÌNH", "NỘI DUNG", "NHIỆM VỤ VÀ GIẢI PHÁP", "NHIỆM VỤ TRỌNG TÂM",
            "GIẢI PHÁP THỰC HIỆN", "KINH PHÍ THỰC HIỆN", "TỔ CHỨC THỰC HIỆN", "KẾT QUẢ ĐẠT ĐƯỢC", "TỒN TẠI, HẠN CHẾ", "PHẠM VI, ĐỐI TƯỢNG",
            "THỜI GIAN, ĐỊA ĐIỂM", "PHÂN CÔNG TRÁCH NHIỆM", "CHẾ ĐỘ BÁO CÁO", "ĐIỀU KHOẢN THI HÀNH", "NHỮNG QUY ĐỊNH CHUNG"]
POSTS = ["CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG", "BỘ TRƯỞNG", "THỨ TRƯỞNG", "HIỆU TRƯỞNG",
         "TRƯỞNG BAN", "BÍ THƯ", "CHI CỤC TRƯỞNG", "CỤC TRƯỞNG", "THỦ TƯỚNG"]
RECIPIENTS = ["Như trên", "Như Điều 3", "Thường trực Tỉnh ủy", "TT. HĐND tỉnh", "Chủ tịch, các PCT UBND tỉnh", "Các sở, ban, ngành", "Ủy ban MTTQ Việt Nam",
              "UBND các huyện, thị xã, thành phố", "UBND các xã, phường, thị trấn", "Văn phòng Chính phủ", "Cổng TTĐT", "Công báo",
              "VP: CVP, PCVP", "Các phòng, ban chuyên môn", "TT Huyện ủy, TT HĐND huyện"]
TASKS = ["- Cơ quan chủ trì: {a}.", "- Đơn vị phối hợp: {a}; {b}.", "- Thời gian hoàn thành: trước ngày {d}.", "- Thời gian thực hiện: {q}.",
         "Cơ quan chủ trì: {a}; cơ quan phối hợp: {b}; thời gian hoàn thành: {q}.", "Kinh phí thực hiện: {m} đồng ({m2} triệu đồng).",
         "Căn cứ {k} số {s} ngày {d} của {a};", "Thực hiện {k} số {s} ngày {l} của {a} về việc triển khai {k} số {s2};",
         "Email: {e}@{w}.gov.vn; điện thoại: 0{t}.", "Tỷ lệ đạt {p}%, tăng {p2}% so với cùng kỳ năm {y}.", "Diện tích {n} ha, dân số {m3} người; {n2} hộ."]


class Stock:
    """Paragraphs, places and agencies of the corpora, held in memory and shared by all workers."""

    def __init__(self, corpora, seed, most=120_000):
        """`corpora`: paths, each with an optional `:weight` (share of the paragraphs drawn from it)."""
        self.shares, self.paragraphs = [], []
        places, agencies = Counter(), Counter()
        for entry in corpora:
            path, _, weight = entry.partition(":")
            lines = sampled(path, most, seed)
            self.paragraphs.append(lines)
            self.shares.append(float(weight or 1))
            for line in lines[:40_000]:
                places.update((kind, name.strip()) for kind, name in PLACE.findall(line))
                agencies.update(AGENCY.findall(line))
        self.shares = [s / sum(self.shares) for s in self.shares]
        self.places = sorted(p for p, n in places.items() if n >= 2)
        self.agencies = sorted(a for a, n in agencies.items() if n >= 3 and len(a) < 60)


def sampled(path, most, seed):
    """At most about `most` usable paragraphs of a corpus, chosen by a hash of each, in file order."""
    opener = lzma.open if path.endswith(".xz") else open
    kept, size = [], 0
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            size += 1
            if size > 12 * most:
                break
            if zlib.crc32(line.encode(), seed) % 4 == 0 or size < most:
                text = usable(line)
                if text:
                    kept.append(text)
    return kept[:: max(1, len(kept) // most)]


def usable(line):
    """The paragraph in NFC with single spaces, or None: too short, letters the fonts lack, broken capitals."""
    text = unicodedata.normalize("NFC", " ".join(line.split()))
    if not 12 <= len(text) or not PRINTABLE.fullmatch(text) or re.search(r"[_.…*=<>]{4}|\*\*", text):
        return None
    if BROKEN_CAPITALS.search(text) or max(map(len, text.split())) > 40:
        return None
    return text


class Invention:
    """One document, drawn from `rng`."""

    def __init__(self, stock, rng):
        self.stock, self.rng = stock, rng

    # drawing

    def pick(self, items):
        return items[int(self.rng.integers(0, len(items)))]

    def number(self, low, high):
        return int(self.rng.integers(low, high))

    def chance(self, p):
        return self.rng.random() < p

    def paragraph(self, most=90):
        """A paragraph of the corpora, cut at a sentence's or clause's end when it has more than `most` words."""
        which = int(self.rng.choice(len(self.stock.shares), p=self.stock.shares))
        words = self.pick(self.stock.paragraphs[which]).split()
        while len(words) < 10 and self.chance(0.7):  # forms and lists of links fill the administrative corpus with scraps
            words = self.pick(self.stock.paragraphs[which]).split()
        if len(words) > most:
            ends = [k for k in range(8, most) if words[k].endswith((".", ";"))]
            start = 0
            if len(words) > 2 * most and self.chance(0.5):
                start = self.number(0, len(words) - most)
                ends = []
            words = words[start:start + (ends[-1] + 1 if ends else most)]
        return " ".join(words)

    def phrase(self, most=14):
        """The beginning of a paragraph without its marker and final stop."""
        words = re.sub(r"^([IVX]+|\d+(\.\d+)*|[a-zđ])[.)]\s*|^[-+•*]\s*", "", self.paragraph(60)).split()
        return " ".join(words[:self.number(4, most)]).rstrip(".,;:- ") or "Quy định chung"

    def amount(self):
        return f"{self.number(1, 10 ** self.number(4, 10)):,}".replace(",", ".")

    def date(self):
        d, m, y = self.number(1, 32), self.number(1, 13), self.number(1990, 2030)
        return self.pick([f"{d:02}/{m}/{y}", f"{d}/{m}/{y}", f"{d:02}/{m:02}/{y}", f"{d:02} tháng {m} năm {y}", f"{d} tháng {m:02} năm {y}"])

    def symbol(self):
        kind, body = self.pick(KINDS)[1], self.pick(SYMBOLS)
        number, year = self.number(1, 10 ** self.number(2, 5)), self.number(1995, 2027)
        return self.pick([f"{number:02}/{kind}-{body}", f"{number:02}/{year}/{kind}-{body}", f"{number}/{body}-{self.pick(SYMBOLS)}",
                          f"{number:02}-{kind}/{self.pick(['TU', 'HU', 'TW', 'ĐU'])}", f"{number}/{year}/NĐ-CP", f"{number}/QĐ-TTg"])

    def agency(self):
        return self.pick(self.stock.agencies)

    def filled(self):
        """A line of figures, dates, symbols and names after the patterns of TASKS."""
        kind = self.pick(KINDS)[0].capitalize()
        return self.pick(TASKS).format(
            a=self.agency(), b=self.agency(), d=self.date(), l=self.date(), k=kind, s=self.symbol(), s2=self.symbol(), m=self.amount(), m2=self.amount(),
            m3=self.amount(), q=self.pick(["thường xuyên", f"quý {self.pick(['I', 'II', 'III', 'IV'])}/{self.number(2005, 2030)}", f"tháng {self.number(1, 13)}/{self.number(2005, 2030)}"]),
            e=self.pick(["vanthu", "snv", "ubnd", "phongnoivu"]), w=self.pick(["sonla", "hanam", "angiang", "moh"]), t=self.number(200_000_000, 999_999_999),
            p=f"{self.number(0, 100)},{self.number(0, 100)}", p2=f"{self.number(0, 40)},{self.number(0, 10)}", y=self.number(2000, 2030),
            n=f"{self.amount()},{self.number(1, 100)}", n2=self.number(2, 20_000))

    # composing

    def heading(self):
        return self.pick(HEADINGS) if self.chance(0.35) else self.phrase().upper()

    def leaves(self, style):
        """Children under a heading, with one of the markers in use."""
        letters = "a b c d đ e g h i k l m n o p q".split()
        nodes = []
        for k in range(self.number(1, 6)):
            label = {"letter": letters[k], "digit": str(k + 1), "dash": "-", "plus": "+", "bracket": f"({k + 1})"}[style]
            text = self.filled() if self.chance(0.2) else re.sub(r"^[-+•*]\s*|^[a-zđ]\)\s*|^\d+\.\s*", "", self.paragraph())
            paragraphs = [self.filled()] if self.chance(0.15) else []
            children = self.leaves("plus") if style == "dash" and self.chance(0.12) else []
            nodes.append({"label": label, "text": text.lstrip("- "), "paragraphs": paragraphs, "children": children})
        return nodes

    def sections(self):
        outer = self.pick(["roman", "roman", "roman", "article", "letter"])
        romans = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV".split()
        start, out = self.number(0, 8), []
        for k in range(self.number(3, 6)):
            label = {"roman": romans[start + k], "article": f"Điều {start + k + 1}", "letter": "ABCDEGHIKLMNO"[start + k]}[outer]
            text = self.phrase() if outer == "article" and self.chance(0.5) else self.heading()
            children = []
            if outer != "article" and self.chance(0.6):
                for j in range(self.number(1, 4)):
                    children.append({"label": self.pick([str(j + 1), f"{k + 1}.{j + 1}"]), "text": self.phrase(), "paragraphs": [self.paragraph()] if self.chance(0.5) else [],
                                     "children": self.leaves(self.pick(["dash", "letter"])) if self.chance(0.7) else []})
            else:
                children = self.leaves(self.pick(["digit", "dash", "letter", "bracket"]))
            out.append({"label": label, "text": text, "paragraphs": [self.paragraph()] if self.chance(0.4) else [], "children": children})
        return out

    def name(self):
        return f"{self.pick(SURNAMES)} {self.pick(MIDDLE)} {self.pick(GIVEN)}"

    def plan(self):
        """A document in the form of `corpus/*.json`."""
        kind, sign = self.pick(KINDS)
        level, place = self.pick(self.stock.places)
        committee = "UỶ BAN NHÂN DÂN" if self.chance(0.25) else "ỦY BAN NHÂN DÂN"
        if self.chance(0.55):
            parent, issuer, organ = None, f"{committee} {level} {place}".upper(), "UBND"
            if self.chance(0.4):
                parent = f"UBND {self.pick(self.stock.places)[0]} {self.pick(self.stock.places)[1]}".upper()
        else:
            parent = self.pick([f"UBND {level} {place}", self.agency()]).upper()
            issuer, organ = self.agency().upper(), self.pick(SYMBOLS)
        people = [self.pick(RECIPIENTS) if self.chance(0.6) else self.agency() for _ in range(self.number(3, 8))]
        people.append(f"Lưu: VT, {self.pick(['NV', 'TH', 'KT', 'VX', 'NC', 'TP', 'VP'])}{self.pick(['', f' ({self.number(10, 90)}b)', f', {self.name().split()[-1]}.'])}".rstrip("."))
        post = self.pick(POSTS)
        return {
            "issuer_parent": parent, "issuer": issuer, "number": f"{self.number(1, 3000):02}/{sign}-{organ}", "place": place,
            "date": f"{self.number(1996, 2027)}-{self.number(1, 13):02}-{self.number(1, 29):02}", "kind": kind, "title": self.phrase(24),
            "preamble": [self.filled() if self.chance(0.5) else self.paragraph(60) for _ in range(self.number(1, 4))],
            "sections": self.sections(), "closing": [self.paragraph(60)], "recipients": people,
            "signature": {"authority": self.pick(["TM. ỦY BAN NHÂN DÂN", "TM. UỶ BAN NHÂN DÂN", "KT. CHỦ TỊCH", "TL. BỘ TRƯỞNG", "KT. GIÁM ĐỐC", "TM. BAN THƯỜNG VỤ", "TUQ. CHỦ TỊCH", None]),
                          "position": post, "name": self.pick(["", "", "ThS. ", "TS. "]) + self.name()},
            "footnotes": [], "appendices": [self.table()] if self.chance(0.15) else [],
            "layout": {"heading_style": self.pick(["bold", "plain"]), "font_pt": self.pick([13, 13, 13.5, 14, 14]), "page_number": True, "rule_under_motto": self.chance(0.8)},
        }

    def table(self):
        columns = ["STT", "Nội dung", "Cơ quan chủ trì", "Số lượng", "Thời gian"]
        rows = [[str(k + 1), self.phrase(), self.agency(), self.amount(), self.date()] for k in range(self.number(4, 12))]
        return {"label": f"PHỤ LỤC {self.pick(['', 'I', 'II', '01', '02'])}".strip(), "title": self.phrase(20), "columns": columns, "rows": rows}

    def pages(self, most):
        """At most `most` typeset pages: half of the documents are letters from head to signature, half an inner part of one."""
        family = self.pick(["Tinos"] * 7 + ["Liberation Serif"] * 2 + ["Arimo"])
        margins = Margins(self.number(18, 25), self.number(18, 25), self.number(25, 35), self.number(15, 21))
        space = float(self.rng.uniform(0.45, 0.85)) if self.chance(0.3) else 1.0
        base = Style(family=family, space=space, stacked=self.chance(0.7))
        if self.chance(0.55):
            pages = PlanSetter(self.plan(), base, margins).pages()
            # head and foot of the letter carry the rarest shapes: keep both
            return pages if len(pages) <= most else pages[:most - 1] + pages[-1:]
        style = base.but(size=self.pick([12, 13, 13, 14]))
        flow = Flow(style, margins, spacing=self.number(2, 7))
        while len(flow.pages) <= most:
            self.inner(flow, style)
        return flow.finish()[:most]

    def inner(self, flow, style):
        """One paragraph or heading of an inner page."""
        roll = self.rng.random()
        if roll < 0.1:
            flow.paragraph(f"{self.pick('I II III IV V VI VII VIII IX X'.split())}. {self.heading()}", style=style.but(bold=self.chance(0.8)))
        elif roll < 0.17:
            flow.paragraph(f"{self.pick(['Điều', 'Điều', 'Mục', 'Chương'])} {self.number(1, 120)}. {self.phrase()}", style=style.but(bold=True))
        elif roll < 0.22:
            flow.paragraph(self.heading(), "center", style=style.but(bold=True))
        elif roll < 0.34:
            flow.paragraph(self.filled())
        elif roll < 0.42:
            flow.paragraph(self.paragraph(), style=style.but(italic=True))
        elif roll < 0.45:
            flow.paragraph(self.paragraph(40), style=style.but(bold=True))
        elif roll < 0.5:
            flow.paragraph(f"{self.pick(['a', 'b', 'c', 'd', 'đ', 'e', 'g'])}) {self.phrase(30)};")
        else:
            flow.paragraph(self.paragraph())

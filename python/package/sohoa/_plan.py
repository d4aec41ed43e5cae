"""The classes of a plan. Generated from schema/plan.v1.json by python/tools/generate.py: change that, not this."""

from __future__ import annotations

from ._record import PlanMethods, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

__all__ = [
    "Abbreviation",
    "Amount",
    "Appendix",
    "Assignment",
    "Attached",
    "Correction",
    "Doubtful",
    "Dropped",
    "Footnote",
    "Header",
    "MachineWord",
    "PageBox",
    "PageRecord",
    "Period",
    "Plan",
    "Quality",
    "Reference",
    "Review",
    "Section",
    "Signature",
    "Source",
    "Span",
    "Task",
    "TimeMention",
    "Warning",
]


class Abbreviation(Record):
    """A short name and what it stands for."""

    __slots__ = ("short", "long", "spans",)

    short: str
    """The short form: `CCHC`."""

    long: str | None
    """What it stands for: `cải cách hành chính`; null where the words before it do not tell."""

    spans: list[Span]
    """Where it is defined."""

    def __init__(
        self,
        *,
        short: str,
        long: str | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.short = short
        self.long = long
        self.spans = spans if spans is not None else []


class Amount(Record):
    """An amount of money."""

    __slots__ = ("raw", "value", "section", "spans", "words",)

    raw: str
    """As printed: `1,5 tỷ đồng`."""

    value: int
    """In đồng: `1500000000`."""

    section: list[str]
    """Path of labels to the item it stands in; empty outside the items."""

    spans: list[Span]
    """Where it stands."""

    words: int | None
    """What the words in brackets behind it say, in đồng; null where there are none."""

    def __init__(
        self,
        *,
        raw: str,
        value: int,
        section: list[str] | None = None,
        spans: list[Span] | None = None,
        words: int | None = None,
    ) -> None:
        self.raw = raw
        self.value = value
        self.section = section if section is not None else []
        self.spans = spans if spans is not None else []
        self.words = words


class Appendix(Record):
    """A table after the signature."""

    __slots__ = ("columns", "label", "rows", "spans", "title",)

    columns: list[str]
    """Column heads."""

    label: str | None
    """`Phụ lục I`."""

    rows: list[list[str]]
    """Rows of cells."""

    spans: list[Span]
    """Where it stands."""

    title: str | None
    """Its title."""

    def __init__(
        self,
        *,
        columns: list[str] | None = None,
        label: str | None = None,
        rows: list[list[str]] | None = None,
        spans: list[Span] | None = None,
        title: str | None = None,
    ) -> None:
        self.columns = columns if columns is not None else []
        self.label = label
        self.rows = rows if rows is not None else []
        self.spans = spans if spans is not None else []
        self.title = title


class Assignment(Record):
    """What one agency, or several together, have to do."""

    __slots__ = ("agency", "duties", "section", "spans",)

    agency: str
    """The agency as printed: `Sở Tài chính`, `UBND các xã, thị trấn`."""

    duties: list[str]
    """Its duties, in print order."""

    section: list[str]
    """Path of labels to the item that names it."""

    spans: list[Span]
    """Where that item stands."""

    def __init__(
        self,
        *,
        agency: str,
        duties: list[str] | None = None,
        section: list[str] | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.agency = agency
        self.duties = duties if duties is not None else []
        self.section = section if section is not None else []
        self.spans = spans if spans is not None else []


class Attached(Record):
    """A document that stands inside another, issued by it."""

    __slots__ = ("kind", "note", "sections", "spans", "title",)

    kind: str | None
    """Its kind, such as `KẾ HOẠCH`."""

    note: str | None
    """`(Ban hành kèm theo ...)`."""

    sections: list[Section]
    """Its items."""

    spans: dict[str, list[Span]]
    """Where kind, title and note stand, by field name."""

    title: str | None
    """Its title."""

    def __init__(
        self,
        *,
        kind: str | None = None,
        note: str | None = None,
        sections: list[Section] | None = None,
        spans: dict[str, list[Span]] | None = None,
        title: str | None = None,
    ) -> None:
        self.kind = kind
        self.note = note
        self.sections = sections if sections is not None else []
        self.spans = spans if spans is not None else {}
        self.title = title


class Correction(Record):
    """A word that restoration changed."""

    __slots__ = ("confidence", "end", "new", "page", "raw", "start", "runner_up",)

    confidence: float
    """Probability that `new` is right (0 to 1)."""

    end: int
    """One past the last byte."""

    new: str
    """What stands there now."""

    page: int
    """Page number."""

    raw: str
    """What stood there."""

    start: int
    """First byte in the page's `raw`."""

    runner_up: str | None
    """The next best reading."""

    def __init__(
        self,
        *,
        confidence: float,
        end: int,
        new: str,
        page: int,
        raw: str,
        start: int,
        runner_up: str | None = None,
    ) -> None:
        self.confidence = confidence
        self.end = end
        self.new = new
        self.page = page
        self.raw = raw
        self.start = start
        self.runner_up = runner_up


class Doubtful(Record):
    """A word that a person should look at."""

    __slots__ = ("confidence", "end", "page", "start", "text", "runner_up",)

    confidence: float
    """Probability that it is right (0 to 1)."""

    end: int
    """One past the last byte."""

    page: int
    """Page number."""

    start: int
    """First byte in the page's `raw`."""

    text: str
    """The reading that was kept."""

    runner_up: str | None
    """The next best reading, if there was one. Since 1.3."""

    def __init__(
        self,
        *,
        confidence: float,
        end: int,
        page: int,
        start: int,
        text: str,
        runner_up: str | None = None,
    ) -> None:
        self.confidence = confidence
        self.end = end
        self.page = page
        self.start = start
        self.text = text
        self.runner_up = runner_up


class Dropped(Record):
    """Raw text that stands nowhere else in the plan."""

    __slots__ = ("end", "page", "start", "why",)

    end: int
    """One past the last byte."""

    page: int
    """Page number."""

    start: int
    """First byte in the page's `raw`."""

    why: str
    """`page-number`, `running-head`, `motto`, `noise` ..."""

    def __init__(
        self,
        *,
        end: int,
        page: int,
        start: int,
        why: str,
    ) -> None:
        self.end = end
        self.page = page
        self.start = start
        self.why = why


class Footnote(Record):
    """A note at the foot of a page."""

    __slots__ = ("mark", "text", "marks", "spans",)

    mark: str
    """Its mark in plain digits."""

    text: str
    """Its text."""

    marks: list[Span]
    """Where its mark stands in the text; empty where no mark was found. Since 1.1."""

    spans: list[Span]
    """Where it stands."""

    def __init__(
        self,
        *,
        mark: str,
        text: str,
        marks: list[Span] | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.mark = mark
        self.text = text
        self.marks = marks if marks is not None else []
        self.spans = spans if spans is not None else []


class Header(Record):
    """Letterhead and title. A field that the pages do not show is null."""

    __slots__ = ("date", "issuer", "issuer_parent", "kind", "number", "period", "place", "spans", "title",)

    date: str | None
    """Date of issue, ISO 8601."""

    issuer: str | None
    """The issuing body."""

    issuer_parent: str | None
    """The superior body, where one is printed above the issuer."""

    kind: str | None
    """Kind of document, such as `KẾ HOẠCH`."""

    number: str | None
    """Number and symbol, such as `481/KH-UBND`."""

    period: Period | None
    """The time that the title names, such as that of `giai đoạn 2021 - 2025`. Since 1.1."""

    place: str | None
    """Place of issue."""

    spans: dict[str, list[Span]]
    """Where each of these fields stands, by field name."""

    title: str | None
    """Trích yếu: what it is about."""

    def __init__(
        self,
        *,
        date: str | None = None,
        issuer: str | None = None,
        issuer_parent: str | None = None,
        kind: str | None = None,
        number: str | None = None,
        period: Period | None = None,
        place: str | None = None,
        spans: dict[str, list[Span]] | None = None,
        title: str | None = None,
    ) -> None:
        self.date = date
        self.issuer = issuer
        self.issuer_parent = issuer_parent
        self.kind = kind
        self.number = number
        self.period = period
        self.place = place
        self.spans = spans if spans is not None else {}
        self.title = title


class MachineWord(Record):
    """A word as restoration had left it."""

    __slots__ = ("confidence", "doubtful", "end", "start", "text", "runner_up",)

    confidence: float
    """Probability that it is right (0 to 1)."""

    doubtful: bool
    """Whether a person should look at it."""

    end: int
    """One past the last byte."""

    start: int
    """First byte in the page's `raw`."""

    text: str
    """Its reading."""

    runner_up: str | None
    """The next best reading."""

    def __init__(
        self,
        *,
        confidence: float,
        doubtful: bool,
        end: int,
        start: int,
        text: str,
        runner_up: str | None = None,
    ) -> None:
        self.confidence = confidence
        self.doubtful = doubtful
        self.end = end
        self.start = start
        self.text = text
        self.runner_up = runner_up


class PageBox(Record):
    """A rectangle on a page."""

    __slots__ = ("h", "page", "w", "x", "y",)

    h: float
    """Height."""

    page: int
    """1-based page number."""

    w: float
    """Width."""

    x: float
    """Left edge."""

    y: float
    """Top edge."""

    def __init__(
        self,
        *,
        h: float,
        page: int,
        w: float,
        x: float,
        y: float,
    ) -> None:
        self.h = h
        self.page = page
        self.w = w
        self.x = x
        self.y = y


class PageRecord(Record):
    """One page and its raw text."""

    __slots__ = ("decision", "dpi", "height", "number", "raw", "width", "encoding", "score", "turn",)

    decision: Literal["ocr", "text-layer", "restored-layer", "text"]
    """How the text was come by."""

    dpi: float
    """Dots per inch; 0 for plain text."""

    height: int
    """Pixels down at `dpi`; 0 for plain text."""

    number: int
    """1-based number."""

    raw: str
    """The page's text before restoration: all spans count its UTF-8 bytes."""

    width: int
    """Pixels across at `dpi`; 0 for plain text."""

    encoding: Literal["tcvn3", "vni", "viscii"] | None
    """The encoding from before Unicode that its text was converted from: `tcvn3`, `vni` or `viscii`; null where it was
    Unicode or was read from an image. Since 1.3.
    """

    score: float | None
    """What the decision rests on: the share of the words of the page's own text layer that restoration found nothing
    wrong with (0 to 1); null where it has none or none was looked at. Since 1.2.
    """

    turn: float
    """By how many degrees, clockwise, text lies on the page: a few for a crooked scan, 180 for one upside down. Since
    1.2.
    """

    def __init__(
        self,
        *,
        decision: Literal["ocr", "text-layer", "restored-layer", "text"],
        dpi: float,
        height: int,
        number: int,
        raw: str,
        width: int,
        encoding: Literal["tcvn3", "vni", "viscii"] | None = None,
        score: float | None = None,
        turn: float = 0.0,
    ) -> None:
        self.decision = decision
        self.dpi = dpi
        self.height = height
        self.number = number
        self.raw = raw
        self.width = width
        self.encoding = encoding
        self.score = score
        self.turn = turn


class Period(Record):
    """A stretch of time in ISO 8601, in the precision that is printed: `2021`, `2021-06` or `2021-06-30`."""

    __slots__ = ("from_", "to",)

    from_: str
    """First year, month or day."""

    to: str
    """Last year, month or day; the same as `from` for a single one."""

    def __init__(
        self,
        *,
        from_: str,
        to: str,
    ) -> None:
        self.from_ = from_
        self.to = to


class Quality(Record):
    """Figures about the result."""

    __slots__ = ("changed", "doubtful", "grade", "words", "recognition",)

    changed: int
    """Words that restoration changed."""

    doubtful: int
    """Words that are doubtful."""

    grade: Literal["good", "fair", "poor"]
    """In one word."""

    words: int
    """Words of the restored text."""

    recognition: float | None
    """Mean confidence of the recognition engine (0 to 100), where one read."""

    def __init__(
        self,
        *,
        changed: int,
        doubtful: int,
        grade: Literal["good", "fair", "poor"],
        words: int,
        recognition: float | None = None,
    ) -> None:
        self.changed = changed
        self.doubtful = doubtful
        self.grade = grade
        self.words = words
        self.recognition = recognition


class Reference(Record):
    """A cited document."""

    __slots__ = ("raw", "date", "kind", "number", "spans",)

    raw: str
    """As printed, from the kind to the date."""

    date: str | None
    """ISO 8601; null when none is printed."""

    kind: str | None
    """`Nghị quyết`, `Quyết định` ...; null where only the symbol is printed."""

    number: str | None
    """Number and symbol."""

    spans: list[Span]
    """Where it stands."""

    def __init__(
        self,
        *,
        raw: str,
        date: str | None = None,
        kind: str | None = None,
        number: str | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.raw = raw
        self.date = date
        self.kind = kind
        self.number = number
        self.spans = spans if spans is not None else []


class Review(Record):
    """What a person decided about a word or a field, and what the machine had made of it."""

    __slots__ = ("by", "kind", "end", "machine", "page", "path", "start", "text", "words",)

    by: str
    """Who decided."""

    kind: Literal["accept", "runner-up", "typed", "field", "label"]
    """How."""

    end: int | None
    """One past the last byte, for a word."""

    machine: str | None
    """What the machine had put there."""

    page: int | None
    """Page number, for a word."""

    path: str | None
    """Where the field stands in this JSON (a JSON pointer), for a field or a label."""

    start: int | None
    """First byte in the page's `raw`, for a word."""

    text: str | None
    """What stands there now; null for a field that the page does not show."""

    words: list[MachineWord]
    """The words among it that restoration had changed or doubted."""

    def __init__(
        self,
        *,
        by: str,
        kind: Literal["accept", "runner-up", "typed", "field", "label"],
        end: int | None = None,
        machine: str | None = None,
        page: int | None = None,
        path: str | None = None,
        start: int | None = None,
        text: str | None = None,
        words: list[MachineWord] | None = None,
    ) -> None:
        self.by = by
        self.kind = kind
        self.end = end
        self.machine = machine
        self.page = page
        self.path = path
        self.start = start
        self.text = text
        self.words = words if words is not None else []


class Section(Record):
    """One numbered or dashed item with everything below it."""

    __slots__ = ("label", "marker", "text", "boxes", "children", "paragraphs", "spans",)

    label: str
    """The label without its closing mark: `I`, `1.1`, `a`, `Điều 1`, `-`."""

    marker: str
    """The label as printed: `I.`, `1.1.`, `a)`."""

    text: str
    """Heading or first paragraph, without the marker."""

    boxes: list[PageBox]
    """Boxes of those lines, where recognised from an image."""

    children: list[Section]
    """Items below this one."""

    paragraphs: list[str]
    """Further paragraphs without a label, in order."""

    spans: list[Span]
    """Where marker, text and paragraphs stand (not the children)."""

    def __init__(
        self,
        *,
        label: str,
        marker: str,
        text: str,
        boxes: list[PageBox] | None = None,
        children: list[Section] | None = None,
        paragraphs: list[str] | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.label = label
        self.marker = marker
        self.text = text
        self.boxes = boxes if boxes is not None else []
        self.children = children if children is not None else []
        self.paragraphs = paragraphs if paragraphs is not None else []
        self.spans = spans if spans is not None else []


class Signature(Record):
    """Who signed."""

    __slots__ = ("authority", "name", "position", "spans",)

    authority: str | None
    """For whom: `TM. ỦY BAN NHÂN DÂN`, `KT. CHỦ TỊCH`."""

    name: str | None
    """The signer's name."""

    position: str | None
    """Position: `PHÓ CHỦ TỊCH`."""

    spans: list[Span]
    """Where these stand."""

    def __init__(
        self,
        *,
        authority: str | None = None,
        name: str | None = None,
        position: str | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.authority = authority
        self.name = name
        self.position = position
        self.spans = spans if spans is not None else []


class Source(Record):
    """Where a plan came from and what read it."""

    __slots__ = ("media_type", "pages", "path", "sha256", "tool", "models", "options",)

    media_type: str
    """`application/pdf`, `image/png`, `image/jpeg`, `image/tiff`, `text/plain`."""

    pages: int
    """Number of pages of the input."""

    path: str
    """The input's path as shown to the user, relative to the folder given."""

    sha256: str
    """SHA-256 of the input's bytes, in hexadecimal; of a folder's images, over their digests in order."""

    tool: str
    """Program and version."""

    models: list[str]
    """Recognition model and dictionaries, by name and digest."""

    options: list[str]
    """Options that shaped the result, such as `pages=1-3`; empty when all were the defaults."""

    def __init__(
        self,
        *,
        media_type: str,
        pages: int,
        path: str,
        sha256: str,
        tool: str,
        models: list[str] | None = None,
        options: list[str] | None = None,
    ) -> None:
        self.media_type = media_type
        self.pages = pages
        self.path = path
        self.sha256 = sha256
        self.tool = tool
        self.models = models if models is not None else []
        self.options = options if options is not None else []


class Span(Record):
    """A range of one page's raw text."""

    __slots__ = ("end", "page", "start",)

    end: int
    """One past the last byte."""

    page: int
    """1-based page number."""

    start: int
    """First byte in that page's `raw` (UTF-8)."""

    def __init__(
        self,
        *,
        end: int,
        page: int,
        start: int,
    ) -> None:
        self.end = end
        self.page = page
        self.start = start


class Task(Record):
    """Assigned work."""

    __slots__ = ("text", "due", "due_period", "lead", "partners", "section", "spans",)

    text: str
    """What is to be done: the text of the item."""

    due: str | None
    """By when, as printed."""

    due_period: Period | None
    """`due` in one form, where it names a date or a period. Since 1.1."""

    lead: str | None
    """Who leads."""

    partners: list[str]
    """Who takes part."""

    section: list[str]
    """Path of labels to the item, such as `["III", "2", "-"]`."""

    spans: list[Span]
    """Where the text of the item stands. Since 1.1."""

    def __init__(
        self,
        *,
        text: str,
        due: str | None = None,
        due_period: Period | None = None,
        lead: str | None = None,
        partners: list[str] | None = None,
        section: list[str] | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.text = text
        self.due = due
        self.due_period = due_period
        self.lead = lead
        self.partners = partners if partners is not None else []
        self.section = section if section is not None else []
        self.spans = spans if spans is not None else []


class TimeMention(Record):
    """A date or a period that the text names."""

    __slots__ = ("from_", "raw", "to", "section", "spans",)

    from_: str
    """First year, month or day."""

    raw: str
    """As printed: `từ ngày 01/11/2017 đến 31/5/2018`."""

    to: str
    """Last year, month or day; the same as `from` for a single one."""

    section: list[str]
    """Path of labels to the item it stands in; empty outside the items."""

    spans: list[Span]
    """Where it stands."""

    def __init__(
        self,
        *,
        from_: str,
        raw: str,
        to: str,
        section: list[str] | None = None,
        spans: list[Span] | None = None,
    ) -> None:
        self.from_ = from_
        self.raw = raw
        self.to = to
        self.section = section if section is not None else []
        self.spans = spans if spans is not None else []


class Warning(Record):
    """Something that looks wrong and where."""

    __slots__ = ("code", "message", "page",)

    code: str
    """Stable name, such as `numbering-gap`."""

    message: str
    """For people."""

    page: int | None
    """Page number, where there is one."""

    def __init__(
        self,
        *,
        code: str,
        message: str,
        page: int | None = None,
    ) -> None:
        self.code = code
        self.message = message
        self.page = page


class Plan(PlanMethods):
    """One administrative document: what it says, where each part stands, and what was done to its text."""

    __slots__ = ("header", "quality", "schema_version", "signature", "source", "abbreviations", "amounts", "appendices", "assignments", "attached", "closing", "corrections", "cosigners", "dates", "doubtful", "dropped", "footnotes", "pages", "preamble", "recipients", "references", "reviews", "sections", "spans", "tasks", "warnings",)

    header: Header
    """Letterhead and title."""

    quality: Quality
    """How far the result can be trusted."""

    schema_version: str
    """Version of this form; 1.x only ever adds fields."""

    signature: Signature
    """Who signed it; the first, where several did."""

    source: Source
    """Where it came from and what read it."""

    abbreviations: list[Abbreviation]
    """Short names that the text defines, each listed once. Since 1.1."""

    amounts: list[Amount]
    """Amounts of money, in order. Since 1.1."""

    appendices: list[Appendix]
    """Tables after the signature."""

    assignments: list[Assignment]
    """Who has to do what: duties that *Tổ chức thực hiện* and its like give to agencies. Since 1.1."""

    attached: list[Attached]
    """Documents issued by this one (a plan issued by a decision)."""

    closing: list[str]
    """Paragraphs after the last item."""

    corrections: list[Correction]
    """What restoration changed."""

    cosigners: list[Signature]
    """Who signed beside or below the first, in that order. Since 1.2."""

    dates: list[TimeMention]
    """Dates and periods, in order, but for the dates of cited documents. Since 1.1."""

    doubtful: list[Doubtful]
    """Words that a person should look at."""

    dropped: list[Dropped]
    """Parts of the raw text that stand nowhere above, with the reason."""

    footnotes: list[Footnote]
    """Notes at the foot of pages."""

    pages: list[PageRecord]
    """Its pages with their raw text."""

    preamble: list[str]
    """Paragraphs between the title and the first item: bases, occasion."""

    recipients: list[str]
    """Nơi nhận: who receives it, without dashes and final marks."""

    references: list[Reference]
    """Documents that the text cites, one entry a mention, in order; those of footnotes last."""

    reviews: list[Review]
    """What persons decided when they looked through it, over what the machine had read. Since 1.3."""

    sections: list[Section]
    """The tree of numbered items."""

    spans: dict[str, list[list[Span]]]
    """Where the entries of `preamble`, `closing` and `recipients` stand, by field name: one list of spans an entry."""

    tasks: list[Task]
    """Work that labelled lines (Cơ quan chủ trì, Thời gian ...) assign."""

    warnings: list[Warning]
    """What looks wrong."""

    def __init__(
        self,
        *,
        header: Header,
        quality: Quality,
        schema_version: str,
        signature: Signature,
        source: Source,
        abbreviations: list[Abbreviation] | None = None,
        amounts: list[Amount] | None = None,
        appendices: list[Appendix] | None = None,
        assignments: list[Assignment] | None = None,
        attached: list[Attached] | None = None,
        closing: list[str] | None = None,
        corrections: list[Correction] | None = None,
        cosigners: list[Signature] | None = None,
        dates: list[TimeMention] | None = None,
        doubtful: list[Doubtful] | None = None,
        dropped: list[Dropped] | None = None,
        footnotes: list[Footnote] | None = None,
        pages: list[PageRecord] | None = None,
        preamble: list[str] | None = None,
        recipients: list[str] | None = None,
        references: list[Reference] | None = None,
        reviews: list[Review] | None = None,
        sections: list[Section] | None = None,
        spans: dict[str, list[list[Span]]] | None = None,
        tasks: list[Task] | None = None,
        warnings: list[Warning] | None = None,
    ) -> None:
        self.header = header
        self.quality = quality
        self.schema_version = schema_version
        self.signature = signature
        self.source = source
        self.abbreviations = abbreviations if abbreviations is not None else []
        self.amounts = amounts if amounts is not None else []
        self.appendices = appendices if appendices is not None else []
        self.assignments = assignments if assignments is not None else []
        self.attached = attached if attached is not None else []
        self.closing = closing if closing is not None else []
        self.corrections = corrections if corrections is not None else []
        self.cosigners = cosigners if cosigners is not None else []
        self.dates = dates if dates is not None else []
        self.doubtful = doubtful if doubtful is not None else []
        self.dropped = dropped if dropped is not None else []
        self.footnotes = footnotes if footnotes is not None else []
        self.pages = pages if pages is not None else []
        self.preamble = preamble if preamble is not None else []
        self.recipients = recipients if recipients is not None else []
        self.references = references if references is not None else []
        self.reviews = reviews if reviews is not None else []
        self.sections = sections if sections is not None else []
        self.spans = spans if spans is not None else {}
        self.tasks = tasks if tasks is not None else []
        self.warnings = warnings if warnings is not None else []


# How each is made of JSON; here, where all classes are known.
Abbreviation._fields = (
    ("long", "long", None),
    ("short", "short", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
)
Amount._fields = (
    ("raw", "raw", None),
    ("section", "section", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
    ("value", "value", None),
    ("words", "words", None),
)
Appendix._fields = (
    ("columns", "columns", None),
    ("label", "label", None),
    ("rows", "rows", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
    ("title", "title", None),
)
Assignment._fields = (
    ("agency", "agency", None),
    ("duties", "duties", None),
    ("section", "section", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
)
Attached._fields = (
    ("kind", "kind", None),
    ("note", "note", None),
    ("sections", "sections", lambda items: [Section.from_dict(item) for item in items]),
    ("spans", "spans", lambda given: {key: (lambda items: [Span.from_dict(item) for item in items])(value) for key, value in given.items()}),
    ("title", "title", None),
)
Correction._fields = (
    ("confidence", "confidence", None),
    ("end", "end", None),
    ("new", "new", None),
    ("page", "page", None),
    ("raw", "raw", None),
    ("runner_up", "runner_up", None),
    ("start", "start", None),
)
Doubtful._fields = (
    ("confidence", "confidence", None),
    ("end", "end", None),
    ("page", "page", None),
    ("runner_up", "runner_up", None),
    ("start", "start", None),
    ("text", "text", None),
)
Dropped._fields = (
    ("end", "end", None),
    ("page", "page", None),
    ("start", "start", None),
    ("why", "why", None),
)
Footnote._fields = (
    ("mark", "mark", None),
    ("marks", "marks", lambda items: [Span.from_dict(item) for item in items]),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
    ("text", "text", None),
)
Header._fields = (
    ("date", "date", None),
    ("issuer", "issuer", None),
    ("issuer_parent", "issuer_parent", None),
    ("kind", "kind", None),
    ("number", "number", None),
    ("period", "period", Period.from_dict),
    ("place", "place", None),
    ("spans", "spans", lambda given: {key: (lambda items: [Span.from_dict(item) for item in items])(value) for key, value in given.items()}),
    ("title", "title", None),
)
MachineWord._fields = (
    ("confidence", "confidence", None),
    ("doubtful", "doubtful", None),
    ("end", "end", None),
    ("runner_up", "runner_up", None),
    ("start", "start", None),
    ("text", "text", None),
)
PageBox._fields = (
    ("h", "h", None),
    ("page", "page", None),
    ("w", "w", None),
    ("x", "x", None),
    ("y", "y", None),
)
PageRecord._fields = (
    ("decision", "decision", None),
    ("dpi", "dpi", None),
    ("encoding", "encoding", None),
    ("height", "height", None),
    ("number", "number", None),
    ("raw", "raw", None),
    ("score", "score", None),
    ("turn", "turn", None),
    ("width", "width", None),
)
Period._fields = (
    ("from_", "from", None),
    ("to", "to", None),
)
Quality._fields = (
    ("changed", "changed", None),
    ("doubtful", "doubtful", None),
    ("grade", "grade", None),
    ("recognition", "recognition", None),
    ("words", "words", None),
)
Reference._fields = (
    ("date", "date", None),
    ("kind", "kind", None),
    ("number", "number", None),
    ("raw", "raw", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
)
Review._fields = (
    ("by", "by", None),
    ("end", "end", None),
    ("kind", "kind", None),
    ("machine", "machine", None),
    ("page", "page", None),
    ("path", "path", None),
    ("start", "start", None),
    ("text", "text", None),
    ("words", "words", lambda items: [MachineWord.from_dict(item) for item in items]),
)
Section._fields = (
    ("boxes", "boxes", lambda items: [PageBox.from_dict(item) for item in items]),
    ("children", "children", lambda items: [Section.from_dict(item) for item in items]),
    ("label", "label", None),
    ("marker", "marker", None),
    ("paragraphs", "paragraphs", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
    ("text", "text", None),
)
Signature._fields = (
    ("authority", "authority", None),
    ("name", "name", None),
    ("position", "position", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
)
Source._fields = (
    ("media_type", "media_type", None),
    ("models", "models", None),
    ("options", "options", None),
    ("pages", "pages", None),
    ("path", "path", None),
    ("sha256", "sha256", None),
    ("tool", "tool", None),
)
Span._fields = (
    ("end", "end", None),
    ("page", "page", None),
    ("start", "start", None),
)
Task._fields = (
    ("due", "due", None),
    ("due_period", "due_period", Period.from_dict),
    ("lead", "lead", None),
    ("partners", "partners", None),
    ("section", "section", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
    ("text", "text", None),
)
TimeMention._fields = (
    ("from_", "from", None),
    ("raw", "raw", None),
    ("section", "section", None),
    ("spans", "spans", lambda items: [Span.from_dict(item) for item in items]),
    ("to", "to", None),
)
Warning._fields = (
    ("code", "code", None),
    ("message", "message", None),
    ("page", "page", None),
)
Plan._fields = (
    ("abbreviations", "abbreviations", lambda items: [Abbreviation.from_dict(item) for item in items]),
    ("amounts", "amounts", lambda items: [Amount.from_dict(item) for item in items]),
    ("appendices", "appendices", lambda items: [Appendix.from_dict(item) for item in items]),
    ("assignments", "assignments", lambda items: [Assignment.from_dict(item) for item in items]),
    ("attached", "attached", lambda items: [Attached.from_dict(item) for item in items]),
    ("closing", "closing", None),
    ("corrections", "corrections", lambda items: [Correction.from_dict(item) for item in items]),
    ("cosigners", "cosigners", lambda items: [Signature.from_dict(item) for item in items]),
    ("dates", "dates", lambda items: [TimeMention.from_dict(item) for item in items]),
    ("doubtful", "doubtful", lambda items: [Doubtful.from_dict(item) for item in items]),
    ("dropped", "dropped", lambda items: [Dropped.from_dict(item) for item in items]),
    ("footnotes", "footnotes", lambda items: [Footnote.from_dict(item) for item in items]),
    ("header", "header", Header.from_dict),
    ("pages", "pages", lambda items: [PageRecord.from_dict(item) for item in items]),
    ("preamble", "preamble", None),
    ("quality", "quality", Quality.from_dict),
    ("recipients", "recipients", None),
    ("references", "references", lambda items: [Reference.from_dict(item) for item in items]),
    ("reviews", "reviews", lambda items: [Review.from_dict(item) for item in items]),
    ("schema_version", "schema_version", None),
    ("sections", "sections", lambda items: [Section.from_dict(item) for item in items]),
    ("signature", "signature", Signature.from_dict),
    ("source", "source", Source.from_dict),
    ("spans", "spans", lambda given: {key: (lambda items: [(lambda items: [Span.from_dict(item) for item in items])(item) for item in items])(value) for key, value in given.items()}),
    ("tasks", "tasks", lambda items: [Task.from_dict(item) for item in items]),
    ("warnings", "warnings", lambda items: [Warning.from_dict(item) for item in items]),
)

"""Scanned Vietnamese administrative plans, and the garbled text that old OCR left of them, to true text and a tree of sections.

>>> import sohoa
>>> sohoa.restore("cai cich hanh chinh nha nuéc")
'cải cách hành chính nhà nước'
>>> plan = sohoa.parse("KẾ HOẠCH\\nTrồng cây đầu năm\\nI. MỤC ĐÍCH\\n1. Xanh hơn.")
>>> plan.header.title, plan.sections[0].children[0].text
('Trồng cây đầu năm', 'Xanh hơn.')

``digitise`` takes scans, PDFs and texts through all stages; ``Digitiser`` does so for many of them. Whole folders, with a ledger, are what
the command line does: ``python -m sohoa digitise scans/ -o out``.
"""

from __future__ import annotations

from ._api import Digitiser, Restorer, digitise, evaluate, evaluate_body, parse, parse_all, restore
from ._errors import (
    BatchError,
    DeadlineError,
    EmitError,
    IngestError,
    InternalError,
    RecogniseError,
    RestoreError,
    SohoaError,
)
from ._native import VERSION as __version__
from ._native import Restored, Word, schema
from ._plan import (
    Abbreviation,
    Amount,
    Appendix,
    Assignment,
    Attached,
    Correction,
    Doubtful,
    Dropped,
    Footnote,
    Header,
    PageBox,
    PageRecord,
    Period,
    Plan,
    Quality,
    Reference,
    Section,
    Signature,
    Source,
    Span,
    Task,
    TimeMention,
    Warning,
)

__all__ = [
    "Abbreviation",
    "Amount",
    "Appendix",
    "Assignment",
    "Attached",
    "BatchError",
    "Correction",
    "DeadlineError",
    "Digitiser",
    "Doubtful",
    "Dropped",
    "EmitError",
    "Footnote",
    "Header",
    "IngestError",
    "InternalError",
    "PageBox",
    "PageRecord",
    "Period",
    "Plan",
    "Quality",
    "RecogniseError",
    "Reference",
    "Restored",
    "RestoreError",
    "Restorer",
    "Section",
    "Signature",
    "SohoaError",
    "Source",
    "Span",
    "Task",
    "TimeMention",
    "Warning",
    "Word",
    "__version__",
    "digitise",
    "evaluate",
    "evaluate_body",
    "parse",
    "parse_all",
    "restore",
    "schema",
]

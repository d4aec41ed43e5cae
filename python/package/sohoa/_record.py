"""What the generated classes of :mod:`sohoa._plan` have in common.

They are plain classes with slots: importing them costs next to nothing, which dataclasses do not.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, ClassVar

    from typing_extensions import Self

    from ._plan import Section, Span


class Record:
    """An object of a plan's JSON. Fields that the JSON has and this version does not know are left out."""

    __slots__ = ()

    #: Names as Python has them, names as JSON has them, and what makes an object of their value.
    _fields: ClassVar[tuple[tuple[str, str, Any], ...]] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The object that ``data``, as ``json.loads`` gives it, describes."""
        given = {}
        for name, key, kind in cls._fields:
            if key in data:
                value = data[key]
                given[name] = value if kind is None or value is None else kind(value)
        return cls(**given)

    def to_dict(self) -> dict[str, Any]:
        """What ``json.dumps`` takes; :meth:`from_dict` makes an equal object of it."""
        return {key: _plain(getattr(self, name)) for name, key, _ in self._fields}

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name, _, _ in self._fields)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ((name, getattr(self, name)) for name, _, _ in self._fields)
        fields = ", ".join(f"{name}={value!r}" for name, value in shown if value not in (None, [], {}))
        return f"{type(self).__name__}({fields})"


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


class PlanMethods(Record):
    """What can be done with a plan."""

    __slots__ = ()

    if TYPE_CHECKING:
        sections: list[Section]

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The plan that a JSON file holds.

        >>> import sohoa
        >>> plan = sohoa.parse("KẾ HOẠCH\\nTrồng cây\\nI. MỤC ĐÍCH\\n1. Xanh hơn.")
        >>> sohoa.Plan.from_json(plan.to_json()) == plan
        True
        """
        import json

        return cls.from_dict(json.loads(text))

    def _json(self) -> str:
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    def to_json(self) -> str:
        """The JSON as ``sohoa digitise`` writes it, byte for byte."""
        from ._native import json

        return json(self._json())

    def to_text(self) -> str:
        """The restored text, one paragraph or item a line, as ``sohoa digitise`` writes it.

        >>> import sohoa
        >>> print(sohoa.parse("KẾ HOẠCH\\nTrồng cây\\nI. MỤC ĐÍCH\\nXanh hơn.").to_text(), end="")
        KẾ HOẠCH
        Trồng cây
        <BLANKLINE>
        I. MỤC ĐÍCH
        Xanh hơn.
        """
        from ._native import text

        return text(self._json())

    def to_markdown(self) -> str:
        """The outline as Markdown, as ``sohoa digitise --md`` writes it."""
        from ._native import markdown

        return markdown(self._json())

    def to_html(self) -> str:
        """The plan as an HTML page, as ``sohoa parse --format html`` prints it."""
        from ._native import html

        return html(self._json())

    def walk(self) -> Iterator[tuple[tuple[str, ...], Section]]:
        """All items in print order, each with the path of labels that leads to it.

        >>> import sohoa
        >>> plan = sohoa.parse("KẾ HOẠCH\\nTrồng cây\\nI. MỤC ĐÍCH\\n1. Xanh hơn.\\n2. Mát hơn.")
        >>> [(path, section.text) for path, section in plan.walk()]
        [(('I',), 'MỤC ĐÍCH'), (('I', '1'), 'Xanh hơn.'), (('I', '2'), 'Mát hơn.')]
        """
        stack: list[tuple[tuple[str, ...], Section]]
        stack = [((section.label,), section) for section in reversed(self.sections)]
        while stack:
            path, section = stack.pop()
            yield path, section
            stack.extend(((*path, child.label), child) for child in reversed(section.children))

    def raw(self, span: Span) -> str:
        """What the page had, before restoration, where ``span`` points. Spans count bytes of UTF-8.

        >>> import sohoa
        >>> plan = sohoa.parse("KẾ HOẠCH\\nTrồng cây\\nI. MỤC ĐÍCH\\n1. Xanh hơn.")
        >>> plan.raw(plan.sections[0].children[0].spans[0])
        '1. Xanh hơn.'
        """
        for page in self.pages:  # type: ignore[attr-defined]
            if page.number == span.page:
                return str(page.raw).encode()[span.start : span.end].decode()
        raise ValueError(f"the plan has no page {span.page}")

#!/usr/bin/env python3
"""Writes package/sohoa/_plan.py from schema/plan.v1.json: the classes of a plan, with their types and what the schema says of each field.

    python3 python/tools/generate.py            writes it
    python3 python/tools/generate.py --check    says whether it is what the schema gives
"""

from __future__ import annotations

import json
import keyword
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "schema" / "plan.v1.json"
TARGET = ROOT / "python" / "package" / "sohoa" / "_plan.py"

HEAD = '''"""The classes of a plan. Generated from schema/plan.v1.json by python/tools/generate.py: change that, not this."""

from __future__ import annotations

from ._record import PlanMethods, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal
'''

PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def name_of(ref: str) -> str:
    return ref.rsplit("/", 1)[1]


class Field:
    """A property of the schema as a field of a class."""

    def __init__(self, key: str, schema: dict, required: bool, definitions: dict) -> None:
        self.key = key
        self.name = key + "_" if keyword.iskeyword(key) else key
        self.doc = schema.get("description", "")
        self.definitions = definitions
        self.type, self.kind = self.look(schema)
        self.required = required and self.empty is None

    def look(self, schema: dict) -> tuple[str, str | None]:
        """The type, and the expression that makes an object of a JSON value; None where the value is taken as it is."""
        if "$ref" in schema:
            name = name_of(schema["$ref"])
            choices = self.definitions[name].get("oneOf")
            if choices:
                return "Literal[" + ", ".join(json.dumps(choice["const"]) for choice in choices) + "]", None
            return name, f"{name}.from_dict"
        if "anyOf" in schema:
            (inner,) = (option for option in schema["anyOf"] if option != {"type": "null"})
            kind, make = self.look(inner)
            return f"{kind} | None", make
        given = schema["type"]
        if isinstance(given, list):
            (plain,) = (option for option in given if option != "null")
            return f"{PLAIN[plain]} | None", None
        if given == "array":
            inner, make = self.look(schema["items"])
            return f"list[{inner}]", make and f"lambda items: [{call(make, 'item')} for item in items]"
        if given == "object":
            inner, make = self.look(schema["additionalProperties"])
            made = make and f"lambda given: {{key: {call(make, 'value')} for key, value in given.items()}}"
            return f"dict[str, {inner}]", made
        return PLAIN[given], None

    @property
    def empty(self) -> str | None:
        """What stands there if nothing is given, besides what the caller must give."""
        if self.type.endswith("| None"):
            return "None"
        if self.type.startswith("list"):
            return "[]"
        if self.type.startswith("dict"):
            return "{}"
        return {"float": "0.0"}.get(self.type) if self.key == "turn" else None

    def parameter(self) -> str:
        if self.empty in ("[]", "{}"):
            return f"{self.name}: {self.type} | None = None"
        return f"{self.name}: {self.type}" + (f" = {self.empty}" if self.empty else "")

    def assignment(self) -> str:
        value = f"{self.name} if {self.name} is not None else {self.empty}" if self.empty in ("[]", "{}") else self.name
        return f"self.{self.name} = {value}"


def call(make: str, what: str) -> str:
    """`make` applied to `what`; a lambda's body with its argument renamed, so that no function is made for each item."""
    return f"({make})({what})" if make.startswith("lambda") else f"{make}({what})"


def doc(text: str, indent: str) -> str:
    text = text.replace("\\", "\\\\").replace('"""', "'''").strip()
    if len(indent) + len(text) + 6 <= 120:
        return f'{indent}"""{text}"""\n'
    lines = textwrap.wrap(text, 116 - len(indent))
    return f'{indent}"""' + f"\n{indent}".join(lines) + f'\n{indent}"""\n'


def class_of(name: str, schema: dict, definitions: dict, base: str) -> str:
    required = set(schema.get("required", []))
    fields = [Field(key, value, key in required, definitions) for key, value in schema["properties"].items()]
    fields.sort(key=lambda field: field.empty is not None)  # what must be given first
    out = f"\n\nclass {name}({base}):\n" + doc(schema.get("description", ""), "    ")
    out += "\n    __slots__ = (" + ", ".join(json.dumps(field.name) for field in fields) + ",)\n"
    for field in fields:
        out += f"\n    {field.name}: {field.type}\n" + doc(field.doc, "    ")
    out += "\n    def __init__(\n        self,\n        *,\n"
    out += "".join(f"        {field.parameter()},\n" for field in fields) + "    ) -> None:\n"
    out += "".join(f"        {field.assignment()}\n" for field in fields)
    return out


def table_of(name: str, schema: dict, definitions: dict) -> str:
    fields = [Field(key, value, False, definitions) for key, value in schema["properties"].items()]
    rows = "".join(f"    ({json.dumps(f.name)}, {json.dumps(f.key)}, {f.kind}),\n" for f in fields)
    return f"{name}._fields = (\n{rows})\n"


def generate() -> str:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    definitions = schema["$defs"]
    classes = {name: value for name, value in definitions.items() if "properties" in value}
    out = HEAD
    names = sorted([*classes, "Plan"])
    out += "\n__all__ = [\n" + "".join(f"    {json.dumps(name)},\n" for name in names) + "]\n"
    for name, value in classes.items():
        out += class_of(name, value, definitions, "Record")
    out += class_of("Plan", schema, definitions, "PlanMethods")
    out += "\n\n# How each is made of JSON; here, where all classes are known.\n"
    for name, value in [*classes.items(), ("Plan", schema)]:
        out += table_of(name, value, definitions)
    return out


def main() -> int:
    made = generate()
    if sys.argv[1:] == ["--check"]:
        if TARGET.read_text(encoding="utf-8") == made:
            return 0
        print(f"{TARGET} is not what the schema gives: run python3 python/tools/generate.py", file=sys.stderr)
        return 1
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

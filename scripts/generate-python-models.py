#!/usr/bin/env python3
"""Makes python/src/ftreport/models.py, the dataclasses of ftreport's JSON, from docs/schema/*.json.

    scripts/generate-python-models.py           writes the file
    scripts/generate-python-models.py --check   exits with 1 where the file is not what the schemas make
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "docs/schema"
TARGET = ROOT / "python/src/ftreport/models.py"

HEADING = '''"""The documents of ftreport's JSON.

Made from docs/schema by scripts/generate-python-models.py; do not edit. Numbers that are not finite, which JSON lacks,
are real NaNs and infinities here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Optional, Union

__all__ = [
'''

# The documents with their classes, in their order; a structure within is named after its first place.
DOCUMENTS = {
    "run": "Run",
    "overview": "Overview",
    "sweep": "Sweep",
    "merge": "Merge",
    "comparison": "Comparison",
    "checkpoints": "CheckpointComparison",
    "gate": "Gating",
    "checkpoint": "Inspection",
    "optimizer": "OptimizerInspection",
    "pickle": "PickleInspection",
    "verification": "FileVerification",
}


def camel(words):
    return "".join(word[:1].upper() + word[1:] for word in words.replace("-", "_").replace(".", "_").split("_"))


def singular(word):
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


class Models:
    def __init__(self):
        self.classes = {}  # name: text
        self.names = {}  # the structure as text: name
        self.documents = []

    def add(self, name, schema):
        self.root = schema
        self.prefix = DOCUMENTS.get(name, camel(name))
        document = schema["properties"]["schema"]["properties"]["name"]["const"]
        self.documents.append((document, self.record(schema, self.prefix, is_document=True)))

    def resolved(self, schema):
        while "$ref" in schema:
            place = self.root
            for part in schema["$ref"].removeprefix("#/").split("/") if schema["$ref"] != "#" else []:
                place = place[part]
            schema = place
        return schema

    def expanded(self, schema):
        """The schema with every reference that does not lead back to itself in its place, to compare structures by."""
        if "$ref" in schema:
            return {"$ref": self.expanded(self.resolved(schema)) if not self.recursive(schema) else schema["$ref"]}
        return {
            key: {name: self.expanded(value) for name, value in item.items()} if key == "properties"
            else [self.expanded(value) for value in item] if key in ("anyOf", "oneOf")
            else self.expanded(item) if key in ("items", "additionalProperties") and isinstance(item, dict)
            else item
            for key, item in schema.items()
            if key not in ("description", "title", "$defs", "$schema", "$id", "$comment")
        }

    def recursive(self, schema):
        return f'"{schema["$ref"]}"' in json.dumps(self.resolved(schema))

    def type(self, schema, name):
        """The Python type of `schema`, whose class, should it need one, would be called `name`."""
        if "$ref" in schema:
            defined = schema["$ref"].rsplit("/", 1)[-1]
            if self.recursive(schema):
                key = self.prefix + "#" + schema["$ref"]
                if key not in self.names:
                    self.names[key] = self.free(camel(defined))
                    self.record(self.resolved(schema), self.names[key], known=key)
                return self.names[key]
            return self.type(self.resolved(schema), camel(defined))
        if "const" in schema:
            return f"Literal[{schema['const']!r}]"
        if "enum" in schema:
            values = [value for value in schema["enum"] if value is not None]
            kind = f"Literal[{', '.join(repr(value) for value in values)}]"
            return f"Optional[{kind}]" if None in schema["enum"] else kind
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices:
            # NaN and infinities are words in JSON.
            words = {"enum": ["NaN", "Infinity", "-Infinity"]}
            others = [choice for choice in choices if choice != words and choice.get("type") != "null"]
            kinds = list(dict.fromkeys(self.type(choice, name) for choice in others))
            kind = kinds[0] if len(kinds) == 1 else f"Union[{', '.join(kinds)}]"
            return f"Optional[{kind}]" if any(choice.get("type") == "null" for choice in choices) else kind
        kinds = schema.get("type", "any")
        if isinstance(kinds, list):
            others = [kind for kind in kinds if kind != "null"]
            inner = [self.type({**schema, "type": kind}, name) for kind in others]
            kind = inner[0] if len(inner) == 1 else f"Union[{', '.join(inner)}]"
            return f"Optional[{kind}]" if "null" in kinds else kind
        if kinds == "array":
            return f"list[{self.type(schema.get('items', {}), singular(name))}]"
        if kinds == "object":
            if "properties" in schema:
                return self.record(schema, name)
            values = schema.get("additionalProperties")
            return f"dict[str, {self.type(values, singular(name)) if isinstance(values, dict) else 'Any'}]"
        return {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "any": "Any"}[kinds]

    def free(self, name):
        """`name`, or the document's own name for it where another structure is called so."""
        taken = name in self.classes or name in self.names.values() or name in DOCUMENTS.values()
        return self.prefix + name if taken else name

    def record(self, schema, name, known=None, is_document=False):
        key = known or json.dumps(self.expanded(schema), sort_keys=True)
        if key in self.names and known is None:
            return self.names[key]
        if known is None:
            name = name if is_document else self.free(name)
            self.names[key] = name
        self.classes[name] = None  # its place before those of its fields
        words = schema.get("description") or schema.get("title")
        required = schema.get("required", [])
        lines = [f'    """{words.rstrip(".")}."""', ""] if words else []
        fields = sorted(schema["properties"].items(), key=lambda item: item[0] not in required)
        for field, value in fields:
            kind = self.type(value, self.prefix + camel(field) if field == "schema" else camel(field))
            if field == "schema":
                kind = self.type(self.heading(), "Schema")
            if field not in required and not kind.startswith("Optional["):
                kind = f"Optional[{kind}]"
            lines.append(f"    {field}: {kind}" + ("" if field in required else " = None"))
            said = value.get("description")
            if said:
                lines.append(f'    """{said}"""')
        self.classes[name] = "\n".join(lines)
        return name

    @staticmethod
    def heading():
        return {
            "type": "object", "description": "Which document it is, and its version",
            "properties": {"name": {"type": "string"}, "version": {"type": "integer"}},
            "required": ["name", "version"],
        }

    def text(self):
        # A class is only looked up when a document is read, so that their order is free.
        used = "\n".join(self.classes.values())
        bodies = {
            name: body
            for name, body in self.classes.items()
            if name == "Schema" or not name.endswith("Schema") or name in used
        }
        parts = [HEADING + "".join(f'    "{name}",\n' for name in sorted(bodies)) + '    "DOCUMENTS",\n]\n']
        for name, body in bodies.items():
            parts.append(f"\n\n@dataclass\nclass {name}:\n{body}\n")
        entries = "".join(f'    "{document}": {name},\n' for document, name in self.documents)
        parts.append(f"\n\nDOCUMENTS: dict[str, type] = {{\n{entries}}}\n\"\"\"The classes by the names of the documents.\"\"\"\n")
        return "".join(parts)


def main():
    paths = {path.stem.removeprefix("ftreport."): path for path in SCHEMAS.glob("*.json")}
    # What the command reads is no document of its answers.
    paths.pop("configuration", None)
    if not paths:
        sys.exit(f"{SCHEMAS.relative_to(ROOT)} has no schemas")
    order = [name for name in DOCUMENTS if name in paths] + sorted(set(paths) - set(DOCUMENTS))
    models = Models()
    for name in order:
        models.add(name, json.loads(paths[name].read_text()))
    text = models.text()
    if sys.argv[1:] == ["--check"]:
        if not TARGET.exists() or TARGET.read_text() != text:
            sys.exit(f"{TARGET.relative_to(ROOT)} is not current: run scripts/{pathlib.Path(__file__).name}")
    else:
        TARGET.write_text(text)


main()

"""Reads the Arrow IPC streams that ftreport writes, for those who have no Arrow library.

It knows the types that ftreport writes (int64, float64, utf8, bool, and dictionaries of utf8), uncompressed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Optional

from ._process import Buffer

_INT, _FLOAT, _UTF8, _BOOL = 2, 3, 5, 6


class _Flat:
    """A table of a flatbuffer."""

    def __init__(self, data: memoryview, position: int) -> None:
        self.data = data
        self.position = position
        (distance,) = struct.unpack_from("<i", data, position)
        self.vtable = position - distance

    @classmethod
    def root(cls, data: memoryview) -> _Flat:
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _place(self, field: int) -> Optional[int]:
        (size,) = struct.unpack_from("<H", self.data, self.vtable)
        slot = 4 + 2 * field
        if slot >= size:
            return None
        (offset,) = struct.unpack_from("<H", self.data, self.vtable + slot)
        return self.position + int(offset) if offset else None

    def scalar(self, field: int, format: str) -> int:
        place = self._place(field)
        return 0 if place is None else int(struct.unpack_from("<" + format, self.data, place)[0])

    def _reference(self, field: int) -> Optional[int]:
        place = self._place(field)
        return None if place is None else place + int(struct.unpack_from("<I", self.data, place)[0])

    def table(self, field: int) -> Optional[_Flat]:
        place = self._reference(field)
        return None if place is None else _Flat(self.data, place)

    def text(self, field: int) -> str:
        place = self._reference(field)
        if place is None:
            return ""
        (length,) = struct.unpack_from("<I", self.data, place)
        return bytes(self.data[place + 4 : place + 4 + length]).decode("utf-8")

    def tables(self, field: int) -> list[_Flat]:
        place = self._reference(field)
        if place is None:
            return []
        (count,) = struct.unpack_from("<I", self.data, place)
        places = [place + 4 + 4 * index for index in range(count)]
        return [_Flat(self.data, at + struct.unpack_from("<I", self.data, at)[0]) for at in places]

    def pairs(self, field: int) -> list[tuple[int, int]]:
        place = self._reference(field)
        if place is None:
            return []
        (count,) = struct.unpack_from("<I", self.data, place)
        return list(struct.iter_unpack("<qq", self.data[place + 4 : place + 4 + 16 * count]))


@dataclass
class _Field:
    name: str
    kind: int
    dictionary: Optional[int]


def read(buffer: Buffer) -> dict[str, list[Any]]:
    """The columns of a stream as lists, by their names in their order."""
    data = memoryview(buffer)
    fields: list[_Field] = []
    columns: dict[str, list[Any]] = {}
    dictionaries: dict[int, list[Any]] = {}
    position = 0
    while position + 8 <= len(data):
        (length,) = struct.unpack_from("<I", data, position + 4)
        if length == 0:
            return columns
        metadata = data[position + 8 : position + 8 + length]
        message = _Flat.root(metadata)
        body_start = position + 8 + length
        body = data[body_start : body_start + message.scalar(3, "q")]
        position = body_start + len(body)
        kind, header = message.scalar(1, "B"), message.table(2)
        if header is None:
            raise ValueError("an Arrow message without a header")
        if kind == 1:
            fields = [_field(table) for table in header.tables(1)]
            columns = {field.name: [] for field in fields}
        elif kind == 2:
            batch = header.table(1)
            if batch is None:
                raise ValueError("an Arrow dictionary without values")
            texts = _values(_Field("", _UTF8, None), batch.pairs(1)[0], body, iter(batch.pairs(2)))
            dictionaries[header.scalar(0, "q")] = texts
        elif kind == 3:
            buffers = iter(header.pairs(2))
            for field, node in zip(fields, header.pairs(1)):
                values = _values(field, node, body, buffers)
                if field.dictionary is not None:
                    texts = dictionaries[field.dictionary]
                    values = [texts[value] for value in values]
                columns[field.name].extend(values)
    raise ValueError("an Arrow stream that ends before its end")


def _field(table: _Flat) -> _Field:
    encoding = table.table(4)
    return _Field(table.text(0), table.scalar(2, "B"), None if encoding is None else encoding.scalar(0, "q"))


def _values(field: _Field, node: tuple[int, int], body: memoryview, buffers: Any) -> list[Any]:
    count, missing = node

    def buffer() -> memoryview:
        offset, length = next(buffers)
        return body[offset : offset + length]

    validity = buffer()
    values: list[Any]
    if field.dictionary is not None:
        values = buffer().cast("i").tolist()
    elif field.kind == _INT:
        values = buffer().cast("q").tolist()
    elif field.kind == _FLOAT:
        values = buffer().cast("d").tolist()
    elif field.kind == _BOOL:
        values = [bool(bit) for bit in _bits(buffer(), count)]
    elif field.kind == _UTF8:
        ends = buffer().cast("i")
        text = bytes(buffer())
        values = [text[ends[index] : ends[index + 1]].decode("utf-8") for index in range(count)]
    else:
        raise ValueError(f"{field.name}: an Arrow type that ftreport does not write ({field.kind})")
    if missing:
        values = [value if bit else None for value, bit in zip(values, _bits(validity, count))]
    return values


def _bits(data: memoryview, count: int) -> list[int]:
    return [data[index >> 3] >> (index & 7) & 1 for index in range(count)]

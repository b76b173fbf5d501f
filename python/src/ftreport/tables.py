"""Tables for pandas, polars, pyarrow, DuckDB and everything else that speaks Arrow."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Optional

from . import _ipc
from ._process import Buffer

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

_ARROW_TYPES = {"text": "string", "integer": "int64", "number": "float64", "truth": "bool"}
_POLARS_TYPES = {"text": "String", "integer": "Int64", "number": "Float64", "truth": "Boolean"}
_LIST_OF_NUMBERS = "numbers"
_SHOWN_ROWS = 10


class Table:
    """Columns of equal length.

    Any library that takes Arrow's PyCapsule protocol (``__arrow_c_stream__``) takes it as it is, for example
    ``pyarrow.table(t)``, ``polars.DataFrame(t)`` and DuckDB's ``FROM t``; the protocol itself needs pyarrow.
    ``to_dict()`` and indexing by a column's name need no library at all.
    """

    def __init__(
        self,
        columns: Optional[Mapping[str, list[Any]]] = None,
        types: Optional[Mapping[str, str]] = None,
        *,
        stream: Optional[Buffer] = None,
    ) -> None:
        self._columns = None if columns is None else dict(columns)
        self._types = dict(types or {})
        self._stream = stream
        self._arrow: Optional[pyarrow.Table] = None

    def to_arrow(self) -> pyarrow.Table:
        """A ``pyarrow.Table``; the columns of points are not copied."""
        if self._arrow is None:
            import pyarrow as pa

            if self._stream is not None:
                with pa.ipc.open_stream(pa.py_buffer(self._stream)) as reader:
                    self._arrow = reader.read_all()
            else:
                fields = [
                    (name, pa.list_(pa.float64()) if kind == _LIST_OF_NUMBERS else pa.type_for_alias(_ARROW_TYPES[kind]))
                    for name, kind in self._types.items()
                ]
                self._arrow = pa.table(self.to_dict(), schema=pa.schema(fields))
        return self._arrow

    def to_pandas(self) -> pandas.DataFrame:
        """A ``pandas.DataFrame``; repeated texts are categories."""
        import pandas as pd

        if self._stream is not None and _has("pyarrow"):
            return self.to_arrow().to_pandas()
        frame = pd.DataFrame(self.to_dict())
        for name, kind in self._types.items():
            frame[name] = frame[name].astype({"integer": "Int64", "number": "float64"}.get(kind, "object"))
        return frame

    def to_polars(self) -> polars.DataFrame:
        """A ``polars.DataFrame``."""
        import polars as pl

        if self._stream is not None:
            return pl.read_ipc_stream(bytes(self._stream))
        schema = {
            name: pl.List(pl.Float64) if kind == _LIST_OF_NUMBERS else getattr(pl, _POLARS_TYPES[kind])
            for name, kind in self._types.items()
        }
        return pl.DataFrame(self.to_dict(), schema=schema)

    def to_dict(self) -> dict[str, list[Any]]:
        """The columns as lists of Python's own values; what is missing is None."""
        if self._columns is None:
            assert self._stream is not None
            self._columns = _ipc.read(self._stream)
        return self._columns

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        if self._columns is None and self._arrow is not None:
            return list(self._arrow.column_names)
        return list(self.to_dict())

    @property
    def types(self) -> dict[str, str]:
        """What each column of figures holds: ``text``, ``integer``, ``number``, ``truth`` or ``numbers`` (a
        list in each row); empty for points."""
        return dict(self._types)

    def __getitem__(self, name: str) -> list[Any]:
        return self.to_dict()[name]

    def __len__(self) -> int:
        if self._columns is None and self._stream is not None and _has("pyarrow"):
            return int(self.to_arrow().num_rows)
        return len(next(iter(self.to_dict().values()), []))

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows as dicts."""
        columns = self.to_dict()
        for values in zip(*columns.values()):
            yield dict(zip(columns, values))

    def _head(self) -> dict[str, list[Any]]:
        if self._columns is None and self._stream is not None and _has("pyarrow"):
            head: dict[str, list[Any]] = self.to_arrow().slice(0, _SHOWN_ROWS).to_pydict()
            return head
        return {name: values[:_SHOWN_ROWS] for name, values in self.to_dict().items()}

    def __repr__(self) -> str:
        return f"<ftreport.Table: {len(self):,} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = self._head()
        names = "".join(f"<th>{html.escape(name)}</th>" for name in head)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_shown(value))}</td>" for value in row) + "</tr>"
            for row in zip(*head.values())
        )
        return f"<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table><p>{len(self):,} rows</p>"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return f"{len(value):,} numbers"
    return f"{value:.6g}" if isinstance(value, float) and abs(value) < 1e9 else str(value)


def _has(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None

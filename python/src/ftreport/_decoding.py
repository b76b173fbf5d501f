"""From JSON's values to dataclasses."""

from __future__ import annotations

import dataclasses
import math
import typing
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union

from .errors import FtreportError

T = TypeVar("T")

_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def number(value: Any) -> float:
    """A number of the command's JSON, which has words for those that are not finite."""
    return float(_NOT_FINITE.get(value, value) if isinstance(value, str) else value)


@lru_cache(maxsize=None)
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def decode(cls: type[T], value: Any) -> T:
    """`value`, as `json` parsed it, as a `cls`. Members that `cls` does not know are left out."""
    decoded: T = _decode(cls, value, cls.__name__)
    return decoded


def _decode(kind: Any, value: Any, place: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _record(typing.cast(type, kind), value, place)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Union:
        if value is None:
            return None
        choices = [argument for argument in arguments if argument is not type(None)]
        return _decode(_best(choices, value), value, place)
    if kind is float:
        return _NOT_FINITE.get(value, value) if isinstance(value, str) else None if value is None else float(value)
    if origin is list:
        return [_decode(arguments[0], element, place) for element in value]
    if origin is dict:
        return {key: _decode(arguments[1], element, f"{place}.{key}") for key, element in value.items()}
    if origin is Literal or kind in (str, int, bool, Any):
        return value
    raise TypeError(f"{place}: {kind}")


def _best(choices: list[Any], value: Any) -> Any:
    """Of several types the one that `value` looks like."""
    if len(choices) == 1:
        return choices[0]
    if isinstance(value, dict):
        records = [choice for choice in choices if dataclasses.is_dataclass(choice)]
        if records:
            return min(records, key=lambda record: len({field.name for field in dataclasses.fields(record)} ^ set(value)))
    for choice in choices:
        simple = typing.get_origin(choice) or choice
        if isinstance(simple, type) and isinstance(value, simple):
            return choice
    return float if float in choices else choices[0]


def _record(cls: type, value: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise FtreportError(f"{place}: expected an object in the command's JSON, found {type(value).__name__}")
    hints = _hints(cls)
    members: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        if field.name in value:
            members[field.name] = _decode(hints[field.name], value[field.name], f"{place}.{field.name}")
        elif field.default is dataclasses.MISSING:
            raise FtreportError(
                f"{place}: the command's JSON has no '{field.name}': the command and the Python package are of "
                "different versions"
            )
    return cls(**members)

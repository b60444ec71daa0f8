"""What a request to predict says: JSON rows, by name or in the model's order, or named columns."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

import numpy

from .errors import RequestError, listed

KEYS = {"rows", "columns", "outputs"}
JSON_NAMES = {bool: "true or false", str: "a text", list: "an array", dict: "an object", type(None): "null"}


@dataclass(frozen=True)
class PredictionRequest:
    """Unscaled values in the model's order, NaN for a missing one, and the outputs asked for, besides the first."""

    rows: numpy.ndarray
    outputs: list[str]


def parse(body: bytes, features: tuple[str, ...], max_rows: int, missing_values: str) -> PredictionRequest:
    """Reads a request. Raises RequestError."""
    given = _json(body)
    if not isinstance(given, dict):
        raise RequestError("REQUEST_INVALID", "the body must be an object with 'rows' or 'columns'")
    unknown = [key for key in given if key not in KEYS]
    if unknown:
        raise RequestError("REQUEST_INVALID", f"the body has {listed(unknown)}; allowed: 'rows', 'columns', 'outputs'")
    if ("rows" in given) == ("columns" in given):
        raise RequestError("REQUEST_INVALID", "the body must have either 'rows' or 'columns'")
    table = (
        _rows(given["rows"], features, max_rows) if "rows" in given else _columns(given["columns"], features, max_rows)
    )
    return PredictionRequest(_numbers(table, features, missing_values), _outputs(given.get("outputs", [])))


def _json(body: bytes):
    try:
        # Unlike json.loads(body), this does not guess other encodings.
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_once_each)
    except UnicodeDecodeError as error:
        raise RequestError("REQUEST_INVALID", f"the body is not UTF-8 from byte {error.start} on") from None
    except json.JSONDecodeError as error:
        raise RequestError(
            "REQUEST_INVALID", f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except ValueError:  # whole numbers of more than 4300 digits
        raise RequestError("VALUE_OUT_OF_RANGE", "the body has a number that is too long") from None
    except RecursionError:
        raise RequestError("REQUEST_INVALID", "the body is nested too deeply") from None


def _refuse_constant(name: str):
    raise RequestError("REQUEST_INVALID", f"the body has {name}, which is not JSON; a missing value is null")


def _once_each(pairs: list[tuple[str, object]]) -> dict:
    given = dict(pairs)
    if len(given) != len(pairs):
        names = [name for name, _ in pairs]
        raise RequestError("REQUEST_INVALID", f"the body has {listed({n for n in names if names.count(n) > 1})} twice")
    return given


def _rows(rows, features: tuple[str, ...], max_rows: int) -> list[Iterable]:
    if not isinstance(rows, list) or not rows:
        raise RequestError("REQUEST_INVALID", "'rows' must be an array of at least one row")
    _bound(len(rows), max_rows)
    if isinstance(rows[0], list):
        return [_by_place(number, row, features) for number, row in enumerate(rows, 1)]
    in_order = itemgetter(*features) if len(features) > 1 else lambda row: (row[features[0]],)
    names = set(features)
    return [_by_name(number, row, names, features, in_order) for number, row in enumerate(rows, 1)]


def _by_place(number: int, row, features: tuple[str, ...]) -> list:
    if not isinstance(row, list):
        raise RequestError("REQUEST_INVALID", f"row {number} must be an array, as the first row is")
    if len(row) != len(features):
        raise RequestError(
            "FEATURES_MISSING" if len(row) < len(features) else "FEATURES_UNKNOWN",
            f"row {number} has {len(row)} values; the model takes {len(features)}: {listed(features)}",
        )
    return row


def _by_name(number: int, row, names: set[str], features: tuple[str, ...], in_order) -> tuple:
    if not isinstance(row, dict):
        raise RequestError("REQUEST_INVALID", f"row {number} must be an object, or all rows arrays")
    if row.keys() != names:
        _refuse_names(f"row {number}", row, features)
    return in_order(row)


def _columns(columns, features: tuple[str, ...], max_rows: int) -> list[Iterable]:
    if not isinstance(columns, dict):
        raise RequestError("REQUEST_INVALID", "'columns' must be an object with an array for each feature")
    if columns.keys() != set(features):
        _refuse_names("'columns'", columns, features)
    for name in features:
        if not isinstance(columns[name], list) or not columns[name]:
            raise RequestError("REQUEST_INVALID", f"column {name!r} must be an array of at least one value")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise RequestError(
            "REQUEST_INVALID", f"the columns have {min(lengths)} to {max(lengths)} values; all must have as many"
        )
    _bound(max(lengths), max_rows)
    return list(zip(*(columns[name] for name in features)))


def _refuse_names(where: str, given: dict, features: tuple[str, ...]) -> None:
    missing = [name for name in features if name not in given]
    unknown = [name for name in given if name not in set(features)]
    problems = [f"lacks {listed(missing)}"] if missing else []
    problems += [f"has {listed(unknown)}, which the model does not take"] if unknown else []
    raise RequestError("FEATURES_MISSING" if missing else "FEATURES_UNKNOWN", f"{where} {' and '.join(problems)}")


def _bound(count: int, max_rows: int) -> None:
    if count > max_rows:
        raise RequestError("ROWS_TOO_MANY", f"the request has {count} rows; allowed: {max_rows}; send several requests")


def _numbers(table: list, features: tuple[str, ...], missing_values: str) -> numpy.ndarray:
    # Numpy itself would take "1" and true for numbers.
    types = set(map(type, chain.from_iterable(table)))
    if not types <= {int, float, type(None)}:
        number, name, value = _first(table, features, lambda value: type(value) not in (int, float, type(None)))
        raise RequestError(
            "VALUE_NOT_NUMERIC", f"row {number}, feature {name!r}: is {JSON_NAMES[type(value)]}; it must be a number"
        )
    if type(None) in types and missing_values == "fail":
        number, name, _ = _first(table, features, lambda value: value is None)
        raise RequestError(
            "VALUE_MISSING",
            f"row {number}, feature {name!r}: is null; it must be a number, unless MLINFRA_MISSING_VALUES is nan",
        )
    try:
        values = numpy.array(table, numpy.float64)  # None becomes NaN
    except OverflowError:
        values = numpy.array([numpy.inf])
    if numpy.isinf(values).any():
        number, name, _ = _first(table, features, _too_large)
        raise out_of_range(number, name, "double")
    return values


def _first(table: list, features: tuple[str, ...], wrong) -> tuple[int, str, object]:
    return next(
        (number, name, value)
        for number, row in enumerate(table, 1)
        for name, value in zip(features, row, strict=True)
        if wrong(value)
    )


def _too_large(value) -> bool:
    try:
        return value is not None and abs(float(value)) == float("inf")
    except OverflowError:
        return True


def out_of_range(row: int, feature: str, kind: str) -> RequestError:
    """A value, or what scaling makes of it, that the type of number does not hold."""
    return RequestError("VALUE_OUT_OF_RANGE", f"row {row}, feature {feature!r}: is too large for the model's {kind}")


def _outputs(given) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given) or len(set(given)) < len(given):
        raise RequestError("REQUEST_INVALID", "'outputs' must be an array of texts, each once")
    return given

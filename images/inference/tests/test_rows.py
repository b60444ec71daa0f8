import json

import numpy as np
import pytest

from inference_service.errors import RequestError
from inference_service.rows import parse

FEATURES = ("a", "b")


def read(body, features=FEATURES, missing="fail"):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse(content, features, 3, missing)


@pytest.mark.parametrize(
    "body",
    [
        {"rows": [{"a": 1, "b": 2.5}, {"b": -4, "a": 3}]},
        {"rows": [[1, 2.5], [3, -4]]},
        {"columns": {"b": [2.5, -4], "a": [1, 3]}},
        b'\n{"rows" : [[1.0, 25e-1], [3, -4]], "outputs": []}\n',
    ],
)
def test_rows_and_columns_in_any_order(body):
    request = read(body)
    assert request.rows.tolist() == [[1, 2.5], [3, -4]]
    assert (request.rows.dtype, request.outputs) == (np.float64, [])


def test_one_feature_and_outputs():
    request = read({"rows": [{"a": 7}], "outputs": ["p", "q"]}, ("a",))
    assert (request.rows.tolist(), request.outputs) == ([[7]], ["p", "q"])


def test_missing_values_where_they_are_allowed():
    assert np.isnan(read({"rows": [{"a": None, "b": 1}]}, missing="nan").rows).tolist() == [[True, False]]
    assert np.isnan(read({"columns": {"a": [None], "b": [None]}}, missing="nan").rows).all()


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"\xff{}", "REQUEST_INVALID", "the body is not UTF-8 from byte 0 on"),
        ('{"rows": [[1, 2]]}'.encode("utf-16"), "REQUEST_INVALID", "the body is not UTF-8 from byte 0 on"),
        (b"", "REQUEST_INVALID", "the body is not JSON: Expecting value at line 1, column 1"),
        (b'{"rows": [[1, 2]]', "REQUEST_INVALID", "the body is not JSON: Expecting ',' delimiter at line 1, column 18"),
        (b'{"rows": [[NaN, 2]]}', "REQUEST_INVALID", "the body has NaN, which is not JSON; a missing value is null"),
        (b'{"rows": [[-Infinity, 2]]}', "REQUEST_INVALID", "the body has -Infinity, which is not JSON"),
        (b'{"rows": [{"a": 1, "b": 2, "a": 3}]}', "REQUEST_INVALID", "the body has 'a' twice"),
        (b"[" * 100_000, "REQUEST_INVALID", "the body is nested too deeply"),
        (b'{"rows": [[' + b"9" * 5000 + b", 2]]}", "VALUE_OUT_OF_RANGE", "the body has a number that is too long"),
        ([[1, 2]], "REQUEST_INVALID", "the body must be an object with 'rows' or 'columns'"),
        ({}, "REQUEST_INVALID", "the body must have either 'rows' or 'columns'"),
        ({"rows": [[1, 2]], "columns": {}}, "REQUEST_INVALID", "the body must have either 'rows' or 'columns'"),
        ({"instances": []}, "REQUEST_INVALID", "the body has 'instances'; allowed: 'rows', 'columns', 'outputs'"),
        ({"rows": {}}, "REQUEST_INVALID", "'rows' must be an array of at least one row"),
        ({"rows": []}, "REQUEST_INVALID", "'rows' must be an array of at least one row"),
        ({"rows": [[1, 2]] * 4}, "ROWS_TOO_MANY", "the request has 4 rows; allowed: 3; send several requests"),
        ({"rows": [[1, 2], {"a": 1, "b": 2}]}, "REQUEST_INVALID", "row 2 must be an array, as the first row is"),
        ({"rows": [{"a": 1, "b": 2}, 5]}, "REQUEST_INVALID", "row 2 must be an object, or all rows arrays"),
        ({"rows": [[1]]}, "FEATURES_MISSING", "row 1 has 1 values; the model takes 2: 'a', 'b'"),
        ({"rows": [[1, 2], [1, 2, 3]]}, "FEATURES_UNKNOWN", "row 2 has 3 values; the model takes 2: 'a', 'b'"),
        ({"rows": [{"a": 1}]}, "FEATURES_MISSING", "row 1 lacks 'b'"),
        (
            {"rows": [{"a": 1, "B": 2, "c": 3}]},
            "FEATURES_MISSING",
            "row 1 lacks 'b' and has 'B', 'c', which the model does not take",
        ),
        ({"rows": [{"a": 1, "b": 2, "c": 3}]}, "FEATURES_UNKNOWN", "row 1 has 'c', which the model does not take"),
        (
            {"rows": [{"a": 1, "b": 2} | {"x" * 50 + str(i): 3 for i in range(7)}]},
            "FEATURES_UNKNOWN",
            f"row 1 has {', '.join([repr('x' * 39 + '…')] * 5)} and 2 more, which the model does not take",
        ),
        ({"columns": [[1, 2]]}, "REQUEST_INVALID", "'columns' must be an object with an array for each feature"),
        ({"columns": {"a": [1]}}, "FEATURES_MISSING", "'columns' lacks 'b'"),
        ({"columns": {"a": [1], "b": 2}}, "REQUEST_INVALID", "column 'b' must be an array of at least one value"),
        ({"columns": {"a": [], "b": []}}, "REQUEST_INVALID", "column 'a' must be an array of at least one value"),
        (
            {"columns": {"a": [1], "b": [2, 3]}},
            "REQUEST_INVALID",
            "the columns have 1 to 2 values; all must have as many",
        ),
        ({"columns": {"a": [1] * 4, "b": [2] * 4}}, "ROWS_TOO_MANY", "the request has 4 rows; allowed: 3"),
        ({"rows": [[1, "2"]]}, "VALUE_NOT_NUMERIC", "row 1, feature 'b': is a text; it must be a number"),
        ({"rows": [[1, 2], [True, 2]]}, "VALUE_NOT_NUMERIC", "row 2, feature 'a': is true or false; it must be a num"),
        ({"rows": [[1, [2]]]}, "VALUE_NOT_NUMERIC", "row 1, feature 'b': is an array; it must be a number"),
        ({"columns": {"a": [1], "b": [{}]}}, "VALUE_NOT_NUMERIC", "row 1, feature 'b': is an object; it must be a"),
        ({"rows": [[1, None]]}, "VALUE_MISSING", "row 1, feature 'b': is null; it must be a number, unless MLINFRA_M"),
        (b'{"rows": [[1, 2], [1e999, 2]]}', "VALUE_OUT_OF_RANGE", "row 2, feature 'a': is too large for the model's"),
        ({"rows": [[1, 10**400]]}, "VALUE_OUT_OF_RANGE", "row 1, feature 'b': is too large for the model's double"),
        ({"rows": [[1, 2]], "outputs": "p"}, "REQUEST_INVALID", "'outputs' must be an array of texts, each once"),
        (
            {"rows": [[1, 2]], "outputs": ["p", "p"]},
            "REQUEST_INVALID",
            "'outputs' must be an array of texts, each once",
        ),
        ({"rows": [[1, 2]], "outputs": [1]}, "REQUEST_INVALID", "'outputs' must be an array of texts, each once"),
    ],
)
def test_what_is_refused_is_told(body, code, message):
    with pytest.raises(RequestError) as error:
        read(body)
    assert (error.value.code, error.value.message[: len(message)]) == (code, message)


def test_messages_hold_no_value_of_the_data():
    for body in ({"rows": [["canary", 2]]}, {"rows": [[123456789, None]]}, b'{"rows": [[123456789e999, 2]]}'):
        with pytest.raises(RequestError) as error:
            read(body)
        assert "canary" not in error.value.message and "123456789" not in error.value.message

import json

import numpy as np
import pytest

from inference_service.errors import StartError
from inference_service.exported import baseline_from_json, scaler_from_json

SCALER = {"format": "mlinfra/scaler/v1", "feature_names": ["a", "b"], "mean": [1, 2.5], "scale": [3, 0.7]}
AGE = {"name": "a", "edges": [1, 1, 2], "shares": [0.25, 0, 0.25, 0.5], "mean": 1.5}
OTHER = {"name": "b", "edges": [], "shares": [1]}


def test_scales_as_scikit_learn_does_to_the_last_bit(boosted):
    scaler = scaler_from_json((boosted.folder / "scaler.json").read_bytes(), "S")
    assert scaler.features == tuple(boosted.features)
    assert (scaler.apply(boosted.test) == boosted.fitted[0].transform(boosted.test)).all()


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"format": "mlinfra/scaler/v2"}, ["S: is no mlinfra/scaler/v1; export the model again with images/training"]),
        ({"feature_names": []}, ["S: feature_names must be an array of texts, at least one"]),
        ({"feature_names": ["a", 1]}, ["S: feature_names must be an array of texts, at least one"]),
        ({"feature_names": ["a", "a"]}, ["S: feature_names has 'a' more than once"]),
        ({"mean": [1]}, ["S: feature_names, mean and scale have 2, 1 and 2 entries, must have as many each"]),
        ({"mean": [1, None]}, ["S: mean must be an array of finite numbers"]),
        ({"mean": [1, True]}, ["S: mean must be an array of finite numbers"]),
        ({"mean": [1, float("nan")]}, ["S: mean must be an array of finite numbers"]),
        ({"mean": [1, 10**400]}, ["S: mean must be an array of finite numbers"]),
        ({"scale": [1, 0]}, ["S: scale must be an array of finite numbers other than 0"]),
        (
            {"mean": "x", "scale": None},
            ["S: mean must be an array of finite numbers", "S: scale must be an array of finite numbers other than 0"],
        ),
    ],
)
def test_a_scaler_that_makes_no_sense(change, problems):
    with pytest.raises(StartError) as error:
        scaler_from_json(json.dumps(SCALER | change).encode(), "S")
    assert list(error.value.problems) == problems


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"a": 1}'])
def test_what_is_no_json_object_of_the_format(content):
    with pytest.raises(StartError, match="S: is no mlinfra/scaler/v1"):
        scaler_from_json(content, "S")


def baseline(*features):
    return json.dumps({"format": "mlinfra/baseline/v1", "rows": 4, "features": features}).encode()


def test_a_baseline_in_the_models_order():
    read = baseline_from_json(baseline(AGE, OTHER), "B", ("b", "a"))
    assert [edges.tolist() for edges in read.edges] == [[], [1, 1, 2]]
    assert [shares.tolist() for shares in read.shares] == [[1], [0.25, 0, 0.25, 0.5]]


def test_the_baseline_of_the_exporter(boosted):
    read = baseline_from_json((boosted.folder / "baseline.json").read_bytes(), "B", tuple(boosted.features))
    np.testing.assert_array_equal(read.edges[0], np.quantile(boosted.train[:, 0], np.arange(1, 10) / 10))


@pytest.mark.parametrize(
    ("features", "problem"),
    [
        ([AGE], "B: lacks 'b'; use the baseline that was written with the model"),
        (["a"], "B: features must be an array of objects"),
        ([AGE | {"edges": None}, OTHER], "B: feature 'a' must have edges and shares, arrays of finite numbers"),
        ([AGE | {"shares": [1]}, OTHER], "B: feature 'a' has 3 edges and 1 shares, must have one share more"),
        ([AGE | {"edges": [1, 3, 2]}, OTHER], "B: feature 'a' has edges that fall"),
        ([AGE | {"shares": [0.5, 0, 1.5, 0]}, OTHER], "B: feature 'a' has a share that is not from 0 to 1"),
        (
            [AGE | {"edges": list(range(255)), "shares": [0.5] * 256}, OTHER],
            "B: feature 'a' has 256 bins, must have 255 or fewer",
        ),
    ],
)
def test_a_baseline_that_makes_no_sense(features, problem):
    with pytest.raises(StartError) as error:
        baseline_from_json(baseline(*features), "B", ("a", "b"))
    assert error.value.problems == (problem,)

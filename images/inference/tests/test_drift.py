import numpy as np
import pytest

from inference_service.drift import DriftWindow
from inference_service.exported import Baseline, baseline_from_json
from mlinfra_training.baseline import baseline_to_json


def stability_index(train, now):
    """By its definition, without the window's code."""
    edges = np.quantile(train, np.arange(1, 10) / 10)

    def shares(values):
        counts = [0] * 10
        for value in values:
            counts[sum(edge < value for edge in edges)] += 1
        return np.maximum(np.array(counts) / len(values), 1e-4)

    then, new = shares(train), shares(now)
    return float(sum((n - t) * np.log(n / t) for n, t in zip(new, then)))


@pytest.fixture
def random():
    return np.random.default_rng(7)


def window_of(train, rows):
    names = [f"f{i}" for i in range(train.shape[1])]
    return DriftWindow(baseline_from_json(baseline_to_json(names, train), "B", tuple(names)), rows)


def test_is_what_the_definition_says(random):
    train = random.normal(size=(500, 3))
    train[:, 2] = np.round(train[:, 2])  # few values: several edges are equal
    now = random.normal(0.4, 1.3, size=(700, 3))
    window = window_of(train, 1000)
    for start in range(0, 700, 70):
        window.add(now[start : start + 70])
    expected = [stability_index(train[:, i], now[:, i]) for i in range(3)]
    np.testing.assert_allclose(window.stability_indices(), expected, rtol=1e-12)
    assert window.rows() == 700


@pytest.mark.parametrize("at_once", [1, 7, 300, 999])
def test_slides(random, at_once):
    train = random.normal(size=(500, 2))
    now = np.concatenate([random.normal(5, 1, size=(600, 2)), random.normal(size=(400, 2))])
    window = window_of(train, 300)
    for start in range(0, len(now), at_once):
        window.add(now[start : start + at_once])
    expected = [stability_index(train[:, i], now[-300:, i]) for i in range(2)]
    np.testing.assert_allclose(window.stability_indices(), expected, rtol=1e-12)
    assert window.rows() == 300
    assert max(window.stability_indices()) < 0.25


def test_says_nothing_of_few_values(random):
    train = random.normal(size=(500, 2))
    window = window_of(train, 1000)
    assert window.stability_indices() == [None, None]
    rows = random.normal(size=(200, 2))
    rows[:1, 1] = np.nan  # missing, so not counted
    window.add(rows[:199])
    assert window.stability_indices() == [None, None]
    window.add(rows[199:])
    first, second = window.stability_indices()
    assert first == pytest.approx(stability_index(train[:, 0], rows[:, 0]))
    assert second is None


def test_features_may_have_fewer_bins_than_others():
    baseline = Baseline((np.array([0.0]), np.array([])), (np.array([0.5, 0.5]), np.array([1.0])))
    window = DriftWindow(baseline, 200)
    window.add(np.array([[-1.0, 3.0], [1.0, 4.0]] * 100))
    assert window.stability_indices() == pytest.approx([0, 0])

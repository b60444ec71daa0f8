"""Reads CSV data and refuses what cannot be trained on, naming every bad column."""

import csv
import io

import numpy as np
import pandas as pd

from mlinfra_training.errors import WrongInput
from mlinfra_training.models import did_you_mean


def read_csv(content: bytes, source: str) -> pd.DataFrame:
    """Parses CSV with a header line. `source` names the file in messages."""
    try:
        # low_memory=False: otherwise a column may be read as numbers in one part of the file and as text in another.
        table = pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", low_memory=False)
    except UnicodeDecodeError as error:
        raise WrongInput(source, [f"is not UTF-8 text (byte {error.start}); save the CSV as UTF-8"]) from error
    except pd.errors.EmptyDataError as error:
        raise WrongInput(source, ["is empty; a CSV with a header line is needed"]) from error
    except pd.errors.ParserError as error:
        raise WrongInput(source, [f"is not valid CSV: {str(error).strip()}"]) from error
    if not isinstance(table.index, pd.RangeIndex):
        # pandas silently takes the surplus fields as row labels, which would shift every column.
        raise WrongInput(source, ["its rows have more fields than its header line; make them equal"])
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))), [])
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise WrongInput(source, [f"the header names {', '.join(map(repr, repeated))} more than once"])
    if table.empty:
        raise WrongInput(source, ["has a header but no rows"])
    return table


def numeric_columns(table: pd.DataFrame, columns: list[str], source: str) -> np.ndarray:
    """The columns, in this order, as doubles. Raises WrongInput naming every column that is missing or not numeric."""
    problems = [problem for name in columns for problem in _number_problems(table, name)]
    if problems:
        raise WrongInput(source, problems)
    return table[columns].to_numpy(dtype=np.float64)


def features_and_target(
    table: pd.DataFrame,
    feature_columns: list[str],
    target_column: str,
    model: str,
    classifies: bool,
    source: str,
    gaps: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """What the model learns from and what it learns to predict. Raises WrongInput with all problems of all columns.

    `model` names the model in messages. `gaps` allows features to be missing, which become NaN.
    """
    problems = [problem for name in feature_columns for problem in _number_problems(table, name, gaps)]
    if classifies:
        problems += _label_problems(table, target_column, model)
    else:
        problems += _number_problems(table, target_column)
    if problems:
        raise WrongInput(source, problems)
    features = table[feature_columns].to_numpy(dtype=np.float64)
    target = table[target_column]
    if not classifies:
        return features, target.to_numpy(dtype=np.float64)
    if pd.api.types.is_numeric_dtype(target):  # true for booleans as well, which become 0 and 1
        return features, target.to_numpy(dtype=np.int64)
    return features, np.array([str(label) for label in target])


def _number_problems(table: pd.DataFrame, name: str, gaps: bool = False) -> list[str]:
    if name not in table.columns:
        return [_missing(table, name)]
    column = table[name]
    empty = column.isna()
    if empty.any() and not gaps:
        return [f"column {name!r}: {int(empty.sum())} empty or NaN value(s), first in {_row(empty)}; fill or drop them"]
    numbers = pd.to_numeric(column, errors="coerce").astype(np.float64)
    wrong = numbers.isna() & ~empty
    if wrong.any():
        return [f"column {name!r}: {column[wrong].iloc[0]!r} in {_row(wrong)} is not a number; encode it as one"]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        # Words like True would be taken as 1 here, but not by every program that serves the model later.
        return [f"column {name!r}: holds {str(column.iloc[0])!r} and the like; write plain numbers, as in 1 and 0"]
    infinite = pd.Series(np.isinf(numbers))
    if infinite.any():
        return [f"column {name!r}: {int(infinite.sum())} infinite value(s), first in {_row(infinite)}; drop them"]
    return []


def _label_problems(table: pd.DataFrame, name: str, model: str) -> list[str]:
    if name not in table.columns:
        return [_missing(table, name)]
    column = table[name]
    empty = column.isna()
    if empty.any():
        return [f"column {name!r}: {int(empty.sum())} empty or NaN label(s), first in {_row(empty)}; drop those rows"]
    if pd.api.types.is_numeric_dtype(column):
        fraction = column != np.floor(column.astype(np.float64))
        if fraction.any():
            return [
                f"column {name!r}: {column[fraction].iloc[0]} in {_row(fraction)} is a fraction, but {model} needs "
                "classes (whole numbers or text); choose a regression model or another target_column"
            ]
    if column.nunique() < 2:
        return [f"column {name!r}: holds only the class {str(column.iloc[0])!r}; a classifier needs two or more"]
    return []


def _missing(table: pd.DataFrame, name: str) -> str:
    columns = [str(column) for column in table.columns]
    return f"column {name!r} is missing;{did_you_mean(name, columns)} the file has: {', '.join(columns)}"


def _row(mask: pd.Series) -> str:
    # Counted as people count: the first row after the header is data row 1.
    return f"data row {int(mask.to_numpy().argmax()) + 1}"

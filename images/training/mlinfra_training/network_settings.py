"""The hyperparameters of `neural_network`: what they are called, what they may be, and what they are by default."""

from dataclasses import dataclass, fields

from mlinfra_training.models import NETWORK, did_you_mean

MOST_LAYERS = 8
WIDEST_LAYER = 8192


@dataclass(frozen=True)
class NetworkSettings:
    """A network of fully connected layers, and how it is trained."""

    hidden: tuple[int, ...] = (64, 32)
    epochs: int = 50
    batch_size: int = 32
    learning_rate: float = 0.001
    dropout: float = 0.0
    weight_decay: float = 0.0


# Lowest, highest, whether whole. The learning rate is above 0, dropout is below 1.
RANGES = {
    "epochs": (1, 100_000, True),
    "batch_size": (1, 1_000_000, True),
    "learning_rate": (1e-9, 10, False),
    "dropout": (0, 0.95, False),
    "weight_decay": (0, 1, False),
}


def settings_of(hyperparameters: dict) -> NetworkSettings:
    """The settings. `hyperparameters` must have passed `problems`."""
    values = dict(hyperparameters)
    if "hidden" in values:
        values["hidden"] = tuple(values["hidden"])
    return NetworkSettings(**values)


def problems(hyperparameters: dict) -> list[str]:
    """Everything wrong with the hyperparameters."""
    allowed = [field.name for field in fields(NetworkSettings)]
    found = []
    for key, value in hyperparameters.items():
        if key not in allowed:
            found.append(
                f"hyperparameters.{key}: {NETWORK} has no such hyperparameter;{did_you_mean(key, allowed)} "
                f"allowed: {', '.join(allowed)}"
            )
        elif key == "hidden":
            found += _layer_problems(value)
        else:
            lowest, highest, whole = RANGES[key]
            if not _is_number(value, whole) or not lowest <= value <= highest:
                kind = "whole number" if whole else "number"
                found.append(f"hyperparameters.{key}: must be a {kind} from {lowest} to {highest}, but is {value!r}")
    return found


def _layer_problems(value) -> list[str]:
    if (
        isinstance(value, list)
        and 1 <= len(value) <= MOST_LAYERS
        and all(_is_number(width, True) and 1 <= width <= WIDEST_LAYER for width in value)
    ):
        return []
    return [
        f"hyperparameters.hidden: must be 1 to {MOST_LAYERS} widths of layers from 1 to {WIDEST_LAYER}, "
        f"as in [64, 32], but is {value!r}"
    ]


def _is_number(value, whole: bool) -> bool:
    return isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)

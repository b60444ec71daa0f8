"""Trains a neural network with PyTorch, on a GPU when there is one, and goes on where an earlier attempt was stopped.

The same configuration, dataset and kind of machine give the same network, however often the training was stopped: what
decides is in the checkpoints (weights, optimizer, random numbers, place in the data, best network so far), and the
order of the rows follows from the seed and the epoch.
"""

import hashlib
import io
import json
import os
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

# CUDA's matrix products give the same result each time only with this, and read it once.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from sklearn.metrics import r2_score  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from mlinfra_training import epoch_metrics  # noqa: E402
from mlinfra_training.checkpoints import Checkpoints, folder_at  # noqa: E402
from mlinfra_training.config import TrainingConfig  # noqa: E402
from mlinfra_training.dataset import features_and_target, read_csv  # noqa: E402
from mlinfra_training.errors import EnvironmentNotUsable, Stopped, WrongInput, progress  # noqa: E402
from mlinfra_training.metrics import measure  # noqa: E402
from mlinfra_training.network_settings import NetworkSettings, settings_of  # noqa: E402
from mlinfra_training.training import TrainedModel  # noqa: E402

VALIDATION_SIZE = 0.2
FEWEST_ROWS = 2  # in each part: r2 is not defined for a single row


class Network(torch.nn.Module):
    """Fully connected layers that predict one number a row, in the target's own unit."""

    def __init__(self, width: int, settings: NetworkSettings, target_mean: float, target_scale: float):
        super().__init__()
        layers: list[torch.nn.Module] = []
        for hidden in settings.hidden:
            layers += [torch.nn.Linear(width, hidden), torch.nn.ReLU(), torch.nn.Dropout(settings.dropout)]
            width = hidden
        self.layers = torch.nn.Sequential(*layers, torch.nn.Linear(width, 1))
        self.register_buffer("target_mean", torch.tensor(target_mean))
        self.register_buffer("target_scale", torch.tensor(target_scale))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.layers(rows) * self.target_scale + self.target_mean


@dataclass
class _Progress:
    """How far the training is. `batch` counts those of the epoch under way."""

    epoch: int = 0
    batch: int = 0
    loss_sum: float = 0.0
    best_score: float = float("-inf")
    best_epoch: int = 0
    best: dict = field(default_factory=dict)


@dataclass(frozen=True)
class _Data:
    """Scaled rows, as the network takes them, on its device. Test rows stay as they are in the file."""

    rows: torch.Tensor
    target: torch.Tensor
    validation_rows: torch.Tensor
    validation_target: np.ndarray


def train(config: TrainingConfig, dataset: bytes, source: str) -> TrainedModel:
    """Trains as the configuration says, from the newest checkpoint if there is one.

    Raises Stopped when SIGTERM asks for it, with a checkpoint written.
    """
    settings = settings_of(config.hyperparameters)
    features, target = features_and_target(
        read_csv(dataset, source), config.feature_columns, config.target_column, config.model, False, source
    )
    parts = _split(config, features, target, source)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    scaler = StandardScaler().fit(parts.train_rows)
    scale = float(parts.train_target.std()) or 1.0
    if not np.isfinite([*scaler.mean_, *scaler.scale_, scale]).all():
        raise WrongInput(source, ["some values are too large to be scaled; use larger units"])
    data = _Data(
        _tensor(scaler.transform(parts.train_rows), device),
        _tensor(parts.train_target, device).reshape(-1, 1),
        _tensor(scaler.transform(parts.validation_rows), device),
        parts.validation_target,
    )
    checkpoints = (
        Checkpoints(folder_at(config.checkpoints), _identity(config, settings, dataset)) if config.checkpoints else None
    )

    torch.manual_seed(config.random_state)
    torch.use_deterministic_algorithms(True)
    network = Network(len(config.feature_columns), settings, float(parts.train_target.mean()), scale).to(device)
    started = time.perf_counter()
    with _stop_on_sigterm() as stop:
        best = _Run(config, settings, network, data, checkpoints, stop).train()
    seconds = time.perf_counter() - started

    network.load_state_dict(best.best)
    network = network.to("cpu").eval()
    with torch.no_grad():
        predicted = network(_tensor(scaler.transform(parts.test_rows), torch.device("cpu"))).numpy().reshape(-1)
    metrics = measure(False, parts.test_target, predicted)
    metrics.update(
        rows=len(features),
        rows_train=len(parts.train_rows),
        rows_test=len(parts.test_rows),
        rows_validation=len(parts.validation_rows),
        validation_score=best.best_score,
        best_epoch=best.best_epoch,
        epochs=best.epoch,
        train_seconds=round(seconds, 4),
    )
    return TrainedModel(network, scaler, metrics, parts.train_rows, parts.test_rows, parts.test_target)


class _Run:
    """The epochs of one training."""

    def __init__(self, config, settings, network, data: _Data, checkpoints: Checkpoints | None, stop):
        self._config = config
        self._settings = settings
        self._network = network
        self._data = data
        self._checkpoints = checkpoints
        self._stop = stop
        self._optimizer = torch.optim.AdamW(
            network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        self._progress = _Progress(best=_copy(network.state_dict()))

    def train(self) -> _Progress:
        """Trains to the end, and gives the best network with how far it came."""
        self._restore()
        if self._checkpoints is None:
            progress("No checkpoints: what is stopped starts anew. Set checkpoints to a folder to go on instead")
        else:
            self._save()
        while self._progress.epoch < self._settings.epochs:
            self._train_epoch()
        return self._progress

    def _train_epoch(self) -> None:
        now = self._progress
        started = time.perf_counter()
        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()
        rows = len(self._data.rows)
        # Follows from seed and epoch, so a checkpoint need not hold it.
        order = torch.randperm(rows, generator=torch.Generator().manual_seed(self._config.random_state + now.epoch))
        batches = order.split(self._settings.batch_size)
        self._network.train()
        for batch in batches[now.batch :]:
            self._train_batch(batch.to(self._data.rows.device))
            now.batch += 1
            if self._stop.requested:
                self._leave()
        loss = now.loss_sum / rows
        score = self._score()
        now.epoch, now.batch, now.loss_sum = now.epoch + 1, 0, 0.0
        if score > now.best_score:
            now.best_score, now.best_epoch, now.best = score, now.epoch, _copy(self._network.state_dict())
        values = {"loss": loss, "validation_score": score, "epoch_seconds": time.perf_counter() - started}
        print(epoch_metrics.line(self._config.run_id, now.epoch, values | gpu_use()), flush=True)
        if self._checkpoints is not None:
            self._save()

    def _train_batch(self, batch: torch.Tensor) -> None:
        rows, target = self._data.rows[batch], self._data.target[batch]
        self._optimizer.zero_grad()
        # In units of the target's spread, so that the learning rate means the same for every target.
        loss = (((self._network(rows) - target) / self._network.target_scale) ** 2).mean()
        loss.backward()
        self._optimizer.step()
        value = loss.item()
        if not np.isfinite(value):
            raise WrongInput(
                f"training {self._config.model}",
                [f"the loss is {value} in epoch {self._progress.epoch + 1}; lower hyperparameters.learning_rate"],
            )
        self._progress.loss_sum += value * len(batch)

    def _score(self) -> float:
        self._network.eval()
        with torch.no_grad():
            predicted = self._network(self._data.validation_rows).cpu().numpy().reshape(-1)
        return float(r2_score(self._data.validation_target, predicted))

    def _leave(self) -> None:
        now = self._progress
        where = f"stopped by SIGTERM in epoch {now.epoch + 1} after batch {now.batch}"
        if self._checkpoints is None:
            raise Stopped(f"{where}; there are no checkpoints, so the next start begins anew")
        self._save()
        raise Stopped(f"{where}; the next start goes on from the checkpoint in {self._checkpoints.address}")

    def _save(self) -> None:
        now = self._progress
        state = {
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            "epoch": now.epoch,
            "batch": now.batch,
            "loss_sum": now.loss_sum,
            "best_score": now.best_score,
            "best_epoch": now.best_epoch,
            "best": now.best,
        }
        content = io.BytesIO()
        torch.save(state, content)
        self._checkpoints.save(content.getvalue())

    def _restore(self) -> None:
        content = self._checkpoints.newest() if self._checkpoints is not None else None
        if content is None:
            return
        place = self._checkpoints.address
        try:
            # Tensors and plain values alone: a checkpoint is no program.
            state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
            self._network.load_state_dict(state["network"])
            self._optimizer.load_state_dict(state["optimizer"])
            torch.set_rng_state(state["random"])
            if torch.cuda.is_available() and len(state["random_cuda"]) == torch.cuda.device_count():
                torch.cuda.set_rng_state_all(state["random_cuda"])
            self._progress = _Progress(
                **{name: state[name] for name in ("epoch", "batch", "loss_sum", "best_score", "best_epoch", "best")}
            )
        except Exception as error:  # PyTorch raises many kinds for what is no state of this network
            reason = " ".join(str(error).split())
            raise EnvironmentNotUsable(
                f"{place}: the newest checkpoint cannot be taken up: {reason[:300]}; give another folder as checkpoints"
            ) from error
        now = self._progress
        progress(f"Going on from the checkpoint in {place}: {now.epoch} epoch(s), batch {now.batch}")


def gpu_use() -> dict[str, float]:
    """How busy the GPU is in percent, and the most memory that the epoch had in use; nothing without a GPU."""
    if not torch.cuda.is_available():
        return {}
    return {
        "gpu_utilization": float(torch.cuda.utilization()),
        "gpu_memory_used": float(torch.cuda.max_memory_allocated()),
    }


@dataclass(frozen=True)
class _Parts:
    train_rows: np.ndarray
    train_target: np.ndarray
    validation_rows: np.ndarray
    validation_target: np.ndarray
    test_rows: np.ndarray
    test_target: np.ndarray


def _split(config: TrainingConfig, features: np.ndarray, target: np.ndarray, source: str) -> _Parts:
    """Rows to learn from, rows to choose the best epoch by, and rows that neither has seen."""
    rows = len(features)
    test_rows = int(np.ceil(rows * config.test_size))
    validation_rows = int(np.ceil((rows - test_rows) * VALIDATION_SIZE))
    train_rows = rows - test_rows - validation_rows
    if min(test_rows, validation_rows, train_rows) < FEWEST_ROWS:
        raise WrongInput(
            source,
            [
                f"{rows} rows and test_size {config.test_size} leave {train_rows} row(s) to train on, "
                f"{validation_rows} to choose the best epoch by and {test_rows} to test on; {FEWEST_ROWS} of each are "
                "needed: give more rows or another test_size"
            ],
        )
    others, test, others_target, test_target = train_test_split(
        features, target, test_size=config.test_size, random_state=config.random_state
    )
    train, validation, train_target, validation_target = train_test_split(
        others, others_target, test_size=VALIDATION_SIZE, random_state=config.random_state
    )
    return _Parts(train, train_target, validation, validation_target, test, test_target)


def _identity(config: TrainingConfig, settings: NetworkSettings, dataset: bytes) -> str:
    """What a training is decided by, as one checksum."""
    parts = [
        hashlib.sha256(dataset).hexdigest(),
        config.feature_columns,
        config.target_column,
        config.test_size,
        config.random_state,
        vars(settings),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _tensor(values: np.ndarray, device: torch.device) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32, device=device)


def _copy(state: dict) -> dict:
    return {name: value.detach().clone() for name, value in state.items()}


class _Stop:
    requested = False


@contextmanager
def _stop_on_sigterm():
    """Notes that SIGTERM came; who trains looks after each batch, so that a checkpoint is never half of one."""
    stop = _Stop()

    def request(*_):
        stop.requested = True

    before = signal.signal(signal.SIGTERM, request)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)

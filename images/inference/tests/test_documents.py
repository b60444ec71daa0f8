"""Requirements, compose file and README say what is."""

import json
import re

import pytest

from conftest import FOLDER
from inference_service import errors, rows, settings

HASHES = r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
PIN = re.compile(rf"^([a-z0-9][a-z0-9.-]*)==([^ ]+?)(?: ;[^\\]*)? \\\n({HASHES})", re.M)
README = (FOLDER / "README.md").read_text()


class Asked(dict):
    """An environment that notes what is asked for."""

    def get(self, name, default=None):
        self[name] = default
        return default


@pytest.fixture
def known():
    """All settings with their defaults."""
    asked = Asked()
    with pytest.raises(errors.StartError):
        settings.read(asked)
    return asked


def pins(name):
    text = (FOLDER / name).read_text()
    found = {}
    for package, version, _ in PIN.findall(text):
        found.setdefault(package, set()).add(version)
    # Every line is one of a pin, of a hash or a comment.
    assert not [line for line in PIN.sub("", text).splitlines() if line.strip() and not line.strip().startswith("#")]
    return found


def test_the_tests_have_the_versions_of_the_image():
    image, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    assert len(image) > 15
    assert {package: tested[package] for package in image} == image


def test_both_variants_have_the_same_versions_but_for_onnx_runtime():
    cpu, cuda = pins("requirements.txt"), pins("requirements-cuda.txt")
    assert cpu.pop("onnxruntime") and cuda.pop("onnxruntime-gpu")
    assert {package: version for package, version in cuda.items() if not package.startswith("nvidia-")} == cpu


def test_models_are_exported_for_the_tests_as_for_users():
    training, tested = pins("../training/requirements.txt"), pins("requirements-dev.txt")
    packages = ("numpy", "onnx", "onnxmltools", "onnxruntime", "pandas", "scikit-learn", "skl2onnx")
    assert {package: tested[package] for package in packages} == {package: training[package] for package in packages}


def test_the_readme_lists_every_setting_with_its_default(known):
    listed = dict(re.findall(r"^\| `(MLINFRA_\w+)` \| ([^|]*?) \|", README, re.M))
    assert listed.keys() == known.keys()
    for name, default in known.items():
        if not default:
            assert listed[name] in ("required", "none")
        else:
            assert listed[name] == f"`{default}`"


def test_the_request_of_the_readme_is_answered(make_service, boosted):
    body = re.search(r"^echo '(.*)' > request\.json$", README, re.M)[1]
    assert json.loads(make_service(boosted.environment).predict(body.encode(), "r")[0])["predictions"]
    examples = re.findall(r"^\| `(\{.*\})` \|", README, re.M)
    assert len(examples) == 3
    for example in examples:
        assert rows.parse(example.encode(), ("age", "bmi"), 1, "fail").rows.tolist() == [[59, 32.1]]


def test_the_readme_lists_every_code_with_its_status():
    listed = {code: int(status) for code, status in re.findall(r"^\| `([A-Z_]+)` \| (\d+) \|", README, re.M)}
    assert listed == errors.STATUS


def test_the_readme_lists_every_metric(make_service, boosted):
    text = make_service(boosted.environment).metrics.text().decode()
    ours = set(re.findall(r"^# HELP (inference_\w+) ", text, re.M))
    assert set(re.findall(r"^\| `(inference_\w+)` \|", README, re.M)) == ours


def test_the_compose_file_knows_the_settings(known):
    text = (FOLDER / "compose.yaml").read_text()
    assert set(re.findall(r"^ {6}(\w+):", text.partition("environment:")[2].partition("volumes:")[0], re.M)) <= set(
        known
    )
    assert "read_only: true" in text and "127.0.0.1:8080:8080" in text

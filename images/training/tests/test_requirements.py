"""All requirements are pinned, with hashes, and what stands in two files is the same in both."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent
HASHES = r"(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
PIN = re.compile(rf"^([a-z0-9][a-z0-9.-]*)==([^ ]+?)(?: ;[^\\]*)? \\\n({HASHES})", re.M)


def pins(name):
    text = (FOLDER / name).read_text()
    found = {}
    for package, version, _ in PIN.findall(text):
        found.setdefault(package, set()).add(version)
    # Every line is one of a pin, of a hash or a comment.
    assert not [line for line in PIN.sub("", text).splitlines() if line.strip() and not line.strip().startswith("#")]
    return found


@pytest.mark.parametrize("name", ["dev", "cuda", "networks"])
def test_every_file_has_the_versions_of_the_image(name):
    image = pins("requirements.txt")
    other = pins(f"requirements-{name}.txt")
    assert len(image) > 15
    assert {package: other[package] for package in image} == image


def test_networks_are_tested_with_what_their_image_has():
    image, tested = pins("requirements-cuda.txt"), pins("requirements-networks.txt")
    assert {"torch", "onnxscript", "nvidia-ml-py"} <= image.keys()
    assert {package: tested[package] for package in image} == image

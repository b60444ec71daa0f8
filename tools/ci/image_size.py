"""Compares the stages of an image with the sizes that they may have.

    image_size.py BUDGET VARIANT         prints the stages of the variant
    image_size.py BUDGET VARIANT TAG     fails when the image TAG-STAGE of a stage is larger than its budget

BUDGET is a JSON file: variant to stage to GB (of 1000 MB, as Docker shows them), a stage before those that stand on it.
"""

import json
import subprocess
import sys
from pathlib import Path

from aws import Failed, main, summary

GB = 1_000_000_000


def budget_of(file: Path, variant: str) -> dict[str, float]:
    try:
        variants = json.loads(file.read_text(encoding="utf-8"))
        stages = variants[variant]
        if not stages or not all(isinstance(size, (int, float)) and size > 0 for size in stages.values()):
            raise ValueError("a size is not above 0")
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}") from error
    except KeyError as error:
        raise Failed(f"{file} has no variant {variant!r}; there are: {', '.join(variants)}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise Failed(f"{file} is no budget: {error}") from error
    return stages


def size_of(image: str) -> float:
    command = ["docker", "image", "inspect", "--format", "{{.Size}}", image]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0 or not done.stdout.strip().isdigit():
        raise Failed(f"the size of {image} is not known: {(done.stderr or done.stdout).strip()}")
    return int(done.stdout) / GB


def run() -> int:
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    budget = budget_of(Path(sys.argv[1]), sys.argv[2])
    if len(sys.argv) == 3:
        print("\n".join(budget))
        return 0
    sizes = {stage: size_of(f"{sys.argv[3]}-{stage}") for stage in budget}
    rows = "".join(f"| {stage} | {size:.2f} | {budget[stage]:g} |\n" for stage, size in sizes.items())
    print(rows, end="")
    summary(f"| stage | GB | budget |\n|---|---|---|\n{rows}")
    over = [stage for stage, size in sizes.items() if size > budget[stage]]
    if over:
        raise Failed(
            f"larger than the budget in {sys.argv[1]}: {', '.join(over)}; fix: fewer packages, or another budget"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(run))

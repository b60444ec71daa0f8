"""Prints the families of EC2 instance types that have an accelerator, going by their letters, one a line.

The types are those of the EC2 API as botocore describes it.
"""

import re

from botocore.loaders import Loader

ACCELERATED = re.compile(r"(dl|f|g|gr|inf|p|trn|vt)\d")


def main() -> None:
    model = Loader().load_service_model("ec2", "service-2")
    families = {name.split(".")[0] for name in model["shapes"]["InstanceType"]["enum"]}
    for family in sorted(filter(ACCELERATED.match, families)):
        print(family)


if __name__ == "__main__":
    main()

"""Writes the tables of machine prices and machine facts out of public files, each pinned by commit and hash.

    python3 constructs-lib/cost/src/facts/prices/price_facts.py                  writes the tables anew
    python3 constructs-lib/cost/src/facts/prices/price_facts.py --check          fails when they would change
    python3 constructs-lib/cost/src/facts/prices/price_facts.py --clones FOLDER  reads FOLDER/<owner>/<name>, clones of
                                                                                 the repositories, instead of the network

To take newer facts, change a commit, its hash and its date below. Prices of single services, which have a source of their
own each, are kept by hand in aws.csv, azure.csv, gcp.csv and runpod.csv. It needs Python 3.11 and nothing else.
"""

import argparse
import csv
import hashlib
import io
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TABLES = HERE.parents[1] / "main/resources/dev/mlinfra/cost"
PRICE_COLUMNS = ["provider", "region", "service", "item", "unit", "usd", "usd_high", "source", "date", "note"]
INSTANCE_COLUMNS = [
    "provider",
    "type",
    "vcpus",
    "memory_gib",
    "gpu_model",
    "gpu_count",
    "gpu_memory_gib",
    "arch",
    "source",
    "date",
]

AWS_REGION = "us-east-1"
AZURE_REGIONS = ["eastus", "westeurope"]
GCP_REGIONS = ["us-central1", "europe-west4"]

# What constructs can select: families with an accelerator, and the general ones of the last generations.
AWS_FAMILIES = set(
    """dl1 dl2q f1 f2 g2 g3 g3s g4ad g4dn g5 g5g g6 g6e g6f g7 g7e gr6 gr6f inf1 inf2 p2 p3 p3dn p4d p4de p5 p5e p5en
    p6-b200 p6-b300 p6e-gb200 trn1 trn1n trn2 trn2u vt1
    c5 c6a c6g c6i c7a c7g c7i c8g m5 m6a m6g m6i m7a m7g m7i m8g r5 r6g r6i r7g r7i r8g t3 t3a t4g""".split()
)
AWS_OLD_FAMILIES = {"p3"}
# The RTX PRO 6000 sizes are left out: sizes of different memory have the same price there, and no source has their facts.
AZURE_SIZES = re.compile(
    r"Standard_(D\d+d?s?_v[3-6]|E\d+i?s_v5|F\d+s_v2|N[A-Z]+\d+(?!.*RTXPRO)\w*)"
)
GCP_MACHINES = re.compile(r"(e2-(micro|small|medium)|(c3|e2|n1|n2)-standard-.*|a[23]-.*|g[24]-standard-.*)")

# Names of GPUs: how GCP's price list calls them, and how the facts do.
GCP_GPUS = {
    "a100": ("A100", 40),
    "a100-80gb": ("A100", 80),
    "h100-80gb": ("H100", 80),
    "h100-80gb-mega": ("H100", 80),
    "l4": ("L4", 24),
    "rtx6000": ("RTXPRO6000", 96),
}
AWS_GPUS = {"radeon-pro-v520": "V520", "rtx-pro-server-6000": "RTXPRO6000", "rtx-pro-4500": "RTXPRO4500"}
AWS_ACCELERATORS = {
    "inferentia": "Inferentia",
    "inferentia2": "Inferentia2",
    "qualcomm-ai100": "AI100",
    "trainium": "Trainium",
    "trainium2": "Trainium2",
}

# What the sizes say themselves, and Karpenter's table of EC2 says of the same GPU.
AZURE_GPUS_BY_NAME = [(r"ND(\d+)isr_H100_v5", "H100", "80")]

Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """One file of a public repository, as it was at a commit."""

    repository: str
    commit: str
    path: str
    digest: str
    date: str

    def __str__(self) -> str:
        return f"{self.repository} {self.path}@{self.commit[:8]}"

    def text(self, clones: Path | None) -> str:
        if clones is None:
            url = f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{self.path}"
            with urllib.request.urlopen(url, timeout=60) as answer:
                content = answer.read()
        else:
            command = ["git", "-C", str(clones / self.repository), "show", f"{self.commit}:{self.path}"]
            content = subprocess.run(command, check=True, capture_output=True).stdout
        found = hashlib.sha256(content).hexdigest()
        if found != self.digest:
            sys.exit(f"{self}: SHA-256 is {found}, expected {self.digest}")
        return content.decode()


AWS_PRICES = Source(
    "aws/karpenter-provider-aws",
    "6fc13b5236fd04fd16ff3f9dc7490d0813994099",
    "pkg/providers/pricing/zz_generated.pricing_aws.go",
    "26e52db2933447d1310eb4be575d674a64bbcd95e0cd7defae5fdadc17783ac7",
    "2026-07-20",
)
AWS_TYPES = Source(
    "aws/karpenter-provider-aws",
    "692ccdd0629e488300821443f0fa0bc3c3e08047",
    "website/content/en/preview/reference/instance-types.md",
    "7519c342ddfa8a642ec7cc8e8daa025e8955914aa7afe20c1ebc32432a0a4797",
    "2026-07-11",
)
AWS_OLD_TYPES = Source(
    "kubernetes/autoscaler",
    "e964265b7440c0faa751f28f77b18166584d001d",
    "cluster-autoscaler/cloudprovider/aws/ec2_instance_types.go",
    "14f3d33efddfa7b534742b223646119557657ec18ffdec6e3ac5bf49b5c7a0f6",
    "2026-01-22",
)
AWS_OLD_GPUS = Source(
    "vantage-sh/ec2instances.info",
    "4fb36180bfd94eae2e761335d330b7bdb6258c7e",
    "scraper/aws/ec2/gpu_data.go",
    "c02a32e2cf55fcd7cd9ae1f3ed382a19ae730d920165d637ebc12453d862b1c1",
    "2026-07-06",
)
AZURE_PRICES = Source(
    "Azure/karpenter-provider-azure",
    "2b431da153a6a92b705c18046512c60b1631b682",
    "pkg/providers/pricing/zz_generated.pricing.go",
    "8f3b8e024f208ceea48bb55a36d7e554aeb9e268422bbf70b5ebd4efaf68b9d9",
    "2026-06-18",
)
AZURE_TYPES = Source(
    "kubernetes/autoscaler",
    "03e49d9cb822bfdbc769cde771124f695f3f5619",
    "cluster-autoscaler/cloudprovider/azure/azure_instance_types.go",
    "747f94ac3fb383c07477cbc0a5a5d8bd099a515e77d207be35c675992145dbcc",
    "2026-03-17",
)
AZURE_GPUS = Source(
    "dstackai/gpuhunt",
    "35841515de3792fe6be73b0422ac8901b6b929c8",
    "src/gpuhunt/providers/azure.py",
    "79caaee8940f7110d495109f8e17cff73df1792abc17ebf8437499bdc3a0b164",
    "2026-08-19",
)
GCP_PRICES = Source(
    "Cyclenerd/google-cloud-pricing-cost-calculator",
    "fd66b26ff84fee5cdd94f341ea89206e76c06b99",
    "pricing.yml",
    "f57ef17c7c01f10e5fd9115dca3ef4fde62eb088edc053af59e6ef27905f4a11",
    "2026-07-30",
)
GCP_TYPES = Source(
    "Cyclenerd/google-cloud-pricing-cost-calculator",
    "8c32d22df47862c1e729bee12cd763f25cbfdec9",
    "tools/machinetypes.csv",
    "cc1d050589e0b393f334379de0a2d2f289a5d26fdbb2b523fc63f1ffaeb349c8",
    "2026-07-01",
)
RUNPOD_TYPES = Source(
    "runpod/docs",
    "21ae706ce2cf0d3e49d7a1f93848443cac750537",
    "references/gpu-types.mdx",
    "ac15604d47dfea7367b39b6fa2a300acb7e328b19f936e2874e6543f071d8248",
    "2026-08-18",
)


def price(provider: str, region: str, service: str, item: str, unit: str, usd: float, source: Source, note: str = "") -> Row:
    return {
        "provider": provider,
        "region": region,
        "service": service,
        "item": item,
        "unit": unit,
        "usd": number(usd),
        "usd_high": "",
        "source": str(source),
        "date": source.date,
        "note": note,
    }


def instance(
    provider: str, name: str, vcpus: float, memory: float, gpu: tuple[str, float, float], arch: str, sources: list[Source]
) -> Row:
    model, count, gpu_memory = gpu
    return {
        "provider": provider,
        "type": name,
        "vcpus": number(vcpus),
        "memory_gib": number(memory),
        "gpu_model": model,
        "gpu_count": number(count),
        "gpu_memory_gib": number(gpu_memory),
        "arch": arch,
        "source": "; ".join(map(str, sources)),
        "date": min(source.date for source in sources),
    }


NO_GPU = ("", 0.0, 0.0)


def number(value: float) -> str:
    return format(value, ".12f").rstrip("0").rstrip(".")


def go_prices(text: str, region: str) -> dict[str, float]:
    """The prices of a region in a generated Go file, of either form that Karpenter writes."""
    match = re.search(rf'(?:"{region}": |\["{region}"\] = map\[string\]float64){{(.*?)\n\t?}}', text, re.DOTALL)
    if not match:
        sys.exit(f"no prices for {region}")
    return {name: float(usd) for name, usd in re.findall(r'"([^"]+)":\s+([\d.]+)', match[1])}


def aws_instances(text: str) -> dict[str, Row]:
    found = {}
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        name = section[1 : section.index("`", 1)]
        labels = dict(re.findall(r"\|(?:karpenter\.k8s\.aws/instance-|kubernetes\.io/)([\w-]+)\|([^|]*)\|", section))
        if name.split(".")[0] in AWS_FAMILIES:
            gpu = aws_gpu(labels)
            memory = int(labels["memory"]) / 1024
            found[name] = instance("aws", name, int(labels["cpu"]), memory, gpu, labels["arch"], [AWS_TYPES])
    return found


def aws_gpu(labels: dict[str, str]) -> tuple[str, float, float]:
    if "accelerator-name" in labels:
        return AWS_ACCELERATORS[labels["accelerator-name"]], int(labels["accelerator-count"]), 0
    if "gpu-name" not in labels:
        return NO_GPU
    name = labels["gpu-name"]
    memory = int(labels["gpu-memory"]) / 1024
    # A part of a GPU is listed with the count 0 and the memory of the part.
    count = int(labels["gpu-count"]) or round(memory / 22.35, 3)
    whole = memory if int(labels["gpu-count"]) else memory / count
    return AWS_GPUS.get(name, name.upper()), count, round(whole, 2)


def aws_old_instances(types: str, gpus: str) -> dict[str, Row]:
    """Types of earlier generations, which Karpenter leaves out of its table."""
    found = {}
    fields = r"\s+VCPU:\s+(\d+),\s+MemoryMb:\s+(\d+),\s+GPU:\s+(\d+),\s+Architecture:\s+\"(\w+)\""
    for name, vcpus, memory, count, arch in re.findall(rf'InstanceType: "([^"]+)",{fields}', types):
        known = re.search(rf'"{re.escape(name)}": {{.*?gpuModel:\s+"([^"]+)".*?gpuMemory:\s+(\d+)', gpus, re.DOTALL)
        if name.split(".")[0] in AWS_OLD_FAMILIES and known:
            gpu = (known[1].split()[-1], float(count), float(known[2]) / int(count))
            sources = [AWS_OLD_TYPES, AWS_OLD_GPUS]
            found[name] = instance("aws", name, int(vcpus), int(memory) / 1024, gpu, arch, sources)
    return found


def azure_instances(types: str, series: str) -> dict[str, Row]:
    gpus = re.findall(r'VMSeries\(r"([^"]+)", "(\w+)", ([\d.]+)\)', series) + AZURE_GPUS_BY_NAME
    found = {}
    fields = r"\s+VCPU:\s+(\d+),\s+MemoryMb:\s+(\d+),\s+GPU:\s+(\d+),\s+Architecture:\s+\"(\w+)\""
    for name, vcpus, memory, count, arch in re.findall(rf'InstanceType: "([^"]+)",\s+SkuFamily:\s+"[^"]*",{fields}', types):
        gpu = NO_GPU
        sources = [AZURE_TYPES]
        if name.startswith("Standard_N"):
            known = [(model, size) for form, model, size in gpus if re.fullmatch("Standard_" + form, name)]
            if not known or not int(count):
                # Some parts of GPUs are counted as none, and some GPUs are not named: better no facts than wrong ones.
                continue
            model, size = known[0]
            if model == "A10" and name.startswith("Standard_NV"):
                # These are parts of a GPU, counted as whole ones: 36 processors have one.
                count = str(int(vcpus) / 36)
            gpu = (model, float(count), float(size))
            sources.append(AZURE_GPUS)
        found[name] = instance("azure", name, int(vcpus), int(memory) / 1024, gpu, arch, sources)
    return found


def yaml(text: str) -> dict[str, Any]:
    """The part of YAML that the price list is written in: maps by indentation, and scalars."""
    root: dict[str, Any] = {}
    path: list[tuple[int, dict[str, Any]]] = [(-1, root)]
    for line in text.splitlines():
        entry = re.fullmatch(r"( *)([^:#]+):(?: (.+))?", line)
        if not entry:
            continue
        indent = len(entry[1])
        while path[-1][0] >= indent:
            path.pop()
        if entry[3] is None:
            child: dict[str, Any] = {}
            path[-1][1][entry[2]] = child
            path.append((indent, child))
        else:
            path[-1][1][entry[2]] = entry[3]
    return root


def gcp_prices(tree: dict[str, Any]) -> Iterator[Row]:
    compute = tree["compute"]
    for name, machine in compute["instance"].items():
        if GCP_MACHINES.fullmatch(name):
            for region in GCP_REGIONS:
                cost = machine["cost"].get(region, {})
                # A list price of 0 stands where a machine is not sold that way.
                if float(cost.get("hour", 0)) > 0:
                    yield price("gcp", region, "compute", name, "hour", float(cost["hour"]), GCP_PRICES)
                if float(cost.get("hour_spot", 0)) > 0:
                    yield price("gcp", region, "compute-spot", name, "hour", float(cost["hour_spot"]), GCP_PRICES, "spot floats")
    # Per GiB and month, as gcosts/pricing/compute.go and storage.go of the same repository reckon with them.
    for service, names in (("disk", compute["storage"]), ("gcs", tree["storage"]["bucket"])):
        for name, entry in names.items():
            for region in GCP_REGIONS:
                month = entry["cost"].get(region, {}).get("month")
                item = name if service == "disk" else f"{name} storage"
                if month is not None and item not in ("standard storage", "dra storage"):
                    item = item.replace("archiv storage", "archive storage")
                    yield price("gcp", region, service, item, "GiB-month", float(month), GCP_PRICES)
    for name, entry in tree["storage"]["retrieval"].items():
        for region in GCP_REGIONS:
            month = entry["cost"].get(region, {}).get("month")
            if month is not None and float(month) > 0:
                item = f"{name} retrieval".replace("archiv ", "archive ")
                yield price("gcp", region, "gcs", item, "GiB", float(month), GCP_PRICES)
    network = compute["network"]
    for service, item, unit, entry, key in (
        ("external-ip", "unused", "hour", network["ip"]["unused"], "hour"),
        ("external-ip", "in use by a machine", "hour", network["ip"]["vm"], "hour"),
        ("nat", "gateway", "hour", network["nat"]["gateway"], "hour"),
        ("nat", "data processed", "GiB", network["nat"]["data"], "month"),
        ("vpn", "tunnel", "hour", network["vpn"]["tunnel"], "hour"),
    ):
        for region in GCP_REGIONS:
            note = "at the most; less for fewer than 32 machines" if (service, item) == ("nat", "gateway") else ""
            yield price("gcp", region, service, item, unit, float(entry["cost"][region][key]), GCP_PRICES, note)


def gcp_instances(tree: dict[str, Any], types: str) -> dict[str, Row]:
    found = {}
    for row in csv.DictReader(io.StringIO(types), delimiter=";"):
        name = row["NAME"]
        if GCP_MACHINES.fullmatch(name) and name in tree["compute"]["instance"]:
            machine = tree["compute"]["instance"][name]
            gpus = [(GCP_GPUS[key], float(machine[key])) for key in GCP_GPUS if key in machine]
            gpu = (gpus[0][0][0], gpus[0][1], gpus[0][0][1]) if gpus else NO_GPU
            sources = [GCP_TYPES, GCP_PRICES] if gpus else [GCP_TYPES]
            found[name] = instance("gcp", name, float(row["CPUS"]), float(row["MEMORY_GB"]), gpu, "", sources)
    return found


def runpod_instances(text: str) -> dict[str, Row]:
    table = text.split("## GPU pools")[0]
    found = {}
    for name, shown, memory in re.findall(r"^\| ([^|]+?) +\| ([^|]+?) +\| +(\d+) \|$", table, re.MULTILINE):
        model = re.sub(r" (PCIe|SXM2?|SXM2 32GB|SFF)$", "", shown.removeprefix("NVIDIA ").removeprefix("Tesla "))
        gpu = (model.replace(" ", ""), 1.0, float(memory))
        found[name] = instance("runpod", name, 0, 0, gpu, "", [RUNPOD_TYPES])
    return found


def table(columns: list[str], rows: list[Row], comment: str) -> str:
    out = io.StringIO()
    out.write(f"# {comment}\n# Written by src/facts/prices/price_facts.py: change it there.\n")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: [row[column] for column in columns[:4]]))
    return out.getvalue()


def tables(clones: Path | None) -> dict[str, str]:
    ec2 = go_prices(AWS_PRICES.text(clones), AWS_REGION)
    aws = [
        price("aws", AWS_REGION, "ec2", name, "hour", usd, AWS_PRICES)
        for name, usd in ec2.items()
        if name.split(".")[0] in AWS_FAMILIES
    ]
    azure_text = AZURE_PRICES.text(clones)
    azure = [
        price("azure", region, "vm", name, "hour", usd, AZURE_PRICES, whole(name, usd))
        for region in AZURE_REGIONS
        for name, usd in go_prices(azure_text, region).items()
        if AZURE_SIZES.fullmatch(name)
    ]
    tree = yaml(GCP_PRICES.text(clones))
    gcp = list(gcp_prices(tree))
    facts = aws_old_instances(AWS_OLD_TYPES.text(clones), AWS_OLD_GPUS.text(clones))
    facts |= aws_instances(AWS_TYPES.text(clones))
    priced = {row["item"] for row in azure}
    sizes = azure_instances(AZURE_TYPES.text(clones), AZURE_GPUS.text(clones))
    facts |= {name: row for name, row in sizes.items() if name in priced}
    facts |= gcp_instances(tree, GCP_TYPES.text(clones))
    pods = runpod_instances(RUNPOD_TYPES.text(clones))
    return {
        "prices/aws-ec2.csv": table(PRICE_COLUMNS, aws, "Machines of EC2: Linux, on demand."),
        "prices/azure-vm.csv": table(PRICE_COLUMNS, azure, "Virtual machines of Azure: Linux, pay as you go."),
        "prices/gcp-compute.csv": table(PRICE_COLUMNS, gcp, "Machines, disks, buckets and addresses of GCP."),
        "instances.csv": table(
            INSTANCE_COLUMNS,
            [*facts.values(), *pods.values()],
            "What machines have. 0 processors: the provider sells the GPU, with what comes along. GPU memory is per GPU.",
        ),
    }


def whole(name: str, usd: float) -> str:
    # PriceRules takes whole numbers for placeholders; these scale with the size, so they are none.
    return "whole number: the sizes of this family cost in proportion" if usd == int(usd) and "V710" in name else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail when a table would change")
    parser.add_argument("--clones", type=Path, metavar="FOLDER", help="clones of the repositories, <owner>/<name> below it")
    arguments = parser.parse_args()
    changed = []
    for name, text in tables(arguments.clones).items():
        file = TABLES / name
        if not file.exists() or file.read_text() != text:
            changed.append(name)
            if not arguments.check:
                file.write_text(text)
    if arguments.check and changed:
        sys.exit("not as the sources say: " + ", ".join(changed) + "; fix: run price_facts.py without --check")


main()

#!/bin/sh
# install.sh KIND FOLDER: makes a training machine of an ECS-optimized Amazon Linux 2023. KIND is cpu or gpu; FOLDER has
# what packer copied. Run again, it changes nothing. ROOT is a prefix of all paths, for tests.
set -eu
[ $# -eq 2 ] || {
    echo "usage: install.sh KIND FOLDER" >&2
    exit 2
}
kind=$1
from=$2
root=${ROOT:-}
home="$root/opt/ml-agent"
agent="$root/opt/aws/amazon-cloudwatch-agent/etc"

fail() {
    echo "install.sh: $1" >&2
    exit 3
}

case $kind in
cpu) requirements="$from/training/requirements.txt" ;;
gpu) requirements="$from/training/requirements-cuda.txt" ;;
*) fail "KIND is '$kind'; allowed: cpu, gpu" ;;
esac
tensorflow="$from/requirements-tensorflow-$kind.txt"
for file in "$requirements" "$tensorflow" "$from/amazon-cloudwatch-agent.json" "$from/training/train.py"; do
    [ -f "$file" ] || fail "$file is missing; copy the folders that training.pkr.hcl names"
done

# Their versions are those of the release that the base image is locked to. With "upgrade" the release would move.
missing=""
for package in amazon-cloudwatch-agent awscli-2 libgomp python3.11 python3.11-pip; do
    rpm --quiet -q "$package" || missing="$missing $package"
done
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086 # names of packages have no spaces
    dnf install --assumeyes --quiet $missing
fi

# environment FOLDER REQUIREMENTS: a virtual environment with exactly these packages.
environment() {
    wanted=$(sha256sum <"$2")
    [ -f "$1/.requirements" ] && [ "$(cat "$1/.requirements")" = "$wanted" ] && return 0
    rm -rf "$1"
    python3.11 -m venv "$1"
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-input \
        --require-hashes -r "$2"
    printf '%s\n' "$wanted" >"$1/.requirements"
}

mkdir -p "$home" "$agent"
environment "$home/venv" "$requirements"
environment "$home/tensorflow" "$tensorflow"

# The programs, new as a whole: nothing of an earlier version stays.
rm -rf "$home/scripts"
mkdir -p "$home/scripts"
cp "$from"/training/*.py "$home/scripts/"
cp -R "$from/training/mlinfra_training" "$home/scripts/"
find "$home/scripts" -name __pycache__ -prune -exec rm -rf {} +
# Where scripts of before look for it. It takes the same configuration, as JSON in its first argument.
ln -s train.py "$home/scripts/train_template.py"
chmod -R a+rX,go-w "$home"
chmod a+x "$home/scripts/train.py"

cp "$from/amazon-cloudwatch-agent.json" "$agent/amazon-cloudwatch-agent.json"
systemctl enable amazon-cloudwatch-agent.service

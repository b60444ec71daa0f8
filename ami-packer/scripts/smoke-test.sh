#!/bin/sh
# smoke-test.sh KIND: whether this machine trains. KIND is cpu or gpu. ROOT is a prefix of all paths, for tests.
set -eu
[ $# -eq 1 ] || {
    echo "usage: smoke-test.sh KIND" >&2
    exit 2
}
kind=$1
root=${ROOT:-}
home="$root/opt/ml-agent"
python="$home/venv/bin/python"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "smoke-test.sh: $1" >&2
    exit 1
}

aws --version || fail "the AWS CLI does not start"
[ -s "$root/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json" ] ||
    fail "the CloudWatch agent has no configuration"
model='"model": "ridge"'
if [ "$kind" = gpu ]; then
    nvidia-smi || fail "nvidia-smi found no GPU"
    "$python" -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' || fail "PyTorch found no GPU"
    "$home/tensorflow/bin/python" -c \
        'import sys, tensorflow; sys.exit(not tensorflow.config.list_physical_devices("GPU"))' ||
        fail "TensorFlow found no GPU"
    model='"model": "neural_network", "hyperparameters": {"epochs": 3}'
else
    "$home/tensorflow/bin/python" -c 'import tensorflow' || fail "TensorFlow cannot be loaded"
fi

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
"$python" "$home/scripts/sample_dataset.py" --output "$work"
"$python" "$home/scripts/train_template.py" "{\"dataset_file\": \"$work/diabetes.csv\", \"output_dir\": \"$work/out\",
    \"feature_columns\": [\"age\", \"bmi\", \"bp\"], \"target_column\": \"target\", \"run_id\": \"smoke-test\", $model}"
[ -s "$work/out/models/smoke-test/model.onnx" ] || fail "the training left no model"
echo "smoke-test.sh: the $kind machine trains"

"""Finds out whether an ONNX model keeps tensors in other files.

Such a model makes ONNX Runtime open paths that the model's author chose, so it is refused before the runtime sees it.
"""

# onnx.proto: message -> number of a field -> the message in it, for the fields that lead to tensors.
MESSAGES = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
TENSOR_EXTERNAL_DATA = 13
TENSOR_DATA_LOCATION = 14
# Deeper nesting than any real model has; keeps a hostile one from exhausting the stack.
MAX_DEPTH = 100


def is_used_by(model: bytes) -> bool:
    """Whether any tensor lies in another file. Raises ValueError for bytes that are no protobuf message."""
    # The path is the value of a key with this name: without the word there is none, and large forests, of whose
    # numbers each is a field of its own, need not be walked.
    return b"location" in model and _any_in(model, "model", 0, len(model), 0)


def _any_in(model: bytes, message: str, position: int, end: int, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    while position < end:
        tag, position = _varint(model, position, end)
        field, kind = tag >> 3, tag & 7
        if kind == 0:
            value, position = _varint(model, position, end)
            if message == "tensor" and field == TENSOR_DATA_LOCATION and value != 0:
                return True
            continue
        if kind == 2:
            length, position = _varint(model, position, end)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"unknown wire type at byte {position}")
        if length > end - position:
            raise ValueError(f"cut off at byte {position}")
        if kind == 2 and message == "tensor" and field == TENSOR_EXTERNAL_DATA:
            return True
        inner = MESSAGES[message].get(field) if kind == 2 else None
        if inner is not None and _any_in(model, inner, position, position + length, depth + 1):
            return True
        position += length
    return False


def _varint(model: bytes, position: int, end: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 64, 7):
        if position >= end:
            raise ValueError(f"cut off at byte {position}")
        byte = model[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise ValueError(f"number too long at byte {position}")

import pickle

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from conftest import failing_model, onnx_model, sum_model, value
from inference_service import external_data
from inference_service.errors import EnvironmentNotUsable, RequestError, StartError
from inference_service.model import Model


def load(content):
    return Model(content, "cpu", 1)


def test_a_model_tells_its_input_and_outputs():
    model = load(sum_model(TensorProto.FLOAT, metadata={"classes": '["a", "b"]'}))
    assert (model.width, model.type, model.outputs, model.classes) == (2, np.float32, ["Y"], ["a", "b"])
    assert model.provider == "CPUExecutionProvider"
    assert load(sum_model()).type == np.float64
    assert load(sum_model()).classes is None
    assert model.predict(np.array([[1, 2]], np.float32), ["Y"])[0].tolist() == [3]


def identity(kind, inputs=1, shape=(None, 2)):
    """Hands its inputs on."""
    return onnx_model(
        [helper.make_node("Identity", [f"X{i}"], [f"Y{i}"]) for i in range(inputs)],
        [value(f"X{i}", shape, kind) for i in range(inputs)],
        [value(f"Y{i}", shape, kind) for i in range(inputs)],
    )


def zipped():
    """What skl2onnx makes of probabilities unless it is told not to."""
    return onnx_model(
        [helper.make_node("ZipMap", ["X"], ["Y"], domain="ai.onnx.ml", classlabels_int64s=[0, 1])],
        [value("X", [None, 2], TensorProto.FLOAT)],
        [
            helper.make_value_info(
                "Y",
                helper.make_sequence_type_proto(
                    helper.make_map_type_proto(TensorProto.INT64, helper.make_tensor_type_proto(TensorProto.FLOAT, []))
                ),
            )
        ],
        domains=["ai.onnx.ml"],
    )


def custom():
    return onnx_model(
        [helper.make_node("Evil", ["X"], ["Y"], domain="com.example")],
        [value("X", [None, 2])],
        [value("Y", [None, 1])],
        domains=["com.example"],
    )


def reshaped(shape):
    """Answers in a shape that does not depend on the rows."""
    return onnx_model(
        [helper.make_node("ReduceSum", ["X"], ["S"], keepdims=0), helper.make_node("Expand", ["S", "shape"], ["Y"])],
        [value("X", [None, 2])],
        [value("Y", None)],
        [helper.make_tensor("shape", TensorProto.INT64, [len(shape)], shape)],
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pickle.dumps({}), "is a pickle, which runs its code when it is read"),
        (b"", "is no model that ONNX Runtime can load"),
        (b"no model at this location", "is no ONNX file: "),
        (b"{}", "is no model that ONNX Runtime can load: "),
        (custom(), "is no model that ONNX Runtime can load: "),
        (identity(TensorProto.DOUBLE, inputs=2), "takes tensor(double) of shape [None, 2], tensor(double) of"),
        (identity(TensorProto.INT64), "takes tensor(int64) of shape"),
        (sum_model(shape=(3, 2)), "takes tensor(double) of shape [3, 2]; allowed: one float or double input of shape"),
        (sum_model(shape=(None, None)), "allowed: one float or double input of shape [None, features]"),
        (sum_model(metadata={"classes": "a, b"}), "its metadata 'classes' is no JSON array"),
        (sum_model(metadata={"classes": "{}"}), "its metadata 'classes' is no JSON array"),
        (identity(TensorProto.DOUBLE), "its first output 'Y0' is tensor(double) of shape"),
        (zipped(), "its first output 'Y' is seq(map(int64,tensor(float)))"),
        (reshaped([3]), "its first output 'Y' is tensor(double) of shape"),
        (reshaped([2, 1, 1]), "its first output 'Y' is tensor(double) of shape"),
    ],
)
def test_what_is_refused_is_told(content, message):
    with pytest.raises(StartError) as error:
        load(content)
    assert error.value.problems[0].startswith("MLINFRA_MODEL: ")
    assert message in error.value.problems[0]


def test_a_model_that_fails_on_some_rows():
    model = load(failing_model())
    with pytest.raises(RequestError, match="the model failed when run, with [A-Za-z]+; send other rows") as error:
        model.predict(np.array([[555.0]]), ["Y"])
    assert "555" in str(error.value.__cause__) and "555" not in error.value.message
    assert (error.value.code, error.value.status) == ("MODEL_FAILED", 500)


def test_a_model_that_answers_fewer_rows():
    model = load(reshaped([2]))
    with pytest.raises(RequestError, match=r"the model's output 'Y' has shape \[2\] for 3 rows") as error:
        model.predict(np.zeros((3, 2)), ["Y"])
    assert error.value.code == "MODEL_FAILED"


def test_a_gpu_that_is_not_there_is_told(monkeypatch):
    with pytest.raises(EnvironmentNotUsable, match="MLINFRA_DEVICE is 'cuda', but this ONNX Runtime has '.*variant"):
        Model(sum_model(), "cuda", 1)

    # As onnxruntime-gpu does without a driver: it goes on with the processor.
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(onnxruntime, "preload_dlls", lambda: None)
    real = onnxruntime.InferenceSession
    monkeypatch.setattr(
        onnxruntime, "InferenceSession", lambda content, options, providers: real(content, options, providers[1:])
    )
    with pytest.raises(EnvironmentNotUsable, match="no GPU can be used; check the driver"):
        Model(sum_model(), "cuda", 1)


def external(tensor):
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "/etc/passwd"
    return tensor


def weights(name="W"):
    return numpy_helper.from_array(np.ones((2, 1)), name)


def in_initializer():
    nodes = [helper.make_node("MatMul", ["X", "W"], ["Y"])]
    return onnx_model(nodes, [value("X", [None, 2])], [value("Y", [None, 1])], [external(weights())])


def in_constant():
    nodes = [helper.make_node("Constant", [], ["W"], value=external(weights()))]
    nodes.append(helper.make_node("MatMul", ["X", "W"], ["Y"]))
    return onnx_model(nodes, [value("X", [None, 2])], [value("Y", [None, 1])])


def in_branch():
    branch = helper.make_graph([], "b", [], [value("W", [2, 1])], [external(weights())])
    nodes = [helper.make_node("If", ["C"], ["W"], then_branch=branch, else_branch=branch)]
    nodes.append(helper.make_node("MatMul", ["X", "W"], ["Y"]))
    condition = helper.make_tensor("C", TensorProto.BOOL, [], [True])
    return onnx_model(nodes, [value("X", [None, 2])], [value("Y", [None, 1])], [condition])


def in_function():
    model = onnx.load_from_string(sum_model())
    node = helper.make_node("Constant", [], ["y"], value=external(weights()))
    model.functions.append(helper.make_function("local", "f", [], ["y"], [node], [helper.make_opsetid("", 17)]))
    return model.SerializeToString()


def in_sparse():
    model = onnx.load_from_string(sum_model())
    sparse = model.graph.sparse_initializer.add()
    sparse.values.CopyFrom(external(weights()))
    return model.SerializeToString()


@pytest.mark.parametrize("make", [in_initializer, in_constant, in_branch, in_function, in_sparse])
def test_tensors_in_other_files_are_refused(make):
    with pytest.raises(StartError, match="keeps tensors in other files; allowed: one file"):
        load(make())


def test_the_word_alone_is_no_external_data():
    assert not external_data.is_used_by(sum_model(metadata={"location": "here"}))
    assert load(sum_model(metadata={"location": "here"})).width == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x0a\xff\x01location", "cut off at byte 3"),
        (b"\x0b" + b"location", "unknown wire type at byte 1"),
        (b"\x08" + b"\xff" * 11 + b"location", "number too long at byte 11"),
        (b"\x0a\x08location\x08", "cut off at byte 11"),
    ],
)
def test_bytes_that_are_no_message(content, message):
    with pytest.raises(ValueError, match=message):
        external_data.is_used_by(content)


def field(number, content):
    """A field of a protobuf message that holds another one."""
    length, size = len(content), bytearray()
    while length >= 0x80:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([number << 3 | 2]) + bytes(size) + bytes([length]) + content


def test_deep_nesting_is_refused():
    graph = field(8, b"location")
    for _ in range(40):
        graph = field(1, field(5, field(6, graph)))  # in an attribute of a node
    with pytest.raises(ValueError, match="nested deeper than 100"):
        external_data.is_used_by(field(7, graph))
    graph = field(8, b"location")
    for _ in range(30):
        graph = field(1, field(5, field(6, graph)))
    assert not external_data.is_used_by(field(7, graph))

package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalDataTest {
  @ParameterizedTest
  @ValueSource(strings = {"external-data.onnx", "external-constant.onnx"})
  void findsIt(String file) {
    assertThat(ExternalData.isUsedBy(TestFiles.bytes(file))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sum.onnx", "diabetes-linear.onnx", "diabetes-forest.onnx", "iris-names.onnx"})
  void findsNoneInSelfContainedModels(String file) {
    assertThat(ExternalData.isUsedBy(TestFiles.bytes(file))).isFalse();
  }

  @Test
  void findsItInASubgraph() {
    // ModelProto.graph . GraphProto.node . NodeProto.attribute . AttributeProto.g
    // . GraphProto.sparse_initializer . SparseTensorProto.values . TensorProto.data_location
    byte[] tensor = {14 << 3, 1};
    byte[] model = in(7, in(1, in(5, in(6, in(15, in(1, tensor))))));
    assertThat(ExternalData.isUsedBy(model)).isTrue();
    byte[] inside = {14 << 3, 0};
    assertThat(ExternalData.isUsedBy(in(7, in(1, in(5, in(6, in(15, in(1, inside)))))))).isFalse();
  }

  @Test
  void refusesAFileThatIsCutOff() {
    byte[] model = TestFiles.bytes("diabetes-linear.onnx");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExternalData.isUsedBy(Arrays.copyOf(model, model.length - 1)));
  }

  @Test
  void refusesLengthsThatOverflow() {
    byte[] negative = {7 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
    assertThatIllegalArgumentException().isThrownBy(() -> ExternalData.isUsedBy(negative));
    byte[] endless = {7 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    assertThatIllegalArgumentException().isThrownBy(() -> ExternalData.isUsedBy(endless));
  }

  @Test
  void refusesBottomlessNesting() {
    byte[] inner = {};
    for (int i = 0; i < 60; i++) {
      inner = in(1, in(5, in(6, inner)));
    }
    byte[] model = in(7, inner);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExternalData.isUsedBy(model))
        .withMessageContaining("nested");
  }

  /** Returns a message whose field {@code number} holds {@code content}. */
  private static byte[] in(int number, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    int length = content.length;
    while (length > 0x7f) {
      out.write((length & 0x7f) | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(content);
    return out.toByteArray();
  }
}

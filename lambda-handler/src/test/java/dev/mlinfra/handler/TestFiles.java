package dev.mlinfra.handler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The files that make_models.py wrote. */
final class TestFiles {
  /** Scales nothing; its features are those of sum.onnx, which adds two numbers. */
  static final String SUM_SCALER =
      "{\"format\":\"mlinfra/scaler/v1\",\"feature_names\":[\"a\",\"b\"],"
          + "\"mean\":[0,0],\"scale\":[1,1]}";

  private TestFiles() {}

  static Path path(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TestFiles.class.getResource("/models/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How far numbers are from those that were expected, of the one that is farthest. */
  static double largestRelativeDifference(List<String> predicted, List<String> expected) {
    return IntStream.range(0, expected.size())
        .mapToDouble(
            i -> {
              double wanted = Double.parseDouble(expected.get(i));
              return Math.abs(Double.parseDouble(predicted.get(i)) - wanted) / Math.abs(wanted);
            })
        .max()
        .orElseThrow();
  }
}

package dev.mlinfra.handler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

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
}

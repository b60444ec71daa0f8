package dev.mlinfra.template;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Models that tests read. */
final class TestModels {
  private TestModels() {}

  static Path resource(String name) {
    try {
      return Path.of(TestModels.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Model yaml(String... lines) {
    return Models.parse("test.yaml", String.join("\n", lines));
  }

  /** A model with one bucket whose property {@code P} is the given YAML, on one line. */
  static Value property(String yaml) {
    return yaml(
            "Resources:",
            "  B:",
            "    Type: AWS::S3::Bucket",
            "    Properties:",
            "      P: " + yaml)
        .resources()
        .get(0)
        .property("P");
  }

  static Value json(String json) {
    return Models.parse(
            "test.json",
            "{\"Resources\":{\"B\":{\"Type\":\"T\",\"Properties\":{\"P\":" + json + "}}}}")
        .resources()
        .get(0)
        .property("P");
  }

  static Value text(String text) {
    return new Value.Text(text);
  }
}

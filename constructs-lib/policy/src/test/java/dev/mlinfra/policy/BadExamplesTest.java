package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What the gate finds in deployments as people make them by hand: the lines of the file of the same
 * name, {@code rule resource}, each read by a person. To change one, put in what this test prints.
 */
class BadExamplesTest {
  static final List<Path> FILES = Examples.files("bad");

  @ParameterizedTest
  @FieldSource("FILES")
  void everythingWrongIsFoundAndNothingElse(Path file) throws IOException {
    List<String> found =
        Gate.standard().check(Edits.whole(Models.read(file))).errors().stream()
            .map(BadExamplesTest::line)
            .distinct()
            .sorted()
            .toList();
    Path expected = file.resolveSibling(Examples.name(file) + ".expected.txt");

    assertThat(String.join("\n", found) + "\n")
        .as("what is found in %s", file.getFileName())
        .isEqualTo(Files.readString(expected));
  }

  private static String line(Finding finding) {
    return finding.rule().substring("mlinfra::".length())
        + " "
        + finding
            .resource()
            .map(id -> id.name().substring(id.name().lastIndexOf(':') + 1))
            .orElse(finding.where());
  }
}

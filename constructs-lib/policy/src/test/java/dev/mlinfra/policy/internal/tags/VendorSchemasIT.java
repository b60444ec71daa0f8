package dev.mlinfra.policy.internal.tags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of taggable types, and the places that carry tags on, against the vendor's schemas. */
class VendorSchemasIT {
  private static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));
  private static final Path PYTHON = ROOT.resolve(".mlinfra/tools/python-checks/bin/python");

  @TempDir Path folder;

  @Test
  void theTableIsWhatTheSchemasSay() throws Exception {
    assertThat(run(List.of()))
        .as(
            "write it anew: %s src/test/python/taggable_types.py >"
                + " src/main/resources/dev/mlinfra/policy/internal/tags/taggable-types.csv",
            PYTHON)
        .isEqualTo(
            Files.readString(
                Path.of("src/main/resources/dev/mlinfra/policy/internal/tags/taggable-types.csv")));
  }

  @Test
  void everyPlaceExists() throws Exception {
    assertThat(run(PropagationSites.places())).isEmpty();
  }

  @Test
  void aPlaceThatDoesNotExistWouldBeFound() throws Exception {
    assertThat(
            run(List.of("AWS::ECS::Service PropagateTag", "AWS::ECS::Servant PropagateTags"))
                .lines())
        .hasSize(2);
  }

  private String run(List<String> places) throws IOException, InterruptedException {
    assertThat(PYTHON).as("missing: run tools/install checks").isExecutable();
    List<String> command =
        new ArrayList<>(List.of(PYTHON.toString(), "src/test/python/taggable_types.py"));
    if (!places.isEmpty()) {
      command.add("--places");
    }
    Path input = Files.write(folder.resolve("in"), places, StandardCharsets.UTF_8);
    Path output = folder.resolve("out");
    Path errors = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return Files.readString(output);
  }
}

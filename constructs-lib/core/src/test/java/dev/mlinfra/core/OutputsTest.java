package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputsTest {
  @TempDir Path root;

  @Test
  void readsWhatADeployWrote() {
    write(Target.AWS, "{\"p1-dev-Data\": {\"BucketName\": \"b1\"}}");

    assertThat(outputs().get(Target.AWS, "Data.BucketName")).isEqualTo("b1");
  }

  @Test
  void readsWhatPulumiPrinted() {
    write(Target.RUNPOD, "{\"endpointId\": \"e1\", \"workers\": 3, \"types\": [\"a\"]}");

    assertThat(outputs().get(Target.RUNPOD, "endpointId")).isEqualTo("e1");
    assertThat(outputs().get(Target.RUNPOD, "workers")).isEqualTo("3");
    assertThat(outputs().get(Target.RUNPOD, "types")).isEqualTo("[\"a\"]");
  }

  @Test
  void aValueOfTheEnvironmentFileWinsOverWhatWasDeployed() {
    write(Target.AWS, "{\"p1-dev-Data\": {\"BucketName\": \"b1\"}}");

    assertThat(
            outputs(Map.of(Target.AWS, Map.of("Data.BucketName", "by-hand")))
                .get(Target.AWS, "Data.BucketName"))
        .isEqualTo("by-hand");
  }

  @Test
  void aValueOfTheEnvironmentFileNeedsNoDeploy() {
    assertThat(
            outputs(Map.of(Target.AWS, Map.of("Data.BucketName", "by-hand")))
                .get(Target.AWS, "Data.BucketName"))
        .isEqualTo("by-hand");
  }

  @Test
  void saysWhichDeployMakesAMissingFile() {
    assertThatThrownBy(() -> outputs().get(Target.AWS, "Data.BucketName"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("there is no such file")
        .hasMessageContaining(
            "npx cdk deploy 'dev/*' --outputs-file .mlinfra/outputs/dev/aws.json");
  }

  @Test
  void saysWhichDeployMakesAMissingOutput() {
    write(Target.AWS, "{\"p1-dev-Data\": {}}");

    assertThatThrownBy(() -> outputs().get(Target.AWS, "Data.BucketName"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("Data.BucketName: is missing")
        .hasMessageContaining("npx cdk deploy 'dev/Data'");
  }

  @ParameterizedTest
  @CsvSource({"K8S,k8s", "GCP,gcp", "AZURE,azure", "RUNPOD,runpod"})
  void saysWhichUpMakesWhatPulumiDidNotPrint(Target target, String word) {
    assertThatThrownBy(() -> outputs().get(target, "x"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining(
            "pulumi up -s %s-dev, then pulumi stack output -s %s-dev --json > .mlinfra/outputs/dev/%s.json"
                .formatted(word, word, word));
    write(target, "{}");

    assertThatThrownBy(() -> outputs().get(target, "x"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("x: is missing");
  }

  @Test
  void aSecretIsNotReadFromAFile() {
    write(Target.RUNPOD, "{\"key\": \"[secret]\"}");

    assertThatThrownBy(() -> outputs().get(Target.RUNPOD, "key"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("key: is a secret");
  }

  @Test
  void refusesWhatIsNotJson() {
    write(Target.AWS, "{");

    assertThatThrownBy(() -> outputs().get(Target.AWS, "Data.BucketName"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("is not JSON");
  }

  @Test
  void parametersAreNamedByProjectEnvironmentTargetAndStack() {
    assertThat(Outputs.parameterName("p1", "dev", Target.AWS, "Data.BucketName"))
        .isEqualTo("/mlinfra/p1/dev/aws/Data/BucketName");
    assertThat(Outputs.parameterName("p1", "dev", Target.RUNPOD, "endpointId"))
        .isEqualTo("/mlinfra/p1/dev/runpod/endpointId");
  }

  private Outputs outputs() {
    return outputs(Map.of());
  }

  private Outputs outputs(Map<Target, Map<String, String>> given) {
    Defaults defaults = Defaults.of(Pattern.BATCH);
    return Outputs.of(
        root,
        new Environment(
            "dev",
            "p1",
            "team",
            "cc",
            Pattern.BATCH,
            false,
            defaults.organization(),
            defaults.budget(),
            defaults.usage(),
            given,
            Optional.empty(),
            Optional.empty()));
  }

  private void write(Target target, String text) {
    Path file = Outputs.file(root, "dev", target);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

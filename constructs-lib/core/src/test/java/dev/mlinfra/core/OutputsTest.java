package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
  private static final Environment DEV =
      new Environment(
          "dev",
          "p1",
          "team",
          "cc",
          Pattern.BATCH,
          false,
          Defaults.of(Pattern.BATCH).organization(),
          Defaults.of(Pattern.BATCH).budget(),
          Defaults.of(Pattern.BATCH).usage(),
          Optional.empty());

  @TempDir Path root;

  @Test
  void readsWhatADeployWrote() throws IOException {
    write("{\"p1-dev-Data\": {\"BucketName\": \"b1\"}}");

    assertThat(Outputs.readAws(root, DEV).get("Data", "BucketName")).isEqualTo("b1");
  }

  @Test
  void saysWhichDeployMakesAMissingFile() {
    assertThatThrownBy(() -> Outputs.readAws(root, DEV))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("there is no such file")
        .hasMessageContaining(
            "npx cdk deploy 'dev/*' --outputs-file .mlinfra/outputs/dev/aws.json");
  }

  @Test
  void saysWhichDeployMakesAMissingOutput() throws IOException {
    write("{\"p1-dev-Data\": {}}");

    assertThatThrownBy(() -> Outputs.readAws(root, DEV).get("Data", "BucketName"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("Data.BucketName: is missing")
        .hasMessageContaining("npx cdk deploy 'dev/Data'");
  }

  @Test
  void refusesWhatIsNotJson() throws IOException {
    write("{");

    assertThatThrownBy(() -> Outputs.readAws(root, DEV))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("is not JSON");
  }

  private void write(String text) throws IOException {
    Path file = Outputs.awsFile(root, "dev");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

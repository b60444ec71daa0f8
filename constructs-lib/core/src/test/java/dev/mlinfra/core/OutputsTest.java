package dev.mlinfra.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputsTest {
  @TempDir Path root;

  @Test
  void readsWhatADeployWrote() throws IOException {
    write("{\"dev-Data\": {\"BucketName\": \"b1\"}}");

    assertThat(Outputs.readAws(root, "dev").get("Data", "BucketName")).isEqualTo("b1");
  }

  @Test
  void saysWhichDeployMakesAMissingFile() {
    assertThatThrownBy(() -> Outputs.readAws(root, "dev"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("there is no such file")
        .hasMessageContaining(
            "npx cdk deploy 'dev/*' --outputs-file .mlinfra/outputs/dev/aws.json");
  }

  @Test
  void saysWhichDeployMakesAMissingOutput() throws IOException {
    write("{\"dev-Data\": {}}");

    assertThatThrownBy(() -> Outputs.readAws(root, "dev").get("Data", "BucketName"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("Data.BucketName: is missing")
        .hasMessageContaining("npx cdk deploy 'dev/Data'");
  }

  @Test
  void refusesWhatIsNotJson() throws IOException {
    write("{");

    assertThatThrownBy(() -> Outputs.readAws(root, "dev"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("is not JSON");
  }

  private void write(String text) throws IOException {
    Path file = Outputs.awsFile(root, "dev");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

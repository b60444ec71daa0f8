package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPredictionTest {
  private static final Path SUM = TestFiles.path("sum.onnx");

  @TempDir Path folder;
  private Path data;
  private Path output;

  @BeforeEach
  void makeData() throws IOException {
    data = Files.writeString(folder.resolve("data.csv"), "a,b\n1,2\n");
    output = folder.resolve("out.csv");
  }

  @Test
  void replacesTheOutput() throws IOException {
    Files.writeString(output, "old");
    assertThat(LocalPrediction.run(SUM, Optional.empty(), data, output)).isEqualTo(1);
    assertThat(output).hasContent("a,b,prediction\n1,2,3.0\n");
  }

  @Test
  void leavesTheOutputAsItWasWhenItFails() throws IOException {
    Files.writeString(output, "old");
    Files.writeString(data, "a,b\n1,2\nx,2\n");
    assertThatThrownBy(() -> LocalPrediction.run(SUM, Optional.empty(), data, output))
        .hasMessageStartingWith("VALUE_NOT_NUMERIC");
    assertThat(output).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(data, output);
    }
  }

  @Test
  void allowsMissingValuesIfAsked() throws IOException {
    Files.writeString(data, "a,b\n,2\n");
    LocalPrediction.run(SUM, Optional.empty(), data, output, MissingValues.NAN);
    assertThat(output).hasContent("a,b,prediction\n,2,NaN\n");
  }

  @Test
  void refusesToOverwriteAnInputAlsoThroughALink() throws IOException {
    assertThatThrownBy(() -> LocalPrediction.run(SUM, Optional.empty(), data, data))
        .hasMessageStartingWith("OUTPUT_EQUALS_INPUT");
    Files.createSymbolicLink(output, data);
    assertThatThrownBy(() -> LocalPrediction.run(SUM, Optional.empty(), data, output))
        .hasMessageStartingWith("OUTPUT_EQUALS_INPUT");
    assertThat(data).hasContent("a,b\n1,2\n");
  }

  @Test
  void saysWhichFileIsMissing() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> LocalPrediction.run(absent, Optional.empty(), data, output))
        .hasMessageStartingWith("MODEL_NOT_FOUND")
        .hasMessageContaining(absent.toString());
    assertThatThrownBy(() -> LocalPrediction.run(SUM, Optional.of(absent), data, output))
        .hasMessageStartingWith("OBJECT_NOT_FOUND");
    assertThatThrownBy(() -> LocalPrediction.run(SUM, Optional.empty(), absent, output))
        .hasMessageStartingWith("OBJECT_NOT_FOUND");
  }

  @Test
  void readsAndWritesFilesAndObjectsSideBySide() {
    MemoryObjectStore s3 = new MemoryObjectStore().with("in.csv", "a,b\n1,2\n");
    List<Long> seen = new ArrayList<>();
    PredictionRequest request =
        new PredictionRequest(
            LocalPrediction.ref(SUM.toString()),
            Optional.empty(),
            Optional.empty(),
            LocalPrediction.ref("s3://b/in.csv"),
            LocalPrediction.ref(output.toString()));

    PredictionResult result =
        LocalPrediction.run(
            request,
            MissingValues.FAIL,
            () -> s3,
            (rows, bytesRead, bytes) -> seen.addAll(List.of(rows, bytesRead, bytes)));

    assertThat(output).hasContent("a,b,prediction\n1,2,3.0\n");
    assertThat(result.rows()).isEqualTo(1);
    assertThat(seen.subList(seen.size() - 3, seen.size())).containsExactly(1L, 8L, 8L);
  }

  @Test
  void saysThatTheOutputsFolderIsMissing() {
    Path elsewhere = folder.resolve("absent/out.csv");
    assertThatThrownBy(() -> LocalPrediction.run(SUM, Optional.empty(), data, elsewhere))
        .hasMessageStartingWith("OUTPUT_FAILED")
        .hasMessageContaining("absent");
  }
}

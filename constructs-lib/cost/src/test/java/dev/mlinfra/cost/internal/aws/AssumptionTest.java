package dev.mlinfra.cost.internal.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.internal.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AssumptionTest {
  private static final List<NamedCsvRecord> ROWS =
      DataFile.read(Assumption.class, "assumptions.csv");

  private static final Path SOURCES =
      Path.of(
          System.getProperty("mlinfra.root"),
          "constructs-lib/cost/src/main/java/dev/mlinfra/cost/internal/aws");

  @Test
  void saysItsValueAndUnit() {
    assertThat(Assumption.of("ecr.gbPerImage")).hasToString("assumption ecr.gbPerImage = 0.5 GB");
  }

  @Test
  void anUnknownNameIsAMistake() {
    assertThatThrownBy(() -> Assumption.of("no.such"))
        .hasMessage("no assumption no.such in assumptions.csv");
  }

  @Test
  void everyRowSaysWhyAndFromWhere() {
    assertThat(ROWS)
        .allSatisfy(
            row -> {
              assertThat(Double.parseDouble(row.getField("value"))).isPositive();
              assertThat(row.getField("unit")).isNotBlank();
              assertThat(row.getField("why")).isNotBlank();
              assertThat(row.getField("source")).isNotBlank();
              assertThat(LocalDate.parse(row.getField("date"))).isAfter("2026-01-01");
            });
  }

  @Test
  void everyRowIsUsedAndEveryUseHasARow() throws IOException {
    Pattern use = Pattern.compile("Assumption\\.of\\(\\s*\"([^\"]+)\"");
    Set<String> used = new TreeSet<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.toList()) {
        Matcher uses = use.matcher(Files.readString(file));
        while (uses.find()) {
          used.add(uses.group(1));
        }
      }
    }

    assertThat(ROWS.stream().map(row -> row.getField("name")).collect(Collectors.toList()))
        .isSorted()
        .containsExactlyInAnyOrderElementsOf(used);
  }
}

package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.internal.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables are in order, and the generated ones are of the sources that their tool pins. */
class PriceFactsTest {
  private static final Path TOOL =
      Path.of(
          System.getProperty("mlinfra.root"),
          "constructs-lib/cost/src/facts/prices/price_facts.py");

  private static final Pattern SEPARATOR = Pattern.compile("; ");

  private static final Pattern SOURCE =
      Pattern.compile(
          "Source\\(\\s+\"([^\"]+)\",\\s+\"([0-9a-f]{40})\",\\s+\"([^\"]+)\",\\s+\"[0-9a-f]{64}\",\\s+\"([\\d-]{10})\"");

  @ParameterizedTest
  @ValueSource(strings = {"aws", "aws-ec2", "azure", "azure-vm", "gcp", "gcp-compute", "runpod"})
  void tablesOfPricesAreSorted(String name) {
    List<List<String>> keys =
        DataFile.read(PriceBook.class, "prices/" + name + ".csv").stream()
            .map(
                row ->
                    List.of(
                        row.getField("provider"),
                        row.getField("region"),
                        row.getField("service"),
                        row.getField("item")))
            .toList();

    assertThat(keys)
        .isSortedAccordingTo(
            (a, b) -> {
              for (int i = 0; i < a.size(); i++) {
                int order = a.get(i).compareTo(b.get(i));
                if (order != 0) {
                  return order;
                }
              }
              return 0;
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prices/aws-ec2.csv",
        "prices/azure-vm.csv",
        "prices/gcp-compute.csv",
        "instances.csv"
      })
  void generatedRowsAreOfThePinnedSources(String name) throws IOException {
    Map<String, String> pinned = pinned();
    for (NamedCsvRecord row : DataFile.read(PriceBook.class, name)) {
      List<String> dates = new ArrayList<>();
      for (String source : sources(row)) {
        assertThat(pinned)
            .as("%s: write it anew with src/facts/prices/price_facts.py", name)
            .containsKey(source);
        dates.add(pinned.get(source));
      }
      assertThat(row.getField("date"))
          .isEqualTo(dates.stream().min(String::compareTo).orElseThrow());
    }
  }

  @Test
  void everyPinnedSourceIsUsed() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String name :
        List.of(
            "prices/aws-ec2.csv",
            "prices/azure-vm.csv",
            "prices/gcp-compute.csv",
            "instances.csv")) {
      DataFile.read(PriceBook.class, name).forEach(row -> used.addAll(sources(row)));
    }

    assertThat(used).isEqualTo(new TreeSet<>(pinned().keySet()));
  }

  @Test
  void everyUnitIsUsed() {
    assertThat(
            DataFile.read(PriceBook.class, "units.csv").stream()
                .map(row -> row.getField("unit"))
                .collect(Collectors.toSet()))
        .isEqualTo(
            PriceBook.bundled().prices().stream().map(Price::unit).collect(Collectors.toSet()));
  }

  private static List<String> sources(NamedCsvRecord row) {
    return SEPARATOR.splitAsStream(row.getField("source")).toList();
  }

  private static Map<String, String> pinned() throws IOException {
    Map<String, String> pinned = new HashMap<>();
    Matcher matcher = SOURCE.matcher(Files.readString(TOOL));
    while (matcher.find()) {
      pinned.put(
          "%s %s@%s"
              .formatted(matcher.group(1), matcher.group(3), matcher.group(2).substring(0, 8)),
          matcher.group(4));
    }
    assertThat(pinned).isNotEmpty();
    return pinned;
  }
}

package dev.mlinfra.policy.internal.network;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which services a kind of workload must reach; the table is {@code needed-services.csv}. */
final class NeededServices {
  private static final String FILE = "needed-services.csv";
  private static final String ALWAYS = "always";
  private static final String ALLOWS = "allows ";
  private static final List<Row> ROWS = read();

  private record Row(String workload, String service, String when) {}

  private NeededServices() {}

  /**
   * The services that a workload must reach, by the names of their endpoints.
   *
   * @param workload its kind
   * @param known what is known of it, such as {@code awslogs}
   * @param actions the actions that its role is allowed
   */
  static Set<String> of(String workload, Set<String> known, Set<String> actions) {
    Set<String> services = new LinkedHashSet<>();
    for (Row row : ROWS) {
      if (row.workload().equals(workload) && applies(row.when(), known, actions)) {
        services.add(row.service());
      }
    }
    return services;
  }

  private static boolean applies(String when, Set<String> known, Set<String> actions) {
    if (when.startsWith(ALLOWS)) {
      String start = when.substring(ALLOWS.length());
      return actions.stream().anyMatch(it -> it.regionMatches(true, 0, start, 0, start.length()));
    }
    return when.equals(ALWAYS) || known.contains(when);
  }

  private static List<Row> read() {
    try (InputStream in =
            Objects.requireNonNull(NeededServices.class.getResourceAsStream(FILE), FILE);
        CsvReader<NamedCsvRecord> rows =
            CsvReader.builder()
                .commentStrategy(CommentStrategy.SKIP)
                .ofNamedCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return rows.stream()
          .map(it -> new Row(it.getField("workload"), it.getField("service"), it.getField("when")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Compares the bundled prices with tables that somebody else collected, where {@code
 * -Dprices.reference=FOLDER} names them. Tables of services have the columns provider, region,
 * service, item, unit and usd; tables of machines have instance_type or vm_size and usd_per_hour.
 */
class ReferencePricesTest {
  /** Left out on purpose; {@code docs/reference/prices.md} says why. */
  private static final String LEFT_OUT = ".*RTXPRO6000BSE.*";

  @Test
  void everyReferencePriceIsThere(TestReporter reporter) throws IOException {
    String folder = System.getProperty("prices.reference", "");
    assumeTrue(
        !folder.isEmpty(),
        "nothing compared: name a folder of tables with -Dprices.reference=FOLDER");
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int leftOut = 0;
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).sorted().toList()) {
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file)) {
          for (NamedCsvRecord row : rows) {
            for (Expected expected : Expected.of(row)) {
              if (expected.item().matches(LEFT_OUT)) {
                leftOut++;
              } else {
                compared++;
                expected.problem().ifPresent(problem -> wrong.add(file + ": " + problem));
              }
            }
          }
        }
      }
    }
    reporter.publishEntry("compared", compared + " prices, left out " + leftOut);
    assertThat(compared).isPositive();
    assertThat(wrong).isEmpty();
  }

  /** A price of the reference. */
  private record Expected(String provider, String region, String service, String item, double usd) {

    static List<Expected> of(NamedCsvRecord row) {
      List<String> columns = row.getHeader();
      if (columns.contains("instance_type")) {
        return List.of(machine(row, "aws", "us-east-1", "ec2", "instance_type", "usd_per_hour"));
      }
      if (columns.contains("vm_size")) {
        return List.of(
            machine(row, "azure", row.getField("region"), "vm", "vm_size", "usd_per_hour"));
      }
      if (columns.contains("usd_per_hour_spot")) {
        return List.of(
            machine(row, "gcp", row.getField("region"), "compute", "name", "usd_per_hour"),
            machine(
                row, "gcp", row.getField("region"), "compute-spot", "name", "usd_per_hour_spot"));
      }
      if (columns.contains("section")) {
        return stored(row).stream().toList();
      }
      if (columns.contains("service")) {
        return List.of(
            new Expected(
                row.getField("provider"),
                row.getField("region"),
                row.getField("service"),
                row.getField("item"),
                Double.parseDouble(row.getField("usd"))));
      }
      if (columns.contains("gpu")) {
        String product = row.getField("product");
        String item = (row.getField("gpu") + " " + row.getField("cloud")).strip();
        return List.of(machine(row, "runpod", "all", product, item));
      }
      return List.of();
    }

    /** Disks and buckets per month; addresses and gateways per hour, as they are billed. */
    private static Optional<Expected> stored(NamedCsvRecord row) {
      String item = row.getField("item");
      String unit = row.getField("unit_as_named_upstream");
      String key = row.getField("section") + " " + item + " " + unit;
      Optional<List<String>> name =
          switch (key) {
            case "bucket dra month", "bucket standard month" -> Optional.empty();
            case "network/ip unused hour" -> Optional.of(List.of("external-ip", "unused"));
            case "network/ip vm hour" -> Optional.of(List.of("external-ip", "in use by a machine"));
            case "network/nat gateway hour" -> Optional.of(List.of("nat", "gateway"));
            case "network/nat data month" -> Optional.of(List.of("nat", "data processed"));
            case "network/vpn tunnel hour" -> Optional.of(List.of("vpn", "tunnel"));
            default ->
                key.matches("(disk|bucket) .* month")
                    ? Optional.of(
                        key.startsWith("disk")
                            ? List.of("disk", item)
                            : List.of("gcs", item.replace("archiv", "archive") + " storage"))
                    : Optional.empty();
          };
      return name.map(
          each ->
              new Expected(
                  "gcp",
                  row.getField("region"),
                  each.get(0),
                  each.get(1),
                  Double.parseDouble(row.getField("value"))));
    }

    private static Expected machine(
        NamedCsvRecord row,
        String provider,
        String region,
        String service,
        String name,
        String amount) {
      return new Expected(
          provider, region, service, row.getField(name), Double.parseDouble(row.getField(amount)));
    }

    private static Expected machine(
        NamedCsvRecord row, String provider, String region, String service, String item) {
      return new Expected(
          provider, region, service, item, Double.parseDouble(row.getField("usd_per_hour")));
    }

    Optional<String> problem() {
      Optional<Price> found =
          PriceBook.bundled()
              .find(provider, region, service, item)
              .filter(price -> price.region().equals(region));
      String name = String.join(" ", provider, region, service, item);
      if (found.isEmpty()) {
        return Optional.of("not priced: " + name);
      }
      double low = found.orElseThrow().usd().low();
      return Math.abs(low - usd) <= 1e-9 * Math.max(1, usd)
          ? Optional.empty()
          : Optional.of(name + ": " + low + ", the reference says " + usd);
    }
  }
}

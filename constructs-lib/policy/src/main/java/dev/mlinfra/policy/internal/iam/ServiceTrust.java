package dev.mlinfra.policy.internal.iam;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.policy.internal.DataFile;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** Which services say for whom they act; the head of the table says where it is from. */
final class ServiceTrust {
  /** Whether a service sends {@code aws:SourceAccount} or {@code aws:SourceArn}. */
  enum Sends {
    /** It does not; a condition would lock it out. */
    NOTHING,
    /** Not known. */
    UNKNOWN,
    /** It does. */
    SOURCE
  }

  private record Row(Sends role, Sends resource) {}

  private static final Map<String, Row> ROWS =
      DataFile.read(ServiceTrust.class, "service-trust.csv").stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  row -> row.getField("service"),
                  row -> new Row(sends(row, "role"), sends(row, "resource"))));

  private ServiceTrust() {}

  private static Sends sends(NamedCsvRecord row, String column) {
    return switch (row.getField(column)) {
      case "none" -> Sends.NOTHING;
      case "" -> Sends.UNKNOWN;
      default -> Sends.SOURCE;
    };
  }

  /**
   * What a service sends.
   *
   * @param service such as {@code states.amazonaws.com}
   * @param role when it takes on a role; else when it uses a resource
   */
  static Sends sends(String service, boolean role) {
    Row row = ROWS.get(service);
    if (row == null) {
      return Sends.UNKNOWN;
    }
    return role ? row.role() : row.resource();
  }

  /** What most of some services send: one of them is enough to need a condition. */
  static Sends most(Collection<Sends> services) {
    return services.stream().max(Comparator.naturalOrder()).orElse(Sends.UNKNOWN);
  }
}

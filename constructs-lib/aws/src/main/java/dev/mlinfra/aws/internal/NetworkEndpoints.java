package dev.mlinfra.aws.internal;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.aws.NetworkNeed;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which endpoints a need stands for; the table is {@code network-endpoints.csv}. */
public final class NetworkEndpoints {
  private NetworkEndpoints() {}

  /** The services of interface endpoints, such as {@code ecr.api}, sorted. */
  public static SortedSet<String> of(Collection<NetworkNeed> needs) {
    SortedSet<String> services = new TreeSet<>();
    for (NamedCsvRecord row : DataFile.read("network-endpoints.csv")) {
      if (needs.contains(NetworkNeed.valueOf(row.getField("need")))) {
        services.add(row.getField("service"));
      }
    }
    return services;
  }
}

package dev.mlinfra.cost;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.mlinfra.cost.internal.DataFile;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machines that constructs can select, with what they have. Immutable. */
public final class InstanceTypes {
  private static final InstanceTypes BUNDLED =
      new InstanceTypes(
          DataFile.read(InstanceTypes.class, "instances.csv").stream()
              .map(InstanceTypes::type)
              .toList());

  private record Key(String provider, String type) {}

  private final Map<Key, InstanceType> types;

  private InstanceTypes(List<InstanceType> types) {
    this.types = new LinkedHashMap<>();
    for (InstanceType type : types) {
      if (this.types.put(new Key(type.provider(), type.type()), type) != null) {
        throw new IllegalArgumentException("twice: " + type.provider() + " " + type.type());
      }
    }
  }

  /** The machines that come with this version. */
  public static InstanceTypes bundled() {
    return BUNDLED;
  }

  /**
   * These machines.
   *
   * @throws IllegalArgumentException if one is there twice
   */
  public static InstanceTypes of(List<InstanceType> types) {
    return new InstanceTypes(types);
  }

  /** A machine by its name; SageMaker's {@code ml.g5.xlarge} is EC2's without the prefix. */
  public Optional<InstanceType> find(String provider, String type) {
    String name = provider.equals("aws") && type.startsWith("ml.") ? type.substring(3) : type;
    return Optional.ofNullable(types.get(new Key(provider, name)));
  }

  /** All of them, by provider and name. */
  public List<InstanceType> all() {
    return List.copyOf(types.values());
  }

  private static InstanceType type(NamedCsvRecord row) {
    return new InstanceType(
        row.getField("provider"),
        row.getField("type"),
        Double.parseDouble(row.getField("vcpus")),
        Double.parseDouble(row.getField("memory_gib")),
        row.getField("gpu_model"),
        Double.parseDouble(row.getField("gpu_count")),
        Double.parseDouble(row.getField("gpu_memory_gib")),
        row.getField("arch"),
        row.getField("source"),
        LocalDate.parse(row.getField("date")));
  }
}

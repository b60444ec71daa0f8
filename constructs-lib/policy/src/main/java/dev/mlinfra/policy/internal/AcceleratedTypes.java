package dev.mlinfra.policy.internal;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Which instance types have an accelerator: a GPU, an AI chip or an FPGA. */
public final class AcceleratedTypes {
  /** What SageMaker writes before the names of EC2. */
  private static final String SAGEMAKER = "ml.";

  private static final Set<String> FAMILIES =
      DataFile.read(AcceleratedTypes.class, "accelerated-families.csv").stream()
          .map(row -> row.getField("family"))
          .collect(Collectors.toUnmodifiableSet());

  private AcceleratedTypes() {}

  /**
   * Whether an instance type has an accelerator.
   *
   * @param type such as {@code g5.2xlarge}, {@code ml.g5.2xlarge} of SageMaker, or a family alone,
   *     which Batch takes too
   */
  public static boolean is(String type) {
    String name = type.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith(SAGEMAKER)) {
      name = name.substring(SAGEMAKER.length());
    }
    int dot = name.indexOf('.');
    return FAMILIES.contains(dot < 0 ? name : name.substring(0, dot));
  }

  public static Set<String> families() {
    return FAMILIES;
  }
}

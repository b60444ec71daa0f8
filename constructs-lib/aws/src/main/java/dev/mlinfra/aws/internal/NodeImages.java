package dev.mlinfra.aws.internal;

import java.util.List;
import java.util.Optional;

/** The images of nodes by family; the table is {@code eks-accelerators.csv}. */
public final class NodeImages {
  private static final List<NodeImage> ALL =
      DataFile.read("eks-accelerators.csv").stream()
          .map(
              row ->
                  new NodeImage(
                      row.getField("family"),
                      text(row.getField("ami")),
                      row.getField("reason"),
                      row.getField("replacement")))
          .toList();

  /**
   * The image of a family.
   *
   * @param family such as {@code g5}
   * @param ami the AMI type of EKS; empty where it has none
   * @param reason why it has none, else empty
   * @param replacement the nearest family that has one, else empty
   */
  public record NodeImage(String family, Optional<String> ami, String reason, String replacement) {}

  private NodeImages() {}

  /** Every family with an accelerator. */
  public static List<NodeImage> all() {
    return ALL;
  }

  /** A family with an accelerator by its name. */
  static Optional<NodeImage> find(String family) {
    return ALL.stream().filter(it -> it.family().equals(family)).findFirst();
  }

  private static Optional<String> text(String field) {
    return Optional.of(field).filter(it -> !it.isEmpty());
  }
}

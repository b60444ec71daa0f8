package dev.mlinfra.aws.internal;

import dev.mlinfra.core.Problem;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The versions of Kubernetes that EKS has; the table is {@code kubernetes-versions.csv}. */
public final class KubernetesVersions {
  private static final int WARN_DAYS = 60;

  private static final List<Version> ALL =
      DataFile.read("kubernetes-versions.csv").stream()
          .map(
              row ->
                  new Version(
                      row.getField("version"),
                      LocalDate.parse(row.getField("released")),
                      LocalDate.parse(row.getField("standard_until")),
                      LocalDate.parse(row.getField("extended_until"))))
          .toList();

  /**
   * A version and its dates on EKS.
   *
   * @param name such as {@code 1.36}
   * @param released first day on EKS
   * @param standardUntil last day of standard support
   * @param extendedUntil last day of extended support
   */
  public record Version(
      String name, LocalDate released, LocalDate standardUntil, LocalDate extendedUntil) {}

  private KubernetesVersions() {}

  /** All versions, oldest first. */
  public static List<Version> all() {
    return ALL;
  }

  /** What is against a new cluster of a version, or against keeping one. */
  public static Optional<Problem> problem(String name, LocalDate today) {
    Optional<Version> version = find(name);
    if (version.isEmpty()) {
      return Optional.of(
          Problem.of(
              "version",
              "given '" + name + "'",
              "one of " + supported(today),
              "its dates of support are not known here"));
    }
    return version
        .filter(it -> today.isAfter(it.standardUntil()))
        .map(
            it ->
                Problem.of(
                    "version",
                    "given %s, whose standard support ended on %s"
                        .formatted(name, it.standardUntil()),
                    "one of " + supported(today),
                    "extended support costs 0.60 USD/h in place of 0.10; update one version at a"
                        + " time"));
  }

  /** What is said while standard support ends within 60 days. */
  public static Optional<String> warning(String name, LocalDate today) {
    return find(name)
        .filter(it -> !today.isAfter(it.standardUntil()))
        .filter(it -> ChronoUnit.DAYS.between(today, it.standardUntil()) <= WARN_DAYS)
        .map(
            it ->
                "standard support of Kubernetes %s ends on %s, and EKS updates the cluster then: set version to one of %s"
                    .formatted(
                        name, it.standardUntil(), supported(it.standardUntil().plusDays(1))));
  }

  private static Optional<Version> find(String name) {
    return ALL.stream().filter(it -> it.name().equals(name)).findFirst();
  }

  private static String supported(LocalDate today) {
    return ALL.stream()
        .filter(it -> !today.isAfter(it.standardUntil()))
        .map(Version::name)
        .collect(Collectors.joining(", "));
  }
}

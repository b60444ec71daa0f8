package dev.mlinfra.runpod;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How S3 clients reach a network volume: the bucket is the volume's id. The keys are made in
 * RunPod's console; there is no API for them. Objects above 500 MB go in parts.
 *
 * @param endpoint the address
 * @param region the region that signatures name
 */
public record S3Access(String endpoint, String region) {

  /** The data centers that have it, by RunPod's documentation of 2026-08-20. */
  private static final List<String> DATA_CENTERS =
      List.of(
          "EU-CZ-1",
          "EU-RO-1",
          "EUR-IS-1",
          "EUR-NO-1",
          "US-CA-2",
          "US-GA-2",
          "US-IL-1",
          "US-KS-2",
          "US-MD-1",
          "US-MO-1",
          "US-MO-2",
          "US-NC-1",
          "US-NC-2",
          "US-NE-1",
          "US-WA-1");

  /**
   * The access to volumes of a data center; empty where there is none.
   *
   * @param dataCenter such as {@code EU-RO-1}
   */
  public static Optional<S3Access> of(String dataCenter) {
    return DATA_CENTERS.contains(dataCenter)
        ? Optional.of(
            new S3Access(
                "https://s3api-" + dataCenter.toLowerCase(Locale.ROOT) + ".runpod.io/", dataCenter))
        : Optional.empty();
  }
}

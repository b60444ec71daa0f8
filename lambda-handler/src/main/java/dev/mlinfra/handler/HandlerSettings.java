package dev.mlinfra.handler;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the function's environment variables allow.
 *
 * @param allowedBuckets {@code MLINFRA_ALLOWED_BUCKETS}, comma separated: the only buckets that an
 *     event may name. Default: none, every event is refused.
 * @param outputPrefix {@code MLINFRA_OUTPUT_PREFIX}, ends with a slash: where output keys must lie.
 *     Default: {@code results/}
 * @param maxModelBytes {@code MLINFRA_MAX_MODEL_MB}, 1 to 2047: the largest model, here in bytes.
 *     Default: 512 MB
 * @param modelSha256 {@code MLINFRA_MODEL_SHA256}, comma separated checksums in hexadecimal: the
 *     only models that are loaded, here in lower case. Default: none, any model is
 * @param missingValues {@code MLINFRA_MISSING_VALUES}, {@code fail} or {@code nan}: what to do with
 *     empty feature cells. Default: {@code fail}
 */
public record HandlerSettings(
    Set<String> allowedBuckets,
    String outputPrefix,
    long maxModelBytes,
    Set<String> modelSha256,
    MissingValues missingValues) {

  /** The largest model in bytes, unless {@code MLINFRA_MAX_MODEL_MB} says otherwise: 512 MB. */
  public static final long DEFAULT_MAX_MODEL_BYTES = 512L << 20;

  /** A checksum in lower case. */
  static final String SHA256 = "[0-9a-f]{64}";

  private static final int MAX_MODEL_MB = 2047; // a Java array holds no more

  /** Copies the sets. */
  public HandlerSettings {
    modelSha256 = Set.copyOf(modelSha256);
    allowedBuckets = Set.copyOf(allowedBuckets);
  }

  /**
   * Reads the settings.
   *
   * @param environment environment variables
   * @throws PredictionException {@code CONFIG_INVALID}
   */
  public static HandlerSettings from(Map<String, String> environment) {
    return new HandlerSettings(
        items(environment.getOrDefault("MLINFRA_ALLOWED_BUCKETS", "")),
        outputPrefix(environment.getOrDefault("MLINFRA_OUTPUT_PREFIX", "results/")),
        maxModelBytes(environment.get("MLINFRA_MAX_MODEL_MB")),
        modelSha256(environment.getOrDefault("MLINFRA_MODEL_SHA256", "")),
        missingValues(environment.getOrDefault("MLINFRA_MISSING_VALUES", "fail")));
  }

  private static Set<String> items(String given) {
    return Arrays.stream(given.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .collect(Collectors.toSet());
  }

  private static String outputPrefix(String given) {
    // Without the slash, "results" would admit "results-of-others/".
    if (given.length() < 2 || !given.endsWith("/") || given.startsWith("/")) {
      throw invalid("MLINFRA_OUTPUT_PREFIX", given, "a prefix that ends with /, like results/");
    }
    return given;
  }

  private static long maxModelBytes(String given) {
    if (given == null) {
      return DEFAULT_MAX_MODEL_BYTES;
    }
    if (!given.matches("[0-9]{1,4}")
        || Integer.parseInt(given) < 1
        || Integer.parseInt(given) > MAX_MODEL_MB) {
      throw invalid("MLINFRA_MAX_MODEL_MB", given, "a whole number from 1 to " + MAX_MODEL_MB);
    }
    return (long) Integer.parseInt(given) << 20;
  }

  private static Set<String> modelSha256(String given) {
    Set<String> checksums = items(given.toLowerCase(Locale.ROOT));
    if (!checksums.stream().allMatch(checksum -> checksum.matches(SHA256))) {
      throw invalid(
          "MLINFRA_MODEL_SHA256", given, "checksums of 64 hexadecimal digits, with commas between");
    }
    return checksums;
  }

  private static MissingValues missingValues(String given) {
    return switch (given) {
      case "fail" -> MissingValues.FAIL;
      case "nan" -> MissingValues.NAN;
      default -> throw invalid("MLINFRA_MISSING_VALUES", given, "fail or nan");
    };
  }

  private static PredictionException invalid(String variable, String given, String allowed) {
    return new PredictionException(
        PredictionError.CONFIG_INVALID,
        "environment variable "
            + variable
            + " is '"
            + given
            + "'; allowed: "
            + allowed
            + ". Set it on the function");
  }
}

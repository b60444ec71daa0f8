package dev.mlinfra.handler;

import java.util.Map;

/**
 * What the function's environment variables say of runs over many objects or ranges.
 *
 * @param bucket {@code MLINFRA_RUN_BUCKET}: where everything is read and written
 * @param inputPrefix {@code MLINFRA_RUN_INPUT_PREFIX}, ends with a slash: where data must lie
 * @param outputPrefix {@code MLINFRA_RUN_OUTPUT_PREFIX}, ends with a slash: where outputs must lie
 * @param runsPrefix {@code MLINFRA_RUN_RUNS_PREFIX}, ends with a slash: where plans, what Step
 *     Functions wrote, and manifests lie; below the output prefix
 * @param maxItems {@code MLINFRA_RUN_MAX_ITEMS}: objects or ranges of one run at most
 * @param maxBytes {@code MLINFRA_RUN_MAX_BYTES}: bytes of data of one run at most
 * @param rangeBytes {@code MLINFRA_RUN_RANGE_BYTES}: size of a range of one object
 * @param usdPerItem {@code MLINFRA_RUN_USD_PER_ITEM}: what an item can cost at most
 * @param usdPerRun {@code MLINFRA_RUN_USD_FIXED}: what a run can cost at most without its items
 * @param maxUsd {@code MLINFRA_RUN_MAX_USD}: what a run may cost at most
 * @param arithmetic {@code MLINFRA_RUN_ARITHMETIC}: how the cost of an item comes about
 */
record RunSettings(
    String bucket,
    String inputPrefix,
    String outputPrefix,
    String runsPrefix,
    long maxItems,
    long maxBytes,
    long rangeBytes,
    double usdPerItem,
    double usdPerRun,
    double maxUsd,
    String arithmetic) {

  /**
   * Reads the settings.
   *
   * @throws PredictionException {@code CONFIG_INVALID}
   */
  static RunSettings from(Map<String, String> environment) {
    return new RunSettings(
        text(environment, "BUCKET"),
        prefix(environment, "INPUT_PREFIX"),
        prefix(environment, "OUTPUT_PREFIX"),
        prefix(environment, "RUNS_PREFIX"),
        whole(environment, "MAX_ITEMS"),
        whole(environment, "MAX_BYTES"),
        whole(environment, "RANGE_BYTES"),
        number(environment, "USD_PER_ITEM"),
        number(environment, "USD_FIXED"),
        number(environment, "MAX_USD"),
        text(environment, "ARITHMETIC"));
  }

  /** The folder of a run. */
  String folder(String run) {
    return runsPrefix + run + "/";
  }

  private static String text(Map<String, String> environment, String name) {
    String value = environment.get("MLINFRA_RUN_" + name);
    if (value == null || value.isBlank()) {
      throw invalid(name, "missing", "a text");
    }
    return value;
  }

  private static String prefix(Map<String, String> environment, String name) {
    String value = text(environment, name);
    if (!value.endsWith("/") || value.startsWith("/") || value.contains("//")) {
      throw invalid(name, "'" + value + "'", "a prefix that ends with /, like results/");
    }
    return value;
  }

  private static long whole(Map<String, String> environment, String name) {
    String value = text(environment, name);
    if (!value.matches("[1-9][0-9]{0,17}")) {
      throw invalid(name, "'" + value + "'", "a whole number from 1");
    }
    return Long.parseLong(value);
  }

  private static double number(Map<String, String> environment, String name) {
    String value = text(environment, name);
    if (!value.matches("[0-9]+(\\.[0-9]+)?([eE]-?[0-9]+)?")) {
      throw invalid(name, "'" + value + "'", "a number from 0");
    }
    return Double.parseDouble(value);
  }

  private static PredictionException invalid(String name, String given, String allowed) {
    return new PredictionException(
        PredictionError.CONFIG_INVALID,
        "environment variable MLINFRA_RUN_"
            + name
            + " is "
            + given
            + "; allowed: "
            + allowed
            + ". Set it on the function");
  }
}

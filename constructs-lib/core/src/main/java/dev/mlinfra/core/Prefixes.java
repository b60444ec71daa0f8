package dev.mlinfra.core;

import java.util.List;

/**
 * Names of the folders in the data bucket, without a slash at either end.
 *
 * @param datasets inputs of training and prediction; default {@code datasets}
 * @param models models that training wrote; default {@code models}
 * @param results predictions; default {@code results}
 * @param checkpoints unfinished training; default {@code checkpoints}
 */
public record Prefixes(String datasets, String models, String results, String checkpoints) {

  /** All four, in the order of the components. */
  public List<String> all() {
    return List.of(datasets, models, results, checkpoints);
  }
}

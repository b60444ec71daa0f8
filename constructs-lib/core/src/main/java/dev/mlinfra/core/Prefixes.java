package dev.mlinfra.core;

import java.util.List;
import java.util.Optional;

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

  /**
   * Says which folder lies in another, if one does: it would get the days and the rights of both.
   */
  public Optional<String> overlap() {
    List<String> all = all();
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        String first = all.get(i) + "/";
        String second = all.get(j) + "/";
        if (second.startsWith(first)) {
          return Optional.of("'" + all.get(j) + "' lies in '" + all.get(i) + "'");
        }
        if (first.startsWith(second)) {
          return Optional.of("'" + all.get(i) + "' lies in '" + all.get(j) + "'");
        }
      }
    }
    return Optional.empty();
  }
}

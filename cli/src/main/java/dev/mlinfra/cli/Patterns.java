package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.ValidationException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How environments are used, out of their files. */
final class Patterns {
  private Patterns() {}

  /**
   * The pattern of each environment that can be read.
   *
   * @param folder the folder of the environment files; none need be there
   * @param err is told of files that cannot be read
   */
  static Map<String, Pattern> of(Path folder, PrintWriter err) {
    Map<String, Pattern> patterns = new TreeMap<>();
    EnvironmentLoader loader = new EnvironmentLoader();
    for (Path file : files(loader, folder)) {
      try {
        Environment environment = loader.load(file);
        patterns.put(environment.name(), environment.pattern());
      } catch (ValidationException e) {
        err.println(
            "warning: "
                + file
                + " cannot be read, so its environment is checked as batch; see mlinfra validate");
      }
    }
    return patterns;
  }

  private static List<Path> files(EnvironmentLoader loader, Path folder) {
    try {
      return loader.list(folder);
    } catch (ValidationException noEnvironmentInIt) {
      return List.of();
    }
  }
}

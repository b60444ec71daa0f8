package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.Pattern;
import dev.mlinfra.core.ValidationException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The environments that a folder of files describes, by name. */
final class Environments {
  private Environments() {}

  /** The folder of the project that the command is part of; it need not be there. */
  static Path folder() {
    return Path.of(System.getProperty("mlinfra.root", ""), "environments");
  }

  /**
   * Every environment of a folder; none when there is no such folder or none in it.
   *
   * @throws ValidationException when one of them cannot be read
   */
  static Map<String, Environment> of(Path folder) {
    EnvironmentLoader loader = new EnvironmentLoader();
    Map<String, Environment> environments = new TreeMap<>();
    for (Path file : files(loader, folder)) {
      Environment environment = loader.load(file);
      environments.put(environment.name(), environment);
    }
    return environments;
  }

  /**
   * The pattern of each environment that can be read.
   *
   * @param err is told of files that cannot be read
   */
  static Map<String, Pattern> patterns(Path folder, PrintWriter err) {
    EnvironmentLoader loader = new EnvironmentLoader();
    Map<String, Pattern> patterns = new TreeMap<>();
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
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try {
      return loader.list(folder);
    } catch (ValidationException noEnvironmentInIt) {
      return List.of();
    }
  }
}

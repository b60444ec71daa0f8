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
import java.util.function.Function;

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
   * Every environment of a folder that can be read, by name.
   *
   * @param err is told of files that cannot be read
   */
  static Map<String, Environment> readable(Path folder, PrintWriter err) {
    EnvironmentLoader loader = new EnvironmentLoader();
    Map<String, Environment> environments = new TreeMap<>();
    for (Path file : files(loader, folder)) {
      try {
        Environment environment = loader.load(file);
        environments.put(environment.name(), environment);
      } catch (ValidationException e) {
        err.println(
            "warning: "
                + file
                + " cannot be read, so its environment is taken for batch with the defaults; see"
                + " mlinfra validate");
      }
    }
    return environments;
  }

  /** The pattern of each environment that can be read; see {@link #readable}. */
  static Map<String, Pattern> patterns(Path folder, PrintWriter err) {
    return values(readable(folder, err), Environment::pattern);
  }

  /** Something of each environment, by its name. */
  static <T> Map<String, T> values(
      Map<String, Environment> environments, Function<Environment, T> what) {
    Map<String, T> values = new TreeMap<>();
    environments.forEach((name, environment) -> values.put(name, what.apply(environment)));
    return values;
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

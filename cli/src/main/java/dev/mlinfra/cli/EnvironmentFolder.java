package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.ValidationException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What the files of a project say of its environments. */
final class EnvironmentFolder {
  private final List<Environment> environments;

  private EnvironmentFolder(List<Environment> environments) {
    this.environments = environments;
  }

  /**
   * Reads the project that the command is part of; templates are looked at outside of one too.
   *
   * @param err is told of files that cannot be read
   */
  static EnvironmentFolder ofProject(PrintWriter err) {
    return of(Path.of(System.getProperty("mlinfra.root", ""), "environments"), err);
  }

  /**
   * Reads every file that can be read.
   *
   * @param folder the folder of the environment files; none need be there
   * @param err is told of files that cannot be read
   */
  static EnvironmentFolder of(Path folder, PrintWriter err) {
    EnvironmentLoader loader = new EnvironmentLoader();
    List<Environment> environments = new ArrayList<>();
    for (Path file : files(loader, folder)) {
      try {
        environments.add(loader.load(file));
      } catch (ValidationException e) {
        err.println(
            "warning: "
                + file
                + " cannot be read, so its environment is taken for batch with the defaults; see"
                + " mlinfra validate");
      }
    }
    return new EnvironmentFolder(environments);
  }

  private static List<Path> files(EnvironmentLoader loader, Path folder) {
    try {
      return loader.list(folder);
    } catch (ValidationException noEnvironmentInIt) {
      return List.of();
    }
  }

  /** Something of each environment, by its name. */
  <T> Map<String, T> byName(Function<Environment, T> what) {
    Map<String, T> values = new TreeMap<>();
    environments.forEach(it -> values.put(it.name(), what.apply(it)));
    return values;
  }
}

package dev.mlinfra.core;

import dev.mlinfra.core.internal.EnvironmentFiles;
import dev.mlinfra.core.internal.NearestMatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Loads environment files.
 *
 * <p>A file starts with {@code schema: mlinfra/v1}; {@code extends: base.yaml} lays it over another
 * file (maps merge, lists and values replace). Ids may be written {@code ${env:NAME}}; secrets in
 * clear are refused.
 */
public final class EnvironmentLoader {
  private final Map<String, String> variables;

  /** A loader that resolves {@code ${env:NAME}} from the process's environment. */
  public EnvironmentLoader() {
    this(System.getenv());
  }

  /** A loader that resolves {@code ${env:NAME}} from a map. */
  public EnvironmentLoader(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /**
   * Loads one environment.
   *
   * @param file such as {@code environments/dev.yaml}
   * @return the environment, defaults filled in
   * @throws ValidationException with every problem of the file and of those it extends, each with
   *     its place, what was given, what is allowed and how to fix it
   */
  public Environment load(Path file) {
    return EnvironmentFiles.load(file, variables::get);
  }

  /**
   * The file of an environment.
   *
   * @param folder such as {@code environments}
   * @param name such as {@code dev}
   * @throws ValidationException when there is no such environment; names those that there are
   */
  public Path file(Path folder, String name) {
    List<Path> files = list(folder);
    return files.stream()
        .filter(file -> nameOf(file).equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = files.stream().map(EnvironmentLoader::nameOf).toList();
              return new ValidationException(
                  folder.toString(),
                  List.of(
                      Problem.of(
                          "",
                          "no environment '" + name + "'",
                          String.join(", ", names),
                          NearestMatch.question(name, names))));
            });
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
  }

  /**
   * The environment files of a folder: the YAML files that name an environment, sorted. A file
   * without {@code environment:} is a base of others and is checked through them.
   *
   * @param folder such as {@code environments}
   * @throws ValidationException when there is no such folder or no environment in it
   */
  public List<Path> list(Path folder) {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        entries
            .filter(file -> file.getFileName().toString().matches(".+\\.ya?ml"))
            .filter(EnvironmentFiles::namesAnEnvironment)
            .sorted()
            .forEach(files::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (files.isEmpty()) {
      throw new ValidationException(
          folder.toString(),
          List.of(
              Problem.of(
                  "",
                  "no environment file found",
                  "at least one .yaml file with an environment: line",
                  "run from the project's root, or name the file")));
    }
    return files;
  }
}

package dev.mlinfra.core.internal;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.core.internal.YamlValue.Kind;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import dev.mlinfra.core.internal.YamlValue.YamlScalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The steps from a file to an {@link Environment}. */
public final class EnvironmentFiles {
  private static final int LONGEST_CHAIN = 8;

  private EnvironmentFiles() {}

  /**
   * Loads an environment.
   *
   * @param file the file
   * @param variables gives the value of an environment variable, or null
   * @throws ValidationException with every problem
   */
  public static Environment load(Path file, UnaryOperator<String> variables) {
    List<Problem> problems = new ArrayList<>();
    Optional<YamlMap> read = readWithBases(file, label(file), new LinkedHashSet<>(), problems);
    if (read.isEmpty()) {
      throw new ValidationException(label(file), problems);
    }
    List<Problem> secrets = SecretScan.problems(read.get());
    YamlMap merged = EnvironmentVariables.resolve(read.get(), variables, problems);
    Set<Position> told =
        java.util.stream.Stream.concat(problems.stream(), secrets.stream())
            .flatMap(problem -> problem.at().stream())
            .collect(Collectors.toSet());
    problems.addAll(secrets);
    // A secret or a reference has been told of already, and the schema's word on it might show it.
    SchemaCheck.problems(merged).stream()
        .filter(problem -> !told.contains(problem.at().orElseThrow()))
        .forEach(problems::add);
    throwIfAny(file, problems);

    problems.addAll(CrossChecks.problems(file, merged));
    throwIfAny(file, problems);
    return EnvironmentMapper.map(merged);
  }

  /** Whether a file names an environment, and so is more than a base of others. */
  public static boolean namesAnEnvironment(Path file) {
    return YamlReader.read(file, label(file), new ArrayList<>())
        .map(map -> map.entries().containsKey("environment"))
        .orElse(true);
  }

  private static void throwIfAny(Path file, List<Problem> problems) {
    problems.sort(
        Comparator.comparing(
            (Problem problem) -> problem.at().orElseThrow(),
            Comparator.comparing(Position::file)
                .thenComparingInt(Position::line)
                .thenComparingInt(Position::column)));
    ValidationException.throwIfAny(label(file), problems);
  }

  /** Reads a file and lays it over the file that it extends. */
  private static Optional<YamlMap> readWithBases(
      Path file, String label, Set<Path> chain, List<Problem> problems) {
    chain.add(file.toAbsolutePath().normalize());
    Optional<YamlMap> read = YamlReader.read(file, label, problems);
    if (read.isEmpty() || !read.get().entries().containsKey("extends")) {
      return read;
    }
    YamlMap map = read.get();
    YamlValue base = map.entries().get("extends").value();
    if (!(base instanceof YamlScalar scalar)
        || scalar.kind() != Kind.TEXT
        || scalar.text().isBlank()) {
      // The schema check says so, at this place.
      return read;
    }
    Path baseFile;
    try {
      baseFile = file.resolveSibling(scalar.text());
    } catch (java.nio.file.InvalidPathException e) {
      problems.add(
          Problem.in(scalar.position(), "extends", "is not a file name", "a file name", ""));
      return Optional.empty();
    }
    Path baseKey = baseFile.toAbsolutePath().normalize();
    if (chain.contains(baseKey) || chain.size() > LONGEST_CHAIN) {
      String names =
          chain.stream()
              .map(Path::getFileName)
              .map(Path::toString)
              .collect(Collectors.joining(" -> "));
      problems.add(
          Problem.in(
              scalar.position(),
              "extends",
              chain.contains(baseKey)
                  ? "goes in a circle: " + names + " -> " + baseFile.getFileName()
                  : "goes on for more than " + LONGEST_CHAIN + " files",
              "a chain that ends",
              "remove one of the extends lines"));
      return Optional.empty();
    }
    if (!baseFile.toFile().isFile()) {
      problems.add(
          Problem.in(
              scalar.position(),
              "extends",
              "there is no file " + label(baseFile),
              "a file beside this one, such as base.yaml",
              "check the name"));
      return Optional.empty();
    }
    return readWithBases(baseFile, label(baseFile), chain, problems)
        .map(below -> below.mergedWith(map));
  }

  private static String label(Path file) {
    return file.normalize().toString();
  }
}

package dev.mlinfra.core.internal;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.core.internal.YamlValue.Kind;
import dev.mlinfra.core.internal.YamlValue.YamlMap;
import dev.mlinfra.core.internal.YamlValue.YamlScalar;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> secrets = new ArrayList<>();

  private EnvironmentFiles() {}

  /**
   * Loads an environment.
   *
   * @param file the file
   * @param variables gives the value of an environment variable, or null
   * @throws ValidationException with every problem
   */
  public static Environment load(Path file, UnaryOperator<String> variables) {
    EnvironmentFiles files = new EnvironmentFiles();
    Optional<YamlMap> read = files.readWithBases(file, label(file), new LinkedHashSet<>());
    List<Problem> problems = new ArrayList<>(files.problems);
    problems.addAll(files.secrets);
    if (read.isEmpty()) {
      throw new ValidationException(label(file), problems);
    }
    YamlMap merged = EnvironmentVariables.resolve(read.get(), variables, problems);
    Set<Position> told =
        problems.stream().flatMap(problem -> problem.at().stream()).collect(Collectors.toSet());
    boolean baseIsBroken = !files.problems.isEmpty();
    SchemaCheck.problems(merged).stream()
        // A secret has been told of already, and the schema's word on it might show it.
        .filter(problem -> !told.contains(problem.at().orElseThrow()))
        // What is missing may stand in a base that could not be read.
        .filter(problem -> !(baseIsBroken && problem.given().equals(SchemaCheck.MISSING)))
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

  /** Reads a file and lays it over the file that it extends; without that when it is broken. */
  private Optional<YamlMap> readWithBases(Path file, String label, Set<Path> chain) {
    chain.add(file.toAbsolutePath().normalize());
    Optional<YamlMap> read = YamlReader.read(file, label, problems);
    // Here and not after merging: a secret that a later file replaces has still been given away.
    read.ifPresent(map -> secrets.addAll(SecretScan.problems(map)));
    return read.flatMap(
        map ->
            baseOf(file, map, chain)
                .flatMap(base -> readWithBases(base, label(base), chain))
                .map(below -> below.mergedWith(map))
                .or(() -> read));
  }

  private Optional<Path> baseOf(Path file, YamlMap map, Set<Path> chain) {
    if (!map.entries().containsKey("extends")
        || !(map.entries().get("extends").value() instanceof YamlScalar scalar)
        || scalar.kind() != Kind.TEXT
        || scalar.text().isBlank()) {
      // Whatever else stands there, the schema check says so.
      return Optional.empty();
    }
    Path base;
    try {
      base = file.resolveSibling(scalar.text());
    } catch (InvalidPathException e) {
      return none(scalar, "is not a file name", "a file name", "");
    }
    if (chain.contains(base.toAbsolutePath().normalize())) {
      String names =
          chain.stream()
              .map(Path::getFileName)
              .map(Path::toString)
              .collect(Collectors.joining(" -> "));
      return none(
          scalar,
          "goes in a circle: " + names + " -> " + base.getFileName(),
          "a chain that ends",
          "remove one of the extends lines");
    }
    if (chain.size() > LONGEST_CHAIN) {
      return none(
          scalar,
          "goes on for more than " + LONGEST_CHAIN + " files",
          "a chain that ends",
          "remove one of the extends lines");
    }
    if (!Files.isRegularFile(base)) {
      return none(
          scalar,
          "there is no file " + label(base),
          "a file beside this one, such as base.yaml",
          "check the name");
    }
    return Optional.of(base);
  }

  private Optional<Path> none(YamlScalar at, String given, String allowed, String fix) {
    problems.add(Problem.in(at.position(), "extends", given, allowed, fix));
    return Optional.empty();
  }

  private static String label(Path file) {
    return file.normalize().toString();
  }
}

package dev.mlinfra.infra.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The program of a target.
 *
 * @param name of its module, such as {@code infra-runpod}
 * @param mainClass what is started
 * @param jars its own first
 */
record Program(String name, String mainClass, List<Path> jars) {
  private static final String PREFIX = "infra-";

  Program {
    jars = List.copyOf(jars);
  }

  /**
   * The program of the stack that the environment names.
   *
   * @param root the project's
   * @throws WrongStackException when there is none, or when it was not built
   */
  static Program of(Path root, Map<String, String> environment) throws IOException {
    String stack = environment.getOrDefault("PULUMI_STACK", "");
    int dash = stack.indexOf('-');
    List<String> targets = targets(root);
    if (dash < 1 || dash == stack.length() - 1) {
      throw new WrongStackException(
          "the stack '%s' is not called TARGET-ENVIRONMENT, such as runpod-dev; targets: %s"
              .formatted(stack, String.join(", ", targets)));
    }
    String target = stack.substring(0, dash);
    if (!targets.contains(target)) {
      throw new WrongStackException(
          "the stack '%s' has no target '%s'; targets: %s"
              .formatted(stack, target, String.join(", ", targets)));
    }
    String name = PREFIX + target;
    Path built = root.resolve(name).resolve("target");
    Path jar = built.resolve("mlinfra-" + name + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new WrongStackException(
          "%s is not built; run: mvn -B -pl %s -am package -Dmaven.test.skip=true"
              .formatted(name, name));
    }
    TreeSet<Path> libraries = new TreeSet<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(built.resolve("lib").toAbsolutePath(), "*.jar")) {
      found.forEach(libraries::add);
    }
    // Absolute and in order: an archive of classes belongs to one class path.
    List<Path> jars = new ArrayList<>(List.of(jar.toAbsolutePath()));
    jars.addAll(libraries);
    return new Program(name, "dev.mlinfra.infra." + target + ".Main", jars);
  }

  /** The targets of this project: modules beside this one that Pulumi deploys. */
  private static List<String> targets(Path root) throws IOException {
    TreeSet<String> targets = new TreeSet<>();
    try (DirectoryStream<Path> modules =
        Files.newDirectoryStream(root.toAbsolutePath(), PREFIX + "*")) {
      for (Path module : modules) {
        targets.add(module.getFileName().toString().substring(PREFIX.length()));
      }
    }
    // The CDK deploys the one; the other is this one.
    targets.removeAll(List.of("aws", "pulumi"));
    return List.copyOf(targets);
  }
}

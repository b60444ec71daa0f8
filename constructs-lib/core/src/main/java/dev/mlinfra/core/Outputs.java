package dev.mlinfra.core;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What deployed stacks gave out: the file that {@code cdk deploy --outputs-file} writes, at {@code
 * .mlinfra/outputs/<environment>/aws.json}.
 */
public final class Outputs {
  private final Environment environment;
  private final Path file;
  private final JsonNode stacks;

  private Outputs(Environment environment, Path file, JsonNode stacks) {
    this.environment = environment;
    this.file = file;
    this.stacks = stacks;
  }

  /**
   * Where the outputs of an environment's AWS stacks stand.
   *
   * @param folder usually {@code .mlinfra} in the project's root
   * @param environment such as {@code dev}
   */
  public static Path awsFile(Path folder, String environment) {
    return folder.resolve("outputs").resolve(environment).resolve("aws.json");
  }

  /**
   * Reads the outputs of an environment's AWS stacks.
   *
   * @param folder usually {@code .mlinfra} in the project's root
   * @param environment whose stacks they are
   * @throws ValidationException when the file is missing or cannot be read; says which deploy makes
   *     it
   */
  public static Outputs readAws(Path folder, Environment environment) {
    Path file = awsFile(folder, environment.name());
    if (!Files.isRegularFile(file)) {
      throw problem(file, "", "there is no such file", deployOf(environment, "*"));
    }
    try {
      return new Outputs(environment, file, JsonMapper.shared().readTree(file));
    } catch (JacksonException e) {
      throw problem(file, "", "is not JSON", deployOf(environment, "*"));
    }
  }

  /**
   * One output.
   *
   * @param stack such as {@code Data}
   * @param name such as {@code BucketName}
   * @throws ValidationException when it is missing; says which deploy makes it
   */
  public String get(String stack, String name) {
    JsonNode value = stacks.path(environment.stackName(stack)).path(name);
    if (!value.isString()) {
      throw problem(file, stack + "." + name, "is missing", deployOf(environment, stack));
    }
    return value.asString();
  }

  private static String deployOf(Environment environment, String stack) {
    return "npx cdk deploy '%s/%s' --outputs-file .mlinfra/outputs/%s/aws.json"
        .formatted(environment.name(), stack, environment.name());
  }

  private static ValidationException problem(Path file, String path, String given, String fix) {
    return new ValidationException(
        file.toString(), List.of(Problem.of(path, given, "what a deploy wrote", fix)));
  }
}

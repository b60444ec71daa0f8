package dev.mlinfra.core;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What deployed stacks gave out: the one way in which a target learns of another.
 *
 * <p>Each target's outputs stand in a file of their own, {@code
 * .mlinfra/outputs/<environment>/<target>.json}: for AWS the file that {@code cdk deploy
 * --outputs-file} writes, for the others what {@code pulumi stack output --json} prints. A value
 * that the environment file gives under {@code outputs:} wins, and then no file is needed.
 */
public final class Outputs {
  /** What Pulumi prints in place of a secret. */
  private static final String PULUMI_SECRET = "[secret]";

  private final Path folder;
  private final Environment environment;
  private final Map<Target, JsonNode> read = new EnumMap<>(Target.class);

  private Outputs(Path folder, Environment environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * The outputs of an environment. Files are read when a value of theirs is asked for.
   *
   * @param folder usually {@code .mlinfra} in the project's root
   * @param environment whose outputs they are
   */
  public static Outputs of(Path folder, Environment environment) {
    return new Outputs(folder, environment);
  }

  /**
   * Where the outputs of an environment stand.
   *
   * @param folder usually {@code .mlinfra} in the project's root
   * @param environment such as {@code dev}
   * @param target what was deployed to
   * @return such as {@code .mlinfra/outputs/dev/aws.json}
   */
  public static Path file(Path folder, String environment, Target target) {
    return folder.resolve("outputs").resolve(environment).resolve(target.word() + ".json");
  }

  /**
   * The SSM parameter that holds an output for programs that have no outputs file.
   *
   * @param project such as {@code ml-agent}; two projects may share an account
   * @param environment such as {@code dev}
   * @param target what was deployed to
   * @param name such as {@code Data.BucketName}
   * @return such as {@code /mlinfra/ml-agent/dev/aws/Data/BucketName}
   */
  public static String parameterName(
      String project, String environment, Target target, String name) {
    return "/mlinfra/%s/%s/%s/%s"
        .formatted(project, environment, target.word(), name.replace('.', '/'));
  }

  /**
   * One output.
   *
   * @param target what was deployed to
   * @param name on AWS stack and name, such as {@code Data.BucketName}; elsewhere the name alone
   * @throws ValidationException when it is missing, is a secret, or its file cannot be read; says
   *     which deploy makes it
   */
  public String get(Target target, String name) {
    String given = environment.outputs().getOrDefault(target, Map.of()).get(name);
    return given != null ? given : deployed(target, name);
  }

  private String deployed(Target target, String name) {
    JsonNode outputs = read.computeIfAbsent(target, this::read);
    int dot = name.indexOf('.');
    JsonNode value =
        target != Target.AWS || dot < 0
            ? outputs.path(name)
            : outputs
                .path(environment.stackName(name.substring(0, dot)))
                .path(name.substring(dot + 1));
    if (value.isMissingNode() || value.isNull()) {
      throw problem(target, name, "is missing", deployOf(target, name));
    }
    if (value.isString() && value.asString().equals(PULUMI_SECRET)) {
      throw problem(
          target, name, "is a secret", "read it from Pulumi's own state, which encrypts it");
    }
    return value.isValueNode() ? value.asString() : value.toString();
  }

  private JsonNode read(Target target) {
    Path file = file(folder, environment.name(), target);
    if (!Files.isRegularFile(file)) {
      throw problem(target, "", "there is no such file", deployOf(target, ""));
    }
    try {
      return JsonMapper.shared().readTree(file);
    } catch (JacksonException e) {
      throw problem(target, "", "is not JSON", deployOf(target, ""));
    }
  }

  private String deployOf(Target target, String name) {
    String file = ".mlinfra/outputs/%s/%s.json".formatted(environment.name(), target.word());
    if (target == Target.AWS) {
      int dot = name.indexOf('.');
      String stack = dot < 0 ? "*" : name.substring(0, dot);
      return "npx cdk deploy '%s/%s' --outputs-file %s".formatted(environment.name(), stack, file);
    }
    String stack = target.word() + "-" + environment.name();
    return "pulumi up -s %s, then pulumi stack output -s %s --json > %s"
        .formatted(stack, stack, file);
  }

  private ValidationException problem(Target target, String path, String given, String fix) {
    return new ValidationException(
        file(folder, environment.name(), target).toString(),
        List.of(Problem.of(path, given, "what a deploy wrote", fix)));
  }
}

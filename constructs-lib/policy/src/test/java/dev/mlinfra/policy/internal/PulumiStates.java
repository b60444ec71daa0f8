package dev.mlinfra.policy.internal;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes down graphs of Pulumi for tests; a resource is called by its name in what they expect. */
public final class PulumiStates {
  /** What only the deployment knows. */
  public static final String UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  /** What Pulumi keeps as a secret. */
  public static final String SECRET =
      "{4dabf18193072939515e22adb298388d: 1b47061264138c4ac30d75fd1eb44270}";

  private PulumiStates() {}

  /** A graph of some resources. */
  public static Model of(String... resources) {
    return Models.parse(
        "state.yaml",
        Stream.of(resources)
            .collect(Collectors.joining(", ", "{deployment: {resources: [", "]}}")));
  }

  /**
   * One resource.
   *
   * @param type such as {@code gcp:storage/bucket:Bucket}
   * @param name its name in the program
   * @param inputs its inputs in YAML of one line, without the outer braces
   */
  public static String resource(String type, String name, String inputs) {
    return resource(type, name, inputs, "");
  }

  /** One resource with more beside its inputs, such as {@code external: true}. */
  public static String resource(String type, String name, String inputs, String more) {
    return "{urn: '"
        + urn(type, name)
        + "', type: '"
        + type
        + "', custom: true, inputs: {"
        + inputs
        + "}"
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  /** The URN of a resource. */
  public static String urn(String type, String name) {
    return "urn:pulumi:test::project::" + type + "::" + name;
  }
}

package dev.mlinfra.aws;

import dev.mlinfra.core.Problem;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.Acknowledgement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awscdk.CfnResource;
import software.constructs.IConstruct;

/** Says in code that a finding stays, and why. */
public final class Acknowledge {
  private static final Pattern RULE = Pattern.compile("mlinfra::[a-z]+\\.[a-z0-9-]+");

  private Acknowledge() {}

  /**
   * Acknowledges the findings of a rule at everything below a scope. It stands in the templates
   * afterwards, in the metadata of each resource below the scope, so {@code mlinfra check} sees it
   * as well. Call it when the resources are made.
   *
   * @param scope a construct, a stack or a stage
   * @param rule id of the rule, such as {@code mlinfra::money.log-retention}
   * @param reason why the finding stays; at least 20 characters
   * @throws ValidationException when rule or reason are not such, or nothing is below the scope yet
   */
  public static void on(IConstruct scope, String rule, String reason) {
    String path = scope.getNode().getPath();
    List<Problem> problems = new ArrayList<>();
    if (!RULE.matcher(rule).matches()) {
      problems.add(
          Problem.of(
              "rule",
              "given '" + rule + "'",
              "the id of a rule, mlinfra::family.rule",
              "take it from the finding"));
    }
    int length = reason.strip().length();
    if (length < Acknowledgement.SHORTEST_REASON) {
      problems.add(
          Problem.of(
              "reason",
              "given " + length + " characters",
              "at least " + Acknowledgement.SHORTEST_REASON,
              "say why the finding may stay"));
    }
    List<CfnResource> resources =
        scope.getNode().findAll().stream()
            .filter(CfnResource.class::isInstance)
            .map(CfnResource.class::cast)
            .toList();
    if (resources.isEmpty()) {
      problems.add(
          Problem.of(
              "scope",
              "has no resource",
              "a construct with at least one",
              "call it after the resources are made"));
    }
    ValidationException.throwIfAny("Acknowledge on '" + path + "'", problems);
    // On each and not on one alone: the CDK leaves some resources out when it synthesises.
    Map<String, String> entry =
        Map.of("rule", rule, "scope", path.isEmpty() ? "*" : path, "reason", reason);
    resources.forEach(resource -> add(resource, entry));
  }

  private static void add(CfnResource resource, Map<String, String> entry) {
    List<Object> entries = new ArrayList<>();
    if (resource.getMetadata(Acknowledgement.METADATA) instanceof List<?> before) {
      entries.addAll(before);
    }
    entries.add(entry);
    resource.addMetadata(Acknowledgement.METADATA, entries);
  }
}

package dev.mlinfra.policy;

import dev.mlinfra.core.Position;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.SourceLine;
import java.util.Optional;

/**
 * One place that does not satisfy a rule, or of which that cannot be decided.
 *
 * @param rule id of the rule, such as {@code mlinfra::iam.action-star}; the same in every version
 * @param severity how much it weighs
 * @param where how to name the resource to a person: its construct path where there is one, else
 *     its id; for a finding about a whole stack or model, that
 * @param resource the resource; empty when no single one is meant
 * @param type type of the resource, such as {@code AWS::IAM::Policy}; empty without a resource
 * @param at path of the property, such as {@code PolicyDocument.Statement[0].Action}; empty when
 *     the resource as a whole is meant
 * @param given what stands there; never a secret; empty when nothing does
 * @param problem what is wrong with it, or why it cannot be decided; one sentence
 * @param fix what to do; one sentence
 * @param source the line of the program that made the resource, when the synthesis recorded it: the
 *     innermost one outside of {@code dev.mlinfra.aws}, if there is one
 * @param position where the resource stands in its file, when known
 */
public record Finding(
    String rule,
    Severity severity,
    String where,
    Optional<ResourceId> resource,
    String type,
    String at,
    String given,
    String problem,
    String fix,
    Optional<SourceLine> source,
    Optional<Position> position) {

  /** Whether the rule is certainly broken. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** One line: rule, place, what is wrong, what to do. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(rule).append(": ").append(where);
    if (!at.isEmpty()) {
      text.append(": ").append(at);
    }
    text.append(": ").append(problem);
    if (!given.isEmpty()) {
      text.append("; given: ").append(given);
    }
    if (!fix.isEmpty()) {
      text.append("; fix: ").append(fix);
    }
    source.ifPresent(line -> text.append(" at ").append(line));
    return text.toString();
  }
}

package dev.mlinfra.policy;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.internal.Acknowledging;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Rules;
import dev.mlinfra.template.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks what was synthesised against every rule. Immutable, and safe to use from several threads.
 *
 * <p>Exceptions stand in the template itself, in the {@code Metadata} of a resource (see {@link
 * Acknowledgement}), or are given here.
 */
public final class Gate {
  private final Map<String, Pattern> patterns;
  private final List<Acknowledgement> acknowledgements;

  private Gate(Map<String, Pattern> patterns, List<Acknowledgement> acknowledgements) {
    this.patterns = Map.copyOf(patterns);
    this.acknowledgements = List.copyOf(acknowledgements);
  }

  /** A gate that takes every stack for the batch pattern, and acknowledges nothing by itself. */
  public static Gate standard() {
    return new Gate(Map.of(), List.of());
  }

  /**
   * The same, knowing how an environment is used: what waits for users may idle.
   *
   * @param patterns by the first part of a stack's id, such as {@code prod} of {@code prod/Data};
   *     for a stack of Pulumi, {@code project/gcp-prod}, by its name {@code gcp-prod} or, when that
   *     is not named, by what follows its first {@code -}: {@code prod}. What is not named is
   *     {@link Pattern#BATCH}
   */
  public Gate withPatterns(Map<String, Pattern> patterns) {
    return new Gate(patterns, acknowledgements);
  }

  /** The same, with these acknowledgements besides those in the templates. */
  public Gate acknowledging(List<Acknowledgement> more) {
    List<Acknowledgement> all = new ArrayList<>(acknowledgements);
    all.addAll(more);
    return new Gate(patterns, all);
  }

  /** Checks a model. */
  public Report check(Model model) {
    Inspection inspection = new Inspection(model, patterns);
    Outcomes outcomes = new Outcomes();
    for (Rule rule : Rules.ALL) {
      rule.check(inspection, outcomes.of(rule));
    }
    return Acknowledging.report(model, outcomes, acknowledgements);
  }
}

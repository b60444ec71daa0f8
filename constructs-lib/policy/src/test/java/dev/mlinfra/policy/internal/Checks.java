package dev.mlinfra.policy.internal;

import dev.mlinfra.core.Pattern;
import dev.mlinfra.policy.internal.Outcomes.Outcome;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Map;

/** Runs one rule over a template that a test writes down. */
public final class Checks {
  private Checks() {}

  /** What a rule says of a template in YAML, line by line. */
  public static List<String> of(Rule rule, String... yaml) {
    return of(rule, Models.parse("test.yaml", String.join("\n", yaml)));
  }

  /** What a rule says of a model: {@code VERDICT resource at: problem}. */
  public static List<String> of(Rule rule, Model model) {
    return of(rule, model, Map.of());
  }

  /** The same, with patterns by environment. */
  public static List<String> of(Rule rule, Model model, Map<String, Pattern> patterns) {
    Outcomes outcomes = new Outcomes();
    rule.check(new Inspection(model, patterns), outcomes.of(rule));
    return outcomes.all().stream().map(Checks::line).toList();
  }

  /** What a rule tells to do about each place of a model that is not compliant. */
  public static List<String> fixes(Rule rule, Model model) {
    Outcomes outcomes = new Outcomes();
    rule.check(new Inspection(model, Map.of()), outcomes.of(rule));
    return outcomes.all().stream().map(Outcome::fix).filter(it -> !it.isEmpty()).toList();
  }

  private static String line(Outcome outcome) {
    String place = outcome.resource().map(Checks::name).orElse(outcome.where());
    String at = outcome.at().isEmpty() ? "" : " " + outcome.at();
    String problem = outcome.problem().isEmpty() ? "" : ": " + outcome.problem();
    return outcome.verdict() + " " + place + at + problem;
  }

  /** A URN would make every line of a graph of Pulumi start alike. */
  private static String name(Resource resource) {
    String name = resource.id().name();
    return name.startsWith("urn:") ? resource.label() : name;
  }
}

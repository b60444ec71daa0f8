package dev.mlinfra.policy.internal;

import dev.mlinfra.policy.Acknowledgement;
import dev.mlinfra.policy.Finding;
import dev.mlinfra.policy.Report;
import dev.mlinfra.policy.Report.Acknowledged;
import dev.mlinfra.policy.Report.RuleDescription;
import dev.mlinfra.policy.Severity;
import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Outcomes.Outcome;
import dev.mlinfra.policy.internal.iam.IamFacts;
import dev.mlinfra.template.Gap;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns what the rules say into a report: findings, and those that an acknowledgement covers. */
public final class Acknowledging {
  private static final RuleDescription GAP =
      new RuleDescription(
          "mlinfra::gate.not-read", "Everything that is deployed can be read from the template.");
  private static final RuleDescription UNMATCHED =
      new RuleDescription(
          "mlinfra::gate.acknowledgement",
          "Every acknowledgement names a rule, has a reason and covers a finding.");

  private Acknowledging() {}

  /** The report of what the rules said of a model. */
  public static Report report(Model model, Outcomes outcomes, List<Acknowledgement> given) {
    List<Acknowledgement> acknowledgements =
        Stream.concat(given.stream(), ofTemplates(model).stream()).distinct().toList();
    List<RuleDescription> rules = descriptions();
    List<Finding> findings = new ArrayList<>();
    List<Acknowledged> acknowledged = new ArrayList<>();
    Set<Acknowledgement> used = new HashSet<>();
    List<Acknowledgement> valid =
        acknowledgements.stream().filter(it -> fault(it, rules).isEmpty()).toList();
    Stream.concat(
            outcomes.all().stream()
                .filter(it -> it.verdict() != Verdict.COMPLIANT)
                .map(Acknowledging::finding),
            model.gaps().stream().map(Acknowledging::finding))
        .distinct()
        .forEach(
            finding -> {
              List<Acknowledgement> covering =
                  valid.stream().filter(it -> it.covers(finding)).toList();
              used.addAll(covering);
              if (covering.isEmpty()) {
                findings.add(finding);
              } else {
                acknowledged.add(new Acknowledged(finding, covering.get(0)));
              }
            });
    for (Acknowledgement each : acknowledgements) {
      Optional<String> fault = fault(each, rules);
      if (fault.isPresent() || !used.contains(each)) {
        findings.add(unmatched(each, fault.orElse("covers no finding")));
      }
    }
    findings.sort(Comparator.comparing(Finding::severity));
    int undecided =
        (int) outcomes.all().stream().filter(it -> it.verdict() == Verdict.UNDECIDED).count();
    return new Report(
        findings, acknowledged, rules, outcomes.all().size(), undecided, IamFacts.date());
  }

  private static List<RuleDescription> descriptions() {
    return Stream.concat(
            Rules.ALL.stream().map(rule -> new RuleDescription(rule.id(), rule.requirement())),
            Stream.of(GAP, UNMATCHED))
        .toList();
  }

  private static Finding finding(Outcome outcome) {
    Optional<Resource> resource = outcome.resource();
    return new Finding(
        outcome.rule().id(),
        outcome.verdict() == Verdict.VIOLATED ? Severity.ERROR : Severity.WARNING,
        resource.map(Resource::label).orElse(outcome.where()),
        resource.map(Resource::id),
        resource.map(Resource::type).orElse(""),
        outcome.at(),
        outcome.given(),
        outcome.problem(),
        outcome.fix(),
        resource.flatMap(Resource::userSource),
        resource.flatMap(Resource::position));
  }

  private static Finding finding(Gap gap) {
    return whole(
        GAP.id(), Severity.WARNING, gap.where(), gap.what(), "check what it makes in another way");
  }

  private static Finding unmatched(Acknowledgement acknowledgement, String fault) {
    return whole(
        UNMATCHED.id(),
        Severity.ERROR,
        acknowledgement.scope(),
        "the acknowledgement of " + acknowledgement.rule() + " " + fault,
        "correct it or take it out");
  }

  private static Finding whole(
      String rule, Severity severity, String where, String problem, String fix) {
    return new Finding(
        rule,
        severity,
        where,
        Optional.<ResourceId>empty(),
        "",
        "",
        "",
        problem,
        fix,
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<String> fault(Acknowledgement given, List<RuleDescription> rules) {
    Set<String> ids = rules.stream().map(RuleDescription::id).collect(Collectors.toSet());
    if (!ids.contains(given.rule())) {
      return Optional.of("names no rule of the gate");
    }
    return given.reason().strip().length() < Acknowledgement.SHORTEST_REASON
        ? Optional.of(
            "has a reason of fewer than " + Acknowledgement.SHORTEST_REASON + " characters")
        : Optional.empty();
  }

  /** The acknowledgements that the templates hold themselves; one is often on many resources. */
  private static Set<Acknowledgement> ofTemplates(Model model) {
    Set<Acknowledgement> found = new LinkedHashSet<>();
    for (Resource resource : model.resources()) {
      for (Value each :
          resource.attribute("Metadata").entry(Acknowledgement.METADATA).oneOrMany()) {
        found.add(
            new Acknowledgement(
                each.entry("rule").asText().orElse(""),
                each.entry("scope").asText().orElse(resource.label()),
                each.entry("reason").asText().orElse("")));
      }
    }
    return found;
  }
}

package dev.mlinfra.policy;

import java.util.List;

/**
 * What the gate found in one model.
 *
 * @param findings what is left, errors first, then in the order of the model
 * @param acknowledged what an acknowledgement covers
 * @param rules every rule that was asked, in the order of the families
 * @param places how many places the rules looked at
 * @param undecided how many of them could not be decided, acknowledged or not
 */
public record Report(
    List<Finding> findings,
    List<Acknowledged> acknowledged,
    List<RuleDescription> rules,
    int places,
    int undecided) {

  /**
   * A finding that stays, and why.
   *
   * @param finding the finding
   * @param acknowledgement what covers it
   */
  public record Acknowledged(Finding finding, Acknowledgement acknowledgement) {}

  /**
   * A rule, for those who read findings.
   *
   * @param id such as {@code mlinfra::iam.action-star}
   * @param requirement what must hold, one sentence
   */
  public record RuleDescription(String id, String requirement) {}

  public Report {
    findings = List.copyOf(findings);
    acknowledged = List.copyOf(acknowledged);
    rules = List.copyOf(rules);
  }

  /** The findings that are certainly wrong. */
  public List<Finding> errors() {
    return findings.stream().filter(Finding::isError).toList();
  }

  /** The findings that cannot be decided. */
  public List<Finding> warnings() {
    return findings.stream().filter(finding -> !finding.isError()).toList();
  }
}

package dev.mlinfra.policy;

import dev.mlinfra.policy.internal.iam.IamFacts;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;

/**
 * What the gate found in one model.
 *
 * @param findings what is left, errors first, then in the order of the model
 * @param acknowledged what an acknowledgement covers
 * @param rules every rule that was asked, in the order of the families
 * @param places how many places the rules looked at
 * @param undecided how many of them could not be decided, acknowledged or not
 * @param iamFacts up to which day the actions of IAM are known
 */
public record Report(
    List<Finding> findings,
    List<Acknowledged> acknowledged,
    List<RuleDescription> rules,
    int places,
    int undecided,
    LocalDate iamFacts) {

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

  /**
   * One report of several models.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Report of(List<Report> reports) {
    if (reports.isEmpty()) {
      throw new IllegalArgumentException("no report");
    }
    return new Report(
        reports.stream()
            .flatMap(report -> report.findings().stream())
            .sorted(Comparator.comparing(Finding::severity))
            .toList(),
        reports.stream().flatMap(report -> report.acknowledged().stream()).toList(),
        reports.get(0).rules(),
        reports.stream().mapToInt(Report::places).sum(),
        reports.stream().mapToInt(Report::undecided).sum(),
        IamFacts.date());
  }

  /** The findings that are certainly wrong. */
  public List<Finding> errors() {
    return findings.stream().filter(Finding::isError).toList();
  }

  /** The findings that cannot be decided. */
  public List<Finding> warnings() {
    return findings.stream().filter(finding -> !finding.isError()).toList();
  }

  /**
   * What it counts: {@code 2 errors, 1 not decided, 3 acknowledged; 41 places checked, IAM's
   * actions as of 2026-09-26}.
   */
  public String counts() {
    return "%s, %s not decided, %s acknowledged; %s checked, IAM's actions as of %s"
        .formatted(
            count(errors().size(), "error"),
            warnings().size(),
            acknowledged.size(),
            count(places, "place"),
            iamFacts);
  }

  private static String count(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}

package dev.mlinfra.policy;

import dev.mlinfra.policy.Report.Acknowledged;
import dev.mlinfra.template.SafeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report for a terminal or a log: resource by resource, what is wrong first, without colours. */
public final class ReportText {
  private static final String INDENT = "           ";

  private ReportText() {}

  /**
   * The report in lines. The last one counts: {@link Report#counts()}. Control characters of
   * templates are written as {@code \u001b}.
   */
  public static String of(Report report) {
    List<String> lines = new ArrayList<>();
    byPlace(report.findings()).forEach((where, findings) -> place(where, findings, lines));
    if (!report.acknowledged().isEmpty()) {
      lines.add("Acknowledged:");
      counted(report.acknowledged())
          .forEach(
              (acknowledgement, count) ->
                  lines.add(
                      "  %s in %s (%s): %s"
                          .formatted(
                              SafeText.printable(acknowledgement.rule()),
                              SafeText.printable(acknowledgement.scope()),
                              count == 1 ? "1 finding" : count + " findings",
                              SafeText.printable(acknowledgement.reason()))));
      lines.add("");
    }
    lines.add(report.counts());
    return String.join("\n", lines) + "\n";
  }

  /** Acknowledgements in use, and how many findings each covers. */
  static Map<Acknowledgement, Integer> counted(List<Acknowledged> acknowledged) {
    Map<Acknowledgement, Integer> counts = new LinkedHashMap<>();
    acknowledged.forEach(each -> counts.merge(each.acknowledgement(), 1, Integer::sum));
    return counts;
  }

  private static Map<String, List<Finding>> byPlace(List<Finding> findings) {
    Map<String, List<Finding>> places = new LinkedHashMap<>();
    findings.forEach(
        finding -> places.computeIfAbsent(finding.where(), it -> new ArrayList<>()).add(finding));
    return places;
  }

  private static void place(String where, List<Finding> findings, List<String> lines) {
    Finding first = findings.get(0);
    StringBuilder title = new StringBuilder(SafeText.printable(where));
    if (!first.type().isEmpty()) {
      title.append(" (").append(SafeText.printable(first.type())).append(')');
    }
    first
        .position()
        .ifPresent(at -> title.append(" at ").append(SafeText.printable(at.toString())));
    lines.add(title.toString());
    first.source().ifPresent(line -> lines.add("  made by " + SafeText.printable(line.toString())));
    for (Finding finding : findings) {
      lines.add((finding.isError() ? "  error    " : "  warning  ") + finding.rule());
      String at = finding.at().isEmpty() ? "" : finding.at() + ": ";
      lines.add(INDENT + SafeText.printable(at + finding.problem()));
      if (!finding.given().isEmpty()) {
        lines.add(INDENT + "given: " + SafeText.printable(finding.given()));
      }
      if (!finding.fix().isEmpty()) {
        lines.add(INDENT + "fix: " + SafeText.printable(finding.fix()));
      }
    }
    lines.add("");
  }
}

package dev.mlinfra.policy;

import dev.mlinfra.template.SafeText;
import java.util.List;
import java.util.function.Function;

/**
 * A report for a comment on a pull request: a table of what is left and one of what is
 * acknowledged. What templates hold is shown as it stands and never taken for Markdown or HTML.
 */
public final class ReportMarkdown {
  /** GitHub takes 65,536 characters in a comment; others must find room beside this. */
  public static final int MOST_CHARACTERS = 60_000;

  /** Room for the last lines, whatever they count. */
  private static final int RESERVE = 1_000;

  /** Of the room, what the second table may leave none of. */
  private static final double SHARE_OF_FINDINGS = 0.8;

  private ReportMarkdown() {}

  /** The report, at most {@value #MOST_CHARACTERS} characters; what has no room is counted. */
  public static String of(Report report) {
    StringBuilder text = new StringBuilder();
    text.append("**").append(report.counts()).append("**\n");
    int room = MOST_CHARACTERS - RESERVE;
    if (!report.findings().isEmpty()) {
      text.append("\n| | resource | problem | fix |\n|---|---|---|---|\n");
      append(report.findings(), ReportMarkdown::row, (int) (room * SHARE_OF_FINDINGS), text);
    }
    if (!report.acknowledged().isEmpty()) {
      text.append("\n<details><summary>Acknowledged</summary>\n\n");
      text.append("| rule | in | findings | reason |\n|---|---|---|---|\n");
      append(
          List.copyOf(ReportText.counted(report.acknowledged()).entrySet()),
          it -> row(it.getKey(), it.getValue()),
          room,
          text);
      text.append("\n</details>\n");
    }
    return text.toString();
  }

  /** Makes no row that has no room: a report can have very many. */
  private static <T> void append(
      List<T> all, Function<T, String> row, int room, StringBuilder text) {
    for (int i = 0; i < all.size(); i++) {
      String next = row.apply(all.get(i));
      if (text.length() + next.length() > room) {
        text.append("\nand ").append(all.size() - i).append(" more\n");
        return;
      }
      text.append(next);
    }
  }

  private static String row(Acknowledgement acknowledgement, int findings) {
    return "| %s | %s | %s | %s |\n"
        .formatted(
            SafeText.markdownCode(acknowledgement.rule()),
            SafeText.markdownCode(acknowledgement.scope()),
            findings,
            SafeText.markdownProse(acknowledgement.reason()));
  }

  private static String row(Finding finding) {
    StringBuilder problem = new StringBuilder(SafeText.markdownCode(finding.rule())).append("<br>");
    if (!finding.at().isEmpty()) {
      problem.append(SafeText.markdownCode(finding.at())).append(": ");
    }
    problem.append(SafeText.markdownProse(finding.problem()));
    if (!finding.given().isEmpty()) {
      problem.append("; given ").append(SafeText.markdownCode(finding.given()));
    }
    StringBuilder resource = new StringBuilder(SafeText.markdownCode(finding.where()));
    finding
        .source()
        .ifPresent(
            line ->
                resource
                    .append("<br>")
                    .append(SafeText.markdownCode(line.file() + ":" + line.line())));
    return "| %s | %s | %s | %s |\n"
        .formatted(
            finding.isError() ? "error" : "warning",
            resource,
            problem,
            SafeText.markdownProse(finding.fix()));
  }
}

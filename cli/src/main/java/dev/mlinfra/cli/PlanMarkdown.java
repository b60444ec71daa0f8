package dev.mlinfra.cli;

import static dev.mlinfra.template.SafeText.markdownCode;
import static dev.mlinfra.template.SafeText.markdownProse;

import dev.mlinfra.cost.CostMarkdown;
import dev.mlinfra.cost.EgressChoice;
import dev.mlinfra.policy.ReportMarkdown;
import java.util.List;

/** Plans for a document or a comment. What templates hold is never taken for Markdown or HTML. */
final class PlanMarkdown {
  private static final int LONGEST_SENTENCE = 1_000;

  private PlanMarkdown() {}

  static String of(List<Plan> plans) {
    StringBuilder text = new StringBuilder();
    for (Plan plan : plans) {
      if (!text.isEmpty()) {
        text.append('\n');
      }
      plan(plan, text);
    }
    return text.toString();
  }

  private static String row(EgressChoice choice) {
    return "| %s | %s | %s | %s |\n"
        .formatted(
            markdownCode(choice.egress()),
            choice.estimate().expected(),
            choice.estimate().worst(),
            choice.chosen() ? "chosen" : "");
  }

  private static void plan(Plan plan, StringBuilder text) {
    text.append("## ").append(markdownProse(plan.environment())).append("\n\n### Cost\n\n");
    text.append(CostMarkdown.of(List.of(plan.cost())));
    if (!plan.egress().isEmpty()) {
      text.append("\n### With another way out of its network\n\n");
      text.append("| egress | USD a month expected | at most | |\n|---|---|---|---|\n");
      plan.egress().forEach(choice -> text.append(row(choice)));
    }
    text.append("\n### Resources\n\n| type | count |\n|---|---|\n");
    plan.resources()
        .forEach(
            (type, count) -> text.append("| %s | %s |\n".formatted(markdownCode(type), count)));
    text.append("\n### Permissions\n\n");
    plan.permissions()
        .forEach(
            subject -> {
              text.append("- ").append(markdownCode(subject.name())).append('\n');
              subject
                  .sentences()
                  .forEach(
                      sentence ->
                          text.append("  - ")
                              .append(markdownProse(sentence, LONGEST_SENTENCE))
                              .append('\n'));
            });
    text.append("\n### Rules\n\n").append(ReportMarkdown.of(plan.verdict()));
    text.append("\n### Not proven here\n\n");
    plan.notProven()
        .forEach(
            one ->
                text.append("- ")
                    .append(markdownProse(one.what()))
                    .append(": ")
                    .append(markdownProse(one.why()))
                    .append('\n'));
  }
}

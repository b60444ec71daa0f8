package dev.mlinfra.cli;

import dev.mlinfra.cost.LimitResult;
import dev.mlinfra.policy.PermissionWords;
import dev.mlinfra.policy.ReportText;
import dev.mlinfra.template.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Plans for a terminal. */
final class PlanText {
  private PlanText() {}

  static String of(List<Plan> plans) {
    StringBuilder text = new StringBuilder();
    for (Plan plan : plans) {
      if (!text.isEmpty()) {
        text.append('\n');
      }
      lines(plan).forEach(line -> text.append(SafeText.printable(line)).append('\n'));
    }
    return text.toString();
  }

  private static List<String> lines(Plan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(plan.environment());
    lines.add("");
    lines.add("Resources:");
    plan.resources()
        .forEach((type, count) -> lines.add(String.format(Locale.ROOT, "  %3d %s", count, type)));
    lines.add("");
    lines.add("Cost:");
    lines.add("  " + plan.cost().summary());
    for (LimitResult limit : plan.cost().limits()) {
      lines.add(
          "  %-9s  %s: %s"
              .formatted(
                  limit.status().name().toLowerCase(Locale.ROOT),
                  limit.name(),
                  limit.arithmetic()));
      limit.changes().stream()
          .limit(1)
          .forEach(change -> lines.add("             change: " + change));
    }
    if (!plan.egress().isEmpty()) {
      lines.add("");
      lines.add("With another way out of its network (egress):");
      plan.egress().forEach(choice -> lines.add("  " + choice.summary()));
    }
    lines.add("");
    lines.add("Permissions:");
    for (PermissionWords.Subject subject : plan.permissions()) {
      lines.add("  " + subject.name());
      subject.sentences().forEach(sentence -> lines.add("    " + sentence));
    }
    lines.add("");
    lines.add("Rules:");
    ReportText.of(plan.verdict()).lines().forEach(line -> lines.add(("  " + line).stripTrailing()));
    lines.add("");
    lines.add("Not proven here:");
    plan.notProven().forEach(one -> lines.add("  " + one.what() + ": " + one.why()));
    return lines;
  }
}

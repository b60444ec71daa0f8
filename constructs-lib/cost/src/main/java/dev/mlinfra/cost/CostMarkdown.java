package dev.mlinfra.cost;

import static dev.mlinfra.template.SafeText.markdownCode;
import static dev.mlinfra.template.SafeText.markdownProse;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Prices for a comment on a pull request: what matters at once, the rest folded. What templates
 * hold is shown as it stands and never taken for Markdown or HTML.
 */
public final class CostMarkdown {
  /** GitHub takes 65,536 characters in a comment; others must find room beside this. */
  public static final int MOST_CHARACTERS = 60_000;

  /** Room for what is not a row. */
  private static final int RESERVE = 2_000;

  /** A sum that is cut cannot be done again. */
  private static final int LONGEST_SUM = 2_000;

  private CostMarkdown() {}

  /** The prices, at most {@value #MOST_CHARACTERS} characters; what has no room is counted. */
  public static String of(List<PricedEnvironment> environments) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < environments.size(); i++) {
      // Each takes its share of what the ones before have left.
      int room =
          text.length()
              + Math.max(0, MOST_CHARACTERS - text.length()) / (environments.size() - i)
              - RESERVE;
      environment(environments.get(i), room, text);
    }
    return text.length() <= MOST_CHARACTERS
        ? text.toString()
        : text.substring(0, MOST_CHARACTERS - 20) + "\n\ncut short\n";
  }

  private static void environment(PricedEnvironment priced, int room, StringBuilder text) {
    Estimate estimate = priced.estimate();
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append("**").append(markdownProse(priced.summary())).append("**\n");
    table(
        "limit | status | arithmetic | change",
        priced.limits().stream().map(CostMarkdown::limit).toList(),
        room,
        text);
    table(
        "not priced | type | because",
        priced.notPriced().stream().map(CostMarkdown::notPriced).toList(),
        room,
        text);
    table(
        "per unit | USD | arithmetic",
        UnitCost.of(estimate).stream().map(CostMarkdown::unit).toList(),
        room,
        text);
    if (!estimate.items().isEmpty() || !estimate.jobs().isEmpty()) {
      lines(priced, room, text);
    }
    text.append("\nAssumed: ")
        .append(markdownProse(priced.assumed()))
        .append(". Prices: ")
        .append(markdownProse(priced.priceDates()))
        .append(". ")
        .append(markdownProse(priced.resources()))
        .append(".\n");
  }

  private static void lines(PricedEnvironment priced, int room, StringBuilder text) {
    text.append("\n<details><summary>Every line</summary>\n");
    table(
        "USD a month | resource | what | sum | at most | source",
        priced.dearestFirst().stream().map(CostMarkdown::line).toList(),
        room,
        text);
    table(
        "job | at most",
        priced.estimate().jobs().stream().map(CostMarkdown::job).sorted().toList(),
        room,
        text);
    text.append("\n</details>\n");
  }

  /** Makes no row that has no room: an environment can have very many. */
  private static void table(String head, List<String> rows, int room, StringBuilder text) {
    if (rows.isEmpty()) {
      return;
    }
    long columns = head.chars().filter(character -> character == '|').count() + 1;
    text.append("\n| ")
        .append(head)
        .append(" |\n|")
        .append("---|".repeat((int) columns))
        .append('\n');
    for (int i = 0; i < rows.size(); i++) {
      if (text.length() + rows.get(i).length() > room) {
        text.append("\nand ").append(rows.size() - i).append(" more\n");
        return;
      }
      text.append(rows.get(i));
    }
  }

  private static String limit(LimitResult result) {
    return row(
        markdownCode(result.name()),
        result.status().name().toLowerCase(Locale.ROOT),
        sum(result.arithmetic()),
        result.changes().stream().map(CostMarkdown::sum).collect(Collectors.joining("<br>or ")));
  }

  private static String notPriced(Explained one) {
    return row(markdownCode(one.where()), markdownCode(one.type()), markdownProse(one.because()));
  }

  private static String unit(UnitCost unit) {
    return row(
        markdownProse(unit.what()),
        markdownProse(Words.precise(unit.usd())),
        sum(unit.arithmetic()));
  }

  private static String line(LineItem item) {
    String worst = Words.worst(item);
    return row(
        markdownProse(item.expected().usd().toString()),
        markdownCode(item.where()),
        markdownProse(item.what()),
        sum(Words.charge(item.expected()) + "; " + item.expected().why()),
        worst.isEmpty() ? "the same" : sum(worst),
        markdownProse(item.expected().price().source()));
  }

  private static String job(JobExposure job) {
    return row(markdownCode(job.where()), sum(Words.exposure(job)));
  }

  private static String sum(String text) {
    return markdownProse(text, LONGEST_SUM);
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}

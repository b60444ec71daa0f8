package dev.mlinfra.review;

import static dev.mlinfra.template.SafeText.markdownCode;
import static dev.mlinfra.template.SafeText.markdownProse;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.template.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A review for a comment on a pull request: the verdict, then a table for each risk. What templates
 * hold is shown as it stands and never taken for Markdown, HTML or a mention of a person.
 */
public final class ReviewMarkdown {
  /** GitHub takes 65,536 characters in a comment; others must find room beside this. */
  public static final int MOST_CHARACTERS = 60_000;

  /** Room for what is said of each risk that has no room left. */
  private static final int RESERVE = 1_500;

  /** Places of one item that are named; the others are counted. */
  private static final int MOST_PLACES = 5;

  /** Lines of one list after the tables. */
  private static final int MOST_LINES = 15;

  private ReviewMarkdown() {}

  /**
   * The change, at most {@value #MOST_CHARACTERS} characters; what has no room is counted, and
   * {@link ReviewText} has it.
   */
  public static String of(Review review) {
    return write(review, "");
  }

  /** The same with what the gate finds, what it all costs, and what is not known. */
  public static String report(Review review) {
    return review.isEmpty()
        ? "**" + review.verdict() + "** " + review.gate().counts() + "\n"
        : write(review, rest(review));
  }

  private static String write(Review review, String rest) {
    StringBuilder text = new StringBuilder("**" + review.verdict() + "**\n");
    int room = MOST_CHARACTERS - RESERVE - rest.length();
    for (Risk risk : Risk.values()) {
      List<ReviewItem> items = review.items(risk);
      if (!items.isEmpty()) {
        section(risk, items, room, text);
      }
    }
    if (!review.isEmpty() && !review.comparison().code().isEmpty()) {
      text.append("\nCode: ")
          .append(Words.count(review.comparison().assets(), "new asset"))
          .append(" in ")
          .append(Words.count(review.comparison().code().size(), "resource"))
          .append(".\n");
    }
    return text.append(rest).toString();
  }

  private static void section(Risk risk, List<ReviewItem> items, int room, StringBuilder text) {
    // What most readers do not need stands folded.
    boolean folded = risk == Risk.OTHER;
    StringBuilder section = new StringBuilder();
    section.append(
        folded
            ? "\n<details><summary>" + risk.title() + " (" + items.size() + ")</summary>\n"
            : "\n### " + risk.title() + "\n");
    section.append("\n| where | what | before → after |\n|---|---|---|\n");
    int shown = 0;
    for (ReviewItem item : items) {
      String row = row(item);
      if (text.length() + section.length() + row.length() > room) {
        break;
      }
      section.append(row);
      shown++;
    }
    if (shown == 0) {
      text.append("\n").append(risk.title()).append(": ").append(left(items.size())).append("\n");
      return;
    }
    if (shown < items.size()) {
      section.append("\nand ").append(left(items.size() - shown)).append("\n");
    }
    text.append(section).append(folded ? "\n</details>\n" : "");
  }

  private static String left(int count) {
    return count + " more, which have no room here: see the attachment or `mlinfra compare`";
  }

  private static String row(ReviewItem item) {
    List<String> places = new ArrayList<>();
    for (ReviewItem.Place place : item.places()) {
      if (places.size() == MOST_PLACES) {
        places.add("and " + (item.places().size() - MOST_PLACES) + " more");
        break;
      }
      String source =
          place
              .source()
              .map(line -> "<br>" + markdownCode(line.file() + ":" + line.line()))
              .orElse("");
      places.add(markdownCode(place.where()) + source);
    }
    String type = item.places().get(0).type();
    if (!type.isEmpty()) {
      places.add(markdownProse(type));
    }
    boolean change = !item.before().isEmpty() || !item.after().isEmpty();
    return "| %s | %s | %s |\n"
        .formatted(
            String.join("<br>", places),
            markdownProse(item.what()),
            change ? side(item.before()) + " → " + side(item.after()) : "");
  }

  private static String side(String text) {
    return text.isEmpty() ? "nothing" : markdownCode(text);
  }

  private static String rest(Review review) {
    StringBuilder text = new StringBuilder("\n### Gate\n\n");
    text.append(review.gate().counts()).append("\n");
    list(
        review.newErrors(),
        finding -> "new: " + markdownCode(finding.rule()) + " in " + markdownCode(finding.where()),
        text);
    text.append("\n### Cost a month\n\n| environment | expected | at most |\n|---|---|---|\n");
    review.costs().stream().limit(MOST_LINES).forEach(cost -> text.append(row(cost)));
    list(
        review.overBudget(),
        over ->
            "%s is over its budget: %s; %s allowed by %s"
                .formatted(
                    markdownCode(over.environment()),
                    markdownProse(over.amount()),
                    markdownProse(over.allowed()),
                    markdownCode(over.limit())),
        text);
    text.append("\n### Not known\n");
    list(review.unproved(), SafeText::markdownProse, text);
    return text.toString();
  }

  private static <T> void list(List<T> all, Function<T, String> line, StringBuilder text) {
    if (!all.isEmpty()) {
      text.append("\n");
    }
    all.stream()
        .limit(MOST_LINES)
        .forEach(one -> text.append("- ").append(line.apply(one)).append("\n"));
    if (all.size() > MOST_LINES) {
      text.append("- and ").append(all.size() - MOST_LINES).append(" more\n");
    }
  }

  private static String row(CostChange cost) {
    Optional<Estimate> base = cost.base();
    Optional<Estimate> head = cost.head();
    return "| %s | %s | %s |\n"
        .formatted(
            markdownCode(cost.environment()),
            markdownProse(
                ReviewText.change(
                    base.map(Estimate::expected),
                    head.map(Estimate::expected),
                    cost.expectedUsd())),
            markdownProse(
                ReviewText.change(
                    base.map(Estimate::worst), head.map(Estimate::worst), cost.worstUsd())));
  }
}

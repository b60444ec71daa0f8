package dev.mlinfra.review;

import static dev.mlinfra.template.SafeText.printable;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.Usd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A review for a terminal, a log or an attachment: everything, risk first, without colours. */
public final class ReviewText {
  private ReviewText() {}

  /**
   * The change in lines; one line when nothing changed. Control characters of templates are written
   * as {@code \u001b}.
   */
  public static String of(Review review) {
    return String.join("\n", change(review)) + "\n";
  }

  /** The same with what the gate finds, what it all costs, and what is not known. */
  public static String report(Review review) {
    if (review.isEmpty()) {
      return review.verdict() + " " + review.gate().counts() + "\n";
    }
    List<String> lines = change(review);
    lines.add("");
    lines.add("Gate");
    lines.add("  " + review.gate().counts());
    lines.add("");
    lines.add("Cost a month");
    review.costs().forEach(cost -> lines.add("  " + printable(cost(cost))));
    review
        .overBudget()
        .forEach(
            over ->
                lines.add(
                    "  %s is over its budget: %s; %s allowed by %s"
                        .formatted(
                            printable(over.environment()),
                            over.amount(),
                            over.allowed(),
                            over.limit())));
    lines.add("");
    lines.add("Not known");
    review.unproved().forEach(line -> lines.add("  " + printable(line)));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> change(Review review) {
    List<String> lines = new ArrayList<>(List.of(review.verdict()));
    for (Risk risk : Risk.values()) {
      List<ReviewItem> items = review.items(risk);
      if (!items.isEmpty()) {
        lines.add("");
        lines.add(risk.title());
        items.forEach(item -> item(item, lines));
      }
    }
    if (!review.isEmpty() && !review.comparison().code().isEmpty()) {
      lines.add("");
      lines.add("Code: " + Words.count(review.comparison().assets(), "new asset"));
      review.comparison().code().forEach(resource -> lines.add("  " + printable(resource.label())));
    }
    return lines;
  }

  private static void item(ReviewItem item, List<String> lines) {
    for (ReviewItem.Place place : item.places()) {
      String type = place.type().isEmpty() ? "" : " (" + place.type() + ")";
      String source = place.source().map(line -> ", made by " + line).orElse("");
      lines.add("  " + printable(place.where() + type + source));
    }
    lines.add("    " + printable(item.what()));
    if (!item.before().isEmpty() || !item.after().isEmpty()) {
      lines.add("      " + printable(Words.change(item.before(), item.after())));
    }
  }

  private static String cost(CostChange cost) {
    return "%s: expected %s, at most %s"
        .formatted(
            cost.environment(),
            change(
                cost.base().map(Estimate::expected),
                cost.head().map(Estimate::expected),
                cost.expectedUsd()),
            change(
                cost.base().map(Estimate::worst),
                cost.head().map(Estimate::worst),
                cost.worstUsd()));
  }

  /** Both amounts where they differ. */
  static String change(Optional<Usd> base, Optional<Usd> head, double difference) {
    String after = head.orElse(Usd.ZERO).toString();
    return Math.abs(difference) < CostRisks.NOTHING
        ? after
        : base.orElse(Usd.ZERO) + " → " + after + " (" + CostRisks.signed(difference) + ")";
  }
}

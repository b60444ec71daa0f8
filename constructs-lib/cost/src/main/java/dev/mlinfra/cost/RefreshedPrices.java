package dev.mlinfra.cost;

import dev.mlinfra.core.Problem;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a {@linkplain PriceRefresh refresh} found.
 *
 * @param book all prices: those of today, and the old ones of what was not found
 * @param changes prices that differ from before
 * @param added prices of what had none
 * @param confirmed how many prices are as before
 * @param rejected prices that were not taken, and why
 * @param failed providers that could not be asked, and why
 * @param notes what was found and not taken, in words
 */
public record RefreshedPrices(
    PriceBook book,
    List<Change> changes,
    List<Price> added,
    int confirmed,
    List<Problem> rejected,
    SortedMap<String, String> failed,
    List<String> notes) {

  /** A price that is another now. */
  public record Change(Price before, Price after) {

    /** {@code aws us-east-1 ec2 g5.xlarge: 1.006 becomes 1.1 USD per hour}. */
    @Override
    public String toString() {
      return "%s: %s becomes %s USD per %s"
          .formatted(
              after.name(),
              PriceRules.plain(before.usd()),
              PriceRules.plain(after.usd()),
              after.unit());
    }
  }

  public RefreshedPrices {
    changes = List.copyOf(changes);
    added = List.copyOf(added);
    rejected = List.copyOf(rejected);
    notes = List.copyOf(notes);
  }

  /** What a person wants to know, line by line. */
  public String text() {
    StringBuilder text = new StringBuilder();
    failed.forEach(
        (provider, why) ->
            line(text, "error    " + provider + ": not refreshed, its prices stay: " + why));
    rejected.forEach(problem -> line(text, "rejected " + problem));
    changes.forEach(change -> line(text, "changed  " + change));
    added.stream()
        .collect(
            Collectors.groupingBy(
                price -> String.join(" ", price.provider(), price.region(), price.service()),
                TreeMap::new,
                Collectors.counting()))
        .forEach((where, count) -> line(text, "added    %s: %s prices".formatted(where, count)));
    notes.forEach(note -> line(text, "note     " + note));
    line(
        text,
        "%s prices as before, %s changed, %s added, %s rejected, %s providers not refreshed"
            .formatted(confirmed, changes.size(), added.size(), rejected.size(), failed.size()));
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}

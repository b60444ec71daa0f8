package dev.mlinfra.cost.internal;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.mlinfra.core.Position;
import dev.mlinfra.core.Problem;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes tables of prices; several files are read into one list. */
public final class PriceFile {
  /** The order of rows in a file. */
  public static final Comparator<Price> ORDER =
      Comparator.comparing(Price::provider)
          .thenComparing(Price::region)
          .thenComparing(Price::service)
          .thenComparing(Price::item);

  private static final List<String> COLUMNS =
      List.of(
          "provider",
          "region",
          "service",
          "item",
          "unit",
          "usd",
          "usd_high",
          "source",
          "date",
          "note");

  private final List<Price> prices = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Position> places = new HashMap<>();

  /** What was read so far, in the order of the files. */
  public List<Price> prices() {
    return List.copyOf(prices);
  }

  /** What is wrong with it. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Reads one file; what cannot be read becomes a problem at its line. */
  public void read(String name, Reader in) throws IOException {
    try (CsvReader<NamedCsvRecord> rows =
        CsvReader.builder().commentStrategy(CommentStrategy.SKIP).ofNamedCsvRecord(in)) {
      boolean first = true;
      for (NamedCsvRecord row : rows) {
        if (first && !row.getHeader().equals(COLUMNS)) {
          problem(
              at(name, 1),
              "",
              "the columns are " + String.join(",", row.getHeader()),
              String.join(",", COLUMNS));
          return;
        }
        first = false;
        if (row.getFieldCount() != COLUMNS.size()) {
          problem(
              at(name, row.getStartingLineNumber()),
              "",
              row.getFieldCount() + " columns",
              COLUMNS.size() + ", as in the header");
          continue;
        }
        add(row, at(name, row.getStartingLineNumber()));
      }
    } catch (CsvParseException e) {
      problem(at(name, 1), "", "not a table: " + e.getMessage(), "CSV with a header");
    }
  }

  private void add(NamedCsvRecord row, Position at) {
    int before = problems.size();
    for (String column : List.of("provider", "region", "service", "item", "unit", "source")) {
      if (row.getField(column).isBlank()) {
        problem(at, column, "empty", "the " + column + " of every price");
      }
    }
    Optional<Double> low = amount(row.getField("usd"), "usd", at);
    String high = row.getField("usd_high");
    Optional<Double> most = high.isEmpty() ? low : amount(high, "usd_high", at);
    if (low.isPresent() && most.isPresent() && most.get() < low.get()) {
      problem(at, "usd_high", high, "at least usd, " + row.getField("usd"));
    }
    Optional<LocalDate> date = date(row.getField("date"), at);
    if (problems.size() > before) {
      return;
    }
    Price price =
        new Price(
            row.getField("provider"),
            row.getField("region"),
            row.getField("service"),
            row.getField("item"),
            row.getField("unit"),
            new Usd(low.orElseThrow(), most.orElseThrow()),
            row.getField("source"),
            date,
            row.getField("note"));
    Position other = places.putIfAbsent(price.name(), at);
    if (other == null) {
      prices.add(price);
    } else {
      problem(at, "item", "a second price of " + price.name(), "one; the first is at " + other);
    }
  }

  private Optional<Double> amount(String text, String column, Position at) {
    try {
      double amount = new BigDecimal(text).doubleValue();
      if (amount >= 0 && Double.isFinite(amount)) {
        return Optional.of(amount);
      }
    } catch (NumberFormatException notANumber) {
      // told below
    }
    problem(at, column, "'" + text + "'", "an amount of USD, such as 0.045");
    return Optional.empty();
  }

  private Optional<LocalDate> date(String text, Position at) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException e) {
      problem(at, "date", "'" + text + "'", "a day such as 2026-07-20, or nothing");
      return Optional.empty();
    }
  }

  private void problem(Position at, String path, String given, String allowed) {
    problems.add(Problem.in(at, path, given, allowed, ""));
  }

  private static Position at(String name, long line) {
    return new Position(name, Math.toIntExact(line), 1);
  }

  /** Writes prices in {@link #ORDER}, below a comment. */
  public static void write(Writer out, String comment, List<Price> prices) throws IOException {
    try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
      csv.writeComment(" " + comment);
      csv.writeRecord(COLUMNS);
      for (Price price : prices.stream().sorted(ORDER).toList()) {
        csv.writeRecord(
            price.provider(),
            price.region(),
            price.service(),
            price.item(),
            price.unit(),
            plain(price.usd().low()),
            price.usd().isRange() ? plain(price.usd().high()) : "",
            price.source(),
            price.date().map(LocalDate::toString).orElse(""),
            price.note());
      }
    }
  }

  private static String plain(double amount) {
    String text = BigDecimal.valueOf(amount).toPlainString();
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}

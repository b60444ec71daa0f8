package dev.mlinfra.handler;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * A CSV with a header, read row by row.
 *
 * <p>RFC 4180 in UTF-8: commas, double quotes, any line end, an optional byte order mark. Empty
 * lines are skipped, as pandas does. All rows have as many cells as the header.
 */
final class CsvInput implements AutoCloseable {
  private final CsvReader<CsvRecord> reader;
  private final Iterator<CsvRecord> records;
  private final List<String> header;

  /**
   * Opens a CSV and reads its header.
   *
   * @param in is closed with this
   * @throws PredictionException {@code CSV_INVALID} or {@code STORE_FAILED}, as from all methods
   */
  CsvInput(InputStream in) {
    this.reader =
        reading(
            () -> {
              try {
                return CsvReader.builder()
                    .skipEmptyLines(true)
                    .allowUnclosedQuote(false)
                    // Checked here instead, to name the line and both numbers.
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .ofCsvRecord(withoutByteOrderMark(in));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    this.records = reading(reader::iterator);
    if (!hasNext()) {
      throw invalid("the file is empty. It needs a header line with the column names");
    }
    this.header = reading(records::next).getFields();
  }

  /** Returns the column names. */
  List<String> header() {
    return header;
  }

  /** Says whether there is another row. */
  boolean hasNext() {
    return reading(records::hasNext);
  }

  /** Returns the next row, which has as many cells as the header. */
  CsvRecord next() {
    CsvRecord row = reading(records::next);
    if (row.getFieldCount() != header.size()) {
      throw invalid(
          "line %d has %d cells, the header has %d. Quote cells that hold commas"
              .formatted(row.getStartingLineNumber(), row.getFieldCount(), header.size()));
    }
    return row;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Fails on bytes that are not UTF-8, as replacing them would change what is passed through. */
  private static Reader withoutByteOrderMark(InputStream in) throws IOException {
    BufferedReader text =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    return text;
  }

  private static <T> T reading(Supplier<T> step) {
    try {
      return step.get();
    } catch (CsvParseException e) {
      throw invalid(e.getMessage());
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw invalid("the file is not UTF-8. Save it as UTF-8");
      }
      throw new PredictionException(
          PredictionError.STORE_FAILED, "reading the data broke off: " + e.getCause(), e);
    }
  }

  private static PredictionException invalid(String detail) {
    return new PredictionException(PredictionError.CSV_INVALID, "data: " + detail);
  }
}

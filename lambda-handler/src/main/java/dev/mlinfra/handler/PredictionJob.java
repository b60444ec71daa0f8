package dev.mlinfra.handler;

import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One prediction from store to store.
 *
 * <p>The output has every cell of the input as it was and a last column {@code prediction}. Lines
 * end with a line feed and cells are quoted where they must be, whatever the input did. It is
 * written to a temporary file first, so that a failure leaves no half of an output.
 */
final class PredictionJob {
  /** Bound of the cells that wait for their predictions: rows can be long. */
  private static final int MAX_BATCH_CHARS = 4 << 20;

  /** A scaler has a line for each feature; more is something else. */
  private static final int MAX_SCALER_BYTES = 16 << 20;

  /** S3 takes no more in one upload. */
  private static final long MAX_OUTPUT_BYTES = 5L << 30;

  private final ObjectStore store;
  private final PredictorCache predictors;
  private final MissingValues missingValues;
  private final Path temporaryFolder;
  private final long maxOutputBytes;

  /**
   * Makes a job.
   *
   * @param temporaryFolder where the output grows; must have room for it
   */
  PredictionJob(
      ObjectStore store,
      PredictorCache predictors,
      MissingValues missingValues,
      Path temporaryFolder) {
    this(store, predictors, missingValues, temporaryFolder, MAX_OUTPUT_BYTES);
  }

  /** For tests, which have no 5 GB to write. */
  PredictionJob(
      ObjectStore store,
      PredictorCache predictors,
      MissingValues missingValues,
      Path temporaryFolder,
      long maxOutputBytes) {
    this.store = store;
    this.predictors = predictors;
    this.missingValues = missingValues;
    this.temporaryFolder = temporaryFolder;
    this.maxOutputBytes = maxOutputBytes;
  }

  /**
   * Predicts and puts the output in its place.
   *
   * @throws PredictionException with any code but those about events
   */
  PredictionResult run(PredictionRequest request, Deadline deadline) {
    Pickles.refuseName(request.model());
    request.scaler().ifPresent(Pickles::refuseName);
    Predictor predictor = predictors.get(request.model());
    Optional<StandardScaler> scaler = request.scaler().map(this::readScaler);

    Path temporary = temporaryFolder.resolve(".mlinfra-" + UUID.randomUUID() + ".csv");
    try {
      PredictionResult result = predict(request.data(), predictor, scaler, temporary, deadline);
      store.put(temporary, request.output());
      return result;
    } catch (IOException | UncheckedIOException e) {
      throw new PredictionException(
          PredictionError.OUTPUT_FAILED, "cannot write to " + temporaryFolder + ": " + e, e);
    } finally {
      delete(temporary);
    }
  }

  private PredictionResult predict(
      ObjectRef data,
      Predictor predictor,
      Optional<StandardScaler> scaler,
      Path file,
      Deadline deadline)
      throws IOException {
    try (CountingInputStream in = new CountingInputStream(store.open(data));
        CsvInput input = new CsvInput(in);
        LimitedOutputStream out = openOutput(file);
        CsvWriter output = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
      FeatureColumns columns =
          FeatureColumns.match(
              input.header(), scaler.map(StandardScaler::featureNames), predictor.width());
      RowReader rows = new RowReader(input.header(), columns, scaler, missingValues, predictor);
      writeRow(output, input.header(), FeatureColumns.PREDICTION);

      long count = 0;
      List<CsvRecord> batch = new ArrayList<>(predictor.maxRows());
      double[] features = new double[predictor.maxRows() * predictor.width()];
      while (input.hasNext()) {
        deadline.requireTimeToFinish(out.count());
        batch.clear();
        long chars = 0;
        while (input.hasNext() && batch.size() < predictor.maxRows() && chars < MAX_BATCH_CHARS) {
          CsvRecord row = input.next();
          rows.read(row, features, batch.size() * predictor.width());
          batch.add(row);
          chars += length(row);
        }
        String[] predictions = predictor.predict(features, batch.size());
        for (int i = 0; i < predictions.length; i++) {
          writeRow(output, batch.get(i).getFields(), predictions[i]);
        }
        count += predictions.length;
      }
      output.flush();
      deadline.requireTimeToFinish(out.count());
      return new PredictionResult(count, in.count(), out.count());
    }
  }

  private LimitedOutputStream openOutput(Path file) throws IOException {
    long free = Files.getFileStore(temporaryFolder).getUsableSpace();
    return new LimitedOutputStream(Files.newOutputStream(file), Math.min(maxOutputBytes, free));
  }

  private static void writeRow(CsvWriter output, List<String> cells, String last) {
    CsvWriter.CsvWriterRecord row = output.writeRecord();
    cells.forEach(row::writeField);
    row.writeField(last).endRecord();
  }

  private static long length(CsvRecord row) {
    long length = 0;
    for (int i = 0; i < row.getFieldCount(); i++) {
      length += row.getField(i).length();
    }
    return length;
  }

  private StandardScaler readScaler(ObjectRef scaler) {
    byte[] content;
    try (InputStream in = store.open(scaler)) {
      content = in.readNBytes(MAX_SCALER_BYTES + 1);
    } catch (IOException e) {
      throw new PredictionException(
          PredictionError.STORE_FAILED, "reading " + scaler + " broke off: " + e.getMessage(), e);
    }
    Pickles.refuseContent(scaler, content);
    if (content.length > MAX_SCALER_BYTES) {
      throw new PredictionException(
          PredictionError.SCALER_INVALID,
          scaler + " has more than " + MAX_SCALER_BYTES + " bytes; is it a scaler?");
    }
    return StandardScaler.parse(content, scaler.toString());
  }

  private static void delete(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + temporary, e);
    }
  }
}

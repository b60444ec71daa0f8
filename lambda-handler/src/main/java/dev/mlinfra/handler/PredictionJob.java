package dev.mlinfra.handler;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * One prediction from store to store.
 *
 * <p>The output has every row of the input byte for byte and behind it what is predicted; lines end
 * with a line feed, and empty lines and a byte order mark go.
 *
 * <p>This thread reads chunks and writes what became of them, in their order; workers do the rest.
 * As many chunks are under way as there are workers, and two more, however long the data are.
 */
final class PredictionJob {
  /** Enough rows for the model to be fast, few enough to stay in the processor's cache. */
  static final int CHUNK_BYTES = 256 << 10;

  /** No row of numbers is that long. */
  static final int MAX_RECORD_BYTES = 16 << 20;

  /** A scaler or baseline has a few lines for each feature; more is something else. */
  private static final int MAX_JSON_BYTES = 16 << 20;

  private final ObjectStore store;
  private final PredictorCache predictors;
  private final MissingValues missingValues;
  private final int workers;
  private final int chunkBytes;

  /** Makes a job with a worker for each processor. */
  PredictionJob(ObjectStore store, PredictorCache predictors, MissingValues missingValues) {
    this(store, predictors, missingValues, Runtime.getRuntime().availableProcessors(), CHUNK_BYTES);
  }

  /** For tests, whose data are small. */
  PredictionJob(
      ObjectStore store,
      PredictorCache predictors,
      MissingValues missingValues,
      int workers,
      int chunkBytes) {
    this.store = store;
    this.predictors = predictors;
    this.missingValues = missingValues;
    this.workers = workers;
    this.chunkBytes = chunkBytes;
  }

  /**
   * Predicts and puts the output in its place.
   *
   * @throws PredictionException with any code but those about events
   */
  PredictionResult run(PredictionRequest request, Deadline deadline) {
    return run(request, Optional.empty(), deadline, PredictionProgress.NONE);
  }

  /** As above, for a range of the data. */
  PredictionResult run(PredictionRequest request, Optional<DataRange> range, Deadline deadline) {
    return run(request, range, deadline, PredictionProgress.NONE);
  }

  /** As the first, and tells after each chunk how far it has come. */
  PredictionResult run(PredictionRequest request, Deadline deadline, PredictionProgress listener) {
    return run(request, Optional.empty(), deadline, listener);
  }

  private PredictionResult run(
      PredictionRequest request,
      Optional<DataRange> range,
      Deadline deadline,
      PredictionProgress listener) {
    Pickles.refuseName(request.model());
    request.scaler().ifPresent(Pickles::refuseName);
    request.baseline().ifPresent(Pickles::refuseName);
    PredictorCache.Loaded model = predictors.get(request.model(), request.modelSha256());
    Predictor predictor = model.model().predictor(request.outputs());
    Optional<StandardScaler> scaler = request.scaler().map(this::readScaler);
    Optional<Baseline> baseline = request.baseline().map(this::readBaseline);
    ObjectStore.Info info = info(request.data());
    Progress progress = new Progress();
    try (ObjectWriter out = store.create(request.output())) {
      inTime(
          deadline,
          progress,
          () -> {
            try (CountingInputStream in =
                new CountingInputStream(open(request.data(), info, range))) {
              LongConsumer onRows = rows -> listener.at(rows, in.count(), info.size());
              predict(
                  request, range, in, predictor, scaler, baseline, out, deadline, progress, onRows);
              progress.bytesIn = in.count();
            } catch (IOException e) {
              throw new PredictionException(
                  PredictionError.STORE_FAILED, "reading the data broke off: " + e.getMessage(), e);
            }
          });
      out.complete();
      return new PredictionResult(
          progress.rows.get(), progress.bytesIn, progress.bytes, model.etag(), progress.features);
    }
  }

  /**
   * Works in another thread, so that a store which has stopped answering cannot hold up this one
   * until the function is killed. What is given up ends by the store's own timeouts.
   */
  private static void inTime(Deadline deadline, Progress progress, Runnable work) {
    ExecutorService thread = Executors.newSingleThreadExecutor(PredictionJob::daemon);
    try {
      thread
          .submit(work)
          .get(deadline.remainingMillis() - Deadline.LAST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw deadline.near(progress.rows.get());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while predicting", e);
    } finally {
      thread.shutdownNow();
    }
  }

  private InputStream open(ObjectRef data, ObjectStore.Info info, Optional<DataRange> range) {
    if (range.isEmpty()) {
      return store.open(data, info);
    }
    range.get().requireOf(data, info);
    return store.open(data, info, range.get().start(), range.get().end());
  }

  /** How far the output has come. */
  private static final class Progress {
    final AtomicLong rows = new AtomicLong();
    long lines;
    long bytes;
    long bytesIn;
    List<FeatureSummary> features = List.of();
  }

  private void predict(
      PredictionRequest request,
      Optional<DataRange> range,
      InputStream in,
      Predictor predictor,
      Optional<StandardScaler> scaler,
      Optional<Baseline> baseline,
      ObjectWriter out,
      Deadline deadline,
      Progress progress,
      LongConsumer onRows) {
    Optional<DataRange> later = range.filter(part -> part.start() > 0);
    ChunkReader reader = new ChunkReader(in, MAX_RECORD_BYTES, later.isEmpty());
    Chunk first = new Chunk(chunkBytes);
    Header header =
        later.map(part -> headerOf(part, reader, first)).orElseGet(() -> readHeader(reader, first));
    FeatureColumns columns =
        FeatureColumns.match(
            header.names,
            scaler.map(StandardScaler::featureNames),
            predictor.width(),
            predictor.columns());
    List<String> names = columns.indexes().stream().map(header.names::get).toList();
    Optional<Baseline> ordered =
        baseline.map(known -> known.of(names, request.baseline().orElseThrow().toString()));
    progress.lines = header.lines;
    if (later.isEmpty()) {
      for (String column : predictor.columns()) {
        header.bytes.append((byte) ',');
        header.bytes.appendCell(column);
      }
      header.bytes.append((byte) '\n');
      write(out, progress, header.bytes);
    }

    List<ChunkPredictor> chunks = new ArrayList<>();
    for (int i = 0; i < workers + 2; i++) {
      RowReader rows =
          new RowReader(
              header.names,
              columns,
              scaler,
              missingValues,
              predictor,
              new FeatureStatistics(names.size(), ordered));
      chunks.add(new ChunkPredictor(rows, predictor, i == 0 ? first : new Chunk(chunkBytes)));
    }
    Deque<ChunkPredictor> idle = new ArrayDeque<>(chunks);
    ExecutorService threads = Executors.newFixedThreadPool(workers, PredictionJob::daemon);
    Deque<Work> underWay = new ArrayDeque<>();
    try {
      ChunkPredictor chunk = idle.remove();
      chunk.startAt(header.end);
      boolean more = true;
      while (more) {
        deadline.requireTimeToFinish(progress.rows.get());
        onRows.accept(progress.rows.get());
        ChunkPredictor ready = chunk;
        underWay.add(new Work(ready, threads.submit(ready::run)));
        if (idle.isEmpty()) {
          idle.add(finish(underWay.remove(), progress, out));
        }
        chunk = idle.remove();
        more = reader.fill(chunk.input());
      }
      while (!underWay.isEmpty()) {
        deadline.requireTimeToFinish(progress.rows.get());
        finish(underWay.remove(), progress, out);
        onRows.accept(progress.rows.get());
      }
      FeatureStatistics all = new FeatureStatistics(names.size(), ordered);
      chunks.forEach(done -> all.add(done.statistics()));
      progress.features = all.summaries(names);
    } finally {
      threads.shutdownNow();
    }
  }

  /** A chunk, and what tells when it is done. */
  private record Work(ChunkPredictor chunk, Future<?> done) {}

  private static ChunkPredictor finish(Work work, Progress progress, ObjectWriter out) {
    try {
      work.done().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RowFault fault) {
        throw fault.inFile(progress.lines);
      }
      if (e.getCause() instanceof PredictionException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while predicting", e);
    }
    ChunkPredictor chunk = work.chunk();
    write(out, progress, chunk.output());
    progress.rows.addAndGet(chunk.rows());
    progress.lines += chunk.lines();
    return chunk;
  }

  private static void write(ObjectWriter out, Progress progress, Chunk bytes) {
    out.write(bytes.bytes, 0, bytes.length);
    progress.bytes += bytes.length;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "mlinfra-worker");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The header.
   *
   * @param names column names
   * @param bytes as it stands in the data, without its line end; nothing for a later part of them
   * @param start where it begins in the first chunk
   * @param length its bytes there, without its line end
   * @param end where it ends there, with its line end
   * @param lines how many lines it and what is before it take
   */
  record Header(List<String> names, Chunk bytes, int start, int length, int end, long lines) {}

  /** The first part has written the header, and here the chunk begins with a row. */
  private static Header headerOf(DataRange part, ChunkReader reader, Chunk first) {
    byte[] header = part.header().orElseThrow().getBytes(StandardCharsets.UTF_8);
    reader.fill(first);
    return new Header(names(ByteBuffer.wrap(header)), new Chunk(0), 0, 0, 0, part.lines());
  }

  /** Reads chunks up to the one that has the header. */
  static Header readHeader(ChunkReader reader, Chunk first) {
    RowReader row = RowReader.ofHeader();
    long emptyLines = 0;
    try {
      while (reader.fill(first)) {
        row.start(first, 0);
        if (row.next(new double[0], 0)) {
          return header(first, row, emptyLines);
        }
        emptyLines += row.lines();
      }
    } catch (RowFault fault) {
      throw fault.inFile(emptyLines);
    }
    throw invalid("the file is empty. It needs a header line with the column names");
  }

  private static Header header(Chunk first, RowReader row, long emptyLines) {
    int length = row.rowEnd() - row.rowStart();
    Chunk bytes = new Chunk(length + 64);
    bytes.append(first.bytes, row.rowStart(), length);
    List<String> names = names(ByteBuffer.wrap(bytes.bytes, 0, length));
    return new Header(
        names, bytes, row.rowStart(), length, row.position(), emptyLines + row.lines());
  }

  private static List<String> names(ByteBuffer header) {
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .ofCsvRecord(StandardCharsets.UTF_8.newDecoder().decode(header).toString())) {
      return reader.iterator().next().getFields();
    } catch (CharacterCodingException e) {
      throw invalid("the file is not UTF-8. Save it as UTF-8");
    } catch (CsvParseException | IOException e) {
      throw invalid(e.getMessage());
    }
  }

  private static PredictionException invalid(String detail) {
    return new PredictionException(PredictionError.CSV_INVALID, "data: " + detail);
  }

  private ObjectStore.Info info(ObjectRef object) {
    return store
        .info(object)
        .orElseThrow(
            () ->
                new PredictionException(
                    PredictionError.OBJECT_NOT_FOUND, "there is no object " + object));
  }

  private StandardScaler readScaler(ObjectRef scaler) {
    byte[] content = readSmall(scaler, PredictionError.SCALER_INVALID);
    return StandardScaler.parse(content, scaler.toString());
  }

  private Baseline readBaseline(ObjectRef baseline) {
    byte[] content = readSmall(baseline, PredictionError.BASELINE_INVALID);
    return Baseline.parse(content, baseline.toString());
  }

  private byte[] readSmall(ObjectRef object, PredictionError tooLarge) {
    byte[] content;
    try (InputStream in = store.open(object, info(object))) {
      content = in.readNBytes(MAX_JSON_BYTES + 1);
    } catch (IOException e) {
      throw new PredictionException(
          PredictionError.STORE_FAILED, "reading " + object + " broke off: " + e.getMessage(), e);
    }
    Pickles.refuseContent(object, content);
    if (content.length > MAX_JSON_BYTES) {
      throw new PredictionException(
          tooLarge,
          object
              + " has more than "
              + MAX_JSON_BYTES
              + " bytes; a scaler or baseline has a few lines for each feature");
    }
    return content;
  }
}

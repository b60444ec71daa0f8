package dev.mlinfra.handler;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.io.NumberOutput;

/**
 * An ONNX model.
 *
 * <p>It has one input, float or double, of shape {@code [any, width]}. An output is a float,
 * double, integer or string of shape {@code [rows]} or {@code [rows, values]}. Outputs that nobody
 * asked for are not computed.
 *
 * <p>Only the runtime's own operators are there: no custom libraries, no tensors in other files.
 */
final class OnnxModel implements Model {
  /** Enough rows to hide the cost of a call, few enough to stay in the processor's cache. */
  private static final int MAX_ROWS = 8192;

  /** Bound of a batch's features, for models with very many columns. */
  private static final int MAX_BATCH_BYTES = 16 << 20;

  /** Where our exporter writes the names of the classes, as a JSON array. */
  private static final String CLASSES = "classes";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String inputName;
  private final boolean doubles;
  private final int width;
  private final Optional<String> classes;

  /** A session that is closed while it runs takes the process with it. */
  private final ReadWriteLock inUse = new ReentrantReadWriteLock();

  private boolean closed;

  /** Where features go on their way to the model; as many as threads predict at a time. */
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  private OnnxModel(OrtEnvironment environment, OrtSession session, String model)
      throws OrtException {
    this.environment = environment;
    this.session = session;
    if (session.getNumInputs() != 1) {
      throw inputMismatch(model, session.getNumInputs() + " inputs");
    }
    NodeInfo input = session.getInputInfo().values().iterator().next();
    TensorInfo tensor = requireInput(input.getInfo(), model);
    this.inputName = input.getName();
    this.doubles = tensor.type == OnnxJavaType.DOUBLE;
    this.width = (int) tensor.getShape()[1];
    this.classes = session.getMetadata().getCustomMetadataValue(CLASSES);
  }

  /**
   * Begins to load ONNX Runtime in a thread of its own, so that the first model need not wait for
   * it. What goes wrong here goes wrong again, and is told, when a model is loaded.
   */
  static void loadRuntimeEarly() {
    Thread thread =
        new Thread(
            () -> {
              try {
                environment();
              } catch (LinkageError | RuntimeException e) {
                // the function may never need it: linear models do not
              }
            },
            "onnx-runtime");
    thread.setDaemon(true);
    thread.start();
  }

  /** Problems come as exceptions; the runtime's own log would only repeat them. */
  private static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
  }

  /**
   * Loads a model.
   *
   * @param model the ONNX file's content
   * @param name how messages name the model
   * @throws PredictionException {@code MODEL_INVALID}, {@code MODEL_EXTERNAL_DATA} or {@code
   *     MODEL_INPUT_MISMATCH}
   */
  static OnnxModel load(byte[] model, String name) {
    refuseExternalData(model, name);
    OrtEnvironment environment = environment();
    OrtSession session;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      environment.setTelemetry(false); // on Windows, where the runtime has some
      // One thread: more gain nothing on these models, and idle ones would spin.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.addConfigEntry("session.inter_op.allow_spinning", "0");
      session = environment.createSession(model, options);
    } catch (OrtException e) {
      throw new PredictionException(
          PredictionError.MODEL_INVALID,
          name + " is no model that ONNX Runtime can load: " + e.getMessage(),
          e);
    }
    try {
      return new OnnxModel(environment, session, name);
    } catch (OrtException | RuntimeException e) {
      close(session);
      if (e instanceof PredictionException known) {
        throw known;
      }
      throw new PredictionException(
          PredictionError.MODEL_INVALID, name + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Predictor predictor(List<String> outputs) {
    Model.requireOutputs(outputs, session.getOutputNames());
    return new Outputs(outputs);
  }

  @Override
  public void close() {
    inUse.writeLock().lock();
    try {
      closed = true;
      close(session);
    } finally {
      inUse.writeLock().unlock();
    }
  }

  /** What is asked of the model. */
  private final class Outputs implements Predictor {
    private final Set<String> names;
    private final List<String> columns = new ArrayList<>();

    /** How many values each output has for a row, in the order of the names. */
    private final List<Integer> sizes = new ArrayList<>();

    /** Predicts for a row of zeros, since what models declare of their outputs may be vague. */
    Outputs(List<String> asked) {
      String first = session.getOutputNames().iterator().next();
      this.names =
          Collections.unmodifiableSet(
              new LinkedHashSet<>(asked.isEmpty() ? List.of(first) : asked));
      run(
          new double[width],
          1,
          result -> {
            for (String name : names) {
              OnnxValue value = result.get(name).orElseThrow();
              int size = size(value, name, 1);
              reader((OnnxTensor) value, name); // refuses other types
              if (asked.isEmpty() && size > 1) {
                throw outputUnsupported(name, size + " values for each row");
              }
              sizes.add(size);
              columns.addAll(columnNames(name, size, name.equals(first)));
            }
            return columns;
          });
    }

    @Override
    public int width() {
      return width;
    }

    @Override
    public int maxRows() {
      return Math.max(1, Math.min(MAX_ROWS, MAX_BATCH_BYTES / (width * Double.BYTES)));
    }

    @Override
    public List<String> columns() {
      return Collections.unmodifiableList(columns);
    }

    @Override
    public boolean accepts(double value) {
      // The cast makes large values infinite, as it will in predict.
      return doubles ? !Double.isInfinite(value) : !Float.isInfinite((float) value);
    }

    @Override
    public String[] predict(double[] features, int rows) {
      return run(features, rows, result -> texts(result, rows));
    }

    private <T> T run(double[] features, int rows, Reading<T> reading) {
      inUse.readLock().lock();
      try {
        if (closed) {
          throw new IllegalStateException("the model is closed");
        }
        return OnnxModel.this.run(features, rows, names, reading);
      } finally {
        inUse.readLock().unlock();
      }
    }

    private String[] texts(OrtSession.Result result, int rows) throws OrtException {
      String[] texts = new String[rows * columns.size()];
      int column = 0;
      int output = 0;
      for (String name : names) {
        OnnxValue value = result.get(name).orElseThrow();
        int size = sizes.get(output++);
        if (size(value, name, rows) != size) {
          throw outputUnsupported(name, "not always " + size + " values for each row");
        }
        IntFunction<String> text = reader((OnnxTensor) value, name);
        for (int row = 0; row < rows; row++) {
          for (int i = 0; i < size; i++) {
            texts[row * columns.size() + column + i] = text.apply(row * size + i);
          }
        }
        column += size;
      }
      return texts;
    }
  }

  private List<String> columnNames(String output, int size, boolean first) {
    if (size == 1) {
      return List.of(first ? PREDICTION : output);
    }
    if (!output.equals(PROBABILITIES)) {
      return IntStream.range(0, size).mapToObj(i -> output + "_" + i).toList();
    }
    List<String> names = classes.map(OnnxModel::classes).orElseGet(() -> numbered(size));
    if (names.size() != size) {
      throw outputUnsupported(
          output,
          size + " values for each row, and its metadata names " + names.size() + " classes");
    }
    return names.stream().map(PROBABILITY::concat).toList();
  }

  private static List<String> numbered(int size) {
    return IntStream.range(0, size).mapToObj(Integer::toString).toList();
  }

  private static List<String> classes(String json) {
    try {
      return Json.texts(json);
    } catch (IllegalArgumentException e) {
      throw new PredictionException(
          PredictionError.MODEL_INVALID,
          "the model's metadata "
              + CLASSES
              + " "
              + e.getMessage()
              + "; it must be a JSON array of"
              + " texts. Export the model again",
          e);
    }
  }

  /** Reads what the model predicted, before that is freed. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(OrtSession.Result result) throws OrtException;
  }

  private <T> T run(double[] features, int rows, Set<String> outputs, Reading<T> reading) {
    ByteBuffer buffer = buffers.poll();
    if (buffer == null || buffer.capacity() < rows * width * Double.BYTES) {
      buffer =
          ByteBuffer.allocateDirect(rows * width * Double.BYTES).order(ByteOrder.nativeOrder());
    }
    try (OnnxTensor input = tensor(buffer, features, rows);
        OrtSession.Result result = session.run(Map.of(inputName, input), outputs)) {
      return reading.of(result);
    } catch (OrtException e) {
      throw new PredictionException(
          PredictionError.MODEL_INVALID, "the model failed when run: " + e.getMessage(), e);
    } finally {
      buffers.add(buffer);
    }
  }

  private OnnxTensor tensor(ByteBuffer buffer, double[] features, int rows) throws OrtException {
    long[] shape = {rows, width};
    int count = rows * width;
    if (doubles) {
      DoubleBuffer values = buffer.asDoubleBuffer();
      return OnnxTensor.createTensor(environment, values.put(features, 0, count).flip(), shape);
    }
    FloatBuffer values = buffer.asFloatBuffer();
    for (int i = 0; i < count; i++) {
      values.put((float) features[i]);
    }
    return OnnxTensor.createTensor(environment, values.flip(), shape);
  }

  /** Returns how many values an output has for each row. */
  private static int size(OnnxValue output, String name, int rows) {
    if (!(output instanceof OnnxTensor tensor)) {
      throw outputUnsupported(name, output.getInfo().toString());
    }
    long[] shape = tensor.getInfo().getShape();
    if (shape.length < 1 || shape.length > 2 || shape[0] != rows) {
      throw outputUnsupported(
          name, "of shape " + Arrays.toString(shape) + " for " + rows + " rows");
    }
    return shape.length == 1 ? 1 : (int) shape[1];
  }

  private static IntFunction<String> reader(OnnxTensor tensor, String name) throws OrtException {
    switch (tensor.getInfo().type) {
      case FLOAT -> {
        FloatBuffer values = tensor.getFloatBuffer();
        return i -> NumberOutput.toString(values.get(i), true);
      }
      case DOUBLE -> {
        // Not Double.toString: before JDK 19 it is not always the shortest.
        DoubleBuffer values = tensor.getDoubleBuffer();
        return i -> NumberOutput.toString(values.get(i), true);
      }
      case INT64 -> {
        LongBuffer values = tensor.getLongBuffer();
        return i -> Long.toString(values.get(i));
      }
      case STRING -> {
        Object values = tensor.getValue();
        String[] flat =
            values instanceof String[][] nested
                ? Stream.of(nested).flatMap(Stream::of).toArray(String[]::new)
                : (String[]) values;
        return i -> flat[i];
      }
      default -> throw outputUnsupported(name, "of type " + tensor.getInfo().type);
    }
  }

  private static void refuseExternalData(byte[] model, String name) {
    boolean external;
    try {
      external = ExternalData.isUsedBy(model);
    } catch (IllegalArgumentException e) {
      throw new PredictionException(
          PredictionError.MODEL_INVALID,
          name + " is no ONNX file: " + e.getMessage() + ". Export the model again",
          e);
    }
    if (external) {
      throw new PredictionException(
          PredictionError.MODEL_EXTERNAL_DATA,
          name
              + " keeps tensors in other files. Allowed: one self-contained file. Save it with"
              + " onnx.save(model, path, save_as_external_data=False)");
    }
  }

  private static TensorInfo requireInput(ValueInfo info, String model) {
    if (!(info instanceof TensorInfo tensor)
        || (tensor.type != OnnxJavaType.FLOAT && tensor.type != OnnxJavaType.DOUBLE)) {
      throw inputMismatch(model, info.toString());
    }
    long[] shape = tensor.getShape();
    // A fixed row count would force row by row; an unknown width could not be checked.
    if (shape.length != 2 || shape[0] != -1 || shape[1] < 1) {
      throw inputMismatch(model, "shape " + Arrays.toString(shape));
    }
    if (shape[1] > MAX_BATCH_BYTES / Double.BYTES) {
      throw inputMismatch(model, shape[1] + " features");
    }
    return tensor;
  }

  private static PredictionException inputMismatch(String model, String given) {
    return new PredictionException(
        PredictionError.MODEL_INPUT_MISMATCH,
        model
            + " takes "
            + given
            + ". Allowed: one float or double input of shape [-1, features] with at most "
            + MAX_BATCH_BYTES / Double.BYTES
            + " features. Export it with"
            + " initial_types=[(\"X\", DoubleTensorType([None, features]))]");
  }

  private static PredictionException outputUnsupported(String output, String given) {
    return new PredictionException(
        PredictionError.MODEL_OUTPUT_UNSUPPORTED,
        "the model's output "
            + output
            + " is "
            + given
            + ". Allowed: float, double, int64 or string, one value for each row; several if the"
            + " output is named in outputs. Export classifiers with options={\"zipmap\": False}");
  }

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close an ONNX session", e);
    }
  }
}

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
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import tools.jackson.core.io.NumberOutput;

/**
 * An ONNX model.
 *
 * <p>It has one input, float or double, of shape {@code [any, width]}. Its first output is the
 * prediction: a float, double, integer or string of shape {@code [rows]} or {@code [rows, 1]};
 * further outputs (a classifier's probabilities) are not computed for us.
 *
 * <p>Only the runtime's own operators are there: no custom libraries, no tensors in other files.
 */
final class OnnxPredictor implements Predictor {
  /** Enough rows to hide the cost of a call, few enough to stay in the processor's cache. */
  private static final int MAX_ROWS = 8192;

  /** Bound of a batch's features, for models with very many columns. */
  private static final int MAX_BATCH_BYTES = 16 << 20;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String inputName;
  private final String outputName;
  private final boolean doubles;
  private final int width;

  /** Where features go on their way to the model; as many as threads predict at a time. */
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  private OnnxPredictor(OrtEnvironment environment, OrtSession session, String model)
      throws OrtException {
    this.environment = environment;
    this.session = session;
    if (session.getNumInputs() != 1) {
      throw inputMismatch(model, session.getNumInputs() + " inputs");
    }
    NodeInfo input = session.getInputInfo().values().iterator().next();
    TensorInfo tensor = requireInput(input.getInfo(), model);
    this.inputName = input.getName();
    this.outputName = session.getOutputNames().iterator().next();
    this.doubles = tensor.type == OnnxJavaType.DOUBLE;
    this.width = (int) tensor.getShape()[1];
  }

  /**
   * Loads a model.
   *
   * @param model the ONNX file's content
   * @param name how messages name the model
   * @throws PredictionException {@code MODEL_INVALID}, {@code MODEL_EXTERNAL_DATA} or {@code
   *     MODEL_INPUT_MISMATCH}
   */
  static OnnxPredictor load(byte[] model, String name) {
    refuseExternalData(model, name);
    // Problems come as exceptions; the runtime's own log would only repeat them.
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
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
      return new OnnxPredictor(environment, session, name);
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
  public int width() {
    return width;
  }

  @Override
  public int maxRows() {
    return Math.max(1, Math.min(MAX_ROWS, MAX_BATCH_BYTES / (width * Double.BYTES)));
  }

  @Override
  public boolean accepts(double value) {
    // The cast makes large values infinite, as it will in predict.
    return doubles ? !Double.isInfinite(value) : !Float.isInfinite((float) value);
  }

  @Override
  public String[] predict(double[] features, int rows) {
    ByteBuffer buffer = buffers.poll();
    if (buffer == null || buffer.capacity() < rows * width * Double.BYTES) {
      buffer =
          ByteBuffer.allocateDirect(rows * width * Double.BYTES).order(ByteOrder.nativeOrder());
    }
    try (OnnxTensor input = tensor(buffer, features, rows);
        OrtSession.Result result = session.run(Map.of(inputName, input), Set.of(outputName))) {
      return texts(result.get(0), rows);
    } catch (OrtException e) {
      throw new PredictionException(
          PredictionError.MODEL_INVALID, "the model failed when run: " + e.getMessage(), e);
    } finally {
      buffers.add(buffer);
    }
  }

  @Override
  public void close() {
    close(session);
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

  private static String[] texts(OnnxValue output, int rows) throws OrtException {
    if (!(output instanceof OnnxTensor tensor)) {
      throw outputUnsupported(output.getInfo().toString());
    }
    long[] shape = tensor.getInfo().getShape();
    boolean oneEach =
        (shape.length == 1 || (shape.length == 2 && shape[1] == 1)) && shape[0] == rows;
    if (!oneEach) {
      throw outputUnsupported("shape " + Arrays.toString(shape) + " for " + rows + " rows");
    }
    String[] texts = new String[rows];
    switch (tensor.getInfo().type) {
      case FLOAT -> {
        FloatBuffer values = tensor.getFloatBuffer();
        Arrays.setAll(texts, i -> NumberOutput.toString(values.get(i), true));
      }
      case DOUBLE -> {
        // Not Double.toString: before JDK 19 it is not always the shortest.
        DoubleBuffer values = tensor.getDoubleBuffer();
        Arrays.setAll(texts, i -> NumberOutput.toString(values.get(i), true));
      }
      case INT64 -> {
        LongBuffer values = tensor.getLongBuffer();
        Arrays.setAll(texts, i -> Long.toString(values.get(i)));
      }
      case STRING -> {
        Object values = tensor.getValue();
        String[] flat =
            values instanceof String[][] nested
                ? Stream.of(nested).map(row -> row[0]).toArray(String[]::new)
                : (String[]) values;
        System.arraycopy(flat, 0, texts, 0, rows);
      }
      default -> throw outputUnsupported("type " + tensor.getInfo().type);
    }
    return texts;
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

  private static PredictionException outputUnsupported(String given) {
    return new PredictionException(
        PredictionError.MODEL_OUTPUT_UNSUPPORTED,
        "the model's first output is "
            + given
            + ". Allowed: a float, double, int64 or string for each row. Export classifiers with"
            + " options={\"zipmap\": False}, and one model for each target");
  }

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close an ONNX session", e);
    }
  }
}

package dev.mlinfra.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The Lambda function for batch prediction.
 *
 * <p>The event names a model, a scaler, data and an output; {@code MLINFRA_*} environment variables
 * bound what it may name ({@link HandlerSettings}).
 *
 * <pre>{@code
 * {"model_bucket": "ml-data", "model_key": "models/m1/model.onnx",
 *  "scaler_key": "models/m1/scaler.json", "baseline_key": "models/m1/baseline.json",
 *  "data_bucket": "ml-data", "data_key": "datasets/today.csv",
 *  "output_key": "results/today.csv"}
 * }</pre>
 *
 * <p>The answer is {@code {"statusCode": 200, "body": "{\"message\":\"Predictions
 * complete\",\"num_predictions\":2,\"output_key\":\"results/today.csv\"}"}}, or on failure the
 * code's status with {@code {"code": ..., "error": ...}} as body ({@link PredictionError}).
 *
 * <p><b>Asynchronous calls.</b> Lambda takes any answer, also one with status 500, for success.
 * Only an exception makes it retry and then inform the on-failure destination. So whoever invokes
 * asynchronously adds {@code "on_error": "throw"} to the event: failures then are a {@link
 * PredictionException}, whose message starts with the code. The default is {@code "answer"}.
 *
 * <p>Every call writes one JSON line to standard output: request id, rows, seconds, bytes, version
 * of the model, whether the start was cold, and the code of a failure. It never holds a value from
 * the data. Before it stands a line of metrics ({@link PredictionMetrics}), which holds of each
 * feature the least, largest and mean value, or that the call failed.
 */
public final class PredictionHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private static final int CACHED_MODELS = 2;

  private final Map<String, String> environment;
  private final ObjectStore store;
  private final PrintStream log;

  /** Models and their buffers serve one call at a time, also where Lambda runs several at once. */
  private final ReentrantLock oneAtATime = new ReentrantLock();

  private PredictorCache predictors;
  private boolean cold = true;

  /** For Lambda: S3, the process's environment, its temporary folder, standard output. */
  public PredictionHandler() {
    this(System.getenv(), S3ObjectStore.connect(System.getenv()), System.out);
  }

  /**
   * For other stores and for tests.
   *
   * @param environment environment variables; read at each call, so that a wrong one is an error
   *     with a code and no failed start
   * @param store where objects are
   * @param log takes one line for each call
   */
  public PredictionHandler(Map<String, String> environment, ObjectStore store, PrintStream log) {
    this.environment = Map.copyOf(environment);
    this.store = store;
    this.log = log;
    OnnxModel.loadRuntimeEarly();
  }

  /**
   * Predicts.
   *
   * @throws PredictionException if it fails and the event says {@code "on_error": "throw"}
   */
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    long start = System.nanoTime();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", "prediction");
    line.put("request_id", context.getAwsRequestId());
    oneAtATime.lock();
    try {
      line.put("cold", cold);
      PredictionEvent parsed = PredictionEvent.parse(event);
      PredictionResult result = predict(parsed, context::getRemainingTimeInMillis);
      line.put("rows", result.rows());
      line.put("bytes_in", result.bytesIn());
      line.put("bytes_out", result.bytesOut());
      line.put("model_version", result.modelVersion());
      log.println(
          PredictionMetrics.line(
              context.getFunctionName(),
              System.currentTimeMillis(),
              result,
              (System.nanoTime() - start) / 1e9,
              cold));
      return success(result.rows(), parsed.request().output().key());
    } catch (RuntimeException | LinkageError e) { // LinkageError: the native library is not there
      PredictionException failure = asPredictionException(e);
      line.put("code", failure.code().name());
      if (failure.getCause() != null) {
        line.put("cause", place(failure.getCause()));
      }
      log.println(
          PredictionMetrics.failure(
              context.getFunctionName(), System.currentTimeMillis(), failure.code(), cold));
      if (PredictionEvent.throwsOnError(event)) {
        throw failure;
      }
      return failure(failure);
    } finally {
      cold = false;
      line.put("seconds", Math.round((System.nanoTime() - start) / 1e6) / 1e3);
      log.println(Json.object(line));
      oneAtATime.unlock();
    }
  }

  private PredictionResult predict(PredictionEvent event, Deadline deadline) {
    HandlerSettings settings = HandlerSettings.from(environment);
    event.requireAllowed(settings);
    if (predictors == null) {
      predictors =
          new PredictorCache(
              store, settings.maxModelBytes(), CACHED_MODELS, settings.modelSha256());
    }
    return new PredictionJob(store, predictors, settings.missingValues())
        .run(event.request(), event.range(), deadline);
  }

  private static Map<String, Object> success(long rows, String outputKey) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("message", "Predictions complete");
    body.put("num_predictions", rows);
    body.put("output_key", outputKey);
    return answer(200, body);
  }

  private static Map<String, Object> failure(PredictionException failure) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("code", failure.code().name());
    body.put("error", failure.detail());
    return answer(failure.code().status(), body);
  }

  /** The body is JSON in a string, as API Gateway wants it. */
  private static Map<String, Object> answer(int status, Map<String, Object> body) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("statusCode", status);
    answer.put("body", Json.object(body));
    return answer;
  }

  private static PredictionException asPredictionException(Throwable thrown) {
    return thrown instanceof PredictionException known
        ? known
        : new PredictionException(
            PredictionError.INTERNAL,
            "a fault of the function itself, not of the event; its log names the cause",
            thrown);
  }

  /** Names an exception and where it came from, without its message, which may hold values. */
  private static String place(Throwable thrown) {
    StackTraceElement[] trace = thrown.getStackTrace();
    return thrown.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}

package dev.mlinfra.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The Lambda function at both ends of a run over many objects, or over ranges of one: it plans what
 * {@link PredictionHandler} does item by item, and sums it up.
 *
 * <p>The event is {@code {"step": "plan", "run": NAME, "request": {...}}} or {@code {"step":
 * "manifest", "run": NAME}}. Every failure is a {@link PredictionException}, whose message starts
 * with its code: a state machine takes any answer for success.
 */
public final class RunHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private final Map<String, String> environment;
  private final ObjectStore store;
  private final ObjectListing listing;

  /** For Lambda: S3 and the process's environment. */
  public RunHandler() {
    this(System.getenv(), S3ObjectStore.connect(System.getenv()));
  }

  /** For other clients of S3 and for tests. */
  public RunHandler(Map<String, String> environment, S3ObjectStore s3) {
    this(environment, s3, s3);
  }

  /** For tests. */
  RunHandler(Map<String, String> environment, ObjectStore store, ObjectListing listing) {
    this.environment = Map.copyOf(environment);
    this.store = store;
    this.listing = listing;
  }

  /**
   * Plans or sums up.
   *
   * @throws PredictionException if it fails
   */
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    RunSettings settings = RunSettings.from(environment);
    Object step = event.get("step");
    if (!(event.get("run") instanceof String run) || !run.matches("[A-Za-z0-9_.-]{1,80}")) {
      throw invalid("run must be a text of 1 to 80 letters, digits, and . _ -");
    }
    if ("plan".equals(step) && event.get("request") instanceof Map<?, ?> request) {
      RunPlanner.Plan plan =
          new RunPlanner(store, listing, settings, new RangePlanner())
              .plan(
                  run,
                  RunRequest.parse(JsonValues.asObject(request), settings),
                  context::getRemainingTimeInMillis);
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("items_key", plan.key());
      answer.put("results_prefix", settings.folder(run) + "map");
      answer.put("items", plan.items());
      answer.put("bytes", plan.bytes());
      return answer;
    }
    if ("manifest".equals(step)) {
      return new RunManifest(store, listing, settings).write(run);
    }
    throw invalid("step must be plan, with an object as request, or manifest");
  }

  private static PredictionException invalid(String problem) {
    return new PredictionException(PredictionError.EVENT_INVALID, problem);
  }
}

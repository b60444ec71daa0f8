package dev.mlinfra.aws.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The state machine of a run: plan, predict item by item in a Distributed Map, sum up. Where too
 * many items fail, it sums up and then fails.
 *
 * @param partition such as {@code aws}
 * @param planner ARN of the function that plans and sums up
 * @param worker ARN of the function that predicts
 * @param bucket name of the bucket with plans and results
 * @param maxItems items at most
 * @param maxConcurrency items at one time
 * @param toleratedPercentage share of the items that may fail
 * @param toleratedCount how many items may fail; null for no limit beside the share
 * @param retries further tries after a fault of the service
 * @param timeoutSeconds longest run
 */
public record RunDefinition(
    String partition,
    String planner,
    String worker,
    String bucket,
    int maxItems,
    int maxConcurrency,
    double toleratedPercentage,
    Integer toleratedCount,
    int retries,
    long timeoutSeconds) {

  /** The definition in the Amazon States Language. */
  public Map<String, Object> toMap() {
    return map(
        "Comment",
        "Predicts for many objects, or for ranges of one",
        "TimeoutSeconds",
        timeoutSeconds,
        "StartAt",
        "Plan",
        "States",
        map(
            "Plan", plan(),
            "Predict", predict(),
            "SumUp", with(sumUp(), "OutputPath", "$.Payload", "End", true),
            "SumUpFailure", with(sumUp(), "ResultPath", "$.manifest", "Next", "Failed"),
            "Failed",
                map(
                    "Type", "Fail",
                    "ErrorPath", "$.failure.Error",
                    "CausePath", "$.failure.Cause")));
  }

  private Map<String, Object> plan() {
    return with(
        call(
            planner,
            "Payload",
            map("step", "plan", "run.$", "$$.Execution.Name", "request.$", "$")),
        "OutputPath",
        "$.Payload",
        "Next",
        "Predict");
  }

  private Map<String, Object> sumUp() {
    return call(planner, "Payload", map("step", "manifest", "run.$", "$$.Execution.Name"));
  }

  private Map<String, Object> predict() {
    Map<String, Object> item =
        with(call(worker, "Payload.$", "$"), "OutputPath", "$.Payload", "End", true);
    Map<String, Object> state =
        map(
            "Type",
            "Map",
            "Label",
            "Predict",
            "ItemReader",
            map(
                "Resource", service("s3:getObject"),
                "ReaderConfig", map("InputType", "JSON", "MaxItems", maxItems),
                "Parameters", map("Bucket", bucket, "Key.$", "$.items_key")),
            "ItemProcessor",
            map(
                // A child may take as long as a function; an express one only five minutes.
                "ProcessorConfig", map("Mode", "DISTRIBUTED", "ExecutionType", "STANDARD"),
                "StartAt", "PredictItem",
                "States", map("PredictItem", item)),
            "MaxConcurrency",
            maxConcurrency,
            "ToleratedFailurePercentage",
            toleratedPercentage,
            "ResultWriter",
            map(
                "Resource", service("s3:putObject"),
                "Parameters", map("Bucket", bucket, "Prefix.$", "$.results_prefix")),
            "Catch",
            List.of(
                map(
                    "ErrorEquals", List.of("States.ALL"),
                    "ResultPath", "$.failure",
                    "Next", "SumUpFailure")),
            "Next",
            "SumUp");
    return toleratedCount == null ? state : with(state, "ToleratedFailureCount", toleratedCount);
  }

  private Map<String, Object> call(String function, String payload, Object value) {
    return map(
        "Type", "Task",
        "Resource", service("lambda:invoke"),
        "Parameters", map("FunctionName", function, payload, value),
        "Retry",
            List.of(
                map(
                    "ErrorEquals",
                    List.of(
                        "Lambda.AWSLambdaException",
                        "Lambda.ClientExecutionTimeoutException",
                        "Lambda.SdkClientException",
                        "Lambda.ServiceException"),
                    "IntervalSeconds",
                    2,
                    "BackoffRate",
                    2,
                    "MaxAttempts",
                    retries),
                map(
                    "ErrorEquals",
                    List.of("Lambda.TooManyRequestsException"),
                    "IntervalSeconds",
                    2,
                    "BackoffRate",
                    2,
                    "MaxDelaySeconds",
                    60,
                    "JitterStrategy",
                    "FULL",
                    "MaxAttempts",
                    RunCost.THROTTLE_RETRIES)));
  }

  private String service(String call) {
    return "arn:" + partition + ":states:::" + call;
  }

  private static Map<String, Object> with(Map<String, Object> state, Object... more) {
    Map<String, Object> all = new LinkedHashMap<>(state);
    all.putAll(map(more));
    return all;
  }

  /** A map in the order given: name, value, name, value … */
  private static Map<String, Object> map(Object... entries) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put((String) entries[i], entries[i + 1]);
    }
    return map;
  }
}

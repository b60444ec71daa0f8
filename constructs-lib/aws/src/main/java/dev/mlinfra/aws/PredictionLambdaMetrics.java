package dev.mlinfra.aws;

import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.sqs.IQueue;

/** Metrics of the live version of a prediction function; five minutes each. */
public final class PredictionLambdaMetrics {
  private final Alias alias;
  private final IQueue failures;

  PredictionLambdaMetrics(Alias alias, IQueue failures) {
    this.alias = alias;
    this.failures = failures;
  }

  /** Calls. */
  public IMetric invocations() {
    return alias.metricInvocations();
  }

  /** Calls that ended in an error of the function. */
  public IMetric errors() {
    return alias.metricErrors();
  }

  /** Calls refused because too many ran. */
  public IMetric throttles() {
    return alias.metricThrottles();
  }

  /** Run time in milliseconds, 95th percentile. */
  public IMetric durationP95() {
    return alias.metricDuration(MetricOptions.builder().statistic("p95").build());
  }

  /** Asynchronous calls that failed for good and wait to be looked at. */
  public Metric waitingFailures() {
    return failures.metricApproximateNumberOfMessagesVisible();
  }
}

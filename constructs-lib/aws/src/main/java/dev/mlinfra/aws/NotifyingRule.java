package dev.mlinfra.aws;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/** Rules of EventBridge that tell a topic of events, in a sentence. */
final class NotifyingRule {
  private NotifyingRule() {}

  /**
   * A rule.
   *
   * @param pattern which events
   * @param paths what of an event stands in the text, by the name there
   * @param text the sentence, with names as {@code <name>}
   */
  static CfnRule create(
      Construct scope,
      String id,
      String description,
      Map<String, Object> pattern,
      Map<String, String> paths,
      String text,
      ITopic topic) {
    return CfnRule.Builder.create(scope, id)
        .description(description)
        .eventPattern(pattern)
        .targets(
            List.of(
                CfnRule.TargetProperty.builder()
                    .id("Notifications")
                    .arn(topic.getTopicArn())
                    .inputTransformer(
                        CfnRule.InputTransformerProperty.builder()
                            .inputPathsMap(paths)
                            .inputTemplate("\"" + text + "\"")
                            .build())
                    .build()))
        .build();
  }

  /** How many events a rule took, which CloudWatch counts by itself. */
  static Metric matched(String rule) {
    return Metric.Builder.create()
        .namespace("AWS/Events")
        .metricName("MatchedEvents")
        .dimensionsMap(Map.of("RuleName", rule))
        .statistic("Sum")
        .period(Duration.minutes(5))
        .build();
  }

  /**
   * Lets a service publish for resources of the account; a topic that exists has its own policy.
   */
  static void letPublish(
      Construct scope, ITopic topic, String sid, String service, List<String> sourceArns) {
    topic.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid(sid)
            .principals(List.of(new ServicePrincipal(service)))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(
                Map.of(
                    "StringEquals", Map.of("aws:SourceAccount", Stack.of(scope).getAccount()),
                    "ArnEquals", Map.of("aws:SourceArn", sourceArns)))
            .build());
  }
}

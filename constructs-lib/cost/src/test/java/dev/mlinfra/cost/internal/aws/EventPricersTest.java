package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static dev.mlinfra.cost.internal.aws.Bills.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.LineItem;
import dev.mlinfra.cost.Price;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues, topics, buses, schedules and pipes. */
class EventPricersTest {
  private static final List<Price> PRICES =
      List.of(
          price("sqs", "standard queue", 0.4),
          price("sqs", "FIFO queue", 0.5),
          price("sns", "standard API requests after 1M free", 0.5),
          price("sns", "email notifications after 1k free", 2),
          price("eventbridge", "custom events", 1),
          price("eventbridge", "Pipes requests", 0.4),
          price("eventbridge", "Scheduler invocations after 14M free/month", 1));

  @Test
  void aMessageIsThreeRequests() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "Q: {Type: AWS::SQS::Queue}",
            "F: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}");

    assertThat(line(estimate, "Q", "requests").expected().usd().high())
        .isCloseTo(0.003 * 0.4, within(1e-12));
    assertThat(line(estimate, "F", "requests").expected().usd().high())
        .isCloseTo(0.003 * 0.5, within(1e-12));
  }

  @Test
  void fewMessagesFail() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "Q: {Type: AWS::SQS::Queue}",
            "C: {Type: AWS::Lambda::EventInvokeConfig, Properties: {DestinationConfig:"
                + " {OnFailure: {Destination: {'Fn::GetAtt': [Q, Arn]}}}}}");

    assertThat(line(estimate, "Q", "requests").expected().quantity())
        .isCloseTo(1000 * 0.01 * 3 / 1e6, within(1e-12));
  }

  @Test
  void lambdaAsksAQueueAllTheTime() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "Q: {Type: AWS::SQS::Queue}",
            "M: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: {'Fn::GetAtt': [Q, Arn]}}}");

    // Five pollers that wait 20 s each.
    assertThat(line(estimate, "Q", "polling by Lambda").expected().quantity())
        .isCloseTo(5 * 730 * 3600 / 20 / 1e6, within(1e-9));
  }

  @Test
  void aTopicTellsPeople() {
    Estimate estimate = Bills.of(PRICES, "T: {Type: AWS::SNS::Topic}");

    assertThat(line(estimate, "T", "e-mails").expected().usd().high())
        .isCloseTo(100 / 1e5 * 2, within(1e-9));
  }

  @Test
  void onlyEventsOfOnesOwnCost() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "B: {Type: AWS::Events::EventBus}",
            "R: {Type: AWS::Events::Rule}",
            "S: {Type: AWS::Events::Rule, Properties: {EventBusName: {Ref: B}}}");

    assertThat(line(estimate, "B", "events").expected().usd().high())
        .isCloseTo(0.001, within(1e-9));
    assertThat(said(estimate, "R")).allMatch(it -> it.startsWith("FREE"));
    assertThat(said(estimate, "S")).allMatch(it -> it.startsWith("ELSEWHERE"));
  }

  @Test
  void aScheduleCostsByItsRunsAndAtMostByItsRetries() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 hour),"
                + " Target: {RetryPolicy: {MaximumRetryAttempts: 2}}}}",
            "U: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: sometimes}}");

    LineItem runs = line(estimate, "S", "invocations");
    assertThat(runs.expected().quantity()).isCloseTo(730 / 1e6, within(1e-12));
    assertThat(runs.worst().orElseThrow().quantity()).isCloseTo(3 * 730 / 1e6, within(1e-12));
    assertThat(said(estimate, "U"))
        .containsExactly("NOT_PRICED how often it starts something is not known here");
  }

  @Test
  void aPipeCostsByItsEvents() {
    Estimate estimate = Bills.of(PRICES, "P: {Type: AWS::Pipes::Pipe}");

    assertThat(line(estimate, "P", "requests").expected().usd().high())
        .isCloseTo(0.001 * 0.4, within(1e-12));
  }
}

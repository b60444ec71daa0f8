package dev.mlinfra.cost.internal.aws;

import static dev.mlinfra.cost.internal.aws.Bills.line;
import static dev.mlinfra.cost.internal.aws.Bills.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.cost.Estimate;
import dev.mlinfra.cost.JobExposure;
import dev.mlinfra.cost.Price;
import dev.mlinfra.cost.Usd;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateMachinePricerTest {
  private static final List<Price> PRICES =
      List.of(
          price("stepfunctions", "standard workflow transitions", 0.025),
          price("stepfunctions", "express requests", 1),
          price("stepfunctions", "express duration first 1K GB-hours", 0.06),
          price("sagemaker", "instance ml.g5.xlarge", 2));

  @Test
  void aRunPassesEachStateOnce() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString:"
                + " '{\"States\": {\"A\": {\"Type\": \"Pass\"}, \"B\": {\"Type\": \"Map\","
                + " \"ItemProcessor\": {\"States\": {\"C\": {}}}}}}'}}");

    // 1000 runs of 3 states.
    assertThat(line(estimate, "M", "transitions").expected().usd().high())
        .isCloseTo(3 * 0.025, within(1e-9));
  }

  @Test
  void aDefinitionThatCannotBeReadHasAsManyAsIsAssumed() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: '{'}}");

    assertThat(line(estimate, "M", "transitions").expected().quantity()).isEqualTo(10);
  }

  @Test
  void anExpressWorkflowCostsByRequestsAndTime() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "M: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineType: EXPRESS}}");

    assertThat(line(estimate, "M", "requests").expected().usd().high())
        .isCloseTo(0.001, within(1e-9));
    // 1000 runs of 5 s with 64 MB.
    assertThat(line(estimate, "M", "duration").expected().quantity())
        .isCloseTo(1000 * 5 * 64 / 1024.0 / 3600, within(1e-9));
  }

  @Test
  void aTrainingJobCostsAtMostItsAttemptsTimesItsLimit() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "M: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {States: {Train: {"
                + "Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',"
                + " Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 2}],"
                + " Parameters: {ResourceConfig: {InstanceType: ml.g5.xlarge, InstanceCount: 2},"
                + " StoppingCondition: {MaxRuntimeInSeconds: 3600}}}}}}}");

    JobExposure job = Bills.job(estimate, "M");
    assertThat(job.usd()).contains(Usd.of(3 * 1 * 2 * 2));
    assertThat(line(estimate, "M", "instance ml.g5.xlarge").expected().usd())
        .isEqualTo(Usd.of(40 * 2 * 2));
  }

  @Test
  void aTrainingJobWithoutALimitRunsForADay() {
    Estimate estimate =
        Bills.of(
            PRICES,
            "M: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {States: {Train: {"
                + "Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',"
                + " Parameters: {ResourceConfig: {InstanceType: ml.g5.xlarge}}}}}}}");

    assertThat(Bills.job(estimate, "M").timeout()).contains(Duration.ofDays(1));
  }

  private static final String MANY =
      """
      F: {Type: AWS::Lambda::Function, Properties: {MemorySize: 1024, Timeout: 60}},
      A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: {Ref: F}, Name: live}},
      M: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {States: {Map: {
        Type: Map, MaxConcurrency: 5, %s ItemProcessor: {
          ProcessorConfig: {Mode: DISTRIBUTED}, States: {Task: {
            Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: {Ref: A}},
            Retry: [{ErrorEquals: [Lambda.ServiceException], MaxAttempts: 1},
                    {ErrorEquals: [Lambda.TooManyRequestsException], MaxAttempts: 8}]}}}}}}}}
      """;

  @Test
  void aDistributedMapCostsAtMostItsItemsTimesTheTimeoutOfTheFunction() {
    Estimate estimate =
        Bills.of(
            List.of(
                price("stepfunctions", "standard workflow transitions", 0.025),
                price("lambda", "duration x86 first 6B GB-s", 0.00002),
                price("lambda", "requests", 0.2)),
            MANY.formatted("ItemReader: {ReaderConfig: {MaxItems: 100}},"));

    JobExposure job = Bills.job(estimate, "M");
    // Throttled calls do not run: 2 attempts.
    assertThat(job.attempts()).hasValue(200);
    assertThat(job.atOnce()).hasValue(5);
    assertThat(job.usd().orElseThrow().high()).isCloseTo(200 * 60 * 0.00002, within(1e-9));
  }

  @Test
  void aDistributedMapWithoutALimitOfItemsHasNoBound() {
    Estimate estimate =
        Bills.of(
            List.of(
                price("stepfunctions", "standard workflow transitions", 0.025),
                price("lambda", "duration x86 first 6B GB-s", 0.00002),
                price("lambda", "requests", 0.2)),
            MANY.formatted(""));

    assertThat(Bills.job(estimate, "M").attempts()).isEmpty();
  }
}

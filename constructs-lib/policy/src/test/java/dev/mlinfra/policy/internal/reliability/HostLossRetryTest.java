package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostLossRetryTest {
  private static final String LOST = ": the job ends when its spot capacity is taken away";
  private static final String EXIT = ", {Action: EXIT, OnReason: '*'}]";
  private static final String GOOD = "[{Action: RETRY, OnStatusReason: 'Host EC2*'}" + EXIT;

  @Test
  void compliantWhenRetriedOnHostLoss() {
    assertThat(check("SPOT", GOOD))
        .containsExactly(
            "COMPLIANT Job RetryStrategy.Attempts", "COMPLIANT Job RetryStrategy.EvaluateOnExit");
  }

  @Test
  void compliantWhenNothingSaysOtherwise() {
    assertThat(check("SPOT", "[{Action: EXIT, OnExitCode: '1'}]"))
        .containsExactly(
            "COMPLIANT Job RetryStrategy.Attempts", "COMPLIANT Job RetryStrategy.EvaluateOnExit");
    assertThat(of(BatchTemplates.on("SPOT") + BatchTemplates.job("{RetryStrategy: {Attempts: 2}}")))
        .containsExactly("COMPLIANT Job RetryStrategy.Attempts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{Action: EXIT, OnStatusReason: 'Host EC2*'}]",
        "[{Action: RETRY, OnReason: 'Cannot*'}, {Action: EXIT, OnReason: '*'}]",
        "[{Action: EXIT, OnStatusReason: '*'}, {Action: RETRY, OnStatusReason: 'Host EC2*'}]",
        "[{Action: RETRY, OnStatusReason: 'Your Spot Task*'}, {Action: EXIT, OnReason: '*'}]"
      })
  void violatedWhenHostLossEndsTheJob(String list) {
    assertThat(check("SPOT", list))
        .containsExactly(
            "COMPLIANT Job RetryStrategy.Attempts",
            "VIOLATED Job RetryStrategy.EvaluateOnExit" + LOST);
  }

  @Test
  void violatedByOneAttempt() {
    assertThat(of(BatchTemplates.on("SPOT") + BatchTemplates.job("{Type: container}")))
        .containsExactly("VIOLATED Job RetryStrategy.Attempts" + LOST);
  }

  @Test
  void fargateSaysSomethingElseWhenItTakesATaskAway() {
    String fargate = "PlatformCapabilities: [FARGATE]";
    assertThat(check("FARGATE_SPOT", GOOD, fargate))
        .containsExactly(
            "COMPLIANT Job RetryStrategy.Attempts",
            "VIOLATED Job RetryStrategy.EvaluateOnExit" + LOST);
    assertThat(
            check(
                "FARGATE_SPOT",
                "[{Action: RETRY, OnStatusReason: 'Your Spot Task*'}" + EXIT,
                fargate))
        .containsExactly(
            "COMPLIANT Job RetryStrategy.Attempts", "COMPLIANT Job RetryStrategy.EvaluateOnExit");
  }

  @Test
  void violatedOnDemandByAnExitForHostLoss() {
    assertThat(check("EC2", "[{Action: EXIT, OnStatusReason: 'Host EC2*'}]"))
        .containsExactly(
            "VIOLATED Job RetryStrategy.EvaluateOnExit[0].Action: ends a job because its host was"
                + " lost");
  }

  @Test
  void undecidedWhenAJobMayRunOnDemand() {
    assertThat(of(BatchTemplates.onBoth() + BatchTemplates.job("{Type: container}")))
        .containsExactly("UNDECIDED Job RetryStrategy.Attempts" + Undecided.whether(LOST));
  }

  @Test
  void undecidedWhenTheConditionIsKnownOnlyWhenDeployed() {
    assertThat(check("SPOT", "[{Action: !ImportValue what, OnReason: '*'}]"))
        .containsExactly(
            "COMPLIANT Job RetryStrategy.Attempts",
            "UNDECIDED Job RetryStrategy.EvaluateOnExit" + Undecided.whether(LOST));
  }

  @Test
  void theQueueThatAJobIsSubmittedToDecides() {
    String job = BatchTemplates.job("{Type: container}");
    assertThat(of(BatchTemplates.onBoth() + BatchTemplates.submitting("!Ref Queue", "") + job))
        .isEmpty();
    assertThat(of(BatchTemplates.onBoth() + BatchTemplates.submitting("!Ref SpotQueue", "") + job))
        .containsExactly("VIOLATED Job RetryStrategy.Attempts" + LOST);
    assertThat(
            of(
                BatchTemplates.onBoth()
                    + "  Rule: {Type: 'AWS::Events::Rule', Properties: {Targets: [{Arn: !Ref"
                    + " SpotQueue,"
                    + " BatchParameters: {JobDefinition: !Ref Job}}]}}\n"
                    + job))
        .containsExactly("VIOLATED Job RetryStrategy.Attempts" + LOST);
    assertThat(
            of(
                BatchTemplates.onBoth()
                    + "  Pipe: {Type: 'AWS::Pipes::Pipe', Properties: {Target: !Ref Queue,"
                    + " TargetParameters: {BatchJobParameters: {JobDefinition: !Ref Job}}}}\n"
                    + job))
        .isEmpty();
  }

  @Test
  void notApplicableOnDemandAndToJobsOverSeveralNodes() {
    assertThat(check("EC2", GOOD)).isEmpty();
    assertThat(
            of(BatchTemplates.on("SPOT") + BatchTemplates.job("{NodeProperties: {NumNodes: 2}}")))
        .isEmpty();
    assertThat(of("Resources:\n" + BatchTemplates.job("{Type: container}"))).isEmpty();
  }

  private static List<String> check(String environment, String list, String... more) {
    String others = more.length == 0 ? "" : ", " + String.join(", ", more);
    return of(
        BatchTemplates.on(environment)
            + BatchTemplates.job(
                "{RetryStrategy: {Attempts: 3, EvaluateOnExit: " + list + "}" + others + "}"));
  }

  private static List<String> of(String yaml) {
    return Checks.of(new HostLossRetry(), yaml);
  }
}

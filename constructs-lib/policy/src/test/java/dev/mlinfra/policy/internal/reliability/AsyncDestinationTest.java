package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsyncDestinationTest {
  private static final String DROPPED =
      ": what fails is dropped without a word when Caller calls it";
  private static final String RULE =
      "Caller: {Type: 'AWS::Events::Rule', Properties: {Targets: [{Arn: !GetAtt Work.Arn}]}}";
  private static final String ALIAS_RULE =
      "Caller: {Type: 'AWS::Events::Rule', Properties: {Targets: [{Arn: !Ref Live}]}}";

  @Test
  void compliantWithADeadLetterQueue() {
    assertThat(check("DeadLetterConfig: {TargetArn: !GetAtt Failures.Arn}", RULE))
        .containsExactly("COMPLIANT Work DeadLetterConfig.TargetArn");
  }

  @Test
  void compliantWithADestinationOfWhatIsCalled() {
    assertThat(check("Timeout: 3", RULE, settings("$LATEST")))
        .containsExactly("COMPLIANT Settings DestinationConfig.OnFailure.Destination");
    assertThat(check("Timeout: 3", ALIAS_RULE, settings("live")))
        .containsExactly("COMPLIANT Settings DestinationConfig.OnFailure.Destination");
  }

  @Test
  void violatedWhenTheDestinationIsOfSomethingElse() {
    assertThat(check("Timeout: 3", RULE, settings("live")))
        .containsExactly(
            "COMPLIANT Settings DestinationConfig.OnFailure.Destination",
            "VIOLATED Work DeadLetterConfig.TargetArn" + DROPPED);
    assertThat(check("Timeout: 3", ALIAS_RULE, settings("$LATEST")))
        .contains("VIOLATED Work DeadLetterConfig.TargetArn" + DROPPED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{Type: 'AWS::Events::Rule', Properties: {Targets: [{Arn: !GetAtt Work.Arn}]}}",
        "{Type: 'AWS::Events::Rule', Properties: {Targets: [{Arn: !Sub '${Work.Arn}:live'}]}}",
        "{Type: 'AWS::Scheduler::Schedule', Properties: {Target: {Arn: !Ref Live}}}",
        "{Type: 'AWS::S3::Bucket', Properties: {NotificationConfiguration:"
            + " {LambdaConfigurations: [{Event: 's3:*', Function: !GetAtt Work.Arn}]}}}",
        "{Type: 'Custom::S3BucketNotifications', Properties: {NotificationConfiguration:"
            + " {LambdaFunctionConfigurations: [{LambdaFunctionArn: !GetAtt Work.Arn}]}}}",
        "{Type: 'AWS::SNS::Subscription', Properties: {Protocol: lambda, Endpoint: !GetAtt"
            + " Work.Arn}}",
        "{Type: 'AWS::SNS::Topic', Properties: {Subscription: [{Endpoint: !GetAtt Work.Arn}]}}",
        "{Type: 'AWS::Logs::SubscriptionFilter', Properties: {DestinationArn: !GetAtt Work.Arn}}"
      })
  void violatedByEveryCallerThatDoesNotWait(String caller) {
    assertThat(check("Timeout: 3", "Caller: " + caller))
        .containsExactly("VIOLATED Work DeadLetterConfig.TargetArn" + DROPPED);
  }

  @Test
  void violatedBySettingsWithoutADestination() {
    assertThat(
            check(
                "Timeout: 3",
                "Settings: {Type: 'AWS::Lambda::EventInvokeConfig',"
                    + " Properties: {FunctionName: !Ref Work, Qualifier: live}}"))
        .containsExactly(
            "VIOLATED Settings DestinationConfig.OnFailure.Destination: what fails is dropped"
                + " without a word");
  }

  @Test
  void undecidedWhenTheFunctionOfSettingsStandsElsewhere() {
    assertThat(
            check(
                "Timeout: 3",
                "Settings: {Type: 'AWS::Lambda::EventInvokeConfig',"
                    + " Properties: {FunctionName: !ImportValue function, Qualifier: live}}"))
        .containsExactly(
            "UNDECIDED Settings DestinationConfig.OnFailure.Destination: it is known only when"
                + " deployed whether what fails is dropped without a word");
  }

  @Test
  void notApplicableToAFunctionThatNothingCallsSo() {
    assertThat(check("Timeout: 3")).isEmpty();
    assertThat(
            check(
                "Timeout: 3",
                "Machine: {Type: 'AWS::Events::Rule', Properties: {Targets: [{Arn: !Ref"
                    + " Failures}]}}"))
        .isEmpty();
  }

  private static String settings(String qualifier) {
    return "Settings: {Type: 'AWS::Lambda::EventInvokeConfig', Properties: {FunctionName: !Ref"
        + " Work,"
        + " Qualifier: "
        + qualifier
        + ", DestinationConfig: {OnFailure: {Destination: !GetAtt Failures.Arn}}}}";
  }

  private static List<String> check(String properties, String... more) {
    return Checks.of(
        new AsyncDestination(),
        "Resources:",
        "  Failures: {Type: 'AWS::SQS::Queue'}",
        "  Work: {Type: 'AWS::Lambda::Function', Properties: {" + properties + "}}",
        "  Live: {Type: 'AWS::Lambda::Alias', Properties: {Name: live, FunctionName: !Ref Work}}",
        "  " + String.join("\n  ", more));
  }
}

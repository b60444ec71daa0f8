package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlinfra.core.DataSettings.Encryption;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.cost.PriceBook;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.RetentionDays;
import tools.jackson.databind.JsonNode;

class DistributedPredictionTest {
  private static final int PLANNER_MB = 1024;

  private final TestStack stack = new TestStack();
  private final MlDataBucket data = new MlDataBucket(stack.scope(), "Data");

  @Nested
  class ByDefault {
    private final DistributedPrediction runs = runs(props -> props);
    private final JsonNode machine = stack.properties("AWS::StepFunctions::StateMachine");

    @Test
    void plansThenPredictsThenSumsUp() {
      JsonNode definition = machine.path("Definition");
      assertThat(definition.path("StartAt").asString()).isEqualTo("Plan");
      assertThat(definition.at("/States/Plan/Next").asString()).isEqualTo("Predict");
      assertThat(definition.at("/States/Predict/Next").asString()).isEqualTo("SumUp");
      assertThat(definition.at("/States/SumUp/End").asBoolean()).isTrue();
      assertThat(definition.at("/States/Predict/Catch/0/Next").asString())
          .isEqualTo("SumUpFailure");
      assertThat(definition.at("/States/SumUpFailure/Next").asString()).isEqualTo("Failed");
      assertThat(definition.path("TimeoutSeconds").asInt()).isEqualTo(86_400);
      assertThat(machine.path("StateMachineType").asString()).isEqualTo("STANDARD");
    }

    @Test
    void predictsThroughTheAliasWithFiveAtOneTime() {
      JsonNode map = machine.at("/Definition/States/Predict");
      JsonNode task = map.at("/ItemProcessor/States/PredictItem");
      assertThat(map.path("MaxConcurrency").asInt()).isEqualTo(5);
      assertThat(TestStack.show(task.at("/Parameters/FunctionName")))
          .isEqualTo(only("AWS::Lambda::Alias", "PredictionLive"));
      assertThat(map.at("/ItemProcessor/ProcessorConfig").toString())
          .isEqualTo("{\"Mode\":\"DISTRIBUTED\",\"ExecutionType\":\"STANDARD\"}");
    }

    @Test
    void stopsAtTheFirstFailure() {
      JsonNode map = machine.at("/Definition/States/Predict");
      assertThat(map.path("ToleratedFailurePercentage").asDouble()).isZero();
      assertThat(map.has("ToleratedFailureCount")).isFalse();
    }

    @Test
    void triesAgainWhatIsNotOurFaultAlone() {
      JsonNode retries =
          machine.at("/Definition/States/Predict/ItemProcessor/States/PredictItem/Retry");
      assertThat(TestStack.texts(retries.at("/0/ErrorEquals")))
          .containsExactly(
              "Lambda.AWSLambdaException",
              "Lambda.ClientExecutionTimeoutException",
              "Lambda.SdkClientException",
              "Lambda.ServiceException");
      assertThat(retries.at("/0/MaxAttempts").asInt()).isEqualTo(1);
      assertThat(TestStack.texts(retries.at("/1/ErrorEquals")))
          .containsExactly("Lambda.TooManyRequestsException");
      assertThat(retries.at("/1/MaxAttempts").asInt()).isEqualTo(8);
      assertThat(retries.size()).isEqualTo(2);
    }

    @Test
    void mayDoWhatItNeedsAndNothingElse() {
      String bucket = stack.resources("AWS::S3::Bucket").keySet().iterator().next();
      String state = stack.resources("AWS::StepFunctions::StateMachine").keySet().iterator().next();
      assertThat(stack.grants())
          .contains(
              "states:StartExecution on " + state,
              "states:StopExecution on arn:aws:states:us-east-1:123456789012:execution:"
                  + state
                  + ":*",
              "s3:ListMultipartUploadParts on " + bucket + "/results/_runs/*",
              "lambda:InvokeFunction on "
                  + only("AWS::Lambda::Alias", "PredictionLive")
                  + ", "
                  + only("AWS::Lambda::Alias", "RunsPlannerLive"))
          .filteredOn(grant -> grant.startsWith("s3:PutObject"))
          .containsExactly(
              "s3:PutObject on " + bucket + "/results/*",
              "s3:PutObject on " + bucket + "/results/_runs/*");
      assertThat(runs.getRole()).isNotNull();
      assertThat(runs.getPlannerRole()).isNotNull();
    }

    @Test
    void listsDataAndRunsAlone() {
      JsonNode list =
          stack.resources("AWS::IAM::Policy").entrySet().stream()
              .filter(entry -> entry.getKey().startsWith("RunsPlannerRole"))
              .findFirst()
              .orElseThrow()
              .getValue()
              .at("/Properties/PolicyDocument/Statement/0");
      assertThat(list.path("Action").asString()).isEqualTo("s3:ListBucket");
      assertThat(TestStack.texts(list.at("/Condition/StringLike/s3:prefix")))
          .containsExactly("datasets/*", "results/_runs/*");
    }

    @Test
    void isPlannedByAFunctionOfTheSameArchive() {
      JsonNode planner = function("RunsPlanner");
      JsonNode predictor = function("Prediction");
      assertThat(planner.path("Code")).isEqualTo(predictor.path("Code"));
      assertThat(planner.path("Layers")).isEqualTo(predictor.path("Layers"));
      assertThat(planner.path("Handler").asString())
          .isEqualTo("dev.mlinfra.handler.RunHandler::handleRequest");
      assertThat(planner.path("MemorySize").asInt()).isEqualTo(PLANNER_MB);
      assertThat(planner.path("Timeout").asInt()).isEqualTo(900);
      assertThat(planner.at("/Environment/Variables/MLINFRA_RUN_RUNS_PREFIX").asString())
          .isEqualTo("results/_runs/");
      assertThat(planner.at("/Environment/Variables/MLINFRA_RUN_RANGE_BYTES").asString())
          .isEqualTo(Long.toString(256L << 20));
      assertThat(planner.at("/Environment/Variables/MLINFRA_RUN_MAX_BYTES").asString())
          .isEqualTo(Long.toString(100L << 30));
    }

    @Test
    void allowsAsManyItemsAsOneDollarPaysFor() {
      // 2 attempts x 900 s x 2.9375 GB x 0.0000166667 USD = 0.0881 USD, and 0.06 USD for planning.
      assertThat(runs.getMaxItems()).isEqualTo(10);
      assertThat(machine.at("/Definition/States/Predict/ItemReader/ReaderConfig/MaxItems").asInt())
          .isEqualTo(10);
      JsonNode variables = function("RunsPlanner").at("/Environment/Variables");
      assertThat(variables.path("MLINFRA_RUN_MAX_ITEMS").asString()).isEqualTo("10");
      assertThat(Double.parseDouble(variables.path("MLINFRA_RUN_USD_PER_ITEM").asString()))
          .isCloseTo(2 * 900 * 2.9375 * 0.0000166667 + 11 * 0.000025, within(1e-9));
      assertThat(Double.parseDouble(variables.path("MLINFRA_RUN_USD_FIXED").asString()))
          .isCloseTo(2 * (2 * 900 * 0.0000166667 + 11 * 0.000025), within(1e-9));
    }

    @Test
    void logsErrorsWithoutDataIntoAGroupThatForgets() {
      assertThat(machine.at("/LoggingConfiguration/Level").asString()).isEqualTo("ERROR");
      assertThat(machine.at("/LoggingConfiguration/IncludeExecutionData").asBoolean(true))
          .isFalse();
      assertThat(stack.resources("AWS::Logs::LogGroup").values())
          .hasSize(3)
          .allMatch(group -> group.at("/Properties/RetentionInDays").asInt() == 30);
      assertThat(machine.at("/TracingConfiguration/Enabled").asBoolean(true)).isFalse();
      assertThat(stack.actions()).noneMatch(action -> action.startsWith("xray:"));
    }

    @Test
    void canBeTakenOnByStepFunctionsOfTheAccountAlone() {
      JsonNode trust =
          stack.resources("AWS::IAM::Role").entrySet().stream()
              .filter(entry -> entry.getKey().startsWith("RunsRole"))
              .findFirst()
              .orElseThrow()
              .getValue()
              .at("/Properties/AssumeRolePolicyDocument/Statement/0");
      assertThat(trust.at("/Principal/Service").asString()).isEqualTo("states.amazonaws.com");
      assertThat(trust.at("/Condition/StringEquals/aws:SourceAccount").asString())
          .isEqualTo("123456789012");
      assertThat(trust.at("/Condition/ArnLike/aws:SourceArn").asString())
          .isEqualTo("arn:aws:states:us-east-1:123456789012:*");
    }

    @Test
    void exposesWhatItMade() {
      assertThat(runs.getStateMachine()).isNotNull();
      assertThat(runs.getLogGroup()).isNotNull();
      assertThat(runs.getPlanner()).isNotNull();
      assertThat(runs.getPlannerAlias()).isNotNull();
      assertThat(runs.getPlannerLogGroup()).isNotNull();
      assertThat(stack.warnings()).isEmpty();
    }
  }

  @Nested
  class Options {

    @Test
    void areFollowed() {
      PredictionLambda function = prediction(props -> props.timeout(Duration.minutes(1)));
      runs(
          function,
          props ->
              props
                  .maxItems(100)
                  .maxConcurrency(20)
                  .toleratedFailurePercentage(2.5)
                  .toleratedFailureCount(3)
                  .retryAttempts(0)
                  .timeout(Duration.hours(2))
                  .rangeSize(Size.mebibytes(64))
                  .maxSize(Size.gibibytes(10))
                  .rolePath("/ml/")
                  .tracing(true));
      JsonNode definition = stack.properties("AWS::StepFunctions::StateMachine").path("Definition");
      JsonNode map = definition.at("/States/Predict");
      assertThat(map.path("MaxConcurrency").asInt()).isEqualTo(20);
      assertThat(map.path("ToleratedFailurePercentage").asDouble()).isEqualTo(2.5);
      assertThat(map.path("ToleratedFailureCount").asInt()).isEqualTo(3);
      assertThat(map.at("/ItemReader/ReaderConfig/MaxItems").asInt()).isEqualTo(100);
      assertThat(definition.at("/States/Plan/Retry/0/MaxAttempts").asInt()).isZero();
      assertThat(definition.path("TimeoutSeconds").asInt()).isEqualTo(7200);
      assertThat(stack.actions()).contains("xray:PutTraceSegments", "xray:GetSamplingRules");
      assertThat(stack.resources("AWS::IAM::Role").values())
          .filteredOn(role -> role.at("/Properties/Path").asString("").equals("/ml/"))
          .hasSize(2);
    }

    @Test
    void withAKeyTheActionsOnItComeAlong() {
      MlDataBucket encrypted =
          new MlDataBucket(
              stack.scope(),
              "Encrypted",
              MlDataBucketProps.builder().encryption(Encryption.KMS).build());
      runs(
          new PredictionLambda(
              stack.scope(), "P", PredictionLambdaProps.builder().data(encrypted).build()),
          props -> props);
      assertThat(stack.grants()).anyMatch(grant -> grant.startsWith("kms:GenerateDataKey on"));
    }

    @Test
    void reservesOneRunOfThePlannerWhereTheFunctionReservesSome() {
      runs(prediction(props -> props.reservedConcurrency(10)), props -> props);
      assertThat(function("RunsPlanner").path("ReservedConcurrentExecutions").asInt()).isOne();
    }

    @Test
    void thatLoosenWarn() {
      runs(props -> props.logRetention(RetentionDays.INFINITE).toleratedFailurePercentage(100));
      assertThat(stack.warnings())
          .anyMatch(warning -> warning.contains("mlinfra::distributedPrediction.logRetention"))
          .anyMatch(warning -> warning.contains("mlinfra::distributedPrediction.tolerated"));
    }
  }

  @Test
  void grantsStartingAlone() {
    DistributedPrediction runs = runs(props -> props);
    Role role =
        Role.Builder.create(stack.scope(), "Caller")
            .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
            .build();
    runs.getGrants().start(role);
    JsonNode statement =
        stack.resources("AWS::IAM::Policy").entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("Caller"))
            .findFirst()
            .orElseThrow()
            .getValue()
            .at("/Properties/PolicyDocument/Statement");
    assertThat(statement.size()).isOne();
    assertThat(statement.at("/0/Action").asString()).isEqualTo("states:StartExecution");
    assertThat(TestStack.show(statement.at("/0/Resource"))).startsWith("Runs");
  }

  @Test
  void hasMetrics() {
    DistributedPredictionMetrics metrics = runs(props -> props).getMetrics();
    assertThat(
            List.of(
                metrics.started().getMetricName(),
                metrics.succeeded().getMetricName(),
                metrics.failed().getMetricName(),
                metrics.timedOut().getMetricName()))
        .containsExactly(
            "ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut");
  }

  @Nested
  class Refuses {

    @Test
    void runsThatMayCostMoreThanAllowedWithTheArithmetic() {
      refused(
          prediction(props -> props.timeout(Duration.minutes(1))),
          props -> props.maxItems(200),
          "maxItems: 200 x (2 attempts x 60 s x 2.938 GB x 1.66667E-5 USD + 0.000275 USD for"
              + " transitions) + 0.0606 USD for the run itself = 1.29 USD at most;"
              + " allowed: 1.00 USD, maxRunUsd; fix: at most 152 items");
    }

    @Test
    void aLimitThatPaysForNothing() {
      refused(
          props -> props.maxRunUsd(0.01),
          "allowed: 0.01 USD, maxRunUsd; fix: a shorter timeout or less memory");
      refused(props -> props.maxRunUsd(0), "maxRunUsd: given 0.0; allowed: above 0");
    }

    @Test
    void runsWithoutAPrice() {
      refused(
          props -> props.prices(PriceBook.of(List.of())),
          "prices: none of Lambda's GB-seconds or of Step Functions' transitions");
    }

    @Test
    void moreAtOneTimeThanTheFunctionReserves() {
      refused(
          prediction(props -> props.reservedConcurrency(4)),
          props -> props,
          "maxConcurrency: given 5; allowed: 1 to 4; fix: the function reserves 4 runs");
    }

    @Test
    void bucketsThatStepFunctionsCannotReach() {
      MlDataBucket closed =
          new MlDataBucket(
              stack.scope(),
              "Closed",
              MlDataBucketProps.builder().addVpcEndpointIds("vpce-0123456789abcdef0").build());
      PredictionLambda function =
          new PredictionLambda(
              stack.scope(),
              "P",
              PredictionLambdaProps.builder()
                  .data(closed)
                  .vpc(
                      Vpc.fromVpcAttributes(
                          stack.scope(),
                          "Network",
                          VpcAttributes.builder()
                              .vpcId("vpc-0123456789abcdef0")
                              .availabilityZones(List.of("us-east-1a"))
                              .privateSubnetIds(List.of("subnet-0123456789abcdef0"))
                              .build()))
                  .build());
      refused(
          function,
          props -> props,
          "prediction: objects of its bucket can be reached through VPC endpoints alone");
    }

    @Test
    void valuesOutOfBoundsAllAtOnce() {
      assertThatThrownBy(
              () ->
                  runs(
                      props ->
                          props
                              .maxItems(10_001)
                              .toleratedFailurePercentage(101)
                              .toleratedFailureCount(-1)
                              .retryAttempts(6)
                              .maxConcurrency(0)
                              .rangeSize(Size.mebibytes(4))
                              .maxSize(Size.gibibytes(48_001))
                              .timeout(Duration.seconds(59))))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining("DistributedPrediction 'Test/Runs' has 9 problems")
          .hasMessageContaining("maxItems: given 10001; allowed: 1 to 10000")
          .hasMessageContaining("toleratedFailurePercentage: given 101.0; allowed: 0 to 100")
          .hasMessageContaining("toleratedFailureCount: given -1; allowed: 0 to 10000")
          .hasMessageContaining("retryAttempts: given 6; allowed: 0 to 5")
          .hasMessageContaining("maxConcurrency: given 0; allowed: 1 to 1000")
          .hasMessageContaining("rangeSize: given 4; allowed: 5 to 65536; fix: in MB")
          .hasMessageContaining("maxSize: given 48001; allowed: 1 to 48000; fix: in GB")
          .hasMessageContaining("timeout: given 59 s; allowed: 1 minute to 30 days");
    }

    private void refused(
        UnaryOperator<DistributedPredictionProps.Builder> options, String message) {
      refused(prediction(props -> props), options, message);
    }

    private void refused(
        PredictionLambda function,
        UnaryOperator<DistributedPredictionProps.Builder> options,
        String message) {
      assertThatThrownBy(() -> runs(function, options))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining(message);
      stack.scope().getNode().tryRemoveChild("Runs");
      stack.scope().getNode().tryRemoveChild("Prediction");
    }
  }

  private PredictionLambda prediction(UnaryOperator<PredictionLambdaProps.Builder> options) {
    PredictionLambdaProps.Builder builder = PredictionLambdaProps.builder();
    builder.data(data);
    return new PredictionLambda(stack.scope(), "Prediction", options.apply(builder).build());
  }

  private DistributedPrediction runs(UnaryOperator<DistributedPredictionProps.Builder> options) {
    return runs(prediction(props -> props), options);
  }

  private DistributedPrediction runs(
      PredictionLambda function, UnaryOperator<DistributedPredictionProps.Builder> options) {
    DistributedPredictionProps.Builder builder = DistributedPredictionProps.builder();
    builder.prediction(function);
    return new DistributedPrediction(stack.scope(), "Runs", options.apply(builder).build());
  }

  private JsonNode function(String prefix) {
    return stack.resources("AWS::Lambda::Function").entrySet().stream()
        .filter(entry -> entry.getKey().matches(prefix + "[0-9A-F]{8}"))
        .findFirst()
        .orElseThrow()
        .getValue()
        .path("Properties");
  }

  private String only(String type, String prefix) {
    return stack.resources(type).keySet().stream()
        .filter(id -> id.startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }
}

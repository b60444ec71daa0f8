package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.DataSettings.Encryption;
import dev.mlinfra.core.ValidationException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import tools.jackson.databind.JsonNode;

class PredictionLambdaTest {
  private final TestStack stack = new TestStack();
  private final MlDataBucket data = new MlDataBucket(stack.scope(), "Data");

  @Nested
  class ByDefault {
    private final PredictionLambda prediction = function(props -> props);
    private final JsonNode function = stack.properties("AWS::Lambda::Function");

    @Test
    void isAJavaFunctionOfBoundedSizeAndTime() {
      assertThat(function.path("Runtime").asString()).isEqualTo("java25");
      assertThat(TestStack.texts(function.path("Architectures"))).containsExactly("x86_64");
      assertThat(function.path("MemorySize").asInt()).isEqualTo(3008);
      assertThat(function.path("Timeout").asInt()).isEqualTo(900);
      assertThat(function.path("Handler").asString()).startsWith("dev.mlinfra.handler.");
      assertThat(function.has("ReservedConcurrentExecutions")).isFalse();
      assertThat(function.has("VpcConfig")).isFalse();
      assertThat(function.path("TracingConfig").path("Mode").asString("PassThrough"))
          .isEqualTo("PassThrough");
    }

    @Test
    void knowsWhichBucketItMayTouchAndHowToLoadTheLibrary() {
      JsonNode variables = function.at("/Environment/Variables");
      assertThat(TestStack.show(variables.path("MLINFRA_ALLOWED_BUCKETS")))
          .isEqualTo(id("AWS::S3::Bucket"));
      assertThat(variables.path("MLINFRA_OUTPUT_PREFIX").asString()).isEqualTo("results/");
      assertThat(variables.path("JAVA_TOOL_OPTIONS").asString())
          .contains("onnxruntime.native.path=/opt/lib");
    }

    @Test
    void mayDoWhatItNeedsAndNothingElse() {
      String bucket = stack.resources("AWS::S3::Bucket").keySet().iterator().next();
      assertThat(stack.grants())
          .containsExactly(
              "logs:CreateLogStream on " + id("AWS::Logs::LogGroup"),
              "logs:PutLogEvents on " + id("AWS::Logs::LogGroup"),
              "s3:AbortMultipartUpload on " + bucket + "/results/*",
              "s3:GetObject on " + bucket + "/datasets/*, " + bucket + "/models/*",
              "s3:PutObject on " + bucket + "/results/*",
              "sqs:SendMessage on " + id("AWS::SQS::Queue"));
      assertThat(stack.properties("AWS::IAM::Role").has("ManagedPolicyArns")).isFalse();
    }

    @Test
    void writesToALogGroupOfItsOwnThatForgets() {
      assertThat(stack.properties("AWS::Logs::LogGroup").path("RetentionInDays").asInt())
          .isEqualTo(30);
      assertThat(TestStack.show(function.at("/LoggingConfig/LogGroup")))
          .isEqualTo(id("AWS::Logs::LogGroup"));
    }

    @Test
    void publishesAVersionBehindAnAlias() {
      assertThat(stack.properties("AWS::Lambda::Alias").path("Name").asString()).isEqualTo("live");
      assertThat(stack.resources("AWS::Lambda::Version")).hasSize(1);
      assertThat(prediction.getVersion()).isNotNull();
    }

    @Test
    void keepsAsynchronousCallsThatFailed() {
      JsonNode calls = stack.properties("AWS::Lambda::EventInvokeConfig");
      assertThat(calls.path("Qualifier").asString()).isEqualTo("live");
      assertThat(calls.path("MaximumRetryAttempts").asInt()).isEqualTo(2);
      assertThat(calls.path("MaximumEventAgeInSeconds").asInt()).isEqualTo(3600);
      assertThat(TestStack.show(calls.at("/DestinationConfig/OnFailure/Destination")))
          .isEqualTo(id("AWS::SQS::Queue"));
      assertThat(stack.properties("AWS::SQS::Queue").path("SqsManagedSseEnabled").asBoolean())
          .isTrue();
      assertThat(stack.properties("AWS::SQS::Queue").path("MessageRetentionPeriod").asInt())
          .isEqualTo(14 * 86400);
      assertThat(
              stack
                  .properties("AWS::SQS::QueuePolicy")
                  .at("/PolicyDocument/Statement/0/Effect")
                  .asString())
          .isEqualTo("Deny");
    }

    /** The qualifier is a literal, so nothing else makes CloudFormation wait for the alias. */
    @Test
    void configuresAsynchronousCallsAfterTheAliasExists() {
      assertThat(TestStack.texts(stack.only("AWS::Lambda::EventInvokeConfig").path("DependsOn")))
          .contains(id("AWS::Lambda::Alias"));
    }

    @Test
    void waitsForItsPermissions() {
      assertThat(TestStack.texts(stack.only("AWS::Lambda::Function").path("DependsOn")))
          .anyMatch(dependency -> dependency.contains("RoleDefaultPolicy"));
    }

    @Test
    void bringsNoCustomResourceAndNoWarning() {
      assertThat(stack.types())
          .containsExactly(
              "AWS::IAM::Policy",
              "AWS::IAM::Role",
              "AWS::Lambda::Alias",
              "AWS::Lambda::EventInvokeConfig",
              "AWS::Lambda::Function",
              "AWS::Lambda::LayerVersion",
              "AWS::Lambda::Version",
              "AWS::Logs::LogGroup",
              "AWS::S3::Bucket",
              "AWS::S3::BucketPolicy",
              "AWS::SQS::Queue",
              "AWS::SQS::QueuePolicy");
      assertThat(stack.warnings()).isEmpty();
    }

    @Test
    void exposesWhatItMade() {
      assertThat(prediction.getLayer()).isNotNull();
      assertThat(prediction.getRole()).isNotNull();
      assertThat(prediction.getLogGroup()).isNotNull();
      assertThat(prediction.getSecurityGroups()).isEmpty();
      assertThat(prediction.getMetrics().durationP95()).isNotNull();
      assertThat(prediction.getMetrics().waitingFailures().getMetricName())
          .isEqualTo("ApproximateNumberOfMessagesVisible");
      assertThat(
              List.of(
                  prediction.getMetrics().invocations(),
                  prediction.getMetrics().errors(),
                  prediction.getMetrics().throttles()))
          .doesNotContainNull();
    }
  }

  @Nested
  class Custom {

    @Test
    void takesSizesTimesAndRetention() {
      function(
          props ->
              props
                  .memory(Size.mebibytes(1769))
                  .timeout(Duration.seconds(30))
                  .reservedConcurrency(10)
                  .runtime(Runtime.JAVA_21)
                  .retryAttempts(0)
                  .maxEventAge(Duration.minutes(1))
                  .logRetention(RetentionDays.ONE_WEEK));

      JsonNode function = stack.properties("AWS::Lambda::Function");
      assertThat(function.path("MemorySize").asInt()).isEqualTo(1769);
      assertThat(function.path("Timeout").asInt()).isEqualTo(30);
      assertThat(function.path("ReservedConcurrentExecutions").asInt()).isEqualTo(10);
      assertThat(function.path("Runtime").asString()).isEqualTo("java21");
      JsonNode calls = stack.properties("AWS::Lambda::EventInvokeConfig");
      assertThat(calls.path("MaximumRetryAttempts").asInt()).isZero();
      assertThat(calls.path("MaximumEventAgeInSeconds").asInt()).isEqualTo(60);
      assertThat(stack.properties("AWS::Logs::LogGroup").path("RetentionInDays").asInt())
          .isEqualTo(7);
    }

    @Test
    void tracesOnDemand() {
      function(props -> props.tracing(true));

      assertThat(stack.properties("AWS::Lambda::Function").at("/TracingConfig/Mode").asString())
          .isEqualTo("Active");
      assertThat(stack.grants())
          .contains("xray:PutTelemetryRecords on *", "xray:PutTraceSegments on *");
    }

    @Test
    void takesARoleAndAQueueOfYourOwn() {
      Role role =
          Role.Builder.create(stack.scope(), "Mine")
              .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
              .build();
      Key key = Key.Builder.create(stack.scope(), "QueueKey").build();
      Queue queue =
          Queue.Builder.create(stack.scope(), "MyQueue")
              .encryption(QueueEncryption.KMS)
              .encryptionMasterKey(key)
              .build();
      function(props -> props.role(role).failureQueue(queue));

      assertThat(stack.resources("AWS::IAM::Role")).hasSize(1);
      assertThat(stack.resources("AWS::SQS::Queue")).hasSize(1);
      assertThat(stack.grants())
          .anyMatch(grant -> grant.startsWith("sqs:SendMessage on MyQueue"))
          .anyMatch(grant -> grant.startsWith("kms:GenerateDataKey on QueueKey"));
    }

    @Test
    void warnsWhenLogsNeverExpire() {
      function(props -> props.logRetention(RetentionDays.INFINITE));

      assertThat(stack.warnings())
          .singleElement()
          .asString()
          .contains("for ever", "mlinfra::prediction.logRetention");
    }

    @Test
    void putsTheNewRoleUnderAPath() {
      function(props -> props.rolePath("/ml/"));

      assertThat(stack.properties("AWS::IAM::Role").path("Path").asString()).isEqualTo("/ml/");
    }

    @Test
    void encryptsItsEnvironmentWithAKeyOfYourOwn() {
      function(props -> props.environmentKey(Key.Builder.create(stack.scope(), "Mine").build()));

      assertThat(TestStack.show(stack.properties("AWS::Lambda::Function").path("KmsKeyArn")))
          .startsWith("Mine");
    }

    @Test
    void readsABucketThatHasAKey() {
      MlDataBucket encrypted =
          new MlDataBucket(
              stack.scope(),
              "Encrypted",
              MlDataBucketProps.builder().encryption(Encryption.KMS).build());
      new PredictionLambda(
          stack.scope(), "Prediction", PredictionLambdaProps.builder().data(encrypted).build());

      assertThat(stack.grants())
          .anyMatch(grant -> grant.startsWith("kms:Decrypt on EncryptedKey"))
          .anyMatch(grant -> grant.startsWith("kms:GenerateDataKey on EncryptedKey"));
    }

    @Test
    void livesInANetwork() {
      MlDataBucket closed =
          new MlDataBucket(
              stack.scope(),
              "Closed",
              MlDataBucketProps.builder().addVpcEndpointIds("vpce-0123456789abcdef0").build());
      PredictionLambda prediction =
          new PredictionLambda(
              stack.scope(),
              "Prediction",
              PredictionLambdaProps.builder().data(closed).vpc(network()).build());

      assertThat(prediction.getSecurityGroups()).hasSize(1);
      assertThat(stack.properties("AWS::EC2::SecurityGroup").has("SecurityGroupIngress")).isFalse();
      assertThat(
              TestStack.texts(stack.properties("AWS::Lambda::Function").at("/VpcConfig/SubnetIds")))
          .containsExactly("subnet-0123456789abcdef0");
      assertThat(stack.grants())
          .contains("ec2:DescribeNetworkInterfaces on *", "ec2:DescribeSubnets on *")
          .anyMatch(
              grant ->
                  grant.startsWith("ec2:CreateNetworkInterface on ")
                      && grant.contains("subnet/subnet-0123456789abcdef0"))
          .contains("ec2:DeleteNetworkInterface on arn:aws:ec2:us-east-1:123456789012:*/*")
          .noneMatch(grant -> grant.startsWith("ec2:CreateNetworkInterface on *"));
    }

    @Test
    void takesSecurityGroupsOfYourOwn() {
      ISecurityGroup group =
          SecurityGroup.fromSecurityGroupId(stack.scope(), "Mine", "sg-0123456789abcdef0");
      function(
          props ->
              props
                  .vpc(network())
                  .addSecurityGroups(group)
                  .vpcSubnets(SubnetSelection.builder().build()));

      assertThat(stack.resources("AWS::EC2::SecurityGroup")).isEmpty();
      assertThat(
              TestStack.texts(
                  stack.properties("AWS::Lambda::Function").at("/VpcConfig/SecurityGroupIds")))
          .containsExactly("sg-0123456789abcdef0");
    }

    @Test
    void letsOthersCallTheAliasAlone() {
      PredictionLambda prediction = function(props -> props);
      Role caller =
          Role.Builder.create(stack.scope(), "Caller")
              .assumedBy(new ServicePrincipal("states.amazonaws.com"))
              .build();
      prediction.getGrants().invoke(caller);

      assertThat(stack.grants())
          .anyMatch(grant -> grant.equals("lambda:InvokeFunction on " + id("AWS::Lambda::Alias")));
    }

    @Test
    void takesCodeAndLayerOfYourOwn(@TempDir Path folder) throws IOException {
      Path code = Files.createDirectory(folder.resolve("code"));
      Files.writeString(code.resolve("a.txt"), "x");
      Path layer = Files.createDirectory(folder.resolve("layer"));
      Files.writeString(layer.resolve("b.txt"), "y");
      function(props -> props.code(code).layer(layer));

      TestStack usual = new TestStack();
      new PredictionLambda(
          usual.scope(),
          "Prediction",
          PredictionLambdaProps.builder().data(new MlDataBucket(usual.scope(), "Data")).build());

      assertThat(assetOf("AWS::Lambda::Function", "/Code/S3Key"))
          .isNotEqualTo(usual.properties("AWS::Lambda::Function").at("/Code/S3Key").asString());
      assertThat(assetOf("AWS::Lambda::LayerVersion", "/Content/S3Key"))
          .isNotEqualTo(
              usual.properties("AWS::Lambda::LayerVersion").at("/Content/S3Key").asString());
    }

    private String assetOf(String type, String path) {
      String key = stack.properties(type).at(path).asString();
      assertThat(key).endsWith(".zip");
      return key;
    }
  }

  @Nested
  class Refuses {

    @Test
    void everythingThatIsOutOfBoundsAtOnce() {
      refused(
          props ->
              props
                  .memory(Size.mebibytes(64))
                  .timeout(Duration.minutes(16))
                  .maxEventAge(Duration.seconds(1))
                  .retryAttempts(3)
                  .reservedConcurrency(0)
                  .runtime(Runtime.JAVA_17),
          "has 6 problems",
          "memory: given 64.0 MB; allowed: 128 to 10240 whole MB",
          "timeout: given 960 s; allowed: 1 to 900 s",
          "maxEventAge: given 1 s; allowed: 60 to 21600 s",
          "retryAttempts: given 3; allowed: 0 to 2",
          "reservedConcurrency: given 0; allowed: 1 to 1000",
          "runtime: given java17; allowed: java21, java25; fix: ONNX Runtime needs glibc 2.28");
    }

    @Test
    void aBucketThatItCouldNotReach() {
      MlDataBucket closed =
          new MlDataBucket(
              stack.scope(),
              "Closed",
              MlDataBucketProps.builder().addVpcEndpointIds("vpce-0123456789abcdef0").build());

      assertThatThrownBy(
              () ->
                  new PredictionLambda(
                      stack.scope(),
                      "Prediction",
                      PredictionLambdaProps.builder().data(closed).build()))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining(
              "objects of the data bucket can be reached through VPC endpoints alone")
          .hasMessageContaining("give vpc, or take the restriction off the bucket");
    }

    @Test
    void subnetsWithoutANetwork() {
      refused(
          props -> props.vpcSubnets(SubnetSelection.builder().build()),
          "vpc: none, but subnets or security groups");
    }

    @Test
    void archivesThatAreNotThere() {
      refused(
          props -> props.code(Path.of("no-such.zip")).layer(Path.of("neither.zip")),
          "code: there is no file no-such.zip",
          "layer: there is no file neither.zip");
    }

    @Test
    void anArchiveThatIsNone(@TempDir Path folder) throws IOException {
      Path text = Files.writeString(folder.resolve("text.zip"), "no archive");
      refused(props -> props.code(text), "code: " + text + " is not a zip archive");
    }

    @Test
    void aLayerThatIsTooLarge(@TempDir Path folder) throws IOException {
      try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve("big").toFile(), "rw")) {
        sparse.setLength(262_144_001);
      }
      refused(props -> props.layer(folder), "MB unzipped; allowed: at most 262.1 MB");
    }

    private void refused(UnaryOperator<PredictionLambdaProps.Builder> change, String... expected) {
      assertThatThrownBy(() -> function(change))
          .isInstanceOf(ValidationException.class)
          .hasMessageStartingWith("PredictionLambda 'Test/Prediction' has ")
          .hasMessageContainingAll(expected);
    }
  }

  private PredictionLambda function(UnaryOperator<PredictionLambdaProps.Builder> change) {
    return new PredictionLambda(
        stack.scope(),
        "Prediction",
        change.apply(PredictionLambdaProps.builder().data(data)).build());
  }

  private IVpc network() {
    return Vpc.fromVpcAttributes(
        stack.scope(),
        "Network",
        VpcAttributes.builder()
            .vpcId("vpc-0123456789abcdef0")
            .availabilityZones(List.of("us-east-1a"))
            .privateSubnetIds(List.of("subnet-0123456789abcdef0"))
            .privateSubnetRouteTableIds(List.of("rtb-0123456789abcdef0"))
            .build());
  }

  private String id(String type) {
    Map<String, JsonNode> found = stack.resources(type);
    assertThat(found).hasSize(1);
    return found.keySet().iterator().next();
  }
}

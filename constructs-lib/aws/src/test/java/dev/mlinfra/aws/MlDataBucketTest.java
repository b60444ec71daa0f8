package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.DataSettings.Encryption;
import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.IBucket;
import tools.jackson.databind.JsonNode;

class MlDataBucketTest {
  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final MlDataBucket data = new MlDataBucket(stack.scope(), "Data");
    private final JsonNode bucket = stack.only("AWS::S3::Bucket");

    @Test
    void isVersionedEncryptedAndClosed() {
      JsonNode properties = bucket.path("Properties");
      assertThat(properties.at("/VersioningConfiguration/Status").asString()).isEqualTo("Enabled");
      assertThat(
              properties
                  .at(
                      "/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm")
                  .asString())
          .isEqualTo("AES256");
      assertThat(properties.path("PublicAccessBlockConfiguration").properties())
          .hasSize(4)
          .allSatisfy(entry -> assertThat(entry.getValue().asBoolean()).isTrue());
      assertThat(properties.at("/OwnershipControls/Rules/0/ObjectOwnership").asString())
          .isEqualTo("BucketOwnerEnforced");
    }

    @Test
    void isReachableOverTlsOnly() {
      JsonNode statements =
          stack.properties("AWS::S3::BucketPolicy").at("/PolicyDocument/Statement");
      assertThat(statements).hasSize(1);
      assertThat(statements.at("/0/Effect").asString()).isEqualTo("Deny");
      assertThat(statements.at("/0/Condition/Bool/aws:SecureTransport").asString())
          .isEqualTo("false");
      assertThat(TestStack.show(statements.at("/0/Resource"))).contains("/*");
    }

    @Test
    void deletesWhatIsOldAndNeverAModel() {
      JsonNode rules = bucket.at("/Properties/LifecycleConfiguration/Rules");
      assertThat(rules)
          .extracting(
              rule ->
                  rule.path("Id").asString()
                      + " "
                      + rule.path("Prefix").asString("")
                      + " "
                      + rule.path("ExpirationInDays").asString(""))
          .containsExactly(
              "datasets datasets/ 90",
              "results results/ 30",
              "checkpoints checkpoints/ 14",
              "older-versions  ",
              "unfinished-uploads  ");
      assertThat(rules.at("/3/NoncurrentVersionExpiration/NoncurrentDays").asInt()).isEqualTo(7);
      assertThat(rules.at("/3/ExpiredObjectDeleteMarker").asBoolean()).isTrue();
      assertThat(rules.at("/4/AbortIncompleteMultipartUpload/DaysAfterInitiation").asInt())
          .isEqualTo(1);
    }

    @Test
    void staysWhenTheStackGoes() {
      assertThat(bucket.path("DeletionPolicy").asString()).isEqualTo("Retain");
      assertThat(bucket.path("UpdateReplacePolicy").asString()).isEqualTo("Retain");
    }

    @Test
    void bringsNothingElse() {
      assertThat(stack.types()).containsExactly("AWS::S3::Bucket", "AWS::S3::BucketPolicy");
      assertThat(bucket.path("Properties").has("BucketName")).isFalse();
      assertThat(stack.warnings()).isEmpty();
      assertThat(data.isVpcOnly()).isFalse();
    }

    @Test
    void metricsNameTheBucketAndTheStorageType() {
      assertThat(data.getMetrics().sizeBytes().getMetricName()).isEqualTo("BucketSizeBytes");
      assertThat(data.getMetrics().sizeBytes().getDimensions())
          .containsEntry("StorageType", "StandardStorage");
      assertThat(data.getMetrics().objects().getMetricName()).isEqualTo("NumberOfObjects");
      assertThat(data.getMetrics().objects().getPeriod().toDays()).isEqualTo(1);
    }
  }

  @Nested
  class Custom {

    @Test
    void takesPrefixesAndDays() {
      bucket(
          props ->
              props
                  .prefixes(new Prefixes("in", "models", "out/csv", "tmp"))
                  .datasetsDays(1)
                  .resultsDays(2)
                  .checkpointsDays(3)
                  .noncurrentDays(4));

      JsonNode rules = stack.properties("AWS::S3::Bucket").at("/LifecycleConfiguration/Rules");
      assertThat(rules)
          .extracting(
              rule ->
                  rule.path("Prefix").asString("")
                      + " "
                      + rule.path("ExpirationInDays").asString(""))
          .startsWith("in/ 1", "out/csv/ 2", "tmp/ 3");
      assertThat(rules.at("/3/NoncurrentVersionExpiration/NoncurrentDays").asInt()).isEqualTo(4);
    }

    @Test
    void makesAKeyThatRotatesAndStays() {
      bucket(props -> props.encryption(Encryption.KMS));

      assertThat(stack.properties("AWS::KMS::Key").path("EnableKeyRotation").asBoolean()).isTrue();
      assertThat(stack.only("AWS::KMS::Key").path("DeletionPolicy").asString()).isEqualTo("Retain");
      JsonNode rule =
          stack
              .properties("AWS::S3::Bucket")
              .at("/BucketEncryption/ServerSideEncryptionConfiguration/0");
      assertThat(rule.path("BucketKeyEnabled").asBoolean()).isTrue();
      assertThat(rule.at("/ServerSideEncryptionByDefault/SSEAlgorithm").asString())
          .isEqualTo("aws:kms");
    }

    @Test
    void takesAKeyOfYourOwn() {
      Key key = Key.Builder.create(stack.scope(), "Mine").build();
      bucket(props -> props.encryptionKey(key));

      assertThat(stack.resources("AWS::KMS::Key")).hasSize(1);
      assertThat(
              TestStack.show(
                  stack
                      .properties("AWS::S3::Bucket")
                      .at(
                          "/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID")))
          .startsWith("Mine");
    }

    @Test
    void canBeReachedThroughNamedEndpointsOnly() {
      MlDataBucket data = bucket(props -> props.addVpcEndpointIds("vpce-0123456789abcdef0"));

      JsonNode statement =
          stack.properties("AWS::S3::BucketPolicy").at("/PolicyDocument/Statement/1");
      assertThat(data.isVpcOnly()).isTrue();
      assertThat(statement.path("Effect").asString()).isEqualTo("Deny");
      assertThat(TestStack.texts(statement.path("Action")))
          .contains("s3:GetObject", "s3:PutObject")
          .noneMatch(action -> action.contains("*") || action.contains("Bucket"));
      assertThat(TestStack.texts(statement.at("/Condition/StringNotEquals/aws:SourceVpce")))
          .containsExactly("vpce-0123456789abcdef0");
      assertThat(TestStack.show(statement.path("Resource"))).endsWith("/*");
    }

    @Test
    void writesAccessLogs() {
      IBucket logs = Bucket.Builder.create(stack.scope(), "Logs").build();
      bucket(props -> props.accessLogsBucket(logs));

      assertThat(stack.resources("AWS::S3::Bucket").values())
          .filteredOn(bucket -> bucket.path("Properties").has("LoggingConfiguration"))
          .hasSize(1);
    }
  }

  @Nested
  class Grants {

    @Test
    void nameOneFolderAndNoWildcardAction() {
      MlDataBucket data = new MlDataBucket(stack.scope(), "Data");
      Role role = role();
      data.getGrants().readDatasets(role);
      data.getGrants().readDatasetVersions(role);
      data.getGrants().writeDatasets(role);
      data.getGrants().readModelVersions(role);
      data.getGrants().readModels(role);
      data.getGrants().writeModels(role);
      data.getGrants().readResults(role);
      data.getGrants().readResultVersions(role);
      data.getGrants().writeResults(role);
      data.getGrants().readCheckpoints(role);
      data.getGrants().readCheckpointVersions(role);
      data.getGrants().writeCheckpoints(role);

      String folders = "ID/checkpoints/*, ID/datasets/*, ID/models/*, ID/results/*";
      String id = stack.resources("AWS::S3::Bucket").keySet().iterator().next();
      assertThat(stack.grants())
          .containsExactly(
              "s3:AbortMultipartUpload on " + id + "/results/*",
              "s3:GetObject on " + folders.replace("ID", id),
              "s3:GetObjectVersion on " + folders.replace("ID", id),
              "s3:PutObject on " + folders.replace("ID", id));
    }

    @Test
    void bringTheActionsOnTheKey() {
      MlDataBucket data = bucket(props -> props.encryption(Encryption.KMS));
      Role role = role();
      data.getGrants().readDatasets(role);
      assertThat(stack.grants()).anyMatch(grant -> grant.startsWith("kms:Decrypt on DataKey"));
      assertThat(stack.grants()).noneMatch(grant -> grant.startsWith("kms:GenerateDataKey"));
    }

    @Test
    void lettingWriteBringsTheDataKey() {
      MlDataBucket data = bucket(props -> props.encryption(Encryption.KMS));
      data.getGrants().writeModels(role());

      assertThat(stack.grants())
          .anyMatch(grant -> grant.startsWith("kms:Decrypt on DataKey"))
          .anyMatch(grant -> grant.startsWith("kms:GenerateDataKey on DataKey"))
          .noneMatch(grant -> grant.contains("*") && grant.startsWith("kms"));
    }

    @Test
    void areTheSameForABucketMadeElsewhere() {
      IMlDataBucket data =
          MlDataBucket.fromExisting(
              Bucket.fromBucketName(stack.scope(), "Found", "found-bucket"),
              new Prefixes("d", "m", "r", "c"));
      data.getGrants().readModels(role());

      assertThat(stack.grants()).containsExactly("s3:GetObject on arn:aws:s3:::found-bucket/m/*");
      assertThat(data.getMetrics().objects().getDimensions())
          .containsEntry("BucketName", "found-bucket");
      assertThat(data.isVpcOnly()).isFalse();
      assertThat(MlDataBucket.fromExistingVpcOnly(data.getBucket(), data.getPrefixes()).isVpcOnly())
          .isTrue();
    }

    private Role role() {
      return Role.Builder.create(stack.scope(), "Reader")
          .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
          .build();
    }
  }

  /** Data is deleted only when the property and the context both say so. */
  @Nested
  class Deletion {

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "absent"})
    void needsBothKeys(String context) {
      TestStack stack =
          new TestStack(
              context.equals("absent") ? Map.of() : Map.of("mlinfra:allowDataLoss", context));
      new MlDataBucket(
          stack.scope(),
          "Data",
          MlDataBucketProps.builder().removalPolicy(RemovalPolicy.DESTROY).build());

      boolean destroyed = context.equals("true");
      assertThat(stack.only("AWS::S3::Bucket").path("DeletionPolicy").asString())
          .isEqualTo(destroyed ? "Delete" : "Retain");
      assertThat(stack.resources("Custom::S3AutoDeleteObjects")).hasSize(destroyed ? 1 : 0);
      assertThat(stack.warnings())
          .singleElement()
          .asString()
          .contains(
              destroyed ? "the data is deleted with the stack" : "the data is retained although")
          .contains("mlinfra::dataBucket.removal");
    }

    @Test
    void theContextAloneDeletesNothing() {
      TestStack stack = new TestStack(Map.of("mlinfra:allowDataLoss", true));
      new MlDataBucket(stack.scope(), "Data");

      assertThat(stack.only("AWS::S3::Bucket").path("DeletionPolicy").asString())
          .isEqualTo("Retain");
      assertThat(stack.warnings()).isEmpty();
    }
  }

  @Nested
  class Refuses {

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3651})
    void daysOutOfBounds(int days) {
      refused(
          props ->
              props.datasetsDays(days).resultsDays(days).checkpointsDays(days).noncurrentDays(days),
          "has 4 problems",
          "datasetsDays: given " + days + "; allowed: 1 to 3650 days",
          "resultsDays: given",
          "checkpointsDays: given",
          "noncurrentDays: given");
    }

    @Test
    void foldersThatAreNone() {
      refused(
          props -> props.prefixes(new Prefixes("/a", "b/", "", "c*")),
          "given '/a'",
          "given 'b/'",
          "given ''",
          "given 'c*'",
          "leave out the slash at either end");
    }

    @Test
    void foldersInsideEachOther() {
      refused(
          props -> props.prefixes(new Prefixes("a", "b", "a/c", "d")),
          "'a/c' lies in 'a'",
          "rename one of them");
    }

    @Test
    void aKeyWithoutItsEncryption() {
      Key key = Key.Builder.create(stack.scope(), "Mine").build();
      refused(
          props -> props.encryption(Encryption.S3).encryptionKey(key),
          "encryption: given S3 together with an encryptionKey",
          "a key alone means KMS");
    }

    @Test
    void aRemovalPolicyThatBucketsDoNotHave() {
      refused(
          props -> props.removalPolicy(RemovalPolicy.SNAPSHOT),
          "removalPolicy: given SNAPSHOT; allowed: RETAIN or DESTROY");
    }

    @Test
    void deletingWhatCouldNotBeEmptied() {
      refused(
          props ->
              props
                  .removalPolicy(RemovalPolicy.DESTROY)
                  .addVpcEndpointIds("vpce-0123456789abcdef0"),
          "removalPolicy: given DESTROY together with vpcEndpointIds",
          "what empties the bucket runs outside the VPC");
    }

    @Test
    void anEndpointThatIsNone() {
      refused(
          props -> props.vpcEndpointIds(List.of("vpc-1234")),
          "vpcEndpointIds: given 'vpc-1234'; allowed: ids such as vpce-0123456789abcdef0");
    }

    private void refused(UnaryOperator<MlDataBucketProps.Builder> change, String... expected) {
      assertThatThrownBy(() -> bucket(change))
          .isInstanceOf(ValidationException.class)
          .hasMessageStartingWith("MlDataBucket 'Test/Data' has ")
          .hasMessageContainingAll(expected);
    }
  }

  private MlDataBucket bucket(UnaryOperator<MlDataBucketProps.Builder> change) {
    return new MlDataBucket(
        stack.scope(), "Data", change.apply(MlDataBucketProps.builder()).build());
  }
}

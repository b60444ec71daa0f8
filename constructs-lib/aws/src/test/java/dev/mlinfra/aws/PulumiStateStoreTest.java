package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PulumiStateStoreTest {
  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final PulumiStateStore store = new PulumiStateStore(stack.scope(), "State");
    private final JsonNode bucket = stack.properties("AWS::S3::Bucket");

    @Test
    void isVersionedEncryptedAndClosed() {
      assertThat(bucket.at("/VersioningConfiguration/Status").asString()).isEqualTo("Enabled");
      assertThat(bucket.path("PublicAccessBlockConfiguration"))
          .isEqualTo(
              TestStack.json(
                  """
                  {"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true,
                   "RestrictPublicBuckets": true}
                  """));
      JsonNode rule = bucket.at("/BucketEncryption/ServerSideEncryptionConfiguration/0");
      assertThat(rule.path("BucketKeyEnabled").asBoolean()).isTrue();
      assertThat(rule.at("/ServerSideEncryptionByDefault/SSEAlgorithm").asString())
          .isEqualTo("aws:kms");
      assertThat(TestStack.show(rule.at("/ServerSideEncryptionByDefault/KMSMasterKeyID")))
          .isEqualTo(id("AWS::KMS::Key"));
      assertThat(bucket.at("/OwnershipControls/Rules/0/ObjectOwnership").asString())
          .isEqualTo("BucketOwnerEnforced");
      assertThat(bucket.has("BucketName")).isFalse();
    }

    @Test
    void refusesRequestsWithoutTls() {
      JsonNode statement =
          stack.properties("AWS::S3::BucketPolicy").at("/PolicyDocument/Statement/0");
      assertThat(statement.path("Effect").asString()).isEqualTo("Deny");
      assertThat(statement.at("/Condition/Bool/aws:SecureTransport").asString()).isEqualTo("false");
    }

    @Test
    void keepsOlderVersionsForNinetyDays() {
      JsonNode rules = bucket.at("/LifecycleConfiguration/Rules");
      assertThat(rules).hasSize(2);
      assertThat(rules.at("/0/NoncurrentVersionExpiration/NoncurrentDays").asInt()).isEqualTo(90);
      assertThat(rules.at("/0/ExpiredObjectDeleteMarker").asBoolean()).isTrue();
      assertThat(rules.at("/0").has("ExpirationInDays")).isFalse();
      assertThat(rules.at("/1/AbortIncompleteMultipartUpload/DaysAfterInitiation").asInt())
          .isEqualTo(1);
    }

    @Test
    void hasAKeyThatRotatesAndAnAlias() {
      assertThat(stack.properties("AWS::KMS::Key").path("EnableKeyRotation").asBoolean()).isTrue();
      assertThat(stack.properties("AWS::KMS::Alias").path("AliasName").asString())
          .isEqualTo("alias/mlinfra/pulumi");
      assertThat(TestStack.show(stack.properties("AWS::KMS::Alias").path("TargetKeyId")))
          .isEqualTo(id("AWS::KMS::Key"));
    }

    @Test
    void staysWhenTheStackGoes() {
      assertThat(stack.types())
          .containsExactly(
              "AWS::KMS::Alias", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::S3::BucketPolicy");
      for (String type : new String[] {"AWS::KMS::Alias", "AWS::KMS::Key", "AWS::S3::Bucket"}) {
        assertThat(stack.only(type).path("DeletionPolicy").asString()).as(type).isEqualTo("Retain");
        assertThat(stack.only(type).path("UpdateReplacePolicy").asString())
            .as(type)
            .isEqualTo("Retain");
      }
      assertThat(stack.warnings()).isEmpty();
    }

    @Test
    void tellsPulumiWhereItIs() {
      assertThat(TestStack.show(resolved(store.getBackendUrl())))
          .isEqualTo("s3://" + id("AWS::S3::Bucket") + "?region=us-east-1");
      assertThat(store.getSecretsProvider())
          .isEqualTo("awskms://alias/mlinfra/pulumi?region=us-east-1");
      assertThat(store.getBucket()).isNotNull();
      assertThat(store.getKey()).isNotNull();
      assertThat(store.getAlias()).isNotNull();
    }
  }

  @Test
  void takesNamesAndDays() {
    PulumiStateStore store =
        new PulumiStateStore(
            stack.scope(),
            "State",
            PulumiStateStoreProps.builder()
                .bucketName("acme-pulumi-state")
                .keyAlias("acme/state")
                .noncurrentDays(365)
                .build());

    assertThat(stack.properties("AWS::S3::Bucket").path("BucketName").asString())
        .isEqualTo("acme-pulumi-state");
    assertThat(stack.properties("AWS::KMS::Alias").path("AliasName").asString())
        .isEqualTo("alias/acme/state");
    assertThat(
            stack
                .properties("AWS::S3::Bucket")
                .at("/LifecycleConfiguration/Rules/0/NoncurrentVersionExpiration/NoncurrentDays")
                .asInt())
        .isEqualTo(365);
    assertThat(store.getSecretsProvider()).isEqualTo("awskms://alias/acme/state?region=us-east-1");
  }

  @Test
  void letsPulumiDoWhatItNeeds() {
    new PulumiStateStore(stack.scope(), "State")
        .getGrants()
        .readWrite(
            Role.Builder.create(stack.scope(), "Role")
                .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
                .build());

    String bucket = id("AWS::S3::Bucket");
    String key = id("AWS::KMS::Key");
    assertThat(stack.grants())
        .containsExactly(
            "kms:Decrypt on " + key,
            "kms:Encrypt on " + key,
            "kms:GenerateDataKey on " + key,
            "s3:DeleteObject on " + bucket + "/*",
            "s3:GetObject on " + bucket + "/*",
            "s3:ListBucket on " + bucket,
            "s3:PutObject on " + bucket + "/*");
  }

  @Test
  void refusesEverythingThatIsWrongAtOnce() {
    refused(
        PulumiStateStoreProps.builder()
            .bucketName("Acme.State")
            .keyAlias("alias/acme:state")
            .noncurrentDays(0),
        "has 3 problems",
        "bucketName: given 'Acme.State'; allowed: 3 to 63 lower-case letters, digits and hyphens,"
            + " no hyphen at either end",
        "keyAlias: given 'alias/acme:state'; allowed: 1 to 250 letters, digits and / _ -,"
            + " without alias/ and not beginning with aws/",
        "noncurrentDays: given 0; allowed: 1 to 3650 days");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "aws/state", "alias/state", "a b"})
  void refusesAliasesThatKmsDoesNotTake(String alias) {
    refused(PulumiStateStoreProps.builder().keyAlias(alias), "keyAlias: given '" + alias + "'");
  }

  private void refused(PulumiStateStoreProps.Builder props, String... expected) {
    assertThatThrownBy(() -> new PulumiStateStore(stack.scope(), "State", props.build()))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("PulumiStateStore 'Test/State' has ")
        .hasMessageContainingAll(expected);
  }

  private JsonNode resolved(String value) {
    return JsonMapper.shared().valueToTree(stack.scope().resolve(value));
  }

  private String id(String type) {
    return stack.resources(type).keySet().iterator().next();
  }
}

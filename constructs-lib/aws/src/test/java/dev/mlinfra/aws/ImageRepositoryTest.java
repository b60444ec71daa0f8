package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import tools.jackson.databind.JsonNode;

class ImageRepositoryTest {
  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final ImageRepository images = repository(ImageRepositoryProps.builder());
    private final JsonNode properties = stack.properties("AWS::ECR::Repository");

    @Test
    void isScannedEncryptedAndItsTagsStay() {
      assertThat(properties.path("RepositoryName").asString()).isEqualTo("ml-agent/training");
      assertThat(properties.path("ImageTagMutability").asString()).isEqualTo("IMMUTABLE");
      assertThat(properties.at("/ImageScanningConfiguration/ScanOnPush").asBoolean()).isTrue();
      // Without a word about it, ECR encrypts by AES-256.
      assertThat(properties.has("EncryptionConfiguration")).isFalse();
      assertThat(properties.has("EmptyOnDelete")).isFalse();
    }

    @Test
    void forgetsOldImagesAndThoseWithoutATag() {
      JsonNode rules =
          TestStack.json(properties.at("/LifecyclePolicy/LifecyclePolicyText").asString())
              .path("rules");
      assertThat(rules).hasSize(2);
      assertThat(rules.at("/0/rulePriority").asInt()).isEqualTo(1);
      assertThat(rules.at("/0/selection"))
          .isEqualTo(
              TestStack.json(
                  """
                  {"tagStatus": "untagged", "countType": "sinceImagePushed", "countNumber": 1,
                   "countUnit": "days"}
                  """));
      assertThat(rules.at("/1/rulePriority").asInt()).isEqualTo(2);
      assertThat(rules.at("/1/selection"))
          .isEqualTo(
              TestStack.json(
                  """
                  {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 20}
                  """));
    }

    @Test
    void staysWhenTheStackGoes() {
      assertThat(stack.only("AWS::ECR::Repository").path("DeletionPolicy").asString())
          .isEqualTo("Retain");
      assertThat(stack.only("AWS::ECR::Repository").path("UpdateReplacePolicy").asString())
          .isEqualTo("Retain");
      assertThat(stack.types()).containsExactly("AWS::ECR::Repository");
      assertThat(stack.warnings()).isEmpty();
      assertThat(images.getRepository()).isNotNull();
    }
  }

  @Test
  void keepsAsManyImagesAsAsked() {
    repository(ImageRepositoryProps.builder().keptImages(3));

    assertThat(
            stack
                .properties("AWS::ECR::Repository")
                .at("/LifecyclePolicy/LifecyclePolicyText")
                .asString())
        .contains("\"countNumber\":3");
  }

  @Test
  void isEncryptedByAKeyOfYourOwn() {
    repository(
        ImageRepositoryProps.builder()
            .encryptionKey(Key.Builder.create(stack.scope(), "Mine").build()));

    JsonNode encryption = stack.properties("AWS::ECR::Repository").path("EncryptionConfiguration");
    assertThat(encryption.path("EncryptionType").asString()).isEqualTo("KMS");
    assertThat(TestStack.show(encryption.path("KmsKey"))).startsWith("Mine");
  }

  @Test
  void letsOthersPull() {
    repository(ImageRepositoryProps.builder()).getGrants().pull(role());

    String repository = stack.resources("AWS::ECR::Repository").keySet().iterator().next();
    assertThat(stack.grants())
        .containsExactly(
            "ecr:BatchGetImage on " + repository,
            "ecr:GetAuthorizationToken on *",
            "ecr:GetDownloadUrlForLayer on " + repository);
    assertThat(stack.statements()).hasSize(2);
  }

  @Test
  void letsOthersPush() {
    repository(ImageRepositoryProps.builder()).getGrants().push(role());

    String repository = stack.resources("AWS::ECR::Repository").keySet().iterator().next();
    assertThat(stack.grants())
        .containsExactly(
            "ecr:BatchCheckLayerAvailability on " + repository,
            "ecr:BatchGetImage on " + repository,
            "ecr:CompleteLayerUpload on " + repository,
            "ecr:GetAuthorizationToken on *",
            "ecr:InitiateLayerUpload on " + repository,
            "ecr:PutImage on " + repository,
            "ecr:UploadLayerPart on " + repository);
  }

  @Test
  void isFoundWithTheSameGrants() {
    ImageRepository.fromExisting(
            Repository.fromRepositoryName(stack.scope(), "Found", "ml-agent/training"))
        .getGrants()
        .pull(role());

    assertThat(stack.grants())
        .contains(
            "ecr:BatchGetImage on arn:aws:ecr:us-east-1:123456789012:repository/ml-agent/training");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "Training", "ml//training", "-training", "training-", "a b"})
  void refusesNamesThatEcrDoesNotTake(String name) {
    refused(
        ImageRepositoryProps.builder().repositoryName(name).build(),
        "repositoryName: given '"
            + name
            + "'; allowed: 2 to 256 lower-case letters and digits, parted by single . _ - or /,"
            + " first a letter");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1001})
  void refusesToKeepTooFewOrTooMany(int kept) {
    refused(
        ImageRepositoryProps.builder().repositoryName("training").keptImages(kept).build(),
        "keptImages: given " + kept + "; allowed: 1 to 1000");
  }

  private void refused(ImageRepositoryProps props, String expected) {
    assertThatThrownBy(() -> new ImageRepository(stack.scope(), "Images", props))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("ImageRepository 'Test/Images' has 1 problem:")
        .hasMessageContaining(expected);
  }

  @Nested
  class WhenTheStackGoes {
    private final ImageRepositoryProps.Builder destroy =
        ImageRepositoryProps.builder().removalPolicy(RemovalPolicy.DESTROY);

    @Test
    void oneKeyAloneKeepsTheImages() {
      repository(destroy);

      assertThat(stack.only("AWS::ECR::Repository").path("DeletionPolicy").asString())
          .isEqualTo("Retain");
      assertThat(stack.properties("AWS::ECR::Repository").has("EmptyOnDelete")).isFalse();
      assertThat(stack.warnings())
          .singleElement()
          .asString()
          .contains("is retained although", "mlinfra::imageRepository.removal");
    }

    @Test
    void bothKeysEmptyItWithoutAFunction() {
      TestStack emptied = new TestStack(Map.of("mlinfra:allowDataLoss", true));
      new ImageRepository(
          emptied.scope(), "Images", destroy.repositoryName("ml-agent/training").build());

      assertThat(emptied.only("AWS::ECR::Repository").path("DeletionPolicy").asString())
          .isEqualTo("Delete");
      assertThat(emptied.properties("AWS::ECR::Repository").path("EmptyOnDelete").asBoolean())
          .isTrue();
      assertThat(emptied.types()).containsExactly("AWS::ECR::Repository");
      assertThat(emptied.warnings())
          .singleElement()
          .asString()
          .contains("is deleted with the stack", "mlinfra::imageRepository.removal");
    }

    @Test
    void otherPoliciesAreRefused() {
      assertThatThrownBy(
              () ->
                  repository(ImageRepositoryProps.builder().removalPolicy(RemovalPolicy.SNAPSHOT)))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining("removalPolicy: given SNAPSHOT; allowed: RETAIN or DESTROY");
    }
  }

  /** IAM refuses a policy in which two statements have one name. */
  @Test
  void aRoleMayPullFromSeveral() {
    Role role =
        Role.Builder.create(stack.scope(), "Role")
            .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
            .build();
    for (String name : List.of("one", "two")) {
      new ImageRepository(
              stack.scope(), name, ImageRepositoryProps.builder().repositoryName(name).build())
          .getGrants()
          .pull(role);
    }

    assertThat(
            stack
                .statements()
                .valueStream()
                .filter(statement -> statement.has("Sid"))
                .map(statement -> statement.path("Sid").asString()))
        .doesNotHaveDuplicates();
  }

  private ImageRepository repository(ImageRepositoryProps.Builder props) {
    return new ImageRepository(
        stack.scope(), "Images", props.repositoryName("ml-agent/training").build());
  }

  private Role role() {
    return Role.Builder.create(stack.scope(), "Role")
        .assumedBy(new ServicePrincipal("ecs-tasks.amazonaws.com"))
        .build();
  }
}

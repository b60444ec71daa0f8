package dev.mlinfra.policy.internal.tags;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.CostTags;
import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rule; {@link dev.mlinfra.policy.TagReach} has the tests of what it goes by. */
class MissingTest {
  private static final String TAGS =
      CostTags.KEYS.stream()
          .map(key -> "{Key: " + key + ", Value: x}")
          .collect(Collectors.joining(", ", "[", "]"));

  @Test
  void compliantWithAllSix() {
    assertThat(check("AWS::S3::Bucket", TAGS)).containsExactly("COMPLIANT Given Tags");
  }

  @Test
  void violatedWithoutOneOfThem() {
    assertThat(check("AWS::S3::Bucket", TAGS.replace("Key: owner", "Key: Owner")))
        .containsExactly("VIOLATED Given Tags: lacks owner");
  }

  @Test
  void violatedByAnEmptyValue() {
    assertThat(check("AWS::S3::Bucket", TAGS.replace("owner, Value: x", "owner, Value: ''")))
        .containsExactly("VIOLATED Given Tags: lacks owner");
  }

  @Test
  void undecidedWhenTheTagsAreKnownOnlyWhenDeployed() {
    assertThat(check("AWS::S3::Bucket", "!GetAtt Other.Tags"))
        .containsExactly(
            "UNDECIDED Given Tags: cannot be decided: lacks cost-center, environment, managed-by,"
                + " owner, project, workload");
  }

  @Test
  void undecidedForATypeThatTheVendorDoesNotDescribe() {
    assertThat(check("AWS::S3::Pail", TAGS))
        .containsExactly(
            "UNDECIDED Given Tags: cannot be decided: AWS::S3::Pail is not in the vendor's schemas of this release");
  }

  @Test
  void notApplicableToWhatTakesNoTags() {
    assertThat(check("AWS::Scheduler::Schedule", "[]")).isEmpty();
  }

  @Test
  void notApplicableToWhatIsNeverDeployed() {
    assertThat(
            Checks.of(
                new Missing(),
                "Conditions:",
                "  Never: !Equals [a, b]",
                "Resources:",
                "  Given: {Type: AWS::S3::Bucket, Condition: Never}"))
        .isEmpty();
  }

  private static List<String> check(String type, String tags) {
    return Checks.of(
        new Missing(),
        "Resources:",
        "  Given:",
        "    Type: " + type,
        "    Properties:",
        "      Tags: " + tags);
  }
}

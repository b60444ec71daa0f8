package dev.mlinfra.policy.internal.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicBucketTest {
  private static final String BLOCKED =
      "PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true,"
          + " IgnorePublicAcls: true, RestrictPublicBuckets: true}";

  @Test
  void compliantWhenEveryWayIsBlocked() {
    assertThat(check(BLOCKED)).containsExactly("COMPLIANT Bucket PublicAccessBlockConfiguration");
  }

  @Test
  void compliantWhenTheOwnerOwnsItsObjects() {
    assertThat(
            check(
                BLOCKED
                    + ", AccessControl: Private, OwnershipControls: {Rules: [{ObjectOwnership:"
                    + " BucketOwnerEnforced}]}"))
        .containsExactly(
            "COMPLIANT Bucket PublicAccessBlockConfiguration",
            "COMPLIANT Bucket AccessControl",
            "COMPLIANT Bucket OwnershipControls.Rules");
  }

  @Test
  void violatedWhenNothingIsWritten() {
    assertThat(check("BucketName: data"))
        .containsExactly(
            "VIOLATED Bucket PublicAccessBlockConfiguration: does not block public access in all"
                + " four ways");
  }

  @Test
  void violatedWhenOneWayIsOpen() {
    assertThat(check(BLOCKED.replace("IgnorePublicAcls: true", "IgnorePublicAcls: false")))
        .containsExactly(
            "VIOLATED Bucket PublicAccessBlockConfiguration: does not block public access in all"
                + " four ways");
  }

  @Test
  void violatedByAPublicListAndForeignOwners() {
    assertThat(
            check(
                BLOCKED
                    + ", AccessControl: PublicRead, OwnershipControls: {Rules: [{ObjectOwnership:"
                    + " ObjectWriter}]}"))
        .containsExactly(
            "COMPLIANT Bucket PublicAccessBlockConfiguration",
            "VIOLATED Bucket AccessControl: its access control list is public",
            "VIOLATED Bucket OwnershipControls.Rules: objects belong to whoever writes them");
  }

  @Test
  void undecidedWhenGiven() {
    assertThat(check(BLOCKED.replace("IgnorePublicAcls: true", "IgnorePublicAcls: !Ref Ignore")))
        .containsExactly(
            "UNDECIDED Bucket PublicAccessBlockConfiguration: whether public access is blocked is"
                + " known only when deployed");
  }

  @Test
  void notApplicableToAQueue() {
    assertThat(Checks.of(new PublicBucket(), "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}"))
        .isEmpty();
  }

  private static List<String> check(String properties) {
    return Checks.of(
        new PublicBucket(),
        "Resources:",
        "  Bucket:",
        "    Type: AWS::S3::Bucket",
        "    Properties: {" + properties + "}");
  }
}

package dev.mlinfra.policy.internal.money;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketLifecycleTest {
  private static final String AT = " Bucket LifecycleConfiguration.Rules";
  private static final String UPLOADS = "parts of uploads that were never finished";
  private static final String VERSIONS = "old versions of objects";
  private static final String ABORT = "AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}";
  private static final String EXPIRE = "NoncurrentVersionExpiration: {NoncurrentDays: 30}";
  private static final String VERSIONED = "VersioningConfiguration: {Status: Enabled}";

  @Test
  void compliantWhenUploadsEnd() {
    assertThat(check(rules("{Status: Enabled, " + ABORT + "}"))).containsExactly("COMPLIANT" + AT);
  }

  @Test
  void compliantWhenVersionsEndToo() {
    assertThat(
            check(
                VERSIONED,
                rules("{Status: Enabled, " + ABORT + "}, {Status: Enabled, " + EXPIRE + "}")))
        .containsExactly("COMPLIANT" + AT, "COMPLIANT" + AT);
    assertThat(
            check(
                VERSIONED,
                rules(
                    "{Status: Enabled, Prefix: '', "
                        + ABORT
                        + ", NoncurrentVersionExpirationInDays: 3}")))
        .containsExactly("COMPLIANT" + AT, "COMPLIANT" + AT);
  }

  @Test
  void violatedWithoutALifecycle() {
    assertThat(check("BucketName: x")).containsExactly("VIOLATED" + AT + ": keeps " + UPLOADS);
    assertThat(check(VERSIONED))
        .containsExactly(
            "VIOLATED" + AT + ": keeps " + UPLOADS, "VIOLATED" + AT + ": keeps " + VERSIONS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{Status: Disabled, AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}}",
        "{Status: Enabled, ExpirationInDays: 30}",
        "{Status: Enabled, AbortIncompleteMultipartUpload: {}}"
      })
  void violatedByARuleThatEndsNoUpload(String rule) {
    assertThat(check(rules(rule))).containsExactly("VIOLATED" + AT + ": keeps " + UPLOADS);
  }

  @Test
  void violatedWhenVersionsOnlyMove() {
    assertThat(
            check(
                VERSIONED,
                rules(
                    "{Status: Enabled, "
                        + ABORT
                        + ", NoncurrentVersionTransitions: [{TransitionInDays: 9}]}")))
        .containsExactly("COMPLIANT" + AT, "VIOLATED" + AT + ": keeps " + VERSIONS);
  }

  @Test
  void undecidedByARuleForAPart() {
    assertThat(check(rules("{Status: Enabled, Prefix: tmp/, " + ABORT + "}")))
        .containsExactly("UNDECIDED" + AT + ": does not certainly delete all " + UPLOADS);
    assertThat(
            check(
                VERSIONED,
                rules(
                    "{Status: Enabled, "
                        + ABORT
                        + "}, {Status: Enabled, TagFilters: [{Key: a, Value: b}], "
                        + EXPIRE
                        + "}")))
        .containsExactly(
            "COMPLIANT" + AT, "UNDECIDED" + AT + ": does not certainly delete all " + VERSIONS);
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    String problem = "UNDECIDED" + AT + ": does not certainly delete all ";
    assertThat(check("LifecycleConfiguration: !GetAtt Other.Rules"))
        .containsExactly(problem + UPLOADS);
    assertThat(
            check(
                "VersioningConfiguration: {Status: !GetAtt Other.Status}",
                rules("{Status: Enabled, " + ABORT + "}")))
        .containsExactly("COMPLIANT" + AT, problem + VERSIONS);
  }

  @Test
  void violatedInOneBranchOfACondition() {
    assertThat(check(rules("!If [C, {Status: Enabled, " + ABORT + "}, !Ref 'AWS::NoValue']")))
        .containsExactly("VIOLATED" + AT + ": keeps " + UPLOADS);
  }

  @Test
  void notApplicableToOtherResources() {
    assertThat(Checks.of(new BucketLifecycle(), "Resources: {T: {Type: AWS::SNS::Topic}}"))
        .isEmpty();
  }

  private static String rules(String rules) {
    return "LifecycleConfiguration: {Rules: [" + rules + "]}";
  }

  private static List<String> check(String... properties) {
    return Checks.of(
        new BucketLifecycle(),
        "Conditions: {C: !Equals [!Ref 'AWS::Region', x]}",
        "Resources:",
        "  Bucket:",
        "    Type: AWS::S3::Bucket",
        "    Properties: {" + String.join(", ", properties) + "}");
  }
}

package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsOnlyTest {
  private static final String OPEN =
      "VIOLATED Bucket: has a policy that lets in requests without TLS";
  private static final String ALL =
      "Principal: '*', Action: 's3:*', Resource: [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/*']";
  private static final String NO_TLS = "Condition: {Bool: {aws:SecureTransport: 'false'}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Principal: '*', Action: 's3:*', Resource: [!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/*']",
        "Principal: {AWS: '*'}, Action: '*', Resource: '*'",
        "Principal: '*', Action: 's3:*', Resource: !Sub '${Bucket.Arn}*'",
        "Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*']"
      })
  void compliantWhenRequestsWithoutTlsAreDenied(String statement) {
    assertThat(check("{Effect: Deny, " + statement + ", " + NO_TLS + "}"))
        .containsExactly("COMPLIANT Bucket");
  }

  @Test
  void compliantWithABooleanAndByTheNameOfTheBucket() {
    assertThat(
            named(
                "!Sub 'data-${AWS::AccountId}'",
                "{Effect: Deny, "
                    + ALL
                    + ", Condition: {BoolIfExists: {'AWS:SecureTransport': false}}}"))
        .containsExactly("COMPLIANT Bucket");
  }

  @Test
  void violatedWithoutAPolicy() {
    assertThat(Checks.of(new TlsOnly(), "Resources: {Bucket: {Type: AWS::S3::Bucket}}"))
        .containsExactly("VIOLATED Bucket: has no policy that denies requests without TLS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Effect: Allow, Principal: '*', Action: 's3:*', Resource: '*'",
        "Effect: Deny, Principal: {AWS: '123456789012'}, Action: 's3:*', Resource: '*'",
        "Effect: Deny, Principal: '*', Action: 's3:GetObject', Resource: '*'",
        "Effect: Deny, Principal: '*', Action: 's3:*', Resource: !Sub '${Bucket.Arn}/*'",
        "Effect: Deny, Principal: '*', Action: 's3:*', Resource: !GetAtt Bucket.Arn",
        "Effect: Deny, Principal: '*', Action: 's3:*', Resource: [!GetAtt Bucket.Arn, !Sub"
            + " '${Bucket.Arn}/models/*']"
      })
  void violatedByADenyThatIsTooNarrow(String statement) {
    assertThat(check("{" + statement + ", " + NO_TLS + "}")).containsExactly(OPEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{Bool: {aws:SecureTransport: 'true'}}",
        "{Bool: {aws:SecureTransport: 'false'}, StringEquals: {aws:RequestedRegion: a}}",
        "{}"
      })
  void violatedByAnotherCondition(String condition) {
    assertThat(check("{Effect: Deny, " + ALL + ", Condition: " + condition + "}"))
        .containsExactly(OPEN);
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnows() {
    String unknown =
        "UNDECIDED Bucket: only the deployment knows whether requests without TLS are denied";
    assertThat(
            check(
                "{Effect: Deny, "
                    + ALL
                    + ", Condition: {Bool: {aws:SecureTransport: !ImportValue a}}}"))
        .containsExactly(unknown);
    assertThat(named("!ImportValue other", "{Effect: Allow, " + ALL + "}").get(0))
        .isEqualTo(unknown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"arn:aws:s3:::b/*/x", "arn:aws:s3:::b/x*"})
  void violatedByADenyOfSomeObjects(String objects) {
    assertThat(
            check(
                "{Effect: Deny, Principal: '*', Action: 's3:*', Resource: [!GetAtt Bucket.Arn, '"
                    + objects
                    + "'], "
                    + NO_TLS
                    + "}"))
        .containsExactly(OPEN);
  }

  @Test
  void undecidedWhenTheConditionIsKnownOnlyWhenDeployed() {
    assertThat(check("{Effect: Deny, " + ALL + ", Condition: !ImportValue condition}"))
        .containsExactly(
            "UNDECIDED Bucket: only the deployment knows whether requests without TLS are denied");
  }

  @Test
  void violatedByAPolicyOfABucketOfAnotherName() {
    assertThat(named("another-bucket", "{Effect: Deny, " + ALL + ", " + NO_TLS + "}"))
        .containsExactly("VIOLATED Bucket: has no policy that denies requests without TLS");
  }

  @Test
  void notApplicableWithoutABucket() {
    assertThat(Checks.of(new TlsOnly(), "Resources: {Topic: {Type: AWS::SNS::Topic}}")).isEmpty();
  }

  private static List<String> check(String statement) {
    return named("!Ref Bucket", statement);
  }

  private static List<String> named(String bucket, String statement) {
    return Checks.of(
        new TlsOnly(),
        "Parameters: {Name: {Type: String}}",
        "Conditions: {Unknown: !Equals [!Ref Name, a]}",
        "Resources:",
        "  Bucket:",
        "    Type: AWS::S3::Bucket",
        "    Properties: {BucketName: !Sub 'data-${AWS::AccountId}'}",
        "  Policy:",
        "    Type: AWS::S3::BucketPolicy",
        "    Properties:",
        "      Bucket: " + bucket,
        "      PolicyDocument: {Statement: [" + statement + "]}");
  }
}

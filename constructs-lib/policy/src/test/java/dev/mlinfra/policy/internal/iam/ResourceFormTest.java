package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceFormTest {
  private static final String STATEMENT = " Policy PolicyDocument.Statement[0].";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "s3:GetObject | arn:aws:s3:::bucket/*",
        "s3:GetObject | !Sub '${Bucket.Arn}/*'",
        "s3:GetObject | !Sub '${Bucket.Arn}/${Given}'",
        "s3:GetObject | !Ref Given",
        "s3:GetObject | '*'",
        "s3:GetObject | !Sub 'arn:aws:s3:::${Given}'",
        "s3:GetObject | !Sub 'arn:aws:s3:::home/${!aws:username}/*'",
        "s3:ListBucket | !GetAtt Bucket.Arn",
        "sqs:SendMessage | !GetAtt Queue.Arn",
        "logs:CreateLogStream | 'arn:aws:logs:*:123456789012:log-group:/aws/lambda/a:*'",
        "ecr:GetAuthorizationToken | '*'",
        "ecr:GetAuthorizationToken | arn:aws:ecr:*:123456789012:repository/*",
        "'s3:*' | !GetAtt Bucket.Arn",
      })
  void compliantWhenActionAndResourceGoTogether(String action, String resource) {
    assertThat(check(action, resource))
        .containsExactly("COMPLIANT" + STATEMENT + "Action", "COMPLIANT" + STATEMENT + "Resource");
  }

  @Test
  void compliantWhenEachActionHasAResourceAndEachResourceAnAction() {
    assertThat(
            check("[s3:GetObject, s3:ListBucket]", "[!GetAtt Bucket.Arn, !Sub '${Bucket.Arn}/*']"))
        .hasSize(4)
        .allMatch(line -> line.startsWith("COMPLIANT"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:s3:::bucket",
        "!GetAtt Bucket.Arn",
        "!Sub 'arn:${AWS::Partition}:s3:::${Bucket}'",
        "arn:aws:sqs:eu-west-1:123456789012:queue",
      })
  void violatedByAnActionOnAnotherType(String resource) {
    assertThat(check("s3:GetObject", resource))
        .containsExactly(
            "VIOLATED"
                + STATEMENT
                + "Action: acts on object or accesspointobject, and no resource of the statement is"
                + " one");
  }

  @Test
  void violatedByAnActionThatKnowsNoResource() {
    assertThat(
            check(
                "[ecr:GetAuthorizationToken, ecr:BatchGetImage]",
                "arn:aws:ecr:eu-west-1:123456789012:repository/a"))
        .containsExactly(
            "VIOLATED"
                + STATEMENT
                + "Action: acts on no resource, so that it is allowed only on \"*\"",
            "COMPLIANT" + STATEMENT + "Action",
            "COMPLIANT" + STATEMENT + "Resource");
    assertThat(check("[sqs:ListQueues, sqs:SendMessage]", "!GetAtt Queue.Arn"))
        .first()
        .asString()
        .startsWith("VIOLATED");
  }

  @Test
  void violatedByAResourceThatNoActionActsOn() {
    assertThat(check("s3:GetObject", "['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*']"))
        .containsExactly(
            "COMPLIANT" + STATEMENT + "Action",
            "VIOLATED" + STATEMENT + "Resource: no action of the statement acts on it",
            "COMPLIANT" + STATEMENT + "Resource");
  }

  @Test
  void undecidedWhenAnActionIsNotKnown() {
    assertThat(
            check("[s3:GetObject, !Ref Given]", "['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*']"))
        .contains(
            "UNDECIDED"
                + STATEMENT
                + "Resource: whether an action of the statement acts on it is not known");
  }

  @Test
  void undecidedWhenTheSourcesDiffer() {
    assertThat(check("dms:ImportCertificate", "arn:aws:s3:::bucket"))
        .contains(
            "UNDECIDED" + STATEMENT + "Action: on what it acts is not certain: two sources differ");
  }

  @Test
  void notApplicableToADenyAndWithoutResources() {
    assertThat(
            Policies.check(
                new ResourceForm(),
                "Effect: Deny",
                "Action: s3:GetObject",
                "Resource: arn:aws:s3:::b"))
        .isEmpty();
    assertThat(
            Policies.check(
                new ResourceForm(), "Action: s3:GetObject", "NotResource: arn:aws:s3:::b"))
        .isEmpty();
  }

  @Test
  void theFixShowsWhatTheActionActsOn() {
    assertThat(fixes("sqs:SendMessage", "arn:aws:s3:::b"))
        .startsWith("name one, such as arn:${Partition}:sqs:${Region}:${Account}:${QueueName}");
    assertThat(fixes("[ecr:GetAuthorizationToken, sqs:SendMessage]", "!GetAtt Queue.Arn"))
        .containsExactly("allow it on \"*\", in a statement of its own");
  }

  private static List<String> fixes(String action, String resource) {
    return Checks.fixes(
        new ResourceForm(), Policies.model("Action: " + action, "Resource: " + resource));
  }

  private static List<String> check(String action, String resource) {
    return Policies.check(new ResourceForm(), "Action: " + action, "Resource: " + resource);
  }
}

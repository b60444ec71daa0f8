package dev.mlinfra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlinfra.core.Prefixes;
import dev.mlinfra.core.ValidationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.Duration;

class OperatorRoleTest {
  private static final String ROLE =
      "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ml_0123456789abcdef";
  private static final String USER = "arn:aws:iam::123456789012:user/jane";
  private static final String ROOT = "arn:aws:iam::123456789012:root";

  private final TestStack stack = new TestStack();

  @Nested
  class ByDefault {
    private final OperatorRole operator = role(props -> props);

    @Test
    void onlyTaggedSessionsOfItsPrincipalsTakeItOn() {
      assertThat(stack.trust())
          .isEqualTo(
              TestStack.json(
                  """
                  [{
                    "Effect": "Allow",
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                    "Principal": {"AWS": "%s"},
                    "Condition": {
                      "ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "project"]},
                      "StringEquals": {
                        "aws:RequestTag/environment": ["dev", "staging"],
                        "aws:RequestTag/project": "ml-agent"
                      }
                    }
                  }]
                  """
                      .formatted(ROLE)));
    }

    @Test
    void reachesTheEnvironmentOfItsSessionAlone() {
      assertThat(stack.statements())
          .isEqualTo(
              TestStack.json(
                  """
                  [
                    {
                      "Sid": "ListFolders",
                      "Effect": "Allow",
                      "Action": "s3:ListBucket",
                      "Resource": "arn:aws:s3:::ml-agent-${aws:PrincipalTag/environment}-*",
                      "Condition": {
                        "StringEquals": {"aws:ResourceAccount": "123456789012"},
                        "StringLike": {"s3:prefix": ["datasets/*", "models/*", "results/*"]}
                      }
                    },
                    {
                      "Sid": "ReadData",
                      "Effect": "Allow",
                      "Action": ["s3:GetObject", "s3:GetObjectVersion"],
                      "Resource": [
                        "arn:aws:s3:::ml-agent-${aws:PrincipalTag/environment}-*/datasets/*",
                        "arn:aws:s3:::ml-agent-${aws:PrincipalTag/environment}-*/models/*",
                        "arn:aws:s3:::ml-agent-${aws:PrincipalTag/environment}-*/results/*"
                      ],
                      "Condition": {"StringEquals": {"aws:ResourceAccount": "123456789012"}}
                    },
                    {
                      "Sid": "WriteDatasets",
                      "Effect": "Allow",
                      "Action": "s3:PutObject",
                      "Resource":
                        "arn:aws:s3:::ml-agent-${aws:PrincipalTag/environment}-*/datasets/*",
                      "Condition": {"StringEquals": {"aws:ResourceAccount": "123456789012"}}
                    },
                    {
                      "Sid": "Predict",
                      "Effect": "Allow",
                      "Action": "lambda:InvokeFunction",
                      "Resource":
                        "arn:aws:lambda:us-east-1:123456789012:function:ml-agent-${aws:PrincipalTag/environment}-*:live"
                    },
                    {
                      "Sid": "ReadLogs",
                      "Effect": "Allow",
                      "Action": [
                        "logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"
                      ],
                      "Resource":
                        "arn:aws:logs:us-east-1:123456789012:log-group:ml-agent-${aws:PrincipalTag/environment}-*"
                    },
                    {
                      "Sid": "ReadStacks",
                      "Effect": "Allow",
                      "Action": [
                        "cloudformation:DescribeStackEvents",
                        "cloudformation:DescribeStackResources",
                        "cloudformation:DescribeStacks"
                      ],
                      "Resource":
                        "arn:aws:cloudformation:us-east-1:123456789012:stack/ml-agent-${aws:PrincipalTag/environment}-*/*"
                    },
                    {
                      "Sid": "ReadParameters",
                      "Effect": "Allow",
                      "Action": [
                        "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"
                      ],
                      "Resource": [
                        "arn:aws:ssm:us-east-1:123456789012:parameter/mlinfra/ml-agent/${aws:PrincipalTag/environment}",
                        "arn:aws:ssm:us-east-1:123456789012:parameter/mlinfra/ml-agent/${aws:PrincipalTag/environment}/*"
                      ]
                    }
                  ]
                  """));
    }

    @Test
    void lastsAnHourAndWarnsOfNothing() {
      assertThat(stack.properties("AWS::IAM::Role").path("MaxSessionDuration").asInt())
          .isEqualTo(3600);
      assertThat(stack.properties("AWS::IAM::Role").has("ManagedPolicyArns")).isFalse();
      assertThat(stack.properties("AWS::IAM::Role").has("RoleName")).isFalse();
      assertThat(stack.types()).containsExactly("AWS::IAM::Policy", "AWS::IAM::Role");
      assertThat(stack.warnings()).isEmpty();
      assertThat(operator.getRole()).isNotNull();
    }
  }

  @Nested
  class Custom {

    @Test
    void usersNeedASecondFactor() {
      role(props -> props.addPrincipals(USER));

      assertThat(stack.trust())
          .isEqualTo(
              TestStack.json(
                  """
                  [
                    {
                      "Effect": "Allow",
                      "Action": ["sts:AssumeRole", "sts:TagSession"],
                      "Principal": {"AWS": "%s"},
                      "Condition": {
                        "ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "project"]},
                        "StringEquals": {
                          "aws:RequestTag/environment": ["dev", "staging"],
                          "aws:RequestTag/project": "ml-agent"
                        }
                      }
                    },
                    {
                      "Effect": "Allow",
                      "Action": ["sts:AssumeRole", "sts:TagSession"],
                      "Principal": {"AWS": "%s"},
                      "Condition": {
                        "Bool": {"aws:MultiFactorAuthPresent": "true"},
                        "ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "project"]},
                        "StringEquals": {
                          "aws:RequestTag/environment": ["dev", "staging"],
                          "aws:RequestTag/project": "ml-agent"
                        }
                      }
                    }
                  ]
                  """
                      .formatted(ROLE, USER)));
      assertThat(stack.warnings()).isEmpty();
    }

    @Test
    void usersMayDoWithoutASecondFactorWithAWarning() {
      role(props -> props.addPrincipals(USER).mfaRequired(false));

      assertThat(stack.trust()).hasSize(1);
      assertThat(TestStack.texts(stack.trust().at("/0/Principal/AWS")))
          .containsExactlyInAnyOrder(ROLE, USER);
      assertThat(stack.trust().path(0).path("Condition").has("Bool")).isFalse();
      assertThat(stack.warnings())
          .singleElement()
          .asString()
          .contains("without a second factor", "mlinfra::operatorRole.mfa");
    }

    @Test
    void aWholeAccountMayDecideWithAWarning() {
      role(props -> props.addPrincipals(ROOT).accountRootAllowed(true));

      assertThat(stack.trust().at("/1/Principal/AWS").asString()).isEqualTo(ROOT);
      assertThat(stack.trust().at("/1/Condition/Bool/aws:MultiFactorAuthPresent").asString())
          .isEqualTo("true");
      assertThat(stack.warnings())
          .singleElement()
          .asString()
          .contains("everyone", "mlinfra::operatorRole.accountRoot");
    }

    @Test
    void sessionsMayLastLongerWithAWarning() {
      role(props -> props.maxSession(Duration.hours(8)));

      assertThat(stack.properties("AWS::IAM::Role").path("MaxSessionDuration").asInt())
          .isEqualTo(28800);
      assertThat(stack.warnings())
          .singleElement()
          .asString()
          .contains("longer than one hour", "mlinfra::operatorRole.session");
    }

    @Test
    void usesDataKeysOfItsEnvironmentThroughS3() {
      role(props -> props.dataKeyUsed(true));

      assertThat(stack.statements().path(3))
          .isEqualTo(
              TestStack.json(
                  """
                  {
                    "Sid": "UseDataKeys",
                    "Effect": "Allow",
                    "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                    "Resource": "arn:aws:kms:us-east-1:123456789012:key/*",
                    "Condition": {
                      "StringEquals": {
                        "aws:ResourceTag/environment": "${aws:PrincipalTag/environment}",
                        "aws:ResourceTag/project": "ml-agent",
                        "kms:ViaService": ["s3.us-east-1.amazonaws.com"]
                      }
                    }
                  }
                  """));
    }

    @Test
    void takesFoldersRegionsNameAndPath() {
      role(
          props ->
              props
                  .prefixes(new Prefixes("in", "onnx", "out", "tmp"))
                  .addRegions("eu-west-1", "us-west-2")
                  .roleName("ml-agent-operator")
                  .rolePath("/ml/"));

      assertThat(stack.grants())
          .contains(
              "s3:PutObject on arn:aws:s3:::ml-agent-${aws:PrincipalTag/environment}-*/in/*",
              "lambda:InvokeFunction on "
                  + "arn:aws:lambda:eu-west-1:123456789012:function:ml-agent-${aws:PrincipalTag/environment}-*:live, "
                  + "arn:aws:lambda:us-west-2:123456789012:function:ml-agent-${aws:PrincipalTag/environment}-*:live")
          .noneMatch(grant -> grant.contains("/tmp/"));
      assertThat(stack.properties("AWS::IAM::Role").path("RoleName").asString())
          .isEqualTo("ml-agent-operator");
      assertThat(stack.properties("AWS::IAM::Role").path("Path").asString()).isEqualTo("/ml/");
    }
  }

  @Nested
  class Refuses {

    @Test
    void everythingThatIsWrongAtOnce() {
      refused(
          props ->
              props
                  .project("ML")
                  .addEnvironments("Prod")
                  .maxSession(Duration.hours(9))
                  .roleName("a b")
                  .rolePath("ml")
                  .prefixes(new Prefixes("a", "a/b", "c", "d"))
                  .addRegions("moon"),
          "has 7 problems",
          "roleName: given 'a b'",
          "rolePath: given 'ml'",
          "project: given 'ML'; allowed: 2 to 32 lower-case letters, digits and hyphens,"
              + " first a letter",
          "environments: given 'Prod'; allowed: 2 to 16 lower-case letters, digits and hyphens,"
              + " first a letter",
          "maxSession: given 32400 s; allowed: 3600 to 28800 s",
          "prefixes: 'a/b' lies in 'a'",
          "regions: given 'moon'");
    }

    @Test
    void sessionsThatAreTooShortForIam() {
      refused(
          props -> props.maxSession(Duration.minutes(15)),
          "maxSession: given 900 s; allowed: 3600 to 28800 s");
    }

    @Test
    void environmentsThatReachEachOther() {
      refused(
          props -> props.addEnvironments("dev-eu"),
          "environments: given 'dev' beside 'dev-eu'; allowed: names of which none begins with"
              + " another and a hyphen; fix: a session for dev would reach dev-eu: rename one, or"
              + " give each a role of its own");
    }

    @Test
    void aWholeAccountThatWasNotAskedFor() {
      refused(
          props -> props.addPrincipals(ROOT),
          "principals: given '"
              + ROOT
              + "'; allowed: ARNs of roles and users;"
              + " fix: name them, or set accountRootAllowed if the whole account may decide");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "*",
          "123456789012",
          "arn:aws:iam::123456789012:role/*",
          "arn:aws:iam::123456789012:user/",
          "arn:aws:iam::123456789012:group/people",
          "arn:aws:sts::123456789012:assumed-role/Developers/jane"
        })
    void principalsThatAreNotExact(String principal) {
      refused(
          props -> props.addPrincipals(principal),
          "principals: given '"
              + principal
              + "'; allowed: ARNs of roles and users without"
              + " wildcards, such as arn:aws:iam::123456789012:role/Developers;"
              + " fix: write it out; of a session, name the role");
    }

    @Test
    void aRoleForNobodyAndNothing() {
      assertThatThrownBy(
              () ->
                  new OperatorRole(
                      stack.scope(),
                      "Operator",
                      OperatorRoleProps.builder().project("ml-agent").build()))
          .isInstanceOf(ValidationException.class)
          .hasMessageContainingAll(
              "environments: none; allowed: at least one, such as dev; fix: add one",
              "principals: none; allowed: at least one, such as"
                  + " arn:aws:iam::123456789012:role/Developers; fix: add one");
    }

    private void refused(UnaryOperator<OperatorRoleProps.Builder> change, String... expected) {
      assertThatThrownBy(() -> role(change))
          .isInstanceOf(ValidationException.class)
          .hasMessageStartingWith("OperatorRole 'Test/Operator' has ")
          .hasMessageContainingAll(expected);
    }
  }

  private OperatorRole role(UnaryOperator<OperatorRoleProps.Builder> change) {
    return new OperatorRole(
        stack.scope(),
        "Operator",
        change
            .apply(
                OperatorRoleProps.builder()
                    .project("ml-agent")
                    .addEnvironments("dev", "staging")
                    .addPrincipals(ROLE))
            .build());
  }
}

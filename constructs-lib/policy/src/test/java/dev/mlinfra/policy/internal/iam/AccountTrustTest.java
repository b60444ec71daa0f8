package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Stack;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountTrustTest {
  private static final String AT = " Role AssumeRolePolicyDocument.Statement[0].Principal";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!Ref AWS::AccountId",
        "!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'",
        "'123456789012'",
        "arn:aws:iam::123456789012:root"
      })
  void compliantWithTheOwnAccount(String principal) {
    assertThat(check(Optional.of("123456789012"), principal)).containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringEquals: {sts:ExternalId: abc}}",
        "{StringEquals: {sts:ExternalId: !Ref Id}}",
        "{StringEquals: {aws:PrincipalOrgID: o-1234567890}}",
        "{ArnLike: {aws:PrincipalArn: 'arn:aws:iam::210987654321:role/deploy-*'}}"
      })
  void compliantWithAnotherAccountUnderACondition(String condition) {
    assertThat(check(Optional.of("123456789012"), "'210987654321'", "Condition: " + condition))
        .containsExactly("COMPLIANT" + AT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'210987654321'",
        "arn:aws:iam::210987654321:root",
        "['123456789012', 'arn:aws:iam::210987654321:root']"
      })
  void violatedByAnotherAccount(String principal) {
    assertThat(check(Optional.of("123456789012"), principal))
        .containsExactly("VIOLATED" + AT + ": lets everybody in another account take on the role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{StringLike: {sts:ExternalId: '*'}}",
        "{StringEqualsIfExists: {sts:ExternalId: abc}}",
        "{Bool: {aws:MultiFactorAuthPresent: 'true'}}"
      })
  void violatedByAConditionThatNamesNobody(String condition) {
    assertThat(check(Optional.of("123456789012"), "'210987654321'", "Condition: " + condition))
        .containsExactly("VIOLATED" + AT + ": lets everybody in another account take on the role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'210987654321'",
        "!Sub 'arn:aws:iam::${Id}:root'",
        "!Ref Id",
        "!ImportValue account"
      })
  void undecidedWhenTheAccountsAreNotKnown(String principal) {
    assertThat(check(Optional.empty(), principal))
        .containsExactly(
            "UNDECIDED"
                + AT
                + ": only the deployment knows whether another account can take on the role");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::210987654321:role/deploy",
        "!Sub 'arn:aws:iam::${Id}:role/deploy'",
        "!GetAtt Other.Arn"
      })
  void notApplicableToANamedRole(String principal) {
    assertThat(check(Optional.of("123456789012"), principal)).isEmpty();
  }

  private static List<String> check(Optional<String> account, String principal, String... more) {
    Model model =
        Models.parse(
            "test.yaml",
            String.join(
                "\n",
                "Parameters:",
                "  Id: {Type: String}",
                "Resources:",
                "  Other:",
                "    Type: AWS::IAM::Role",
                "  Role:",
                "    Type: AWS::IAM::Role",
                "    Properties:",
                "      AssumeRolePolicyDocument:",
                "        Statement:",
                "          - Effect: Allow",
                "            Action: sts:AssumeRole",
                "            Principal: {AWS: " + principal + "}",
                "            " + String.join("\n            ", more)));
    return Checks.of(new AccountTrust(), in(account, model));
  }

  private static Model in(Optional<String> account, Model model) {
    Stack it = model.stacks().get(0);
    return new Model(
        model.kind(),
        List.of(
            new Stack(
                it.id(),
                it.name(),
                account,
                it.region(),
                it.nestedIn(),
                it.file(),
                it.transforms(),
                it.parameters(),
                it.mappings(),
                it.conditions(),
                it.resources(),
                it.outputs())),
        model.gaps());
  }
}

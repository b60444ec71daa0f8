package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongLivedKeyTest {
  private static final String RIGHTS =
      "VIOLATED User: is a user with rights, which takes keys or a password that stay valid";

  @Test
  void compliantUserWithoutRightsAndKeyThatIsOff() {
    assertThat(check("User", "UserName: name")).containsExactly("COMPLIANT User");
    assertThat(check("AccessKey", "Status: Inactive")).containsExactly("COMPLIANT User Status");
  }

  @Test
  void violatedByAKey() {
    assertThat(check("AccessKey", "UserName: name"))
        .containsExactly("VIOLATED User Status: is a key that stays valid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LoginProfile: {Password: '{{resolve:ssm-secure:password}}'}",
        "ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess']",
        "Groups: [pipelines]",
        "Policies: [{PolicyDocument: {Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}}]"
      })
  void violatedByAUserWithRights(String property) {
    assertThat(check("User", property)).containsExactly(RIGHTS);
  }

  @Test
  void violatedByAPolicyOnAUser() {
    assertThat(
            Checks.of(
                new LongLivedKey(),
                "Resources:",
                "  User:",
                "    Type: AWS::IAM::User",
                "  Policy:",
                "    Type: AWS::IAM::Policy",
                "    Properties:",
                "      Users: [!Ref User]",
                "      PolicyDocument: {Statement: {Effect: Allow, Action: 's3:*'}}"))
        .containsExactly(RIGHTS);
  }

  @Test
  void violatedByTheGroupOfAUser() {
    assertThat(
            Checks.of(
                new LongLivedKey(),
                "Resources:",
                "  User:",
                "    Type: AWS::IAM::User",
                "  Addition:",
                "    Type: AWS::IAM::UserToGroupAddition",
                "    Properties: {GroupName: pipelines, Users: [!Ref User]}"))
        .containsExactly(RIGHTS);
  }

  @Test
  void undecidedWhenOnlyTheDeploymentKnowsWhetherTheKeyIsOn() {
    assertThat(check("AccessKey", "Status: !ImportValue status"))
        .containsExactly(
            "UNDECIDED User Status: only the deployment knows whether the key is valid");
  }

  @Test
  void notApplicableToARole() {
    assertThat(check("Role", "RoleName: name")).isEmpty();
  }

  private static List<String> check(String type, String property) {
    return Checks.of(
        new LongLivedKey(),
        "Resources:",
        "  User:",
        "    Type: AWS::IAM::" + type,
        "    Properties:",
        "      " + property);
  }
}

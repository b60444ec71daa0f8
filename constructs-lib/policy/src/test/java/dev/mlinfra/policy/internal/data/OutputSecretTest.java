package dev.mlinfra.policy.internal.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputSecretTest {

  @Test
  void compliantWhenASecretIsOnlyNamed() {
    assertThat(check("!Ref Secret")).containsExactly("COMPLIANT test: output It");
    assertThat(check("!Sub 'https://${Bucket.DomainName}'"))
        .containsExactly("COMPLIANT test: output It");
    assertThat(check("'{{resolve:ssm:/ml/model}}'")).containsExactly("COMPLIANT test: output It");
  }

  @Test
  void violatedByALookup() {
    assertThat(check("'{{resolve:secretsmanager:db:SecretString:password}}'"))
        .containsExactly("VIOLATED test: output It: gives out the value of a secret");
    assertThat(check("!Sub 'user:{{resolve:ssm-secure:/ml/${Bucket}}}'"))
        .containsExactly("VIOLATED test: output It: gives out the value of a secret");
  }

  @Test
  void violatedByAHiddenParameter() {
    assertThat(check("!Ref Hidden"))
        .containsExactly("VIOLATED test: output It: gives out the value of a secret");
    assertThat(check("!Sub 'user:${WithDefault}'"))
        .containsExactly("VIOLATED test: output It: gives out the value of a secret");
  }

  @Test
  void violatedByTheKeyOfAUser() {
    assertThat(check("!GetAtt Key.SecretAccessKey"))
        .containsExactly("VIOLATED test: output It: gives out the value of a secret");
    assertThat(check("!Ref Key")).containsExactly("COMPLIANT test: output It");
  }

  @Test
  void undecidedWhenAnotherStackGivesIt() {
    assertThat(check("!ImportValue db-password"))
        .containsExactly(
            "UNDECIDED test: output It: whether it is a secret is known only when deployed");
  }

  @Test
  void notApplicableWithoutOutputs() {
    assertThat(Checks.of(new OutputSecret(), "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}"))
        .isEmpty();
  }

  private static List<String> check(String value) {
    return Checks.of(
        new OutputSecret(),
        """
        Parameters:
          Hidden: {Type: String, NoEcho: true}
          WithDefault: {Type: String, NoEcho: true, Default: hunter2}
        Resources:
          Secret:
            Type: AWS::SecretsManager::Secret
          Bucket:
            Type: AWS::S3::Bucket
          Key:
            Type: AWS::IAM::AccessKey
            Properties: {UserName: ci}
        Outputs:
          It: {Value: %s}
        """
            .formatted(value));
  }
}

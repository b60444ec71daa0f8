package dev.mlinfra.policy.internal.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Gate;
import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainSecretTest {
  private static final String KEY = "AKIA" + "ABCDEFGHIJKLMNOP";

  @Test
  void compliantWhenASecretIsOnlyNamed() {
    assertThat(
            check(
                """
                  Secret:
                    Type: AWS::SecretsManager::Secret
                    Properties: {GenerateSecretString: {PasswordLength: 32}}
                  Function:
                    Type: AWS::Lambda::Function
                    Properties:
                      Environment:
                        Variables:
                          DB_PASSWORD: !Ref Secret
                          API_KEY: '{{resolve:secretsmanager:api:SecretString:key}}'
                          TOKEN: arn:aws:secretsmanager:us-east-1:123456789012:secret:token
                """))
        .containsExactly(
            "COMPLIANT Function Environment.Variables.DB_PASSWORD",
            "COMPLIANT Function Environment.Variables.API_KEY",
            "COMPLIANT Function Environment.Variables.TOKEN");
  }

  @Test
  void violatedByAVariableOfAFunction() {
    assertThat(
            check(
                """
                  Function:
                    Type: AWS::Lambda::Function
                    Properties: {Environment: {Variables: {DB_PASSWORD: hunter2, SECRET_ARN: abc}}}
                """))
        .containsExactly(
            "VIOLATED Function Environment.Variables.DB_PASSWORD: holds a secret in clear");
  }

  @Test
  void violatedByVariablesOfContainers() {
    assertThat(
            check(
                """
                  Task:
                    Type: AWS::ECS::TaskDefinition
                    Properties:
                      ContainerDefinitions:
                        - Environment: [{Name: MODE, Value: fast}, {Name: HF_TOKEN, Value: abcdef}]
                  Job:
                    Type: AWS::Batch::JobDefinition
                    Properties:
                      ContainerProperties: {Environment: [{Name: API_KEY, Value: abcdef}]}
                  Model:
                    Type: AWS::SageMaker::Model
                    Properties:
                      Containers: [{Environment: {PASSWORD: abcdef}}]
                  Build:
                    Type: AWS::CodeBuild::Project
                    Properties:
                      Environment:
                        EnvironmentVariables:
                          - {Name: TOKEN, Value: abcdef, Type: PLAINTEXT}
                          - {Name: SECRET, Value: ci/secret, Type: SECRETS_MANAGER}
                """))
        .containsExactly(
            "VIOLATED Task ContainerDefinitions[0].Environment[1]: holds a secret in clear",
            "VIOLATED Job ContainerProperties.Environment[0]: holds a secret in clear",
            "VIOLATED Model Containers[0].Environment.PASSWORD: holds a secret in clear",
            "VIOLATED Build Environment.EnvironmentVariables[0]: holds a secret in clear");
  }

  @Test
  void violatedByVariablesInAGraphOfPulumi() {
    String container = "urn:pulumi:dev::ml::kubernetes:apps/v1:Deployment::trainer";
    String graph =
        """
        {"version": 3, "deployment": {"manifest": {}, "resources": [
          {"urn": "%s", "custom": true, "type": "kubernetes:apps/v1:Deployment", "inputs": {
            "spec": {"containers": [{"env": [
              {"name": "HF_TOKEN", "value": "abcdef"},
              {"name": "API_KEY", "valueFrom": {"secretKeyRef": {"name": "api", "key": "key"}}},
              {"name": "PASSWORD", "value": {
                "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                "ciphertext": "AAABADq"}}]}]}}}]}}
        """
            .formatted(container);

    assertThat(Checks.of(new PlainSecret(), Models.parse("export.json", graph)))
        .containsExactly(
            "VIOLATED trainer spec.containers[0].env[0]: holds a secret in clear",
            "COMPLIANT trainer spec.containers[0].env[2]");
  }

  @Test
  void violatedByPropertiesThatAreSecrets() {
    assertThat(
            check(
                """
                  Database:
                    Type: AWS::RDS::DBInstance
                    Properties: {MasterUserPassword: hunter2}
                  Secret:
                    Type: AWS::SecretsManager::Secret
                    Properties: {SecretString: '{"password": "hunter2"}'}
                  Parameter:
                    Type: AWS::SSM::Parameter
                    Properties: {Name: /ml/prod/api-key, Value: abcdef}
                """))
        .containsExactly(
            "VIOLATED Database MasterUserPassword: holds a secret in clear",
            "VIOLATED Secret SecretString: holds a secret in clear",
            "VIOLATED Parameter Value: holds a secret in clear");
  }

  @Test
  void violatedByUserData() {
    assertThat(
            check(
                """
                  Instance:
                    Type: AWS::EC2::Instance
                    Properties:
                      UserData:
                        Fn::Base64: |
                          #!/bin/bash
                          export RUNPOD_API_KEY=abcdef
                          export TOKEN=$(aws secretsmanager get-secret-value)
                          TOKEN_URL=https://example.com
                """))
        .containsExactly("VIOLATED Instance UserData: sets RUNPOD_API_KEY in clear");
  }

  @Test
  void violatedByTheFormOfAKeyWhereverItStands() {
    assertThat(
            check(
                """
                  Function:
                    Type: AWS::Lambda::Function
                    Properties:
                      Description: uses %s
                      Environment: {Variables: {DATABASE: 'postgres://ml:hunter2@db/ml'}}
                """
                    .formatted(KEY)))
        .containsExactly(
            "VIOLATED Function Description: holds an AWS access key id in clear",
            "VIOLATED Function Environment.Variables.DATABASE: holds a password in an address in"
                + " clear");
  }

  @Test
  void violatedByTheDefaultOfAParameterWhereItStandsAndNotWhereItIsUsed() {
    assertThat(
            Checks.of(
                new PlainSecret(),
                """
                Parameters:
                  DbPassword: {Type: String, Default: hunter2}
                  Instance: {Type: String, Default: m5.large}
                  TokenName: {Type: String, Default: token}
                Resources:
                  Database:
                    Type: AWS::RDS::DBInstance
                    Properties: {MasterUserPassword: !Ref DbPassword}
                """))
        .containsExactly(
            "UNDECIDED Database MasterUserPassword: whether MasterUserPassword is a secret in clear"
                + " is known only when deployed",
            "VIOLATED test: parameter DbPassword: its default is a secret in clear (7 characters)");
  }

  @Test
  void violatedByAnOutput() {
    assertThat(
            Checks.of(
                new PlainSecret(),
                """
                Resources: {Topic: {Type: 'AWS::SNS::Topic'}}
                Outputs:
                  ApiKey: {Value: abcdef}
                  Key: {Value: %s}
                  Topic: {Value: !Ref Topic}
                """
                    .formatted(KEY)))
        .containsExactly(
            "VIOLATED test: output ApiKey: gives out a secret in clear",
            "VIOLATED test: output Key: gives out an AWS access key id in clear");
  }

  @Test
  void neverShowsTheSecret() {
    String template =
        """
        Parameters:
          DbPassword: {Type: String, Default: hunter2-default}
        Resources:
          Function:
            Type: AWS::Lambda::Function
            Properties:
              Description: %s
              Environment: {Variables: {DB_PASSWORD: hunter2-variable, TOKEN: !If [A, hunter2-a, hunter2-bc]}}
          Instance:
            Type: AWS::EC2::Instance
            Properties: {UserData: !Base64 'export TOKEN=hunter2-data'}
        Outputs:
          Password: {Value: hunter2-output}
        """
            .formatted(KEY);

    List<String> said =
        Gate.standard().check(Models.parse("test.yaml", template)).findings().stream()
            .filter(it -> it.rule().equals(new PlainSecret().id()))
            .map(Object::toString)
            .toList();

    assertThat(said).hasSize(7).noneMatch(it -> it.contains("hunter2") || it.contains(KEY));
    assertThat(said).anyMatch(it -> it.contains("given: DB_PASSWORD (16 characters)"));
  }

  @Test
  void undecidedWhenAParameterIsShownToEveryone() {
    assertThat(
            Checks.of(
                new PlainSecret(),
                """
                Parameters: {ApiKey: {Type: String}, Hidden: {Type: String, NoEcho: true}}
                Resources:
                  Function:
                    Type: AWS::Lambda::Function
                    Properties: {Environment: {Variables: {API_KEY: !Ref ApiKey, TOKEN: !Ref Hidden}}}
                """))
        .containsExactly(
            "UNDECIDED Function Environment.Variables.API_KEY: whether API_KEY is a secret in clear"
                + " is known only when deployed",
            "COMPLIANT Function Environment.Variables.TOKEN");
  }

  @Test
  void undecidedWhenAHiddenParameterHasADefault() {
    assertThat(
            Checks.of(
                new PlainSecret(),
                """
                Parameters: {Password: {Type: String, NoEcho: true, Default: hunter2}}
                Resources: {Topic: {Type: 'AWS::SNS::Topic'}}
                """))
        .containsExactly(
            "UNDECIDED test: parameter Password: its default stands in the template in clear,"
                + " unless it is a placeholder");
  }

  @Test
  void compliantWhenTheDefaultOfAHiddenParameterIsEmpty() {
    assertThat(
            Checks.of(
                new PlainSecret(),
                """
                Parameters: {Password: {Type: String, NoEcho: true, Default: ''}}
                Resources:
                  Database:
                    Type: AWS::RDS::DBInstance
                    Properties: {MasterUserPassword: !Ref Password}
                """))
        .containsExactly(
            "COMPLIANT Database MasterUserPassword", "COMPLIANT test: parameter Password");
  }

  @Test
  void notApplicableToNamesThatOnlySpeakOfSecrets() {
    assertThat(
            check(
                """
                  Function:
                    Type: AWS::Lambda::Function
                    Properties:
                      Environment:
                        Variables: {SECRET_NAME: db, TOKEN_URL: abc, MAX_TOKENS: 512, MODEL: resnet}
                """))
        .isEmpty();
  }

  private static List<String> check(String resources) {
    return Checks.of(new PlainSecret(), "Resources:", resources);
  }
}

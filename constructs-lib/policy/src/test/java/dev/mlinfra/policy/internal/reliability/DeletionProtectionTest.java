package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.template.Models;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeletionProtectionTest {
  private static final String GOES = ": what it holds goes with its stack";
  private static final String LOST = ": what it holds is lost when it is replaced";
  private static final String OPEN =
      "UNDECIDED Data DeletionPolicy: nobody says whether what it holds may go with its stack";
  private static final String SWITCH = ": one call deletes it, without a second thought";

  @ParameterizedTest
  @ValueSource(strings = {"prod", "production", "Prod-eu"})
  void compliantWhenProductionKeepsItsData(String environment) {
    assertThat(bucket(environment, "DeletionPolicy: Retain, UpdateReplacePolicy: Retain"))
        .containsExactly("COMPLIANT Data DeletionPolicy", "COMPLIANT Data UpdateReplacePolicy");
  }

  @Test
  void violatedWhenProductionDeletes() {
    assertThat(bucket("prod", "DeletionPolicy: Delete, UpdateReplacePolicy: Delete"))
        .containsExactly(
            "VIOLATED Data DeletionPolicy" + GOES, "VIOLATED Data UpdateReplacePolicy" + LOST);
  }

  /** Not every type calls its tags so. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Type: 'AWS::EFS::FileSystem', Properties: {FileSystemTags: [{Key: environment, Value:"
            + " prod}]}",
        "Type: 'AWS::Cognito::UserPool', Properties: {DeletionProtection: ACTIVE,"
            + " UserPoolTags: {environment: prod}}"
      })
  void violatedWhateverTheTagsAreCalled(String resource) {
    assertThat(of(resource + ", DeletionPolicy: Delete, UpdateReplacePolicy: Retain"))
        .contains("VIOLATED Data DeletionPolicy" + GOES);
  }

  @Test
  void violatedWhenNothingIsSaidInProduction() {
    assertThat(bucket("prod", "DeletionPolicy: Retain"))
        .containsExactly(
            "COMPLIANT Data DeletionPolicy", "VIOLATED Data UpdateReplacePolicy" + LOST);
  }

  @Test
  void theNameOfTheStackTellsWhereNoTagDoes() {
    assertThat(
            Checks.of(
                new DeletionProtection(),
                Models.parse(
                    "prod-data.yaml",
                    "Resources: {Data: {Type: 'AWS::S3::Bucket', DeletionPolicy: Delete,"
                        + " UpdateReplacePolicy: Retain}}")))
        .containsExactly(
            "VIOLATED Data DeletionPolicy" + GOES, "COMPLIANT Data UpdateReplacePolicy");
  }

  @Test
  void databasesHaveASnapshotByThemselvesAndASwitch() {
    assertThat(
            of(
                "Type: 'AWS::RDS::DBInstance', UpdateReplacePolicy: Snapshot,"
                    + " Properties: {Tags: [{Key: environment, Value: prod}]}"))
        .containsExactly(
            "COMPLIANT Data DeletionPolicy",
            "COMPLIANT Data UpdateReplacePolicy",
            "VIOLATED Data DeletionProtection" + SWITCH);
    assertThat(
            of(
                "Type: 'AWS::DynamoDB::Table', DeletionPolicy: Retain, UpdateReplacePolicy: Retain,"
                    + " Properties: {DeletionProtectionEnabled: true,"
                    + " Tags: [{Key: environment, Value: prod}]}"))
        .contains("COMPLIANT Data DeletionProtectionEnabled");
  }

  @Test
  void undecidedWhenTheEnvironmentIsKnownOnlyWhenDeployed() {
    assertThat(bucket("!ImportValue environment", "DeletionPolicy: Delete"))
        .containsExactly(
            "UNDECIDED Data DeletionPolicy" + Undecided.whether(GOES),
            "UNDECIDED Data UpdateReplacePolicy" + Undecided.whether(LOST));
  }

  @Test
  void undecidedWhenNobodySaysAnything() {
    assertThat(of("Type: 'AWS::S3::Bucket'")).containsExactly(OPEN);
  }

  @Test
  void notApplicableWhereDataMayGo() {
    assertThat(bucket("dev", "DeletionPolicy: Delete")).isEmpty();
    assertThat(bucket("staging", "UpdateReplacePolicy: Delete")).isEmpty();
  }

  @Test
  void notApplicableToADecisionInAnUnknownEnvironment() {
    assertThat(of("Type: 'AWS::S3::Bucket', DeletionPolicy: Delete")).isEmpty();
    assertThat(of("Type: 'AWS::RDS::DBCluster'")).isEmpty();
  }

  @Test
  void notApplicableToAnInstanceOfACluster() {
    assertThat(
            of(
                "Type: 'AWS::RDS::DBInstance', DeletionPolicy: Delete, Properties:"
                    + " {DBClusterIdentifier: books, Tags: [{Key: environment, Value: prod}]}"))
        .isEmpty();
  }

  @Test
  void notApplicableToWhatCanBeMadeAgain() {
    assertThat(
            of(
                "Type: 'AWS::Logs::LogGroup', DeletionPolicy: Delete,"
                    + " Properties: {Tags: [{Key: environment, Value: prod}]}"))
        .isEmpty();
  }

  private static List<String> bucket(String environment, String attributes) {
    return of(
        "Type: 'AWS::S3::Bucket', "
            + attributes
            + ", Properties: {Tags: [{Key: environment, Value: "
            + environment
            + "}]}");
  }

  private static List<String> of(String resource) {
    return Checks.of(new DeletionProtection(), "Resources: {Data: {" + resource + "}}");
  }
}

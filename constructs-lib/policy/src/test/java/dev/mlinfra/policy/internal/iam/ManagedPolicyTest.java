package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.DataFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagedPolicyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
        "!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy'",
        "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
      })
  void compliantWhenReviewedAsNarrow(String arn) {
    assertThat(check("ec2", arn)).containsExactly("COMPLIANT Role ManagedPolicyArns");
  }

  @Test
  void violatedByWhatIsKnownToBeWide() {
    assertThat(
            check(
                "ec2",
                "arn:aws:iam::aws:policy/AdministratorAccess",
                "arn:aws:iam::aws:policy/AmazonKinesisFullAccess",
                "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"))
        .containsExactly(
            "VIOLATED Role ManagedPolicyArns: gives AdministratorAccess: it allows everything",
            "VIOLATED Role ManagedPolicyArns: gives AmazonKinesisFullAccess: it allows everything"
                + " of a service, on every resource",
            "VIOLATED Role ManagedPolicyArns: gives AWSLambdaBasicExecutionRole: it makes log"
                + " groups and writes to any of them");
  }

  @Test
  void violatedByWhatNobodyReviewed() {
    assertThat(check("ec2", "arn:aws:iam::aws:policy/SomethingNew"))
        .containsExactly(
            "VIOLATED Role ManagedPolicyArns: gives SomethingNew: AWS manages it, and nobody has"
                + " reviewed it");
  }

  @Test
  void violatedByFullAccessOfAnEndpoint() {
    assertThat(check("sagemaker", "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"))
        .containsExactly(
            "VIOLATED Role ManagedPolicyArns: gives jobs and endpoints of SageMaker"
                + " AmazonSageMakerFullAccess: it opens escalation paths, gives out credentials,"
                + " and reads every bucket whose name has sagemaker in it");
  }

  @Test
  void undecidedWhenThePolicyIsNotInTheTemplate() {
    assertThat(check("ec2", "arn:aws:iam::123456789012:policy/own", "!ImportValue policy"))
        .containsExactly(
            "UNDECIDED Role ManagedPolicyArns: what arn:aws:iam::123456789012:policy/own allows"
                + " is not in the template",
            "UNDECIDED Role ManagedPolicyArns: what ${…} allows is not in the template");
  }

  @Test
  void notApplicableToAPolicyOfTheModel() {
    assertThat(check("ec2", "!Ref Policy")).isEmpty();
  }

  @Test
  void theTableHasAReasonForEachName() {
    var rows = DataFile.read(ManagedPolicy.class, "managed-policies.csv");

    assertThat(rows).extracting(row -> row.getField("name")).doesNotHaveDuplicates();
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.getField("verdict")).isIn("admitted", "refused");
              assertThat(row.getField("reason")).isNotBlank();
              assertThat(row.getField("date")).matches("\\d{4}-\\d{2}-\\d{2}");
            });
  }

  private static List<String> check(String service, String... arns) {
    return Checks.of(
        new ManagedPolicy(),
        "Resources:",
        "  Policy:",
        "    Type: AWS::IAM::ManagedPolicy",
        "  Role:",
        "    Type: AWS::IAM::Role",
        "    Properties:",
        "      AssumeRolePolicyDocument:",
        "        Statement: {Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: "
            + service
            + ".amazonaws.com}}",
        "      ManagedPolicyArns:",
        "        - " + String.join("\n        - ", arns));
  }
}

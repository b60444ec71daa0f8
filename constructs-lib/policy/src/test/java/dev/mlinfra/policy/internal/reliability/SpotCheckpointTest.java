package dev.mlinfra.policy.internal.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.internal.Checks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpotCheckpointTest {
  private static final String PROBLEM =
      ": an interruption on spot starts the job anew: it has no place for checkpoints";
  private static final String COMPLIANT = "COMPLIANT Job ContainerProperties";
  private static final String VIOLATED = "VIOLATED Job ContainerProperties" + PROBLEM;
  private static final String UNDECIDED =
      "UNDECIDED Job ContainerProperties" + Undecided.whether(PROBLEM);

  private static final String ROLE = "JobRoleArn: !GetAtt Role.Arn";
  private static final String TOLD = "Environment: [{Name: CHECKPOINTS, Value: 's3://data/run'}]";
  private static final String MAY_WRITE =
      policy("[s3:GetObject, 's3:Put*']", "!Sub 'arn:aws:s3:::data/checkpoints/*'");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Environment: [{Name: A, Value: 's3://data/run'}]",
        "Environment: [{Name: A, Value: !Ref Bucket}]",
        "Environment: [{Name: A, Value: !Sub 's3://${Bucket}/run'}]",
        "Environment: [{Name: A, Value: data}]",
        "Command: [train, --checkpoints, 's3://data/run']"
      })
  void compliantWhenAPrefixIsGivenAndMayBeWrittenTo(String told) {
    assertThat(check(MAY_WRITE, ROLE + ", " + told)).containsExactly(COMPLIANT);
  }

  @Test
  void compliantWithAFileSystem() {
    assertThat(
            check(
                "",
                "Volumes: [{Name: shared, EfsVolumeConfiguration: {FileSystemId: fs-1}}],"
                    + " MountPoints: [{SourceVolume: shared, ContainerPath: /checkpoints}]"))
        .containsExactly(COMPLIANT);
  }

  @Test
  void compliantInTheContainersOfATask() {
    assertThat(
            Checks.of(
                new SpotCheckpoint(),
                BatchTemplates.on("SPOT")
                    + MAY_WRITE
                    + BatchTemplates.job(
                        "{EcsProperties: {TaskProperties: [{TaskRoleArn: !GetAtt Role.Arn,"
                            + " Containers: [{Name: train, "
                            + TOLD
                            + "}]}]}}")))
        .containsExactly("COMPLIANT Job EcsProperties");
  }

  @Test
  void compliantWhenWhoSubmitsTheJobTellsIt() {
    assertThat(
            Checks.of(
                new SpotCheckpoint(),
                BatchTemplates.on("SPOT")
                    + MAY_WRITE
                    + BatchTemplates.submitting(
                        "!Ref Queue",
                        "ContainerOverrides: {Environment: [{Name: A, Value: 's3://data/run'}]}")
                    + BatchTemplates.job("{ContainerProperties: {" + ROLE + "}}")))
        .containsExactly(COMPLIANT);
  }

  @Test
  void compliantWithAPolicyOfAws() {
    assertThat(
            check(
                "  Role: {Type: 'AWS::IAM::Role', Properties: {ManagedPolicyArns:"
                    + " ['arn:aws:iam::aws:policy/AmazonS3FullAccess']}}\n",
                ROLE + ", " + TOLD))
        .containsExactly(COMPLIANT);
  }

  @Test
  void violatedWithoutAnything() {
    assertThat(check("", "Image: train")).containsExactly(VIOLATED);
  }

  @Test
  void violatedWhenNothingIsTold() {
    assertThat(check(MAY_WRITE, ROLE + ", Environment: [{Name: EPOCHS, Value: '3'}]"))
        .containsExactly(VIOLATED);
  }

  @Test
  void violatedWhenTheRoleOnlyReads() {
    assertThat(check(policy("s3:Get*", "'arn:aws:s3:::data/*'"), ROLE + ", " + TOLD))
        .containsExactly(VIOLATED);
  }

  @Test
  void violatedByAFileSystemThatIsMountedReadOnly() {
    assertThat(
            check(
                "",
                "Volumes: [{Name: data, EfsVolumeConfiguration: {FileSystemId: fs-1}}],"
                    + " MountPoints: [{SourceVolume: data, ReadOnly: true}]"))
        .containsExactly(VIOLATED);
  }

  @Test
  void undecidedWhenTheHostMayHaveAFileSystem() {
    assertThat(
            check(
                "",
                "Volumes: [{Name: fsx, Host: {SourcePath: /fsx}}],"
                    + " MountPoints: [{SourceVolume: fsx, ContainerPath: /fsx}]"))
        .containsExactly(UNDECIDED);
  }

  @Test
  void undecidedWhenTheRoleOrThePlaceIsKnownOnlyWhenDeployed() {
    assertThat(check("", "JobRoleArn: !ImportValue role, " + TOLD)).containsExactly(UNDECIDED);
    assertThat(check(MAY_WRITE, ROLE + ", Environment: [{Name: A, Value: !ImportValue bucket}]"))
        .containsExactly(UNDECIDED);
  }

  @Test
  void notApplicableToWhatIsSoonDoneOrNotOnSpot() {
    assertThat(
            Checks.of(
                new SpotCheckpoint(),
                BatchTemplates.on("SPOT")
                    + BatchTemplates.job(
                        "{Timeout: {AttemptDurationSeconds: 900},"
                            + " ContainerProperties: {Image: a}}")))
        .isEmpty();
    assertThat(
            Checks.of(
                new SpotCheckpoint(),
                BatchTemplates.on("EC2") + BatchTemplates.job("{ContainerProperties: {Image: a}}")))
        .isEmpty();
  }

  private static String policy(String actions, String resource) {
    return String.join(
        "\n",
        "  Bucket: {Type: 'AWS::S3::Bucket'}",
        "  Role: {Type: 'AWS::IAM::Role'}",
        "  Policy:",
        "    Type: AWS::IAM::Policy",
        "    Properties:",
        "      Roles: [!Ref Role]",
        "      PolicyDocument:",
        "        Statement: [{Effect: Allow, Action: " + actions + ", Resource: " + resource + "}]",
        "");
  }

  private static List<String> check(String resources, String container) {
    return Checks.of(
        new SpotCheckpoint(),
        BatchTemplates.on("SPOT")
            + resources
            + BatchTemplates.job("{ContainerProperties: {" + container + "}}"));
  }
}

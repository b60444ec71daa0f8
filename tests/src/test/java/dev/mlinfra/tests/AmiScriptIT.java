package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images of machines are recorded when they are as they should be, and removed when nobody uses
 * them.
 */
class AmiScriptIT {
  private static final String PARAMETER = "/ml-agent/ami/gpu";
  private static final String DESCRIBE = "aws ec2 describe-images";
  private static final String MODIFY = "aws ec2 modify-image-attribute";
  private static final String PUT = "aws ssm put-parameter";
  private static final String GET = "aws ssm get-parameter";
  private static final String MANIFEST =
      """
      {"builds": [
        {"name": "gpu", "artifact_id": "us-east-1:ami-01", "packer_run_uuid": "old"},
        {"name": "gpu", "artifact_id": "us-east-1:ami-0abc", "packer_run_uuid": "new"}],
       "last_run_uuid": "new"}
      """;

  @TempDir Path folder;

  private CiScript script;

  @BeforeEach
  void anAccount() {
    script = new CiScript(folder).fake("aws", "fake_command.py");
    script.write("manifest.json", MANIFEST);
  }

  @Test
  void theImageOfTheLastRunIsRecorded() throws Exception {
    CiScript.Result result = record("available", "v2.0", true);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called())
        .containsExactly(
            "aws ec2 modify-image-attribute --image-id ami-0abc --imds-support v2.0 --region us-east-1 --output json",
            "aws ec2 describe-images --image-ids ami-0abc --owners self --region us-east-1 --output json",
            "aws ssm put-parameter --name /ml-agent/ami/gpu --type String --data-type aws:ec2:image --overwrite"
                + " --value ami-0abc --region us-east-1 --output json");
    assertThat(result.summary()).contains("In use from now on (`/ml-agent/ami/gpu`): `ami-0abc`");
  }

  @ParameterizedTest
  @CsvSource({
    "pending, v2.0, true, is pending",
    "available, , true, does not require IMDSv2",
    "available, v2.0, false, has a disk that is not encrypted"
  })
  void anImageThatIsNotAsItShouldBeIsNotRecorded(
      String state, String imds, boolean encrypted, String message) throws Exception {
    CiScript.Result result = record(state, imds == null ? "" : imds, encrypted);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("ami-0abc in us-east-1 " + message, "build it again");
    assertThat(result.called()).noneMatch(call -> call.startsWith(PUT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"builds\": [], \"last_run_uuid\": \"a\"}",
        "{\"builds\": [{\"packer_run_uuid\": \"a\", \"artifact_id\": \"us-east-1:ami-1,us-east-2:ami-2\"}],"
            + " \"last_run_uuid\": \"a\"}"
      })
  void aManifestThatIsNoneIsTold(String content) throws Exception {
    script.write("manifest.json", content);
    CiScript.Result result = script.run("ami.py", "record", "manifest.json", PARAMETER);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("manifest.json").doesNotContain("Traceback");
    assertThat(result.calls()).isEmpty();
  }

  @Test
  void onlyNamesWhatIsOldUntilTold() throws Exception {
    // Young, newest three, in use, and two that are none of these.
    List<Object> images = images(1, 40, 50, 60, 70, 80);

    CiScript.Result result = remove(images);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("would remove ami-60", "would remove ami-80", "6 images, 2 old; --delete removes")
        .doesNotContain("ami-50", "ami-70 ");
    assertThat(result.called()).allMatch(call -> call.startsWith(GET) || call.startsWith(DESCRIBE));
    assertThat(result.called().get(1))
        .contains(
            "Name=tag:project,Values=ml-agent",
            "Name=tag:workload,Values=training-ami",
            "Name=tag:kind,Values=gpu",
            "Name=tag:managed-by,Values=mlinfra");
  }

  @Test
  void removesImagesWithTheirSnapshots() throws Exception {
    CiScript.Result result = remove(images(1, 40, 50, 60, 70, 80), "--delete");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called().subList(2, result.called().size()))
        .containsExactly(
            "aws ec2 deregister-image --image-id ami-60 --output json",
            "aws ec2 delete-snapshot --snapshot-id snap-60 --output json",
            "aws ec2 deregister-image --image-id ami-80 --output json",
            "aws ec2 delete-snapshot --snapshot-id snap-80 --output json");
  }

  @Test
  void youngImagesStayHoweverManyThereAre() throws Exception {
    CiScript.Result result = remove(images(1, 2, 3, 4, 5, 29), "--keep", "1", "--delete");
    assertThat(result.output()).contains("6 images, 0 old");
    assertThat(result.calls()).hasSize(2);
  }

  @Test
  void withoutTheParameterNothingIsRemoved() throws Exception {
    script.answers(
        GET, Map.of("error", "An error occurred (ParameterNotFound) when calling the operation"));
    CiScript.Result result =
        script.run(
            "ami.py", "remove-old", PARAMETER, "--project", "a", "--kind", "gpu", "--delete");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("is not there, so it is not known which image is in use");
  }

  @ParameterizedTest
  @CsvSource({"--keep, 0", "--keep, x", "--older-than-days, -1", "--kind, tpu"})
  void wrongOptionsAreTold(String option, String value) throws Exception {
    CiScript.Result result =
        script.run(
            "ami.py", "remove-old", PARAMETER, "--project", "a", "--kind", "gpu", option, value);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains(option);
  }

  private CiScript.Result record(String state, String imds, boolean encrypted) throws Exception {
    Map<String, Object> image =
        Map.of(
            "State",
            state,
            "ImdsSupport",
            imds,
            "BlockDeviceMappings",
            List.of(Map.of("Ebs", Map.of("SnapshotId", "snap-1", "Encrypted", encrypted))));
    return script
        .answers(MODIFY, Map.of())
        .answers(DESCRIBE, Map.of("out", Map.of("Images", List.of(image))))
        .answers(PUT, Map.of("out", Map.of("Version", 1)))
        .run("ami.py", "record", "manifest.json", PARAMETER);
  }

  private CiScript.Result remove(List<Object> images, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("remove-old", PARAMETER, "--project", "ml-agent", "--kind", "gpu"));
    arguments.addAll(List.of(options));
    return script
        .answers(GET, Map.of("out", Map.of("Parameter", Map.of("Value", "ami-70"))))
        .answers(DESCRIBE, Map.of("out", Map.of("Images", images)))
        .answers("aws ec2 deregister-image", Map.of())
        .answers("aws ec2 delete-snapshot", Map.of())
        .run("ami.py", arguments.toArray(String[]::new));
  }

  /** Images of the given ages in days, in no order. */
  private static List<Object> images(int... ages) {
    List<Object> images = new ArrayList<>();
    Arrays.stream(ages)
        .forEach(
            age ->
                images.add(
                    0,
                    Map.of(
                        "ImageId",
                        "ami-" + age,
                        "CreationDate",
                        Instant.now()
                            .minus(age, ChronoUnit.DAYS)
                            .truncatedTo(ChronoUnit.MILLIS)
                            .toString(),
                        "BlockDeviceMappings",
                        List.of(Map.of("Ebs", Map.of("SnapshotId", "snap-" + age)), Map.of()))));
    return images;
  }
}

package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images are pushed once, judged by their scan, and named by digest. */
class ImageScriptIT {
  private static final String REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  private static final String REPOSITORY = REGISTRY + "/ml-agent/training";
  private static final String A = REPOSITORY + "@sha256:" + "a".repeat(64);
  private static final String B = REPOSITORY + "@sha256:" + "b".repeat(64);
  private static final String C = REPOSITORY + "@sha256:" + "c".repeat(64);
  private static final String TAG = "0123456789abcdef0123456789abcdef01234567";
  private static final String GET_IMAGE = "aws ecr batch-get-image";
  private static final String SCAN = "aws ecr describe-image-scan-findings";
  private static final String HISTORY = "aws ssm get-parameter-history";
  private static final Map<String, Object> UNKNOWN =
      Map.of(
          "out",
          Map.of(
              "images",
              List.of(),
              "failures",
              List.of(Map.of("failureCode", "ImageNotFound", "failureReason", "none"))));

  @TempDir Path folder;

  private CiScript script;

  @BeforeEach
  void aRepository() {
    script =
        new CiScript(folder)
            .fake("aws", "fake_command.py")
            .fake("docker", "fake_command.py")
            .with("REGISTRY", REGISTRY)
            .with("IMAGE_REPOSITORY", "ml-agent/training")
            .with("IMAGE_PARAMETER", "/mlinfra/ml-agent/dev/images/training");
  }

  @Test
  void pushesUnderTheTagAndGivesTheDigest() throws Exception {
    script
        .answers(GET_IMAGE, UNKNOWN, image(A))
        .answers("docker tag", Map.of())
        .answers("docker push", Map.of());

    CiScript.Result result = script.run("image.py", "push", "local", TAG);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.outputs()).isEqualTo("image=" + A + "\n");
    assertThat(result.called())
        .contains(
            "docker tag local " + REPOSITORY + ":" + TAG, "docker push " + REPOSITORY + ":" + TAG);
  }

  @Test
  void whatIsThereAlreadyIsNotPushedAgain() throws Exception {
    script.answers(GET_IMAGE, image(B));

    CiScript.Result result = script.run("image.py", "push", "local", TAG);

    assertThat(result.exitCode()).isZero();
    assertThat(result.outputs()).isEqualTo("image=" + B + "\n");
    assertThat(result.called()).noneMatch(call -> call.startsWith("docker"));
    assertThat(result.summary()).contains("is there already; tags are never moved");
  }

  @Test
  void aPushThatFailsFailsTheRun() throws Exception {
    script
        .answers(GET_IMAGE, UNKNOWN)
        .answers("docker tag", Map.of())
        .answers("docker push", Map.of("error", "denied", "exit", 1));
    failed(script.run("image.py", "push", "local", TAG), "docker push " + REPOSITORY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", "a b", "a:b", "a\nimage=evil", ""})
  void aTagIsOneThatRegistriesTake(String tag) throws Exception {
    failed(script.run("image.py", "push", "local", tag), "is no image tag");
  }

  @Test
  void aGoodScanPasses() throws Exception {
    script.answers(
        SCAN,
        Map.of("error", "An error occurred (ScanNotFoundException) when calling the operation"),
        scan("IN_PROGRESS", Map.of()),
        scan("COMPLETE", Map.of("HIGH", 2, "LOW", 5)));

    CiScript.Result result = script.run("image.py", "scan", A);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.calls()).hasSize(3);
    assertThat(result.summary()).contains("| HIGH | 2 |\n| LOW | 5 |\n");
  }

  @Test
  void aCriticalFindingFails() throws Exception {
    script.answers(SCAN, scan("COMPLETE", Map.of("CRITICAL", 1, "HIGH", 2)));
    failed(script.run("image.py", "scan", A), "the scan found 1 CRITICAL; fix: newer packages");
  }

  @Test
  void howBadAFindingMayBeIsASetting() throws Exception {
    script.with("FAIL_ON", "HIGH").answers(SCAN, scan("ACTIVE", Map.of("CRITICAL", 1, "HIGH", 2)));
    failed(script.run("image.py", "scan", A), "the scan found 1 CRITICAL, 2 HIGH");

    script.with("FAIL_ON", "NONE");
    failed(script.run("image.py", "scan", A), "FAIL_ON is 'NONE'; allowed: CRITICAL, HIGH");
  }

  @Test
  void anImageThatCannotBeScannedIsNotRun() throws Exception {
    script.answers(SCAN, scan("UNSUPPORTED_IMAGE", Map.of()));
    failed(script.run("image.py", "scan", A), "the scan ended as UNSUPPORTED_IMAGE");
  }

  @Test
  void aRightThatIsMissingIsToldInAwsWords() throws Exception {
    script.answers(SCAN, Map.of("error", "An error occurred (AccessDeniedException) when …"));
    failed(
        script.run("image.py", "scan", A),
        "aws ecr describe-image-scan-findings failed: An error occurred (AccessDeniedException)");
  }

  @Test
  void recordsTheDigest() throws Exception {
    script
        .answers("aws ssm get-parameter ", Map.of("out", Map.of("Parameter", Map.of("Value", A))))
        .answers("aws ssm put-parameter", Map.of("out", Map.of("Version", 2)));

    CiScript.Result result = script.run("image.py", "record", B);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called())
        .contains(
            "aws ssm put-parameter --name /mlinfra/ml-agent/dev/images/training --type String"
                + " --overwrite --value "
                + B
                + " --output json");
  }

  @Test
  void recordsTheFirstDigestAndNoneTwice() throws Exception {
    script
        .answers(
            "aws ssm get-parameter ",
            Map.of("error", "An error occurred (ParameterNotFound) when calling …"),
            Map.of("out", Map.of("Parameter", Map.of("Value", A))))
        .answers("aws ssm put-parameter", Map.of("out", Map.of("Version", 1)));

    assertThat(script.run("image.py", "record", A).exitCode()).isZero();
    CiScript.Result again = script.run("image.py", "record", A);

    assertThat(again.exitCode()).isZero();
    assertThat(again.called().stream().filter(call -> call.contains("put-parameter"))).hasSize(1);
  }

  @Test
  void onlyDigestsAreRecorded() throws Exception {
    failed(script.run("image.py", "record", REPOSITORY + ":latest"), "names no image by digest");
  }

  @Test
  void findsTheImageBefore() throws Exception {
    script.answers(HISTORY, history(A, B, C));
    assertThat(script.run("image.py", "find", "previous").outputs()).isEqualTo("image=" + B + "\n");
  }

  @Test
  void goingBackTwiceGoesBackTwoImages() throws Exception {
    script.answers(HISTORY, history(A, B, C, B));
    assertThat(script.run("image.py", "find", "previous").outputs()).isEqualTo("image=" + A + "\n");
  }

  @Test
  void whatWasTakenBackIsNotGoneBackTo() throws Exception {
    script.answers(HISTORY, history(A, B, A, C));
    assertThat(script.run("image.py", "find", "previous").outputs()).isEqualTo("image=" + A + "\n");
  }

  @Test
  void beforeTheFirstThereIsNone() throws Exception {
    script.answers(HISTORY, history(A, B, A));
    failed(
        script.run("image.py", "find", "previous"), "has recorded no image before the one in use");
  }

  @Test
  void findsAnImageByItsTag() throws Exception {
    script.answers(GET_IMAGE, image(C), UNKNOWN);

    assertThat(script.run("image.py", "find", TAG).outputs()).isEqualTo("image=" + C + "\n");
    failed(script.run("image.py", "find", TAG), "there is no image with the tag");
    failed(script.run("image.py", "find", "a b"), "neither 'previous' nor an image tag");
  }

  @Test
  void wrongUseSaysHow() throws Exception {
    CiScript.Result result = script.run("image.py", "delete");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("image.py push LOCAL TAG");
  }

  private static Map<String, Object> image(String image) {
    return Map.of(
        "out",
        Map.of(
            "images",
            List.of(
                Map.of(
                    "imageId", Map.of("imageDigest", image.substring(image.indexOf('@') + 1))))));
  }

  private static Map<String, Object> scan(String status, Map<String, Integer> counts) {
    return Map.of(
        "out",
        Map.of(
            "imageScanStatus",
            Map.of("status", status),
            "imageScanFindings",
            Map.of("findingSeverityCounts", counts)));
  }

  /** Newest first, as it need not come in order. */
  private static Map<String, Object> history(String... images) {
    List<Map<String, Object>> versions = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      versions.add(0, Map.of("Version", i + 1, "Value", images[i]));
    }
    return Map.of("out", Map.of("Parameters", versions));
  }

  private static void failed(CiScript.Result result, String message) {
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains(message).doesNotContain("Traceback");
  }
}

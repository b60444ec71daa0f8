package dev.mlinfra.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is deployed but what was reviewed, or what a person accepted by its digest. */
class ReviewedIT {
  private static final String COMMIT = "c".repeat(40);
  private static final String HEAD = "a".repeat(40);
  private static final String HASHES = "01  dev/a.template.json\n02  manifest.json\n";
  private static final String PULLS = "GET repos/acme/ml/commits/" + COMMIT + "/pulls?per_page=100";
  private static final String RUNS =
      "GET repos/acme/ml/actions/workflows/pr.yml/runs?event=pull_request&status=success&per_page=100&head_sha="
          + HEAD;

  @TempDir Path folder;

  private CiScript script;

  @BeforeEach
  void aMergedPullRequestThatWasReviewed() throws IOException {
    script =
        new CiScript(folder)
            .fake("gh", "fake_gh.py")
            .with("GITHUB_REPOSITORY", "acme/ml")
            .with("GITHUB_SHA", COMMIT)
            .github(PULLS, List.of(pull(COMMIT, "2026-11-23T00:00:00Z", "acme/ml")))
            .github(
                RUNS,
                runs(run(10, 1, "stranger/ml", "change"), run(11, 3, "stranger/ml", "change")));
    review(11, "7", HASHES);
  }

  @Test
  void whatIsEqualMayBeDeployed() throws Exception {
    CiScript.Result result = compare(HASHES);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.summary()).contains("what was reviewed in pull request 7");
    assertThat(result.outputs()).isEqualTo("digest=" + digest(HASHES) + "\n");
  }

  @Test
  void whatDiffersMayNotAndIsNamed() throws Exception {
    String built = "99  dev/a.template.json\n02  manifest.json\n03  new@file.json\n";
    CiScript.Result result = compare(built);

    refused(result, "2 files are not what was reviewed in pull request 7");
    assertThat(result.output()).contains("accepted = " + digest(built));
    assertThat(result.summary())
        .contains("\n- dev/a.template.json\n- new\\@file.json")
        .doesNotContain("- manifest.json");
  }

  @Test
  void aFileThatIsGoneIsADifference() throws Exception {
    refused(compare("01  dev/a.template.json\n"), "1 files are not what was reviewed");
  }

  @Test
  void aPersonMayAcceptByTheDigest() throws Exception {
    String built = "99  dev/a.template.json\n";
    script.with("ACCEPTED", digest(built)).github(PULLS, List.of());

    assertThat(compare(built).exitCode()).isZero();
    refused(compare("98  dev/a.template.json\n"), "but what was built has");
  }

  @Test
  void whatCameByNoPullRequestWasReviewedByNobody() throws Exception {
    script.github(
        PULLS,
        List.of(
            pull("d".repeat(40), "2026-11-23T00:00:00Z", "acme/ml"),
            pull(COMMIT, null, "acme/ml")));
    refused(compare(HASHES), "is not the merge of one pull request");
  }

  @Test
  void aRunOfAnotherForkOnTheSameCommitDoesNotCount() throws Exception {
    script.github(
        RUNS, runs(run(11, 3, "evil/ml", "change"), run(12, 4, "stranger/ml", "other-branch")));
    refused(compare(HASHES), "no good run of pr.yml on pull request 7 was found");
  }

  @Test
  void theNewestRunCounts() throws Exception {
    review(10, "7", "00  old\n");
    assertThat(compare(HASHES).exitCode()).isZero();
  }

  @Test
  void anArtifactOfAnotherPullRequestDoesNotCount() throws Exception {
    review(11, "8", HASHES);
    refused(compare(HASHES), "run 11 of pr.yml is of another pull request than 7");
  }

  @Test
  void anArtifactThatIsGoneIsTold() throws Exception {
    script.github(
        "GET repos/acme/ml/actions/runs/11/artifacts?per_page=100", Map.of("artifacts", List.of()));
    refused(compare(HASHES), "run 11 of pr.yml has no template hashes any more");
  }

  private CiScript.Result compare(String built) throws Exception {
    Files.deleteIfExists(folder.resolve("outputs"));
    Path file = script.write("template-hashes.txt", built);
    return script.run("reviewed.py", file.toString());
  }

  private void review(int run, String number, String hashes) throws IOException {
    Path archive = folder.resolve("review-" + run + ".zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("pull-request"));
      zip.write((number + "\n").getBytes(UTF_8));
      zip.putNextEntry(new ZipEntry("template-hashes.txt"));
      zip.write(hashes.getBytes(UTF_8));
    }
    script
        .github(
            "GET repos/acme/ml/actions/runs/" + run + "/artifacts?per_page=100",
            Map.of(
                "artifacts",
                List.of(
                    Map.of("id", run, "name", "review", "expired", false, "size_in_bytes", 500))))
        .answer(
            "GET repos/acme/ml/actions/artifacts/" + run + "/zip",
            Map.of("file", archive.toString()));
  }

  private static Map<String, Object> pull(String mergeCommit, String mergedAt, String base) {
    Map<String, Object> pull = new LinkedHashMap<>();
    pull.put("number", 7);
    pull.put("merged_at", mergedAt);
    pull.put("merge_commit_sha", mergeCommit);
    pull.put("base", Map.of("repo", Map.of("full_name", base)));
    pull.put(
        "head", Map.of("sha", HEAD, "ref", "change", "repo", Map.of("full_name", "stranger/ml")));
    return pull;
  }

  private static Map<String, Object> runs(Object... runs) {
    return Map.of("workflow_runs", List.of(runs));
  }

  private static Map<String, Object> run(int id, int number, String repository, String branch) {
    return Map.of(
        "id", id,
        "run_number", number,
        "head_sha", HEAD,
        "head_branch", branch,
        "head_repository", Map.of("full_name", repository));
  }

  private static String digest(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static void refused(CiScript.Result result, String message) {
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains(message).doesNotContain("Traceback");
  }
}

package dev.mlinfra.tests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written below a pull request, when whoever opened it made the artifact. */
class PostReviewIT {
  private static final String HEAD = "0123456789abcdef0123456789abcdef01234567";
  private static final String REPOSITORY = "repos/acme/ml/";
  private static final String COMMENTS = REPOSITORY + "issues/7/comments";
  private static final String PAGE = "GET " + COMMENTS + "?per_page=100&page=";
  private static final String POST = "POST " + COMMENTS;
  private static final String SARIF = "POST " + REPOSITORY + "code-scanning/sarifs";
  private static final String MARKER = "<!-- mlinfra review -->";

  @TempDir Path folder;

  private final Map<String, byte[]> artifact = new LinkedHashMap<>();
  private CiScript script;

  @BeforeEach
  void aPullRequestOutOfAFork() throws IOException {
    put("pull-request", "7\n");
    put("report.md", "## Fine\n");
    put("attachment.md", "all of it");
    put("check.sarif", sarif("mlinfra", "cdk.out/assembly-dev/devData.template.json"));
    put("template-hashes.txt", "ab  manifest.json\n");
    script =
        new CiScript(folder)
            .fake("gh", "fake_gh.py")
            .with("GITHUB_REPOSITORY", "acme/ml")
            .with("GITHUB_SERVER_URL", "https://github.com")
            .with("RUN_ID", "42")
            .with("HEAD_SHA", HEAD)
            .with("HEAD_REPOSITORY", "stranger/ml")
            .answer(
                "GET " + REPOSITORY + "actions/artifacts/9/zip",
                Map.of("file", folder.resolve("review.zip").toString()))
            .github(PAGE + 1, List.of())
            .github(POST, Map.of("id", 1))
            .github(SARIF, Map.of("id", "s"));
    artifacts(1000, false);
    pullRequest(HEAD, "acme/ml", Map.of("full_name", "stranger/ml"));
  }

  @Test
  void writesACommentAndUploadsTheFindings() throws Exception {
    CiScript.Result result = run();

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.body(POST).path("body").asString())
        .startsWith(MARKER + "\n<sub>Review of " + HEAD)
        .contains("https://github.com/acme/ml/actions/runs/42")
        .endsWith("## Fine\n\n");
    assertThat(result.body(SARIF).path("commit_sha").asString()).isEqualTo(HEAD);
    assertThat(result.body(SARIF).path("ref").asString()).isEqualTo("refs/pull/7/head");
    assertThat(sent(result).path("version").asString()).isEqualTo("2.1.0");
    assertThat(sent(result).toString()).contains("devData.template.json");
  }

  @Test
  void keepsItsOneCommentUpToDateAndNobodyElses() throws Exception {
    List<Map<String, Object>> first =
        new ArrayList<>(List.of(comment(1, "stranger", MARKER + " mine, too")));
    while (first.size() < 100) {
      first.add(comment(2, "github-actions[bot]", "of another workflow " + MARKER));
    }
    script
        .github(PAGE + 1, first)
        .github(PAGE + 2, List.of(comment(3, "github-actions[bot]", MARKER + "\nold")))
        .github("PATCH " + REPOSITORY + "issues/comments/3", Map.of("id", 3));

    CiScript.Result result = run();

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called()).contains("PATCH " + REPOSITORY + "issues/comments/3");
    assertThat(result.called()).doesNotContain(POST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"7; touch pwned", "$(touch pwned)", "7\n8", "0", "-7", "", "7/../8", "٧", "1e3"})
  void aPullRequestIsANumberAndNothingElse(String number) throws Exception {
    put("pull-request", number);

    refused(run(), "the artifact's pull-request is ");
    assertThat(folder.resolve("pwned")).doesNotExist();
  }

  @Test
  void aRunCannotCommentOnAPullRequestOfAnotherCommit() throws Exception {
    pullRequest("f".repeat(40), "acme/ml", Map.of("full_name", "stranger/ml"));

    CiScript.Result result = run();

    assertThat(result.exitCode()).isZero();
    assertThat(result.summary()).contains("Pull request 7 has another newest commit");
    wroteNothing(result);
  }

  @Test
  void aRunCannotCommentOnAPullRequestOfAnotherRepository() throws Exception {
    pullRequest(HEAD, "acme/ml", Map.of("full_name", "acme/ml"));
    refused(run(), "the run is of another repository than pull request 7");
  }

  @Test
  void aForkThatIsGoneHasNoComment() throws Exception {
    pullRequest(HEAD, "acme/ml", null);
    refused(run(), "the run is of another repository than pull request 7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../tools/ci/github.py",
        "/tmp/report.md",
        "report.md/",
        "./report.md",
        "..\\report.md",
        "extra.sh"
      })
  void anArtifactHoldsKnownFilesAlone(String name) throws Exception {
    put(name, "x");
    refused(run(), "the artifact holds '");
  }

  @Test
  void anArtifactHoldsEachFileOnce() throws Exception {
    put("report.mx", "second");
    byte[] zipped = zipped();
    String patched = new String(zipped, ISO_8859_1);
    Files.write(
        folder.resolve("review.zip"),
        patched.replace("report.mx", "report.md").getBytes(ISO_8859_1));

    refused(script.run("post_review.py"), "the artifact holds 'report.md' twice");
  }

  @Test
  void whatUnpacksToTooMuchIsRefused() throws Exception {
    artifact.put("report.md", new byte[64 * 1024 * 1024]);
    refused(run(), "report.md of the artifact has more than 262144 bytes");
  }

  @Test
  void aLargeArtifactIsNotEvenFetched() throws Exception {
    artifacts(30_000_000, false);
    CiScript.Result result = run();

    refused(result, "the artifact has 30000000 bytes, allowed 20971520");
    assertThat(result.called()).noneMatch(call -> call.endsWith("/zip"));
  }

  @Test
  void whatIsNoArchiveIsRefused() throws Exception {
    Files.writeString(folder.resolve("review.zip"), "no archive");
    refused(script.run("post_review.py"), "the artifact cannot be unpacked");
  }

  @Test
  void aReportThatIsNoTextIsRefused() throws Exception {
    artifact.put("report.md", new byte[] {(byte) 0xff, (byte) 0xfe});
    refused(run(), "the artifact has no report.md in UTF-8");
  }

  /** Each line of the report, and how it is written; a dot stands for what parts it unseen. */
  @Test
  void theReportBecomesHarmless() throws Exception {
    List<List<String>> lines =
        List.of(
            List.of("thanks @acme/admins", "thanks @·acme/admins"),
            List.of("\\@root &#64;root &commat;root", "\\@·root &·#·64;root &·commat;root"),
            List.of("see #12, GH-7, acme/ml#1", "see #·12, GH-·7, acme/ml#·1"),
            List.of("<script>x</script>", "<·script>x<·/script>"),
            List.of("<!-- mlinfra review -->", "<·!-- mlinfra review -->"),
            List.of("<img src=//evil.example>", "<·img src=//evil.example>"),
            List.of(
                "<details open><summary>a</summary>b<br>c</details>",
                "<details open><summary>a</summary>b<br>c</details>"),
            List.of("[x](https://evil.example)", "[x]·(https:·//evil.example)"),
            List.of("[x](javascript:alert(1))", "[x]·(javascript:alert(1))"),
            List.of("[x]: https://evil.example", "[x]·: https:·//evil.example"),
            List.of("[x][y]", "[x]·[y]"),
            List.of("![x](https://evil.example/1.png)", "!·[x]·(https:·//evil.example/1.png)"),
            List.of("www.evil.example mailto:a@b.c", "www·.evil.example mailto·:a@·b.c"),
            List.of(
                "[x](https://github.com/acme/ml/blob/main/A.java#L3)",
                "[x](https://github.com/acme/ml/blob/main/A.java#L3)"),
            List.of("https://github.com/acme/mlevil", "https:·//github.com/acme/mlevil"),
            List.of(
                "https://github.com/acme/ml@evil.example",
                "https:·//github.com/acme/ml@·evil.example"),
            List.of(
                "https://github.com/acme/ml/blob/../../evil/x",
                "https:·//github.com/acme/ml/blob/../../evil/x"),
            List.of("/merge", "·/merge"),
            List.of("a\u202eb\u200bc", "abc"));
    put("report.md", lines.stream().map(line -> line.get(0)).collect(Collectors.joining("\n")));

    CiScript.Result result = run();

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.body(POST).path("body").asString().lines().skip(3))
        .containsExactlyElementsOf(
            lines.stream().map(line -> line.get(1).replace('·', '\u200b')).toList());
  }

  @Test
  void tablesAndCodeStayAsTheyAre() throws Exception {
    String report = "| a | 1 < 2 &lt; 3 |\n|---|:--:|\n\n```\n- b: c [d]\n```";
    put("report.md", report);
    assertThat(run().body(POST).path("body").asString()).endsWith("\n\n" + report + "\n");
  }

  /** What takes much longer than it should would end CiScript's minute. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\n", " ", "/", "](", "https://github.com/acme/ml/blob/", "<details ", "&", "@"})
  void noTextMakesItSlow(String repeated) throws Exception {
    put("report.md", repeated.repeat(250_000 / repeated.length()) + "x");

    assertThat(run().exitCode()).isZero();
  }

  @Test
  void aLongReportIsCutAtALineAndLeavesNothingOpen() throws Exception {
    put("report.md", "<details>\n```\n" + "0123456789\n".repeat(10_000));

    CiScript.Result result = run();

    String body = result.body(POST).path("body").asString();
    assertThat(body)
        .hasSizeBetween(60_000, 61_000)
        .endsWith("0123456789\n```\n</details>\n\nThe rest is in the run's artifact.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example/x", "/etc/passwd", "../up", "a b", "file:///x"})
  void findingsStandInFilesOfTheRepository(String uri) throws Exception {
    put("check.sarif", sarif("mlinfra", uri));
    refused(run(), "check.sarif of the artifact names the file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "no JSON", "{\"version\": \"2.1.0\", \"runs\": []}", "null"})
  void findingsAreInTheirFormat(String text) throws Exception {
    put("check.sarif", text);
    refused(run(), "check.sarif of the artifact is not readable");
  }

  @Test
  void aFindingWithoutAFileGetsOneAsGitHubRefusesAllElse() throws Exception {
    put(
        "check.sarif",
        """
        {"version": "2.1.0", "runs": [{
          "tool": {"driver": {"name": "mlinfra"}},
          "results": [
            {"locations": [{"logicalLocations": [{"fullyQualifiedName": "dev/Data"}]}]},
            {"ruleId": "x"}
          ]}]}
        """);

    assertThat(sent(run()).at("/runs/0/results").valueStream())
        .hasSize(2)
        .allMatch(
            each ->
                each.at("/locations/0/physicalLocation/artifactLocation/uri")
                    .asString()
                    .equals("cdk.json"));
  }

  @Test
  void findingsAreOurChecks() throws Exception {
    put("check.sarif", sarif("CodeQL", "a.json"));
    refused(run(), "check.sarif of the artifact is not of mlinfra's check");
  }

  @Test
  void codeScanningThatIsOffIsTold() throws Exception {
    script.answer(SARIF, Map.of("error", "gh: Advanced Security must be enabled (HTTP 403)"));

    CiScript.Result result = run();

    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains("::warning::code scanning is off");
    assertThat(result.summary()).contains("code scanning is off");
  }

  @Test
  void anErrorOfGitHubFailsTheRun() throws Exception {
    script.answer(SARIF, Map.of("error", "gh: Server Error (HTTP 502)"));

    CiScript.Result result = run();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("GitHub's API failed: gh: Server Error (HTTP 502)");
  }

  @Test
  void aRunThatLeftNothingIsTold() throws Exception {
    artifacts(1000, true);

    CiScript.Result result = run();

    assertThat(result.exitCode()).isZero();
    assertThat(result.summary()).contains("left no review");
    wroteNothing(result);
  }

  private void artifacts(int bytes, boolean expired) {
    script.github(
        "GET " + REPOSITORY + "actions/runs/42/artifacts?per_page=100",
        Map.of(
            "artifacts",
            List.of(
                Map.of("id", 8, "name", "other", "expired", false, "size_in_bytes", 1),
                Map.of("id", 9, "name", "review", "expired", expired, "size_in_bytes", bytes))));
  }

  private void pullRequest(String head, String base, Map<String, String> fork) {
    Map<String, Object> from = new LinkedHashMap<>();
    from.put("sha", head);
    from.put("repo", fork);
    script.github(
        "GET " + REPOSITORY + "pulls/7",
        Map.of("head", from, "base", Map.of("repo", Map.of("full_name", base))));
  }

  private static Map<String, Object> comment(int id, String author, String body) {
    return Map.of("id", id, "user", Map.of("login", author), "body", body);
  }

  private static String sarif(String tool, String uri) {
    return new JsonMapper()
        .writeValueAsString(
            Map.of(
                "version",
                "2.1.0",
                "runs",
                List.of(
                    Map.of(
                        "tool",
                        Map.of("driver", Map.of("name", tool)),
                        "results",
                        List.of(
                            Map.of(
                                "locations",
                                List.of(
                                    Map.of(
                                        "physicalLocation",
                                        Map.of("artifactLocation", Map.of("uri", uri))))))))));
  }

  private void put(String name, String text) {
    artifact.put(name, text.getBytes(UTF_8));
  }

  private byte[] zipped() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : artifact.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** The findings that were uploaded. */
  private static JsonNode sent(CiScript.Result result) throws IOException {
    byte[] packed = Base64.getDecoder().decode(result.body(SARIF).path("sarif").asString());
    return new JsonMapper().readTree(new GZIPInputStream(new ByteArrayInputStream(packed)));
  }

  private CiScript.Result run() throws Exception {
    Files.write(folder.resolve("review.zip"), zipped());
    return script.run("post_review.py");
  }

  private static void refused(CiScript.Result result, String message) {
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains(message).doesNotContain("Traceback");
    assertThat(result.summary()).contains("Refused");
    wroteNothing(result);
  }

  private static void wroteNothing(CiScript.Result result) {
    assertThat(result.called()).allMatch(call -> call.startsWith("GET "));
  }
}

package dev.mlinfra.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The smaller steps of the workflows. */
class CiScriptsIT {
  private static final List<String> SETTINGS =
      List.of(
          "AWS_REGION",
          "DEPLOY_ROLE_ARN",
          "IMAGE_ROLE_ARN",
          "BASE_DIGEST",
          "IMAGE_REPOSITORY",
          "IMAGE_PARAMETER");

  /**
   * AWS is reached by short-lived roles; RunPod knows no federation, only keys, so those that
   * deploy to it or delete there have one, by its name, and none has all ({@code secrets: inherit},
   * {@code toJSON(secrets)}).
   */
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "deploy.yml",
          Set.of("PULUMI_CONFIG_PASSPHRASE", "RUNPOD_API_KEY"),
          "runpod-reap.yml",
          Set.of("RUNPOD_API_KEY"));

  private static final Pattern KEY = Pattern.compile("\\bsecrets\\b[.:)\\[ ]*(\\w*)");

  @TempDir Path folder;

  private CiScript script;

  @BeforeEach
  void anEmptyFolder() {
    script = new CiScript(folder);
  }

  @Test
  void everySettingThatIsMissingIsToldAtOnceWithItsFix() throws Exception {
    CiScript.Result result =
        script
            .with("TARGET_ENVIRONMENT", "dev")
            .with("AWS_REGION", "us-east-1")
            .with("IMAGE_ROLE_ARN", "$(id)")
            .run("settings.py", SETTINGS.toArray(String[]::new));

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output().lines())
        .hasSize(5)
        .contains(
            "mlinfra: DEPLOY_ROLE_ARN is missing; allowed: such as"
                + " arn:aws:iam::123456789012:role/deploy (output Access.DeployRole<Environment>Arn of"
                + " npx cdk deploy 'account-*/*'); fix: gh variable set DEPLOY_ROLE_ARN --env dev"
                + " --body VALUE")
        .anyMatch(line -> line.startsWith("mlinfra: IMAGE_ROLE_ARN is not well-formed;"));
    assertThat(result.output()).doesNotContain("$(id)").doesNotContain("AWS_REGION");
    assertThat(result.summary()).contains("docs/how-to/pipelines.md").contains("- IMAGE_PARAMETER");
  }

  @Test
  void settingsThatAreThereAreFine() throws Exception {
    CiScript.Result result =
        script
            .with("AWS_REGION", "us-gov-west-1")
            .with("DEPLOY_ROLE_ARN", "arn:aws-us-gov:iam::123456789012:role/ml/deploy")
            .run("settings.py", "AWS_REGION", "DEPLOY_ROLE_ARN");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).isEmpty();
  }

  @Test
  void aSettingThatNobodyKnowsIsAMistakeOfTheWorkflow() throws Exception {
    assertThat(script.run("settings.py", "AWS_ACCESS_KEY_ID").exitCode()).isEqualTo(2);
    assertThat(script.run("settings.py").exitCode()).isEqualTo(2);
  }

  @Test
  void everySettingIsDocumentedAndEveryVariableOfAWorkflowToo() throws Exception {
    String page = Files.readString(Synthesis.ROOT.resolve("docs/how-to/pipelines.md"));
    Pattern used = Pattern.compile("\\b(?:vars|secrets)\\.([A-Za-z_]+)");
    assertThat(SETTINGS).allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    try (var files = Files.list(Synthesis.ROOT.resolve(".github/workflows"))) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        assertThat(KEY.matcher(text).results().map(it -> it.group(1)))
            .as("secrets of " + file)
            .isSubsetOf(KEYS.getOrDefault(file.getFileName().toString(), Set.of()));
        assertThat(used.matcher(text).results().map(it -> it.group(1)))
            .as(file.toString())
            .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
      }
    }
  }

  @Test
  void theExampleForGitLabIsYamlWhoseScriptsRun() throws Exception {
    String page = Files.readString(Synthesis.ROOT.resolve("docs/how-to/pipelines.md"));
    Matcher block = Pattern.compile("```yml\\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).isTrue();
    Map<?, ?> job =
        (Map<?, ?>)
            ((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(block.group(1)))
                .get("review");
    List<?> lines = (List<?>) job.get("script");
    Path shell =
        script.write(
            "script.sh",
            "#!/bin/bash\nset -e\n"
                + lines.stream().map(String::valueOf).collect(Collectors.joining("\n", "", "\n")));

    Process check =
        new ProcessBuilder(
                Synthesis.ROOT.resolve(".mlinfra/tools/python-workflows/bin/shellcheck").toString(),
                shell.toString())
            .redirectErrorStream(true)
            .start();
    String findings = new String(check.getInputStream().readAllBytes(), UTF_8);
    assertThat(check.waitFor()).as(findings).isZero();
    assertThat(lines.stream().map(String::valueOf))
        .anyMatch(line -> line.equals("tools/ci/review ../base/cdk.out cdk.out review"));
    assertThat(Synthesis.ROOT.resolve("tools/ci/review")).isExecutable();
  }

  @Test
  void withoutStacksOfPulumiNothingIsDeployedLoudly() throws Exception {
    script.write("environments/pulumi/Pulumi.gcp-us-dev.yaml", "");
    CiScript.Result result = script.run("deploy-pulumi", "dev");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains(
            "::warning::nothing was deployed by Pulumi: environments/pulumi has no Pulumi.<target>-dev.yaml");
    assertThat(result.summary()).contains("nothing was deployed by Pulumi");
  }

  @Test
  void everyStackOfTheEnvironmentIsDeployed() throws Exception {
    script.write("environments/pulumi/Pulumi.gcp-dev.yaml", "");
    script.write("environments/pulumi/Pulumi.runpod-dev.yaml", "");
    script.write("environments/pulumi/Pulumi.gcp-prod.yaml", "");
    CiScript.Result result =
        script
            .fake("pulumi", "fake_command.py")
            .answers("pulumi up", Map.of())
            .run("deploy-pulumi", "dev");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called())
        .containsExactly(
            "pulumi up --stack gcp-dev --config-file environments/pulumi/Pulumi.gcp-dev.yaml --yes"
                + " --non-interactive --skip-preview",
            "pulumi up --stack runpod-dev --config-file environments/pulumi/Pulumi.runpod-dev.yaml"
                + " --yes --non-interactive --skip-preview");
  }

  @Test
  void aStackThatFailsFailsTheRun() throws Exception {
    script.write("environments/pulumi/Pulumi.gcp-dev.yaml", "");
    script
        .fake("pulumi", "fake_command.py")
        .answers("pulumi up", Map.of("error", "no", "exit", 255));
    assertThat(script.run("deploy-pulumi", "dev").exitCode()).isEqualTo(255);
  }

  @Test
  void pulumiThatIsMissingIsTold() throws Exception {
    script.write("environments/pulumi/Pulumi.gcp-dev.yaml", "");
    CiScript.Result result = script.run("deploy-pulumi", "dev");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).contains("pulumi was not found; install it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "dev;id", "Dev", "*"})
  void anEnvironmentIsAName(String name) throws Exception {
    assertThat(script.run("deploy-pulumi", name).exitCode()).isEqualTo(2);
  }

  @Test
  void uploadsDataThatIsNotThere() throws Exception {
    script.write("prices.csv", "a\n1\n");
    script
        .fake("aws", "fake_command.py")
        .answers("aws s3api put-object", Map.of("out", Map.of("ETag", "x")));
    CiScript.Result result =
        script.run("upload_data.py", "prices.csv", "bucket/datasets/prices.csv");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called())
        .containsExactly(
            "aws s3api put-object --bucket bucket --key datasets/prices.csv --body prices.csv"
                + " --if-none-match * --output json");
    assertThat(result.summary()).contains("Uploaded `s3://bucket/datasets/prices.csv`");
  }

  @ParameterizedTest
  @CsvSource({"PreconditionFailed, 0, is there already and stays", "AccessDenied, 1, ''"})
  void dataThatIsThereStaysAndOtherErrorsFail(String code, int exitCode, String summary)
      throws Exception {
    script.write("prices.csv", "a\n1\n");
    script
        .fake("aws", "fake_command.py")
        .answers(
            "aws s3api put-object",
            Map.of(
                "error",
                "An error occurred (" + code + ") when calling the PutObject operation: …"));
    CiScript.Result result = script.run("upload_data.py", "prices.csv", "bucket/k");

    assertThat(result.exitCode()).isEqualTo(exitCode);
    assertThat(result.summary()).contains(summary);
  }

  @Test
  void aDataFileThatIsMissingIsTold() throws Exception {
    CiScript.Result result = script.run("upload_data.py", "nothing.csv", "bucket/k");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("nothing.csv is not there; fix: the variable DATA_FILE");
    assertThat(script.run("upload_data.py", "nothing.csv", "").output())
        .contains("'' is no bucket/key; fix: the variable DATA_OBJECT");
  }

  @Test
  void buildsTheImageOfAFolder() throws Exception {
    script.write("images/training/Dockerfile", "FROM scratch\n");
    script.fake("docker", "fake_command.py").answers("docker build", Map.of());
    CiScript.Result result =
        script.with("GITHUB_SHA", "abc").run("build-image", "training", "local");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called())
        .containsExactly(
            "docker build --pull --tag local --label org.opencontainers.image.revision=abc images/training");
  }

  @Test
  void buildsTheModuleOfAnImageFirstAndTakesTheDigestOfItsBase() throws Exception {
    script.write("images/prediction/Dockerfile", "FROM scratch\n");
    script.write("images/prediction/pom.xml", "<project/>\n");
    script.fake("docker", "fake_command.py").answers("docker build", Map.of());
    script.fake("mvn", "fake_command.py").answers("mvn", Map.of());
    CiScript.Result result =
        script
            .with("GITHUB_SHA", "abc")
            .with("BASE_DIGEST", "sha256:12")
            .run("build-image", "prediction", "local");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called())
        .containsExactly(
            "mvn --batch-mode --quiet --projects images/prediction --also-make -DskipTests package",
            "docker build --pull --tag local --label org.opencontainers.image.revision=abc"
                + " --build-arg BASE_DIGEST=sha256:12 images/prediction");
  }

  @Test
  void anImageWhoseBaseIsNotGivenIsNotBuilt() throws Exception {
    script.write("images/training/Dockerfile", "ARG BASE=python:3.11\nARG BASE_DIGEST\n");
    CiScript.Result result = script.run("build-image", "training", "local");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output())
        .contains("BASE_DIGEST is not set", "docker buildx imagetools inspect python:3.11");
  }

  @Test
  void stagesOfAVariantAreBuiltAndMeasured() throws Exception {
    CiScript.Result result = stages(1_900_000_000L, 12_500_000_000L);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.called())
        .containsExactly(
            "docker build --pull --tag local --label org.opencontainers.image.revision=abc"
                + " --build-arg VARIANT=cuda images/training",
            "docker build --pull --tag local-base --label org.opencontainers.image.revision=abc"
                + " --build-arg VARIANT=cuda --target base images/training",
            "docker build --pull --tag local-application --label"
                + " org.opencontainers.image.revision=abc --build-arg VARIANT=cuda"
                + " --target application images/training",
            "docker image inspect --format {{.Size}} local-base",
            "docker image inspect --format {{.Size}} local-application");
    assertThat(result.summary()).contains("| application | 12.50 | 12.5 |");
  }

  @Test
  void aStageThatIsTooLargeFails() throws Exception {
    CiScript.Result result = stages(5_100_000_000L, 12_600_000_000L);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("| base | 5.10 | 5 |")
        .contains("larger than the budget in images/training/size-budget.json: base, application;");
  }

  private CiScript.Result stages(long base, long application) throws Exception {
    script.write("images/training/Dockerfile", "FROM scratch\n");
    script.write(
        "images/training/size-budget.json", "{\"cuda\": {\"base\": 5, \"application\": 12.5}}");
    return script
        .fake("docker", "fake_command.py")
        .answers("docker build", Map.of())
        .answers(
            "docker image inspect",
            Map.of("out", Long.toString(base)),
            Map.of("out", Long.toString(application)))
        .with("GITHUB_SHA", "abc")
        .with("VARIANT", "cuda")
        .run("build-image", "training", "local");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"cpu\": {\"base\": 1}} | has no variant 'cuda'; there are: cpu",
        "{\"cuda\": {\"base\": 0}} | is no budget: a size is not above 0",
        "{\"cuda\": {}} | is no budget",
        "[] | is no budget",
        "x | is no budget"
      })
  void aBudgetThatIsNoneIsTold(String content, String message) throws Exception {
    script.write("budget.json", content);
    CiScript.Result result = script.run("image_size.py", "budget.json", "cuda", "local");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains(message).doesNotContain("Traceback");
  }

  @Test
  void anImageThatIsNotThereHasNoSize() throws Exception {
    script.write("budget.json", "{\"cuda\": {\"base\": 1}}");
    script
        .fake("docker", "fake_command.py")
        .answers("docker image inspect", Map.of("error", "No such image", "exit", 1));
    CiScript.Result result = script.run("image_size.py", "budget.json", "cuda", "local");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("the size of local-base is not known: No such image");
  }

  /** Every stage of the Dockerfile has a budget, and no other. */
  @ParameterizedTest
  @ValueSource(strings = {"inference", "training"})
  void anImageHasABudgetForEachStage(String name) throws Exception {
    Path image = Synthesis.ROOT.resolve("images").resolve(name);
    String dockerfile = Files.readString(image.resolve("Dockerfile"));
    List<String> stages =
        Pattern.compile("(?m)^FROM .* AS ([a-z-]+)$")
            .matcher(dockerfile)
            .results()
            .map(it -> it.group(1))
            .toList();
    for (String variant : List.of("cpu", "cuda")) {
      CiScript.Result result =
          script.run("image_size.py", image.resolve("size-budget.json").toString(), variant);
      assertThat(result.output().lines())
          .containsExactlyElementsOf(
              stages.stream()
                  .filter(it -> !it.startsWith("ml-") || it.equals("ml-" + variant))
                  .toList());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "../training, is no name of an image",
    "-f, is no name of an image",
    "a b, is no name of an image",
    "gpu, there is no images/gpu/Dockerfile; there are: ./training/Dockerfile"
  })
  void anImageThatIsNotThereIsTold(String name, String message) throws Exception {
    script.write("images/training/Dockerfile", "FROM scratch\n");
    CiScript.Result result = script.run("build-image", name, "local");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains(message);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0", "1, 0, 0, 1", "0, 1, 0, 1", "0, 0, 1, 0", "2, 0, 0, 2", "0, 3, 0, 3"})
  void aReviewIsWrittenWholeAndThenFailsForFindings(int check, int cost, int compare, int expected)
      throws Exception {
    CiScript.Result result = review(check, cost, compare);

    assertThat(result.exitCode()).as(result.output()).isEqualTo(expected);
    if (expected < 2) {
      assertThat(folder.resolve("review")).isDirectoryContaining("glob:**report.md");
      assertThat(Files.readString(folder.resolve("review/report.md"))).isEqualTo("# Report\n");
      assertThat(Files.readString(folder.resolve("review/check.sarif"))).isEqualTo("sarif\n");
      assertThat(Files.readString(folder.resolve("review/pull-request"))).isEqualTo("7\n");
      assertThat(Files.readString(folder.resolve("review/template-hashes.txt")))
          .endsWith("  manifest.json\n");
      assertThat(result.summary()).isEqualTo("# Report\n");
    }
  }

  @Test
  void aReviewHasWhatPulumiDeploysToo() throws Exception {
    script.write("previews/base/runpod-dev.json", "{}");
    script.write("previews/head/runpod-dev.json", "{}");
    script.write("previews/head/runpod-prod.json", "{}");
    for (String stack : List.of("runpod-dev", "runpod-prod")) {
      String both = "previews/base/" + stack + ".json previews/head/" + stack + ".json";
      script
          .answers("mlinfra check previews/head/" + stack + ".json", Map.of("out", "fine"))
          .answers(
              "mlinfra cost previews/head/" + stack + ".json",
              Map.of("out", "7 USD", "exit", stack.equals("runpod-prod") ? 1 : 0))
          .answers("mlinfra compare " + both, Map.of("out", "changed", "exit", 1))
          .answers(
              "mlinfra report "
                  + both
                  + " --output markdown --attachment review/attachment-"
                  + stack
                  + ".md",
              Map.of("out", stack.equals("runpod-prod") ? "x".repeat(59_000) : "new endpoint"));
    }
    script.with("PREVIEWS", "previews");

    CiScript.Result result = review(0, 0, 1);

    // What costs too much there fails the review as well; that something changes does not.
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("review/report.md")))
        .startsWith("# Report\n")
        .contains("## runpod-dev\n\nnew endpoint\n")
        .contains("What changes in runpod-prod is too long for a comment")
        .hasSizeLessThan(60_000);
    assertThat(folder.resolve("review/report-runpod-prod.md")).isRegularFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7;id", "x"})
  void aReviewBelongsToANumber(String number) throws Exception {
    script.with("PULL_REQUEST", number);
    assertThat(script.run("review", "base", "head", "review").exitCode()).isEqualTo(2);
  }

  private CiScript.Result review(int check, int cost, int compare) throws Exception {
    script.write("head/manifest.json", "{}");
    return script
        .fake("mlinfra", "fake_command.py")
        .with("MLINFRA", "mlinfra")
        .with("PULL_REQUEST", "7")
        .answers("mlinfra check head --output sarif", Map.of("out", "sarif", "exit", check))
        .answers("mlinfra check", Map.of("out", "text", "exit", check))
        .answers("mlinfra cost head", Map.of("out", "2.50 USD", "exit", cost))
        .answers("mlinfra compare base head", Map.of("out", "changed", "exit", compare))
        .answers(
            "mlinfra report base head --output markdown --attachment review/attachment.md",
            Map.of("out", "# Report"))
        .run("review", "base", "head", "review");
  }
}

package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Dockerfiles, by BuildKit's own checks and by the rules of tools/go/dockerlint. */
class DockerfilesIT {
  private static final Path IMAGES = Synthesis.ROOT.resolve("images");
  private static final Set<String> NOT_OURS = Set.of(".git", ".mlinfra", "node_modules", "target");
  private static final Path TRAINING = IMAGES.resolve("training/Dockerfile");

  @TempDir Path folder;

  @Test
  void nothingIsFound() throws Exception {
    List<Path> files = dockerfiles();
    assertThat(files)
        .contains(
            TRAINING,
            IMAGES.resolve("inference/Dockerfile"),
            IMAGES.resolve("prediction/Dockerfile"),
            IMAGES.resolve("runpod-worker/Dockerfile"));
    Result result = lint(files);
    assertThat(result.output()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "USER 10001 | USER root | image/user: runs as \"root\"",
        "USER 10001 | USER trainer | image/user: runs as \"trainer\"",
        "USER 10001 | USER 0:0 | image/user: runs as \"0:0\"",
        "USER 10001 | # none | image/user: runs as \"\"",
        "ENTRYPOINT [\"python\", \"train.py\"] | ENTRYPOINT python train.py | image/exec-form: ENTRYPOINT starts a shell",
        "ENTRYPOINT [\"python\", \"train.py\"] | ENTRYPOINT [\"/bin/sh\", \"-c\", \"x\"] | image/exec-form: ENTRYPOINT starts a shell",
        "ENTRYPOINT [\"python\", \"train.py\"] | # none | image/exec-form: has no ENTRYPOINT",
        "USER 10001 | CMD train | image/exec-form: CMD starts a shell",
        "${BASE}@${BASE_DIGEST} | ${BASE} | image/base-digest: stands on ${BASE}",
        "${BASE}@${BASE_DIGEST} | python:3.11 | image/base-digest: stands on python:3.11",
        "ARG BASE_DIGEST | ARG BASE_DIGEST=sha256:12 | image/base-digest: BASE_DIGEST has a default",
        "WORKDIR /app | ADD https://example.com/model.bin /app/ | image/add-url: ADD fetches https://example.com/model.bin",
        "WORKDIR /app | ADD git@example.com:a/b.git /app/ | image/add-url: ADD fetches git@",
        "WORKDIR /app | ENV DB_PASSWORD_OF_TEST=x | image/secret: DB_PASSWORD_OF_TEST stays readable",
        "ARG VARIANT=cpu | ARG GITHUB_TOKEN | image/secret: GITHUB_TOKEN stays readable",
        "WORKDIR /app | RUN echo AKIAIOSFODNN7EXAMPLE | image/secret: holds a secret",
        "--require-hashes | --quiet | image/pip-hashes: pip takes any package",
        "AS base | AS Base | buildkit/StageNameCasing",
        "VARIANT=cpu | OTHER=cpu | buildkit/UndefinedArgInFrom",
        "WORKDIR /app | WORKDIR app | buildkit/WorkdirRelativePath",
        "USER 10001 | USR 10001 | buildkit: dockerfile parse error"
      })
  void whatIsSeededIsFound(String text, String fault, String finding) throws Exception {
    String good = Files.readString(TRAINING);
    assertThat(good).contains(text);
    Path file = Files.writeString(folder.resolve("Dockerfile"), good.replace(text, fault));
    Files.writeString(folder.resolve(".dockerignore"), "*\n");

    Result result = lint(List.of(file));

    assertThat(result.output()).contains(finding);
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void aContextThatLetsEverythingInIsFound() throws Exception {
    Path file = Files.copy(TRAINING, folder.resolve("Dockerfile"));
    assertThat(lint(List.of(file)).output()).contains("image/context: its .dockerignore");

    Files.writeString(folder.resolve(".dockerignore"), "*.pem\n*\n");
    assertThat(lint(List.of(file)).output()).contains("image/context: its .dockerignore");

    Files.writeString(folder.resolve(".dockerignore"), "# By name alone.\n*\n!train.py\n");
    assertThat(lint(List.of(file)).output()).isEmpty();
  }

  @Test
  void whatIsAcceptedNeedsAReasonAndAFinding() throws Exception {
    String good = Files.readString(TRAINING);
    Path file = folder.resolve("Dockerfile");
    Files.writeString(folder.resolve(".dockerignore"), "*\n");
    String root = good.replace("USER 10001", "USER 0");
    String comment = "# dockerlint accepts image/user: ";
    String reason = "the volume belongs to root alone";

    Files.writeString(file, root + comment + reason + "\n");
    assertThat(lint(List.of(file)).output()).isEmpty();
    Files.writeString(file, root + comment + "because\n");
    assertThat(lint(List.of(file)).output())
        .contains("image/accepted: the reason has less than 20");
    Files.writeString(file, good + comment + reason + "\n");
    assertThat(lint(List.of(file)).output())
        .contains("image/accepted: image/user is accepted, but there is no such finding");
    Files.writeString(file, root + comment.replace("user", "exec-form") + reason + "\n");
    assertThat(lint(List.of(file)).output()).contains("image/user: runs as \"0\"");
  }

  @Test
  void aFileThatIsMissingIsWrongInput() throws Exception {
    assertThat(lint(List.of(folder.resolve("none"))).exitCode()).isEqualTo(2);
  }

  /** Those of the whole repository, wherever somebody puts the next one. */
  private static List<Path> dockerfiles() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        Synthesis.ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean ours = !NOT_OURS.contains(folder.getFileName().toString());
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.getFileName().toString().matches("Dockerfile(\\..+)?|.+\\.Dockerfile")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found.stream().sorted().toList();
  }

  private Result lint(List<Path> files) throws Exception {
    Path tool = Synthesis.ROOT.resolve(".mlinfra/tools/go/dockerlint");
    assertThat(tool).as("missing: run tools/install images").isExecutable();
    List<String> command = new ArrayList<>(List.of(tool.toString()));
    files.forEach(file -> command.add(file.toString()));
    return Result.of(new ProcessBuilder(command), folder.resolve("output.txt"));
  }
}

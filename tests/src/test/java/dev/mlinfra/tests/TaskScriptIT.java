package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A task is run once from the files that the how-to shows, and judged by its exit code. */
class TaskScriptIT {
  private static final String IMAGE =
      "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml-agent/training@sha256:" + "a".repeat(64);
  private static final String DEFINITION =
      "arn:aws:ecs:us-east-1:123456789012:task-definition/btc-pipeline:8";
  private static final String TASK = "arn:aws:ecs:us-east-1:123456789012:task/tasks/0123abcd";
  private static final String DESCRIBE = "aws ecs describe-tasks";
  private static final String LOG = "aws logs get-log-events";

  @TempDir Path folder;

  private CiScript script;

  @BeforeEach
  void theFilesOfTheHowTo() throws Exception {
    script =
        new CiScript(folder)
            .fake("aws", "fake_command.py")
            .answers(
                "aws ecs register-task-definition",
                Map.of("out", Map.of("taskDefinition", Map.of("taskDefinitionArn", DEFINITION))))
            .answers(
                "aws ecs run-task",
                Map.of(
                    "out",
                    Map.of("tasks", List.of(Map.of("taskArn", TASK)), "failures", List.of())))
            .answers(LOG, Map.of("out", Map.of("events", List.of(Map.of("message", "trained")))));
    Matcher block =
        Pattern.compile(
                "`environments/tasks/dev/([a-z-]+\\.json)`:\\n\\n```json\\n(.*?)```",
                Pattern.DOTALL)
            .matcher(Files.readString(Synthesis.ROOT.resolve("docs/how-to/pipelines.md")));
    int files = 0;
    while (block.find()) {
      script.write("task/" + block.group(1), block.group(2));
      files++;
    }
    assertThat(files).isEqualTo(2);
  }

  @Test
  void runsTheImageOnceAndShowsTheEndOfItsLog() throws Exception {
    script.answers(
        DESCRIBE,
        Map.of("out", Map.of("tasks", List.of(Map.of("lastStatus", "PENDING")))),
        stopped(Map.of("name", "training", "exitCode", 0)));

    CiScript.Result result = run();

    assertThat(result.exitCode()).as(result.output()).isZero();
    JsonNode registered = result.body("aws ecs register-task-definition");
    assertThat(registered.at("/containerDefinitions/0/image").asString()).isEqualTo(IMAGE);
    assertThat(registered.path("family").asString()).isEqualTo("btc-pipeline");
    JsonNode started = result.body("aws ecs run-task");
    assertThat(started.path("taskDefinition").asString()).isEqualTo(DEFINITION);
    assertThat(started.path("cluster").asString()).isEqualTo("tasks");
    assertThat(result.called())
        .anyMatch(call -> call.contains("--log-stream-name task/training/0123abcd --limit 50"));
    assertThat(result.summary()).contains("exited with 0").contains("```text\ntrained\n```");
    assertThat(result.outputs()).contains("task-definition=" + DEFINITION, "task=" + TASK);
  }

  @Test
  void anExitCodeThatIsNotZeroFails() throws Exception {
    script.answers(
        DESCRIBE,
        stopped(Map.of("name", "training", "exitCode", 137, "reason", "OutOfMemoryError")));

    CiScript.Result result = run();

    failed(result, "the task failed: exit code 137: OutOfMemoryError");
    assertThat(result.summary()).contains("failed: exit code 137").contains("trained");
  }

  @Test
  void aTaskThatNeverRanFails() throws Exception {
    script.answers(
        DESCRIBE,
        stopped(Map.of("name", "training", "reason", "CannotPullContainerError: no route")));
    failed(run(), "it never ran: CannotPullContainerError: no route");
  }

  @Test
  void theExitCodeOfAnotherContainerDoesNotCount() throws Exception {
    script.answers(DESCRIBE, stopped(Map.of("name", "sidecar", "exitCode", 0)));
    failed(run(), "it never ran: Essential container in task exited");
  }

  @Test
  void aTaskThatIsNotStartedSaysWhy() throws Exception {
    script.answers(
        "aws ecs run-task",
        Map.of(
            "out",
            Map.of("tasks", List.of(), "failures", List.of(Map.of("reason", "RESOURCE:MEMORY")))));
    failed(run(), "the task was not started: RESOURCE:MEMORY");
  }

  @Test
  void aTaskThatTakesTooLongIsToldToStillRun() throws Exception {
    script
        .with("TASK_MINUTES", "0.001")
        .answers(
            DESCRIBE, Map.of("out", Map.of("tasks", List.of(Map.of("lastStatus", "RUNNING")))));
    failed(run(), "did not end within 0.001 minutes and still runs; fix: aws ecs stop-task");
  }

  @Test
  void whatTheProgramWritesCommandsNothing() throws Exception {
    script
        .answers(DESCRIBE, stopped(Map.of("name", "training", "exitCode", 0)))
        .answers(
            LOG,
            Map.of(
                "out",
                Map.of(
                    "events",
                    List.of(Map.of("message", "::error::x\n```\n# y\n" + "z".repeat(900))))));

    CiScript.Result result = run();

    assertThat(result.output())
        .containsPattern("(?s)::stop-commands::([0-9a-f]{32})\n::error::x\n.*\n::\\1::\n");
    assertThat(result.summary())
        .contains("````text\n::error::x\n```\n# y\n" + "z".repeat(500) + "\n````\n");
  }

  @Test
  void aLogThatCannotBeReadDoesNotChangeTheVerdict() throws Exception {
    script
        .answers(DESCRIBE, stopped(Map.of("name", "training", "exitCode", 0)))
        .answers(LOG, Map.of("error", "An error occurred (AccessDeniedException) when …"));

    CiScript.Result result = run();

    assertThat(result.exitCode()).isZero();
    assertThat(result.summary())
        .contains("the log cannot be read")
        .contains("AccessDeniedException");
  }

  @Test
  void theFilesAreCheckedWithoutACall() throws Exception {
    CiScript.Result result = script.run("task.py", "task");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.calls()).isEmpty();
  }

  @Test
  void filesThatAreMissingOrWrongAreTold() throws Exception {
    failed(script.run("task.py", "nowhere"), "nowhere/task-definition.json cannot be read");

    script.write("task/run-task.json", "{\"taskDefinition\": \"x\", \"cluster\": \"tasks\"}");
    failed(script.run("task.py", "task"), "needs a cluster, and has no taskDefinition");

    script.write("task/task-definition.json", "{\"containerDefinitions\": [{\"image\": \"x\"}]}");
    failed(script.run("task.py", "task"), "0 containers have no image; allowed: exactly one");

    script.write("task/task-definition.json", "{");
    failed(script.run("task.py", "task"), "task-definition.json is not JSON");
  }

  private CiScript.Result run() throws Exception {
    return script.run("task.py", "task", IMAGE);
  }

  private static Map<String, Object> stopped(Map<String, Object> container) {
    return Map.of(
        "out",
        Map.of(
            "tasks",
            List.of(
                Map.of(
                    "lastStatus",
                    "STOPPED",
                    "stoppedReason",
                    "Essential container in task exited",
                    "containers",
                    List.of(container)))));
  }

  private static void failed(CiScript.Result result, String message) {
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(result.output()).contains(message).doesNotContain("Traceback");
  }
}

package dev.mlinfra.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Runtime API against the vendor's Runtime Interface Client in a real child JVM. */
class FunctionProcessTest {
  private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:echo";
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Path task;
  private Path opt;
  private FunctionProcess process;

  @BeforeEach
  void unpackTheFunction() throws Exception {
    task = folder.resolve("task");
    opt = folder.resolve("opt");
    Path target = task.resolve("dev/mlinfra/local/EchoHandler.class");
    Files.createDirectories(target.getParent());
    try (var code = EchoHandler.class.getResourceAsStream("EchoHandler.class")) {
      Files.copy(code, target);
    }
  }

  @AfterEach
  void stop() {
    if (process != null) {
      process.close();
      assertThat(process.isAlive()).isFalse();
    }
  }

  private FunctionProcess start(String handler) {
    process =
        new FunctionProcess(
            task,
            opt,
            folder.resolve("tmp"),
            handler,
            128,
            Map.of(
                "AWS_LAMBDA_FUNCTION_NAME", "echo",
                "AWS_REGION", "us-east-1",
                "JAVA_TOOL_OPTIONS", "-Dtest.opt=/opt/conf -Djava.io.tmpdir=/elsewhere"));
    return process;
  }

  private FunctionProcess start() {
    return start("dev.mlinfra.local.EchoHandler::handle");
  }

  private String output() {
    return process.takeLines().stream()
        .map(FunctionProcess.Line::text)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void answersAndKeepsItsProcessForTheNextEvent() {
    FunctionProcess echo = start();
    FunctionProcess.Outcome first = echo.run(ARN, "{\"do\":\"echo\"}", LONG);
    FunctionProcess.Outcome second = echo.run(ARN, "{\"do\":\"echo\"}", LONG);
    assertThat(first.isError()).as(first.body()).isFalse();
    assertThat(first.body()).contains("\"calls\":1").contains("\"name\":\"echo\"");
    assertThat(second.body()).contains("\"calls\":2");
    assertThat(output()).contains("START RequestId: ", "event echo", "END RequestId: ", "REPORT ");
  }

  @Test
  void hasTheEnvironmentOfLambdaAndNotOurs() {
    FunctionProcess.Outcome outcome = start().run(ARN, "{}", LONG);
    assertThat(outcome.body())
        .contains("\"home\":\"null\"")
        .contains("\"aws\":\"/dev/null\"")
        .contains("\"option\":\"" + opt + "/conf\"");
  }

  @Test
  void writesTemporaryFilesToTheFolderOfItsHost() {
    Path tmp = folder.resolve("tmp");
    assertThat(start().run(ARN, "{}", LONG).body()).contains("\"tmp\":\"" + tmp + " " + tmp + "\"");
    assertThat(tmp).isDirectory();
  }

  @Test
  void aThrownExceptionIsAnErrorAndAReturnedStatusIsNot() {
    FunctionProcess echo = start();
    FunctionProcess.Outcome thrown = echo.run(ARN, "{\"do\":\"throw\"}", LONG);
    FunctionProcess.Outcome returned = echo.run(ARN, "{\"do\":\"status500\"}", LONG);
    assertThat(thrown.isError()).isTrue();
    assertThat(thrown.body()).contains("as asked").contains("IllegalStateException");
    assertThat(returned.isError()).isFalse();
    assertThat(returned.body()).isEqualTo("{\"statusCode\":500}");
  }

  @Test
  void isKilledAfterItsTimeout() {
    FunctionProcess echo = start();
    assertThat(echo.run(ARN, "{}", LONG).isError()).isFalse();
    FunctionProcess.Outcome late = echo.run(ARN, "{\"do\":\"sleep\"}", Duration.ofSeconds(1));
    assertThat(late.isError()).isTrue();
    assertThat(late.body()).contains("Task timed out after 1.00 seconds");
    assertThat(late.duration()).isLessThan(Duration.ofSeconds(10));
    assertThat(echo.isAlive()).isFalse();
  }

  @Test
  void saysWhenTheProcessEnds() {
    FunctionProcess.Outcome outcome = start().run(ARN, "{\"do\":\"exit\"}", LONG);
    assertThat(outcome.isError()).isTrue();
    assertThat(outcome.body()).contains("Runtime exited with exit status 3");
  }

  @Test
  void saysWhenTheHandlerIsNotThere() {
    FunctionProcess.Outcome outcome = start("no.such.Handler::handle").run(ARN, "{}", LONG);
    assertThat(outcome.isError()).isTrue();
    assertThat(outcome.body()).contains("no.such.Handler");
  }

  @Test
  void theClassPathIsThatOfLambda() throws Exception {
    for (String jar :
        List.of(
            "task/lib/b.jar",
            "task/lib/a.jar",
            "opt/java/lib/layer.jar",
            "opt/java/lib/note.txt")) {
      Path file = folder.resolve(jar);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    List<String> entries = List.of(FunctionProcess.classPath(task, opt).split(File.pathSeparator));
    assertThat(entries.subList(0, 4))
        .extracting(entry -> Path.of(entry).getFileName().toString().replaceAll("-[0-9.]+jar", ""))
        .containsExactly(
            "aws-lambda-java-runtime-interface-client",
            "aws-lambda-java-core",
            "aws-lambda-java-serialization",
            "utils-lite");
    assertThat(entries.subList(4, entries.size()))
        .containsExactly(
            task.toString(), task + "/lib/a.jar", task + "/lib/b.jar", opt + "/java/lib/layer.jar");
  }
}

package dev.mlinfra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void keepsTheOutputAndGivesTheExitCode() {
    Program program = shell("echo first; echo \"$GIVEN\" >&2; exit 7");

    assertThat(program.run(Map.of("GIVEN", "last"), LIMIT)).isEqualTo(7);
    assertThat(program.lastLine()).isEqualTo("last");
  }

  /**
   * PATH is the machine's, AWS_* never is: what the user has set up must not be used by mistake.
   */
  @Test
  void givesTheProgramNothingOfTheUsersCloudSetUp() {
    Program program =
        shell("env | sort | grep -E '^(AWS_|CDK_|NO_PROXY|PATH=)' | tr '\\n' ' '; echo");

    assertThat(program.run(Map.of("AWS_REGION", "us-east-1"), LIMIT)).isZero();
    assertThat(program.lastLine())
        .contains(
            "AWS_CONFIG_FILE=/dev/null", "AWS_REGION=us-east-1", "NO_PROXY=localhost", "PATH=")
        .contains("AWS_SHARED_CREDENTIALS_FILE=/dev/null");
  }

  @Test
  void aFailureShowsTheEndOfTheLog() {
    assertThatThrownBy(() -> shell("echo the reason; exit 1").mustSucceed(Map.of(), LIMIT))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("test program failed with exit code 1")
        .hasMessageContaining("the reason");
  }

  @Test
  void whatTakesTooLongIsEndedWithItsChildren() throws InterruptedException {
    Program program = shell("sleep 300 & echo $!; wait");

    assertThatThrownBy(() -> program.run(Map.of(), Duration.ofSeconds(1)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("did not end within 1 s");
    long child = Long.parseLong(program.lastLine());
    for (int i = 0;
        i < 50 && ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false);
        i++) {
      Thread.sleep(100);
    }
    assertThat(ProcessHandle.of(child).map(ProcessHandle::isAlive))
        .isNotEqualTo(java.util.Optional.of(true));
  }

  @Test
  void whatIsNotThereIsToldWithoutAStackTrace() {
    Program program =
        new Program("nobody", List.of("./no-such-program"), folder, folder.resolve("log"));

    assertThatThrownBy(() -> program.run(Map.of(), LIMIT))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("nobody could not be started");
  }

  private Program shell(String script) {
    return new Program("test program", List.of("sh", "-c", script), folder, folder.resolve("log"));
  }
}

package dev.mlinfra.infra.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  @TempDir Path root;

  @BeforeEach
  void modules() throws IOException {
    for (String module : new String[] {"infra-aws", "infra-pulumi", "infra-gcp", "infra-runpod"}) {
      Files.createDirectories(root.resolve(module));
    }
  }

  private Program program(String stack) throws IOException {
    return Program.of(root, Map.of("PULUMI_STACK", stack));
  }

  @Test
  void isThatOfTheTarget() throws IOException {
    Path lib = Files.createDirectories(root.resolve("infra-runpod/target/lib"));
    Files.createFile(lib.resolve("library.jar"));
    Files.createFile(root.resolve("infra-runpod/target/mlinfra-infra-runpod.jar"));

    Program program = program("runpod-dev-eu");

    assertThat(program.name()).isEqualTo("infra-runpod");
    assertThat(program.mainClass()).isEqualTo("dev.mlinfra.infra.runpod.Main");
    assertThat(program.jars())
        .extracting(jar -> jar.getFileName().toString())
        .containsExactly("mlinfra-infra-runpod.jar", "library.jar");
  }

  @Test
  void namesTheTargetsForAnUnknownOne() {
    assertThatThrownBy(() -> program("moon-dev"))
        .isInstanceOf(WrongStackException.class)
        .hasMessage("the stack 'moon-dev' has no target 'moon'; targets: gcp, runpod");
    assertThatThrownBy(() -> program("aws-dev")).hasMessageContaining("no target 'aws'");
  }

  @Test
  void saysHowStacksAreCalled() {
    assertThatThrownBy(() -> program("dev"))
        .hasMessage(
            "the stack 'dev' is not called TARGET-ENVIRONMENT, such as runpod-dev; targets: gcp,"
                + " runpod");
    assertThatThrownBy(() -> program("runpod-")).hasMessageContaining("TARGET-ENVIRONMENT");
    assertThatThrownBy(() -> Program.of(root, Map.of())).hasMessageContaining("the stack ''");
  }

  @Test
  void saysHowToBuild() {
    assertThatThrownBy(() -> program("gcp-dev"))
        .hasMessage(
            "infra-gcp is not built; run: mvn -B -pl infra-gcp -am package -Dmaven.test.skip=true");
  }
}

package dev.mlinfra.cli;

import dev.mlinfra.local.EmbeddedAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Training of the environment dev on an embedded AWS, put there by the real CDK CLI. */
final class LocalTraining implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final List<String> STACKS =
      List.of("ml-agent-dev-Network", "ml-agent-dev-Training");

  private final Workspace workspace = Workspace.current();
  private final Path folder;
  private final EmbeddedAws aws;

  /**
   * Starts the embedded AWS, prepares the account, and deploys what it has once and dev.
   *
   * @param folder for its state and logs
   */
  static LocalTraining of(Path assembly, Path folder) {
    LocalTraining training = new LocalTraining(folder);
    try {
      training.aws.start();
      training.aws.enforceIam(false);
      training.cdk(
          "bootstrap",
          "bootstrap",
          "aws://" + EmbeddedAws.ACCOUNT + "/us-east-1",
          "--app",
          assembly.toString());
      training.deploy("account-" + EmbeddedAws.ACCOUNT, assembly);
      training.deploy(assembly);
      return training;
    } catch (RuntimeException e) {
      training.close();
      throw e;
    }
  }

  private LocalTraining(Path folder) {
    this.folder = folder;
    aws =
        new EmbeddedAws(
            folder.resolve("aws"),
            workspace.python("local"),
            workspace.root().resolve("local/src/main/python"));
  }

  EmbeddedAws aws() {
    return aws;
  }

  /** Deploys dev; gives what the CLI said. */
  String deploy(Path assembly) {
    return deploy("dev", assembly);
  }

  /** What the services show of every resource, by stack and logical id. */
  Map<String, JsonNode> readBack() {
    Path answer = folder.resolve("read-back.json");
    List<String> command = new ArrayList<>();
    command.add(workspace.python("local").toString());
    command.add("-B");
    command.add(workspace.root().resolve("tests/src/test/python/read_back.py").toString());
    command.addAll(STACKS);
    new Program("read_back.py", command, workspace.root(), answer)
        .mustSucceed(aws.adminEnvironment(), LIMIT);
    Map<String, JsonNode> made = new TreeMap<>();
    JsonMapper.shared()
        .readTree(text(answer))
        .path("resources")
        .forEach(
            one ->
                made.put(
                    one.path("stack").asString() + "/" + one.path("logicalId").asString(), one));
    return made;
  }

  @Override
  public void close() {
    aws.stop();
  }

  private String deploy(String stage, Path assembly) {
    return cdk(
        "deploy-" + stage,
        "deploy",
        stage + "/*",
        // The emulator makes no exports and no outputs from a change set.
        "--method=direct",
        "--require-approval",
        "never",
        "--app",
        assembly.toString());
  }

  private String cdk(String name, String... arguments) {
    Path log = folder.resolve(name + ".log");
    Program.cdk(workspace, name, log, arguments).mustSucceed(aws.adminEnvironment(), LIMIT);
    return text(log);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.mlinfra.cli;

import dev.mlinfra.core.AwsSettings;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.local.EmbeddedAws;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where things are.
 *
 * @param root the checkout
 * @param state takes everything that is made while running; usually {@code .mlinfra} in the
 *     checkout
 */
record Workspace(Path root, Path state) {

  /** The checkout that the launcher names, or the current folder. */
  static Workspace current() {
    Path root = Path.of(System.getProperty("mlinfra.root", "")).toAbsolutePath().normalize();
    if (!Files.isRegularFile(root.resolve("cdk.json"))) {
      throw new CommandFailure(
          ExitCode.NOT_USABLE,
          root + " is not an mlinfra project: there is no cdk.json; run ./mlinfra from its root");
    }
    String state = System.getProperty("mlinfra.state");
    return new Workspace(
        root, state == null ? root.resolve(".mlinfra") : Path.of(state).toAbsolutePath());
  }

  /** A path as a person here would write it: what is below the current folder, from there. */
  static Path shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) ? here.relativize(path) : path;
  }

  Path environments() {
    return root.resolve("environments");
  }

  Environment environment(String name) {
    EnvironmentLoader loader = new EnvironmentLoader();
    return loader.load(loader.file(environments(), name));
  }

  /** A folder of what is made while running. */
  Path made(String name) {
    return state.resolve(name);
  }

  Path python(String tools) {
    return root.resolve(".mlinfra/tools/python-" + tools + "/bin/python");
  }

  Path cdk() {
    return root.resolve("node_modules").resolve(".bin").resolve("cdk");
  }

  /** The embedded AWS for what needs no account: its state, its end. */
  EmbeddedAws embeddedAws() {
    return new EmbeddedAws(made("local"), python("local"), emulator());
  }

  /** The embedded AWS in the account and region of an environment. */
  EmbeddedAws embeddedAws(AwsSettings settings) {
    return new EmbeddedAws(
        made("local"), python("local"), emulator(), settings.region(), settings.account());
  }

  private Path emulator() {
    return root.resolve("local/src/main/python");
  }
}

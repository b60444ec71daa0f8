package dev.mlinfra.infra.aws;

import dev.mlinfra.template.Model;
import dev.mlinfra.testkit.CdkFlags;
import dev.mlinfra.testkit.CdkModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/** A folder of environment files, and what they synthesise under the flags of cdk.json. */
final class EnvironmentFolder {
  static final String ACCOUNT = "123456789012";

  private final Path folder;

  EnvironmentFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes the file of an environment: its identity, and whatever else is given. */
  EnvironmentFolder with(String environment, String more) {
    String text =
        """
        schema: mlinfra/v1
        environment: %s
        project: ml-agent
        owner: ml-platform
        costCenter: cc-1234
        %s"""
            .formatted(environment, more);
    try {
      Files.writeString(folder.resolve(environment + ".yaml"), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The start of an aws section; more keys of it may follow. */
  static String aws(String account, String region) {
    return "aws:\n  account: \"" + account + "\"\n  region: " + region + "\n";
  }

  Model synthesise() {
    return synthesise(Map.of());
  }

  Model synthesise(Map<String, Object> context) {
    Map<String, Object> all =
        CdkFlags.from(Path.of(System.getProperty("mlinfra.root"), "cdk.json"));
    all.putAll(context);
    App app =
        new App(
            AppProps.builder().context(all).outdir(folder.resolve("cdk.out").toString()).build());
    Environments.addTo(app, folder);
    return CdkModels.of(app);
  }
}

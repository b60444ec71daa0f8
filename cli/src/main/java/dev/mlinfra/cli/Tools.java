package dev.mlinfra.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pinned tools that a checkout brings. */
final class Tools {
  private Tools() {}

  /**
   * Sets up what is missing.
   *
   * @param names as tools/install takes them
   */
  static void install(Workspace workspace, String... names) {
    List<String> command = new ArrayList<>(List.of("sh", "tools/install"));
    command.addAll(List.of(names));
    Program.installer(
            "tools/install", command, workspace.root(), workspace.made("logs").resolve("tools.log"))
        .mustSucceed(Map.of(), Duration.ofMinutes(15));
  }
}

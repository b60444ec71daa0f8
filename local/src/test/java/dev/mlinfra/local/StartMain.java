package dev.mlinfra.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts an emulator in a JVM of its own: its arguments are those of {@link EmbeddedAws}. */
public final class StartMain {
  private StartMain() {}

  public static void main(String[] arguments) {
    EmbeddedAws aws =
        new EmbeddedAws(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
    System.out.println("process " + aws.start().pid());
  }

  /** A child that runs it, with the class path of this JVM. */
  static ProcessBuilder child(Path state, Path python, Path sources) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StartMain.class.getName());
    command.addAll(List.of(state.toString(), python.toString(), sources.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }
}

package dev.mlinfra.cli;

import java.io.Console;

/** Whether somebody looks on. */
final class Terminal {
  private Terminal() {}

  /** Says whether input and output are a terminal, and not a file or a pipe. */
  @SuppressWarnings("SystemConsoleNull") // null says enough before JDK 22; later JDKs are asked
  static boolean isThere() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // Since JDK 22 there may be a console without a terminal, and it tells.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.mlinfra.infra.launcher;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;

/**
 * Runs a program until it ends, or its launcher does: the launcher holds the other end of its
 * standard input, which the system closes also when the launcher is killed.
 */
public final class Supervised {
  private static final int LAUNCHER_GONE = 137;

  private Supervised() {}

  /** Takes the class of the program. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread watch = new Thread(Supervised::endWithLauncher, "launcher");
    watch.setDaemon(true);
    watch.start();
    try {
      Class.forName(arguments[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw e;
    }
  }

  private static void endWithLauncher() {
    try {
      while (System.in.read() >= 0) {
        // nothing is ever written
      }
    } catch (IOException e) {
      // as good as its end
    }
    Runtime.getRuntime().halt(LAUNCHER_GONE);
  }
}

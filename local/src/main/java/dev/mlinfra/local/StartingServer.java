package dev.mlinfra.local;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * A server between its launch and its first answer. It lives in a session of its own, so nobody but
 * this program would end it if the program were told to end meanwhile: the hook is there before the
 * process is.
 */
final class StartingServer implements AutoCloseable {
  private final Thread hook = new Thread(this::abandon, "end-starting-embedded-aws");
  private final Consumer<ProcessHandle> end;
  private Process process;
  private boolean shuttingDown;

  /**
   * Takes care of the process from now on.
   *
   * @param end ends a process and takes away its files
   */
  StartingServer(Consumer<ProcessHandle> end) {
    this.end = end;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      throw interrupted();
    }
  }

  /** Launches the process. */
  synchronized Process launch(ProcessBuilder builder) throws IOException {
    if (shuttingDown) {
      throw interrupted();
    }
    process = builder.start();
    return process;
  }

  /** Lets go of the process, which lives on; not if this program ends already. */
  void handOver() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      throw interrupted();
    }
    synchronized (this) {
      process = null;
    }
  }

  synchronized boolean isShuttingDown() {
    return shuttingDown;
  }

  static LocalException interrupted() {
    return new LocalException("Interrupted while the embedded AWS started");
  }

  private synchronized void abandon() {
    shuttingDown = true;
    endProcess();
  }

  private void endProcess() {
    if (process != null) {
      end.accept(process.toHandle());
      process = null;
    }
  }

  /** Ends the process unless it was handed over. */
  @Override
  public void close() {
    // An interruption may be the reason; ending takes waiting.
    boolean interruption = Thread.interrupted();
    try {
      synchronized (this) {
        endProcess();
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      // The hook has run or finds nothing to end.
      return;
    } finally {
      if (interruption) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

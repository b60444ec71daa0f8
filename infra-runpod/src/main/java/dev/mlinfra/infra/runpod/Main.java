package dev.mlinfra.infra.runpod;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.core.ValidationException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The program of the stacks {@code runpod-<environment>}; runs in the project's root. */
public final class Main {
  private static final String PREFIX = "runpod-";

  private Main() {}

  /** Starts it. */
  public static void main(String[] arguments) {
    // Read while Pulumi's SDK makes itself known to the engine.
    FutureTask<Environment> reading =
        new FutureTask<>(() -> environment(Path.of("environments"), System.getenv("PULUMI_STACK")));
    Thread thread = new Thread(reading, "read-ahead");
    thread.setDaemon(true);
    thread.start();
    Pulumi.run(context -> run(context, reading));
  }

  private static void run(Context context, FutureTask<Environment> reading) {
    try {
      RunPodStack.define(context, reading.get());
    } catch (ValidationException e) {
      // The user's mistake, told in full: a stack trace would only hide it.
      context.log().error(e.getMessage());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof ValidationException)) {
        throw new IllegalStateException(e.getCause());
      }
      context.log().error(e.getCause().getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * The environment of a stack.
   *
   * @param folder the folder of the environment files
   * @param stack such as {@code runpod-dev}
   * @throws ValidationException when the file is wrong or not there
   */
  static Environment environment(Path folder, String stack) {
    EnvironmentLoader loader = new EnvironmentLoader();
    return loader.load(loader.file(folder, stack.substring(PREFIX.length())));
  }
}

package dev.mlinfra.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What ONNX Runtime itself can do: batches of random rows, no CSV. Prints millions of rows a second
 * with one thread, and with one for each processor.
 */
public final class OnnxRun {
  private static final int ROWS = 4096;
  private static final int COLUMNS = 10;
  private static final int BATCHES = 60;

  private OnnxRun() {}

  /** Takes a model with an input of 10 floats. */
  public static void main(String[] arguments)
      throws OrtException, InterruptedException, ExecutionException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(arguments[0], options)) {
        run(environment, session, 5); // warms up
        for (int threads : List.of(1, Runtime.getRuntime().availableProcessors())) {
          System.out.printf(Locale.ROOT, "%.3f%n", speed(environment, session, threads));
        }
      }
    }
  }

  private static double speed(OrtEnvironment environment, OrtSession session, int threads)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Integer>> runs = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        runs.add(() -> run(environment, session, BATCHES));
      }
      long start = System.nanoTime();
      long rows = 0;
      for (Future<Integer> done : pool.invokeAll(runs)) {
        rows += done.get();
      }
      return rows / ((System.nanoTime() - start) / 1e3);
    } finally {
      pool.shutdown();
    }
  }

  private static int run(OrtEnvironment environment, OrtSession session, int batches)
      throws OrtException {
    Random random = new Random(1);
    float[] features = new float[ROWS * COLUMNS];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    String input = session.getInputNames().iterator().next();
    try (OnnxTensor tensor =
        OnnxTensor.createTensor(
            environment, FloatBuffer.wrap(features), new long[] {ROWS, COLUMNS})) {
      for (int batch = 0; batch < batches; batch++) {
        session.run(Map.of(input, tensor)).close();
      }
    }
    return batches * ROWS;
  }
}

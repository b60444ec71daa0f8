package dev.mlinfra.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.mlinfra.handler.LocalPrediction;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Predicts a few times in one JVM: prints the seconds and processor seconds of each, then the
 * largest heap and the largest resident memory in MB.
 */
public final class PredictionRun {
  private PredictionRun() {}

  /** Takes the folder, the name of the data, that of the model, and how often. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    OperatingSystemMXBean processor =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    for (int run = 0; run < Integer.parseInt(arguments[3]); run++) {
      long start = System.nanoTime();
      long cpu = processor.getProcessCpuTime();
      LocalPrediction.run(
          folder.resolve(arguments[2] + ".onnx"),
          Optional.of(folder.resolve("scaler.json")),
          folder.resolve(arguments[1] + ".csv"),
          folder.resolve("ours.csv"));
      System.out.printf(
          Locale.ROOT,
          "%.3f %.3f%n",
          (System.nanoTime() - start) / 1e9,
          (processor.getProcessCpuTime() - cpu) / 1e9);
    }
    long heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum();
    System.out.printf(Locale.ROOT, "%.1f%n%.1f%n", heap / 1e6, residentKilobytes() / 1e3);
  }

  private static double residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}

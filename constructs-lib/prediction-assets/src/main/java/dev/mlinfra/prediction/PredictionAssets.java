package dev.mlinfra.prediction;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/**
 * The prediction function and its layer, as zip files for Lambda.
 *
 * <p>This artifact carries both; {@link #load()} puts them into a cache folder, because the CDK
 * takes files. Nothing is built and nothing is downloaded.
 *
 * <pre>{@code
 * PredictionAssets assets = PredictionAssets.load();
 * Code.fromAsset(assets.function().toString());
 * }</pre>
 *
 * <p>They run on {@code java21} and {@code java25}, on x86_64 only: the layer holds ONNX Runtime's
 * libraries for that, which need glibc 2.27 (Amazon Linux 2023).
 */
public final class PredictionAssets {
  /** What Lambda accepts at most for a function with its layers, in bytes. */
  public static final long MAX_UNZIPPED_BYTES = 262_144_000;

  private static final String RESOURCES = "/mlinfra/prediction/";

  private final Path function;
  private final Path layer;
  private final String functionHash;
  private final String layerHash;

  private PredictionAssets(Path cache) {
    functionHash = hash("function.zip");
    layerHash = hash("layer.zip");
    function = cached(cache, functionHash, "function.zip");
    layer = cached(cache, layerHash, "layer.zip");
  }

  /**
   * Makes the archives available as files.
   *
   * <p>They lie in {@code ~/.cache/mlinfra/assets/<SHA-256>/}, once for each content; the system
   * property {@code mlinfra.cache}, or else the environment variable {@code MLINFRA_CACHE}, names
   * another folder than {@code ~/.cache/mlinfra}. Several processes may do this at once. A file
   * that was cut off is replaced.
   *
   * @throws UncheckedIOException if the cache folder cannot be written; the message names it
   */
  public static PredictionAssets load() {
    return Loaded.ONCE;
  }

  /** Once in a process. */
  private static final class Loaded {
    static final PredictionAssets ONCE =
        load(cacheFolder(System.getProperty("mlinfra.cache"), System.getenv("MLINFRA_CACHE")));
  }

  /** As above, with a given cache folder. */
  static PredictionAssets load(Path cache) {
    return new PredictionAssets(cache);
  }

  /** Returns the first that is set, or {@code ~/.cache/mlinfra}. */
  static Path cacheFolder(String property, String variable) {
    if (property != null && !property.isBlank()) {
      return Path.of(property);
    }
    if (variable != null && !variable.isBlank()) {
      return Path.of(variable);
    }
    return Path.of(System.getProperty("user.home"), ".cache", "mlinfra");
  }

  /** Returns the function's zip file: the handler's classes. */
  public Path function() {
    return function;
  }

  /** Returns the layer's zip file: libraries in {@code java/lib}, ONNX Runtime in {@code lib}. */
  public Path layer() {
    return layer;
  }

  /** Returns the SHA-256 of {@link #function()}, in hexadecimal; the build has computed it. */
  public String functionHash() {
    return functionHash;
  }

  /** Returns the SHA-256 of {@link #layer()}, in hexadecimal; the build has computed it. */
  public String layerHash() {
    return layerHash;
  }

  /** Returns the function's {@code Handler} setting: class and method. */
  public String handler() {
    return "dev.mlinfra.handler.PredictionHandler::handleRequest";
  }

  /** Returns the {@code Handler} setting of the function that plans runs and sums them up. */
  public String runHandler() {
    return "dev.mlinfra.handler.RunHandler::handleRequest";
  }

  /**
   * Returns the environment variables that the function needs, beside the {@code MLINFRA_} ones of
   * {@code HandlerSettings}.
   *
   * <p>{@code JAVA_TOOL_OPTIONS}:
   *
   * <ul>
   *   <li>ONNX Runtime is loaded from the layer. It would otherwise look into its jar, and unpack
   *       25 MB at every cold start.
   *   <li>Full compilation. Lambda stops Java at the first level, which suits short functions; on
   *       CSV parsing it costs a factor of 2 to 3.
   *   <li>The serial collector, which needs the least memory and no second processor.
   *   <li>Native access is allowed, or JDK 24 and later warn at every cold start.
   * </ul>
   *
   * <p>Options on the JVM's own command line would win over these. Lambda's guide names this
   * variable for the compilation level, so the runtime leaves that to it; not yet seen on AWS,
   * where each cold start logs what was picked up.
   *
   * <p>{@code ORT_DISABLE_TELEMETRY}: later releases of ONNX Runtime report to their vendor. The
   * one in the layer cannot; a function that gets another by way of a layer of its own shall not.
   */
  public Map<String, String> environment() {
    return Map.of(
        "JAVA_TOOL_OPTIONS",
        "-Donnxruntime.native.path=/opt/lib -XX:+TieredCompilation -XX:TieredStopAtLevel=4"
            + " -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED",
        "ORT_DISABLE_TELEMETRY",
        "1");
  }

  /**
   * The folder's name is the content's hash, and a file gets its name only when it is whole. So its
   * size tells whether it is still right, and 17 MB need not be read again at every start.
   */
  private static Path cached(Path cache, String hash, String name) {
    Path file = cache.resolve("assets").resolve(hash).resolve(name);
    try {
      if (Files.isRegularFile(file) && Files.size(file) == size(name)) {
        return file;
      }
      Files.createDirectories(file.getParent());
      // Complete before it has its name: another process never sees half of it.
      Path part = file.resolveSibling(name + "." + UUID.randomUUID() + ".part");
      try (InputStream in = resource(name).openStream()) {
        Files.copy(in, part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write "
              + file
              + "; make it writable, or name another cache folder with -Dmlinfra.cache or"
              + " MLINFRA_CACHE",
          e);
    }
  }

  private static String hash(String name) {
    try (InputStream in = resource(name + ".sha256").openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(String name) throws IOException {
    URLConnection connection = resource(name).openConnection();
    long size = connection.getContentLengthLong();
    // Or a connection to a plain file stays open.
    connection.getInputStream().close();
    return size;
  }

  private static URL resource(String name) {
    URL url = PredictionAssets.class.getResource(RESOURCES + name);
    if (url == null) {
      throw new IllegalStateException(
          "the class path lacks "
              + RESOURCES
              + name
              + ": build mlinfra-prediction-assets with Maven, which makes it");
    }
    return url;
  }
}

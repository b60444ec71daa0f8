package dev.mlinfra.prediction;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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

  private PredictionAssets(Path function, Path layer) {
    this.function = function;
    this.layer = layer;
  }

  /**
   * Makes the archives available as files.
   *
   * <p>They lie in {@code ~/.cache/mlinfra/assets/<SHA-256>/}, once for each content; the system
   * property {@code mlinfra.cache}, or else the environment variable {@code MLINFRA_CACHE}, names
   * another folder than {@code ~/.cache/mlinfra}. Several processes may do this at once. A file
   * whose content is not right is replaced.
   *
   * @throws UncheckedIOException if the cache folder cannot be written; the message names it
   */
  public static PredictionAssets load() {
    return Loaded.ONCE;
  }

  /** Reading and comparing the archives takes half a second: once in a process. */
  private static final class Loaded {
    static final PredictionAssets ONCE =
        load(cacheFolder(System.getProperty("mlinfra.cache"), System.getenv("MLINFRA_CACHE")));
  }

  /** As above, with a given cache folder. */
  static PredictionAssets load(Path cache) {
    return new PredictionAssets(cached(cache, "function.zip"), cached(cache, "layer.zip"));
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

  /** Returns what both take unpacked, in bytes; at most {@link #MAX_UNZIPPED_BYTES}. */
  public long unzippedBytes() {
    return unzippedBytes(function) + unzippedBytes(layer);
  }

  /** Returns the function's {@code Handler} setting: class and method. */
  public String handler() {
    return "dev.mlinfra.handler.PredictionHandler::handleRequest";
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

  private static Path cached(Path cache, String name) {
    String wanted = sha256(resource(name));
    Path file = cache.resolve("assets").resolve(wanted).resolve(name);
    try {
      if (Files.isRegularFile(file) && sha256(Files.newInputStream(file)).equals(wanted)) {
        return file;
      }
      Files.createDirectories(file.getParent());
      // Complete before it has its name: another process never sees half of it.
      Path part = file.resolveSibling(name + "." + UUID.randomUUID() + ".part");
      try (InputStream in = resource(name)) {
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

  private static InputStream resource(String name) {
    InputStream in = PredictionAssets.class.getResourceAsStream(RESOURCES + name);
    if (in == null) {
      throw new IllegalStateException(
          "the class path lacks "
              + RESOURCES
              + name
              + ": build mlinfra-prediction-assets with Maven, which makes it");
    }
    return in;
  }

  private static String sha256(InputStream content) {
    try (DigestInputStream in =
        new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static long unzippedBytes(Path archive) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.stream().mapToLong(ZipEntry::getSize).sum();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + archive, e);
    }
  }
}

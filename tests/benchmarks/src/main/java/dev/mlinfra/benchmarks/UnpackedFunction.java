package dev.mlinfra.benchmarks;

import dev.mlinfra.prediction.PredictionAssets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The prediction function and its layer unpacked as on Lambda, with a program that measures it.
 *
 * @param classPath of the program, the function and the layer; jars only, because an archive of
 *     classes takes no folders
 * @param environment variables that the function has
 */
record UnpackedFunction(String classPath, Map<String, String> environment) {

  /**
   * Unpacks.
   *
   * @param folder an empty one
   * @param programs what measures, all in one package
   */
  static UnpackedFunction in(Path folder, List<Class<?>> programs) throws IOException {
    PredictionAssets assets = PredictionAssets.load();
    Path opt = folder.resolve("opt");
    unpack(assets.layer(), opt);
    Path program = folder.resolve("program.jar");
    write(programs, program);
    Path function = Files.copy(assets.function(), folder.resolve("function.jar"));
    Map<String, String> environment = new LinkedHashMap<>();
    assets
        .environment()
        .forEach((name, value) -> environment.put(name, value.replace("/opt/", opt + "/")));
    return new UnpackedFunction(
        program + ":" + function + ":" + jars(opt.resolve("java/lib")), environment);
  }

  private static void write(List<Class<?>> programs, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type : programs) {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new ZipEntry(name.substring(1)));
        try (InputStream in = type.getResourceAsStream(name)) {
          in.transferTo(out);
        }
      }
    }
  }

  private static String jars(Path folder) throws IOException {
    try (Stream<Path> jars = Files.list(folder)) {
      return String.join(":", jars.map(Path::toString).sorted().toList());
    }
  }

  private static void unpack(Path archive, Path into) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().filter(e -> !e.isDirectory()).toList()) {
        Path file = into.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
      }
    }
  }
}

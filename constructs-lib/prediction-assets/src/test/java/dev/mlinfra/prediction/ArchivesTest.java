package dev.mlinfra.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the archives. */
class ArchivesTest {
  private static final String ONNXRUNTIME = "lib/libonnxruntime.so";

  /** Far below what Lambda accepts: each megabyte is fetched and unpacked before a cold start. */
  private static final long MAX_ZIPPED_BYTES = 20_000_000;

  private static final long MAX_UNZIPPED_BYTES = 40_000_000;

  /** glibc of Amazon Linux 2023, below the java21 and java25 runtimes: 2.34. */
  private static final int GLIBC_MINOR = 34;

  @TempDir static Path cache;
  private static PredictionAssets assets;

  @BeforeAll
  static void load() {
    assets = PredictionAssets.load(cache);
  }

  @Test
  void fitsIntoLambda() throws IOException {
    long zipped = assets.layer().toFile().length();
    long unzipped = size(assets.function()) + size(assets.layer());
    System.out.printf(
        "function %,d and layer %,d bytes zipped; together %,d unzipped of %,d%n",
        assets.function().toFile().length(), zipped, unzipped, PredictionAssets.MAX_UNZIPPED_BYTES);
    assertThat(unzipped).isBetween(20_000_000L, MAX_UNZIPPED_BYTES);
    assertThat(zipped).isLessThan(MAX_ZIPPED_BYTES);
  }

  @Test
  void theFunctionIsTheHandler() throws IOException {
    String type = assets.handler().split("::", 2)[0];
    assertThat(names(assets.function()))
        .contains(type.replace('.', '/') + ".class")
        .allMatch(name -> name.startsWith("dev/"));
  }

  @Test
  void theLayerHoldsJarsAndLinuxLibraries() throws IOException {
    List<String> names = names(assets.layer());
    assertThat(names)
        .allMatch(
            name ->
                name.endsWith("/")
                    || name.matches("java/lib/[^/]+\\.jar|lib/[^/]+\\.so|licences/[^/]+\\.txt"))
        .contains(ONNXRUNTIME, "lib/libonnxruntime4j_jni.so")
        .noneMatch(name -> name.contains("netty") || name.contains("apache"))
        .noneMatch(name -> name.contains("runtime-interface-client"))
        .noneMatch(name -> name.contains("mlinfra"));
    for (String jar :
        List.of("onnxruntime", "s3", "url-connection-client", "fastcsv", "aws-lambda-java-core")) {
      assertThat(names).filteredOn(name -> name.startsWith("java/lib/" + jar + "-")).hasSize(1);
    }
  }

  @Test
  void everyLibraryBringsItsLicence() throws IOException {
    List<String> names = names(assets.layer());
    for (String jar : names.stream().filter(name -> name.endsWith(".jar")).toList()) {
      String library = jar.replaceAll("java/lib/(.*)-[0-9.]+\\.jar", "$1");
      if (!names.contains("licences/" + library + ".txt")) {
        assertThat(namesInside(jar)).as(jar).anyMatch(name -> name.contains("LICENSE"));
      }
    }
    assertThat(bytes(assets.layer(), "licences/onnxruntime.txt"))
        .asString()
        .contains(
            "Copyright (c) Microsoft Corporation", "this permission notice shall be included");
  }

  @Test
  void onnxRuntimesJarHasNoLibrariesButItsNotices() throws IOException {
    String jar =
        names(assets.layer()).stream()
            .filter(name -> name.startsWith("java/lib/onnxruntime-"))
            .findFirst()
            .orElseThrow();
    assertThat(namesInside(jar))
        .contains("ai/onnxruntime/OrtSession.class", "ThirdPartyNotices.txt")
        .noneMatch(name -> name.matches(".*\\.(so|dll|dylib)"));
  }

  @Test
  void onnxRuntimeReportsToNobody() throws IOException {
    assertThat(text(ONNXRUNTIME)).doesNotContain("events.data.microsoft.com");
    assertThat(assets.environment()).containsEntry("ORT_DISABLE_TELEMETRY", "1");
  }

  @Test
  void onnxRuntimeRunsOnAmazonLinux2023() throws IOException {
    Matcher needed = Pattern.compile("GLIBC_2\\.([0-9]+)").matcher(text(ONNXRUNTIME));
    List<Integer> minors = needed.results().map(r -> Integer.valueOf(r.group(1))).toList();
    assertThat(minors).isNotEmpty().allMatch(minor -> minor <= GLIBC_MINOR);
  }

  @Test
  void hasTheSameTimeOnEveryEntry() throws IOException {
    for (Path archive : List.of(assets.function(), assets.layer())) {
      try (ZipFile zip = new ZipFile(archive.toFile())) {
        assertThat(zip.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
      }
    }
  }

  private static List<String> namesInside(String jar) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipInputStream in =
        new ZipInputStream(new ByteArrayInputStream(bytes(assets.layer(), jar)))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  private static String text(String entry) throws IOException {
    return new String(bytes(assets.layer(), entry), StandardCharsets.ISO_8859_1);
  }

  private static List<String> names(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.stream().map(ZipEntry::getName).toList();
    }
  }

  private static long size(Path archive) throws IOException {
    long size = 0;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        size += bytes(archive, entry.getName()).length;
      }
    }
    return size;
  }

  private static byte[] bytes(Path archive, String entry) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(entry))) {
      return in.readAllBytes();
    }
  }
}

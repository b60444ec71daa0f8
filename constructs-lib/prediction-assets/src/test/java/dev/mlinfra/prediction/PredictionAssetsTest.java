package dev.mlinfra.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the archives get out of the jar. */
class PredictionAssetsTest {
  @TempDir Path cache;

  @Test
  void liesInAFolderNamedAfterTheContent() {
    PredictionAssets assets = PredictionAssets.load(cache);
    assertThat(assets.function())
        .isRegularFile()
        .hasFileName("function.zip")
        .hasDigest("SHA-256", assets.functionHash())
        .hasParent(cache.resolve("assets").resolve(assets.functionHash()));
    assertThat(assets.layer())
        .isRegularFile()
        .hasFileName("layer.zip")
        .hasDigest("SHA-256", assets.layerHash())
        .hasParent(cache.resolve("assets").resolve(assets.layerHash()));
  }

  @Test
  void keepsWhatIsThere() throws IOException {
    Path layer = PredictionAssets.load(cache).layer();
    Object file = Files.readAttributes(layer, "unix:ino").get("ino");
    assertThat(PredictionAssets.load(cache).layer()).isEqualTo(layer);
    assertThat(Files.readAttributes(layer, "unix:ino")).containsEntry("ino", file);
  }

  @Test
  void replacesWhatWasCutOff() throws IOException {
    PredictionAssets assets = PredictionAssets.load(cache);
    long size = Files.size(assets.layer());
    Files.writeString(assets.layer(), "cut off");
    Files.delete(assets.function());

    PredictionAssets again = PredictionAssets.load(cache);

    assertThat(again.layer()).isEqualTo(assets.layer()).hasSize(size);
    assertThat(again.function()).isRegularFile();
    assertThat(partsLeft()).isEmpty();
  }

  @Test
  void worksAtTheSameTimeInSeveralPlaces() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<PredictionAssets>> loads = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        loads.add(threads.submit(() -> PredictionAssets.load(cache)));
      }
      for (Future<PredictionAssets> load : loads) {
        Path layer = load.get().layer();
        assertThat(layer).hasDigest("SHA-256", layer.getParent().getFileName().toString());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(partsLeft()).isEmpty();
  }

  @Test
  void saysWhichFolderCannotBeWritten() throws IOException {
    Path file = Files.writeString(cache.resolve("file"), "");
    assertThatThrownBy(() -> PredictionAssets.load(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContainingAll(file.toString(), "-Dmlinfra.cache", "MLINFRA_CACHE");
  }

  @Test
  void choosesTheCacheFolder() {
    assertThat(PredictionAssets.cacheFolder("p", "v")).isEqualTo(Path.of("p"));
    assertThat(PredictionAssets.cacheFolder(null, "v")).isEqualTo(Path.of("v"));
    assertThat(PredictionAssets.cacheFolder("", " "))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "mlinfra"));
  }

  /** The build names a folder below target by the system property. */
  @Test
  void loadsOnceFromTheFolderOfTheSystemProperty() {
    PredictionAssets assets = PredictionAssets.load();

    assertThat(assets.function()).startsWith(Path.of(System.getProperty("mlinfra.cache")));
    assertThat(PredictionAssets.load()).isSameAs(assets);
  }

  private List<Path> partsLeft() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }
}

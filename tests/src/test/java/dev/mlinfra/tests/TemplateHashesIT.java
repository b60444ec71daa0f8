package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hashes of an assembly change with everything that a deployment reads, and with nothing else.
 */
class TemplateHashesIT {
  @TempDir Path folder;

  @Test
  void twoSynthesesOfTheSameSourcesHashTheSame() throws Exception {
    Path again = Synthesis.synthesise(folder.resolve("at another place"), app -> {});

    List<String> hashes = hashes(Synthesis.assembly());

    assertThat(hashes).hasSizeGreaterThan(30).isEqualTo(hashes(again));
    assertThat(hashes).allMatch(line -> line.matches("[0-9a-f]{64}  .+"));
    assertThat(hashes)
        .anyMatch(line -> line.endsWith(".template.json"))
        .anyMatch(line -> line.endsWith(".assets.json"))
        .anyMatch(line -> line.endsWith(".zip"))
        .anyMatch(line -> line.endsWith("  manifest.json"))
        .noneMatch(line -> line.endsWith("tree.json"));
  }

  @Test
  void everyFileThatADeploymentReadsCounts() throws Exception {
    Path assembly = copy();
    List<String> before = hashes(assembly);
    List<Path> files;
    try (Stream<Path> paths = Files.walk(assembly)) {
      files = paths.filter(Files::isRegularFile).toList();
    }
    // One of each kind, as each is a run of the script.
    List<String> kinds =
        List.of(".template.json", ".assets.json", ".zip", "manifest.json", "cdk.out");
    for (String kind : kinds) {
      Path file =
          files.stream().filter(path -> path.toString().endsWith(kind)).findFirst().orElseThrow();
      byte[] content = Files.readAllBytes(file);
      byte[] changed = content.clone();
      changed[changed.length / 2] ^= 1;
      Files.write(file, changed);
      assertThat(hashes(assembly)).as(kind).isNotEqualTo(before).hasSameSizeAs(before);
      Files.write(file, content);
    }
    Path added = Files.createDirectories(assembly.resolve("asset.0123/lib")).resolve("tree.json");
    Files.writeString(added, "{}");
    assertThat(hashes(assembly)).hasSize(before.size() + 1);
  }

  @Test
  void ofTheMetadataOnlyTracesDoNotCount() throws Exception {
    Path assembly = Files.createDirectory(folder.resolve("small"));
    Files.writeString(assembly.resolve("manifest.json"), "{}");
    Path metadata = assembly.resolve("a.metadata.json");
    String entry = "{\"/a\": [{\"type\": \"aws:cdk:%s\", \"data\": \"%s\", \"trace\": [\"%s\"]}]}";
    Files.writeString(metadata, entry.formatted("error", "x", "/tmp/1"));
    List<String> before = hashes(assembly);

    Files.writeString(metadata, entry.formatted("error", "x", "/tmp/2"));
    assertThat(hashes(assembly)).isEqualTo(before);
    Files.writeString(metadata, entry.formatted("error", "y", "/tmp/1"));
    assertThat(hashes(assembly)).isNotEqualTo(before);
    Files.writeString(assembly.resolve("tree.json"), "{}");
    Files.writeString(metadata, entry.formatted("error", "x", "/tmp/1"));
    assertThat(hashes(assembly)).isEqualTo(before);
  }

  @Test
  void aLinkIsRefused() throws Exception {
    Path assembly = Files.createDirectory(folder.resolve("linked"));
    Files.writeString(assembly.resolve("manifest.json"), "{}");
    Files.createSymbolicLink(assembly.resolve("asset.1"), folder);

    CiScript.Result result = run(assembly);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("asset.1 is a link, and what it leads to may change");
  }

  @Test
  void whatIsNoAssemblyIsRefused() throws Exception {
    CiScript.Result result = run(folder);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("is no CDK assembly").contains("fix: npx cdk synth");
  }

  private List<String> hashes(Path assembly) throws Exception {
    CiScript.Result result = run(assembly);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output().lines().toList();
  }

  private CiScript.Result run(Path assembly) throws Exception {
    Path place = Files.createDirectories(folder.resolve("run"));
    return new CiScript(place).run("template_hashes.py", assembly.toString());
  }

  private Path copy() throws IOException {
    Path from = Synthesis.assembly();
    Path to = folder.resolve("copy");
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
    return to;
  }
}

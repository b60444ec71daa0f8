package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.EnvironmentLoader;
import dev.mlinfra.infra.aws.Environments;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/**
 * The three environments of this repository with training jobs, tasks and secrets switched on, by
 * each way out of the network. The files of the repository leave them off.
 */
public final class TrainingEnvironments {
  /** Every way out that makes a network. */
  public static final List<String> EGRESS = List.of("public-ip", "nat", "endpoints");

  private static final String SHIPPED = "    egress: public-ip\n";
  private static final String OWN = "    egress: %s\n    flowLogs: true\n";
  private static final Map<String, Path> FOLDERS = new ConcurrentHashMap<>();
  private static final Map<String, Path> ASSEMBLIES = new ConcurrentHashMap<>();

  private TrainingEnvironments() {}

  /** A project whose environment files say so. */
  public static Path project(String egress) {
    return FOLDERS.computeIfAbsent(
        egress, it -> written(text -> text.replace(SHIPPED, OWN.formatted(it))));
  }

  /** A project whose {@code base.yaml} is changed in another way, too. */
  public static Path changed(String egress, UnaryOperator<String> change) {
    return written(
        text -> {
          String before = text.replace(SHIPPED, OWN.formatted(egress));
          String after = change.apply(before);
          assertThat(after).isNotEqualTo(before);
          return after;
        });
  }

  private static Path written(UnaryOperator<String> change) {
    Path project = Synthesis.folder();
    Path source = Synthesis.ROOT.resolve("environments");
    try (Stream<Path> files = Files.list(source)) {
      Path folder = Files.createDirectories(project.resolve("environments"));
      for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
      Files.createFile(project.resolve("cdk.json"));
      Path base = folder.resolve("base.yaml");
      String shipped = Files.readString(base);
      assertThat(shipped).contains(SHIPPED);
      Path workloads = Path.of("src/test/resources/training/workloads.yaml");
      Files.writeString(base, change.apply(shipped + Files.readString(workloads)));
      return project;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is synthesised of {@link #project(String)}; once for all tests. */
  public static Path assembly(String egress) {
    return ASSEMBLIES.computeIfAbsent(egress, it -> synthesised(project(it)));
  }

  /** Synthesises a project as the CDK CLI does. */
  public static Path synthesised(Path project) {
    Path folder = Synthesis.folder();
    App app =
        new App(AppProps.builder().context(Synthesis.flags()).outdir(folder.toString()).build());
    Environments.addTo(app, project.resolve("environments"));
    app.synth();
    return folder;
  }

  static Model model(String egress) {
    return Models.read(assembly(egress));
  }

  /** The environments of a project, by name. */
  static Map<String, Environment> environments(Path project) {
    EnvironmentLoader loader = new EnvironmentLoader();
    return loader.list(project.resolve("environments")).stream()
        .map(loader::load)
        .collect(
            Collectors.toMap(Environment::name, Function.identity(), (a, b) -> a, TreeMap::new));
  }
}

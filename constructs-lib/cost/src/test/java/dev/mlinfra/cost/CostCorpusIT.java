package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.ResourceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Prices the templates that the npm and PyPI packages in use carry, which other people wrote:
 * TemplateCorpusIT of the template module says which these are, and that they can be read.
 */
class CostCorpusIT {
  private static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));
  private static final int MOST_SHOWN = 15;

  /** What became of the resources. */
  private static final class Shares {
    private int resources;
    private int priced;
    private int free;
    private int elsewhere;
    private int notPriced;
    private final Map<String, Integer> because = new TreeMap<>();

    void add(Estimate estimate) {
      Set<ResourceId> withLines =
          estimate.items().stream().map(LineItem::resource).collect(Collectors.toSet());
      Set<ResourceId> said = new HashSet<>(withLines);
      resources += estimate.resources();
      priced += withLines.size();
      for (Explained one : estimate.explained()) {
        if (one.reason() == Explained.Reason.NOT_PRICED) {
          because.merge(one.because(), 1, Integer::sum);
        }
        if (said.add(one.resource())) {
          count(one.reason());
        }
      }
    }

    private void count(Explained.Reason reason) {
      switch (reason) {
        case FREE -> free++;
        case ELSEWHERE -> elsewhere++;
        case NOT_PRICED -> notPriced++;
      }
    }

    double percent(int count) {
      return 100.0 * count / resources;
    }
  }

  @Test
  void everyResourceOfEveryTemplateIsPricedOrExplained() throws IOException {
    Instant start = Instant.now();
    int templates = 0;
    Shares shares = new Shares();
    for (Path file : files()) {
      Optional<Model> model = read(file);
      if (model.isPresent()) {
        templates++;
        estimates(model.get(), file).forEach(shares::add);
      }
    }

    System.out.printf(
        Locale.ROOT,
        "templates priced: %d in %d ms; %d resources: %.1f %% priced, %.1f %% free, %.1f %% elsewhere,"
            + " %.1f %% not priced%n",
        templates,
        Duration.between(start, Instant.now()).toMillis(),
        shares.resources,
        shares.percent(shares.priced),
        shares.percent(shares.free),
        shares.percent(shares.elsewhere),
        shares.percent(shares.notPriced));
    shares.because.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_SHOWN)
        .forEach(entry -> System.out.printf("  %5d %s%n", entry.getValue(), entry.getKey()));
    assertThat(templates)
        .as("templates under %s/.mlinfra/tools and node_modules; run tools/install first", ROOT)
        .isPositive();
    assertThat(shares.priced + shares.free + shares.elsewhere + shares.notPriced)
        .isEqualTo(shares.resources);
  }

  private static List<Estimate> estimates(Model model, Path file) {
    try {
      List<Estimate> estimates = Estimator.standard().estimate(model);
      estimates.forEach(estimate -> estimate.jobs().forEach(JobExposure::usd));
      return estimates;
    } catch (RuntimeException e) {
      throw new AssertionError("no bill for " + file, e);
    }
  }

  private static Optional<Model> read(Path file) {
    try {
      return Optional.of(Models.read(file));
    } catch (ValidationException e) {
      return Optional.empty();
    }
  }

  private static List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : List.of(".mlinfra/tools", "node_modules")) {
      Path start = ROOT.resolve(folder);
      if (Files.isDirectory(start)) {
        try (Stream<Path> files = Files.walk(start.toRealPath())) {
          files.filter(CostCorpusIT::mayBeTemplate).sorted().forEach(found::add);
        }
      }
    }
    return found;
  }

  /** Schemas that cfn-lint keeps have a Resources of their own. */
  private static boolean mayBeTemplate(Path file) {
    try {
      return file.toString().matches(".*\\.(json|ya?ml|template)")
          && !file.toString().contains("/cfnlint/data/")
          && Files.isRegularFile(file)
          && Files.size(file) < 5_000_000
          && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
              .contains("Resources");
    } catch (IOException e) {
      return false;
    }
  }
}

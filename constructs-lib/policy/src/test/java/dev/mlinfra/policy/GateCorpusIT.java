package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.ValidationException;
import dev.mlinfra.policy.internal.Acknowledging;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Outcomes.Outcome;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Rules;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs every rule over the templates that the npm and PyPI packages in use carry, which other
 * people wrote: TemplateCorpusIT of the template module says which these are, and that they can be
 * read.
 */
class GateCorpusIT {
  private static final Path ROOT = Path.of(System.getProperty("mlinfra.root"));

  /** What the rules of one family said. */
  private static final class Said {
    private final Map<Verdict, Integer> verdicts = new TreeMap<>();

    private int of(Verdict verdict) {
      return verdicts.getOrDefault(verdict, 0);
    }

    private int all() {
      return verdicts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  @Test
  void noTemplateIsTooMuchForARule() throws IOException {
    Instant start = Instant.now();
    int templates = 0;
    int findings = 0;
    Duration longest = Duration.ZERO;
    String slowest = "";
    Map<String, Said> families = new TreeMap<>();
    for (Path file : files()) {
      Optional<Model> model = read(file);
      if (model.isPresent()) {
        Instant begin = Instant.now();
        Outcomes outcomes = outcomes(model.get(), file);
        findings += Acknowledging.report(model.get(), outcomes, List.of()).findings().size();
        templates++;
        for (Outcome outcome : outcomes.all()) {
          families
              .computeIfAbsent(family(outcome.rule()), family -> new Said())
              .verdicts
              .merge(outcome.verdict(), 1, Integer::sum);
        }
        Duration taken = Duration.between(begin, Instant.now());
        if (taken.compareTo(longest) > 0) {
          longest = taken;
          slowest = file.toString();
        }
      }
    }

    System.out.printf(
        "templates checked: %d in %d ms, findings: %d%n",
        templates, Duration.between(start, Instant.now()).toMillis(), findings);
    System.out.printf("  slowest: %d ms, %s%n", longest.toMillis(), slowest);
    families.forEach(
        (family, said) ->
            System.out.printf(
                Locale.ROOT,
                "  %-12s places: %6d, violated: %6d, undecided: %5.2f %%%n",
                family,
                said.all(),
                said.of(Verdict.VIOLATED),
                100.0 * said.of(Verdict.UNDECIDED) / said.all()));
    assertThat(templates)
        .as("templates under %s/.mlinfra/tools and node_modules; run tools/install first", ROOT)
        .isPositive();
    assertThat(families).as("families with places in the corpus").isNotEmpty();
  }

  private static Outcomes outcomes(Model model, Path file) {
    Inspection inspection = new Inspection(model, Map.of());
    Outcomes outcomes = new Outcomes();
    for (Rule rule : Rules.ALL) {
      try {
        rule.check(inspection, outcomes.of(rule));
      } catch (RuntimeException e) {
        throw new AssertionError(rule.id() + " throws for " + file, e);
      }
    }
    return outcomes;
  }

  private static String family(Rule rule) {
    return rule.id().substring("mlinfra::".length(), rule.id().indexOf('.'));
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
          files.filter(GateCorpusIT::mayBeTemplate).sorted().forEach(found::add);
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

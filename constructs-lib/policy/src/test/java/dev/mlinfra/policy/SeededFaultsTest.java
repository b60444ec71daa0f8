package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Fault.Mutant;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Rules;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Makes every fault at every place of every good template, one at a time, and asks the gate. What
 * it does not see is named in {@code survivors.txt} with the reason, or fails.
 */
class SeededFaultsTest {
  private static final double LEAST_KILLED = 0.98;

  /** Sites and kills of one fault in one template. */
  private record Count(int sites, int killed) {}

  @Test
  void everyFaultIsMeantForRulesThatThereAre() {
    assertThat(Rules.ALL)
        .extracting(rule -> rule.id().substring("mlinfra::".length()))
        .containsAll(Faults.ALL.stream().flatMap(fault -> fault.rules().stream()).toList());
  }

  @Test
  void everyRuleIsTriedWithAFault() {
    assertThat(Faults.ALL.stream().flatMap(fault -> fault.rules().stream()))
        .containsAll(
            Rules.ALL.stream().map(rule -> rule.id().substring("mlinfra::".length())).toList());
  }

  @Test
  void theGateSeesWhatIsMadeWrong() throws IOException {
    Map<String, Model> models = new TreeMap<>(Examples.good());
    Examples.own().forEach((name, model) -> models.put("own/" + name, model));
    Map<Fault, Map<String, Count>> counts = new ConcurrentHashMap<>();
    Set<String> survivors = new ConcurrentSkipListSet<>();
    models.entrySet().parallelStream()
        .forEach(
            entry -> {
              for (Fault fault : Faults.ALL) {
                Count count = count(fault, entry.getKey(), entry.getValue(), survivors);
                counts
                    .computeIfAbsent(fault, it -> new ConcurrentSkipListMap<>())
                    .put(entry.getKey(), count);
              }
            });

    report(counts, survivors);
    assertThat(survivors)
        .as("faults that the gate does not see; survivors.txt names those that it need not")
        .isEqualTo(reviewed());
    for (Fault fault : Faults.ALL) {
      assertThat(sites(counts.get(fault))).as("places for: " + fault.name()).isPositive();
    }
    int sites = counts.values().stream().mapToInt(SeededFaultsTest::sites).sum();
    int killed = counts.values().stream().mapToInt(SeededFaultsTest::killed).sum();
    assertThat((double) killed / sites).isGreaterThanOrEqualTo(LEAST_KILLED);
  }

  private static Count count(Fault fault, String name, Model model, Set<String> survivors) {
    Set<Object> before = violations(fault, model);
    List<Mutant> mutants = fault.mutants().apply(model);
    int killed = 0;
    for (Mutant mutant : mutants) {
      if (isSeen(fault, mutant, before)) {
        killed++;
      } else {
        survivors.add(fault.name() + " | " + name + " | " + mutant.site());
      }
    }
    return new Count(mutants.size(), killed);
  }

  private static boolean isSeen(Fault fault, Mutant mutant, Set<Object> before) {
    return !before.containsAll(violations(fault, mutant.model()));
  }

  /** What the rules that a fault is meant for find; the others would only take time. */
  private static Set<Object> violations(Fault fault, Model model) {
    Inspection inspection = new Inspection(model, Map.of());
    Outcomes outcomes = new Outcomes();
    for (Rule rule : Rules.ALL) {
      if (fault.rules().contains(rule.id().substring("mlinfra::".length()))) {
        rule.check(inspection, outcomes.of(rule));
      }
    }
    return outcomes.all().stream()
        .filter(outcome -> outcome.verdict() == Verdict.VIOLATED)
        .map(
            outcome ->
                List.of(
                    outcome.rule().id(),
                    outcome.where(),
                    outcome.resource().map(Resource::id),
                    outcome.at(),
                    outcome.given(),
                    outcome.problem()))
        .collect(Collectors.toSet());
  }

  private static int sites(Map<String, Count> counts) {
    return counts.values().stream().mapToInt(Count::sites).sum();
  }

  private static int killed(Map<String, Count> counts) {
    return counts.values().stream().mapToInt(Count::killed).sum();
  }

  /** The lines of {@code survivors.txt} without their reasons. */
  private static Set<String> reviewed() throws IOException {
    Set<String> lines = new TreeSet<>();
    for (String line : Files.readAllLines(Examples.file("survivors.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int reason = line.indexOf(" # ");
        assertThat(reason).as("a reason after ' # ' in: " + line).isPositive();
        lines.add(line.substring(0, reason).strip());
      }
    }
    return lines;
  }

  private static void report(Map<Fault, Map<String, Count>> counts, Set<String> survivors)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("killed/sites of each fault in each template");
    int sites = 0;
    int killed = 0;
    for (Fault fault : Faults.ALL) {
      Map<String, Count> found = counts.get(fault);
      StringBuilder line = new StringBuilder();
      found.forEach(
          (name, count) -> {
            if (count.sites() > 0) {
              line.append(' ').append(name).append(' ');
              line.append(count.killed()).append('/').append(count.sites());
            }
          });
      sites += sites(found);
      killed += killed(found);
      lines.add(
          String.format(
              Locale.ROOT, "%-50s %4d/%-4d%s", fault.name(), killed(found), sites(found), line));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "all: %d of %d killed, %.2f %%; %d faults",
            killed,
            sites,
            100.0 * killed / Math.max(1, sites),
            Faults.ALL.size()));
    survivors.forEach(survivor -> lines.add("survives: " + survivor));
    lines.forEach(System.out::println);
    Files.write(Path.of(System.getProperty("java.io.tmpdir"), "seeded-faults.txt"), lines);
  }
}

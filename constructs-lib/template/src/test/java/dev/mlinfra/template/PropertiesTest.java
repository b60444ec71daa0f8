package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties over generated values; a failure names its seed. */
class PropertiesTest {
  private static final int CASES_PER_SEED = 60;
  private static final List<String> WORDS = List.of("a", "", "b/c", ":", "::", "/x", "data:");

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsWrittenAndReadIsTheSame(long seed) {
    Generator generator = new Generator(seed);
    for (int i = 0; i < CASES_PER_SEED; i++) {
      Value value = generator.value(4);
      String text =
          "{\"Resources\":{\"A\":{\"Type\":\"T\",\"Properties\":{\"P\":" + value.toJson() + "}}}}";

      assertThat(read(text).toJson())
          .as("seed %d, case %d: JSON", seed, i)
          .isEqualTo(value.toJson());
      assertThat(read(text)).as("seed %d, case %d: JSON", seed, i).isEqualTo(value);
      assertThat(read(Yaml.of(value)))
          .as("seed %d, case %d: YAML\n%s", seed, i, Yaml.of(value))
          .isEqualTo(value);
    }
  }

  private static Value read(String text) {
    return Models.parse("t", text).resources().get(0).property("P");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsSaidToBeKnownIsRight(long seed) {
    Generator generator = new Generator(seed);
    Model model =
        TestModels.yaml(
            "Parameters: {P0: {Type: String}, P1: {Type: String}, P2: {Type: String}, P3: {Type: String}}",
            "Conditions: {P0IsA: !Equals [!Ref P0, a]}",
            "Resources: {}");
    int decided = 0;
    for (int i = 0; i < CASES_PER_SEED; i++) {
      Generator.Expression expression = generator.expression(5);
      Map<String, String> all = new HashMap<>();
      Context some = model.contextOf("test");
      Context every = model.contextOf("test");
      for (String name : List.of("P0", "P1", "P2", "P3")) {
        String word = generator.one(WORDS);
        all.put(name, word);
        every = every.with(name, word);
        some = generator.below(2) == 0 ? some.with(name, word) : some;
      }
      Optional<String> truth = truth(expression, all);
      if (truth.isEmpty()) {
        continue;
      }
      String label =
          "seed %d, case %d: %s with %s".formatted(seed, i, expression.value().toJson(), all);
      ResolvedText partly = expression.value().resolvedText(some);

      assertThat(truth.get()).as(label).startsWith(partly.prefix()).endsWith(partly.suffix());
      partly.text().ifPresent(text -> assertThat(text).as(label).isEqualTo(truth.get()));
      assertThat(expression.value().resolvedText(every).text()).as(label).hasValue(truth.get());
      assertThat(expression.value().resolve(some).resolvedText(every).text())
          .as(label + ", in two steps")
          .hasValue(truth.get());
      decided += partly.text().isPresent() ? 1 : 0;
    }
    assertThat(decided).as("some texts are known with half of the parameters").isPositive();
  }

  private static Optional<String> truth(Generator.Expression expression, Map<String, String> all) {
    try {
      return Optional.of(expression.meaning().apply(all));
    } catch (IndexOutOfBoundsException refused) {
      return Optional.empty();
    }
  }
}

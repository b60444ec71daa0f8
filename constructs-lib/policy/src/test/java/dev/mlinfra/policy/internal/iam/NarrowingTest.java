package dev.mlinfra.policy.internal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Checks;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who takes something out of a statement is not told that it got worse, and nothing is mended by
 * adding to it; over generated statements, a failure names its seed.
 */
class NarrowingTest {
  private static final int CASES_PER_SEED = 15;
  private static final List<Rule> RULES =
      List.of(new ActionStar(), new ActionWildcard(), new AvoidableStar(), new UnconditionedStar());
  private static final List<IamAction> TABLE = IamFacts.expand("*");
  private static final List<String> RESOURCES =
      List.of(
          "*",
          "arn:aws:s3:::*",
          "arn:aws:s3:::bucket/*",
          "arn:aws:ec2:*:123456789012:instance/*",
          "arn:aws:logs:eu-west-1:123456789012:*",
          "arn:aws:iam::123456789012:role/a");

  static LongStream seeds() {
    return LongStream.range(0, 8);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void narrowingNeverMakesAVerdictWorse(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES_PER_SEED; i++) {
      Generated wide = Generated.next(random);
      Generated narrow = wide.narrowed(random);

      assertThat(narrow.verdict())
          .as("seed %d, case %d: %s, narrowed to %s", seed, i, wide, narrow)
          .isLessThanOrEqualTo(wide.verdict());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void addingAnActionNeverMakesAVerdictBetter(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES_PER_SEED; i++) {
      Generated some = Generated.next(random);
      Generated more = some.with(Generated.action(random));

      assertThat(more.verdict())
          .as("seed %d, case %d: %s, widened to %s", seed, i, some, more)
          .isGreaterThanOrEqualTo(some.verdict());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyVerdictIsMet(long seed) {
    Random random = new Random(seed);
    List<Verdict> met = new ArrayList<>();
    for (int i = 0; i < CASES_PER_SEED; i++) {
      met.add(Generated.next(random).verdict());
    }
    assertThat(met).as("seed %d", seed).contains(Verdict.COMPLIANT, Verdict.VIOLATED);
  }

  private record Generated(List<String> actions, List<String> resources, boolean conditioned) {

    static Generated next(Random random) {
      List<String> actions = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        actions.add(action(random));
      }
      List<String> resources = new ArrayList<>();
      for (int i = random.nextInt(2); i >= 0; i--) {
        resources.add(one(RESOURCES, random));
      }
      return new Generated(actions, resources, random.nextInt(4) == 0);
    }

    static String action(Random random) {
      String id = one(TABLE, random).id();
      int colon = id.indexOf(':');
      return switch (random.nextInt(12)) {
        case 0 -> "*";
        case 1 -> id.substring(0, colon) + ":*";
        case 2 -> id.substring(0, colon + 4) + "*";
        // What the rule about conditions looks at is rare in the table.
        case 3 -> "cloudwatch:PutMetricData";
        default -> id;
      };
    }

    Generated with(String action) {
      List<String> more = new ArrayList<>(actions);
      more.add(action);
      return new Generated(more, resources, conditioned);
    }

    Generated narrowed(Random random) {
      List<String> fewer = new ArrayList<>(actions);
      List<String> smaller = new ArrayList<>(resources);
      int action = random.nextInt(fewer.size());
      int resource = random.nextInt(smaller.size());
      switch (random.nextInt(5)) {
        case 0 -> fewer.set(action, one(IamFacts.expand(fewer.get(action)), random).id());
        case 1 -> smaller.set(resource, "arn:aws:s3:::bucket/a");
        case 2 -> {
          return new Generated(fewer, smaller, true);
        }
        case 3 -> {
          if (fewer.size() > 1) {
            fewer.remove(action);
          }
        }
        default -> {
          if (smaller.size() > 1) {
            smaller.remove(resource);
          }
        }
      }
      return new Generated(fewer, smaller, conditioned);
    }

    Verdict verdict() {
      Model model = Policies.model(lines());
      List<Verdict> verdicts = new ArrayList<>();
      for (Rule rule : RULES) {
        for (String line : Checks.of(rule, model)) {
          verdicts.add(Verdict.valueOf(line.substring(0, line.indexOf(' '))));
        }
      }
      return Verdict.worst(verdicts);
    }

    private String[] lines() {
      return new String[] {
        "Action: ['" + String.join("', '", actions) + "']",
        "Resource: ['" + String.join("', '", resources) + "']",
        "Condition: " + (conditioned ? "{StringEquals: {'aws:PrincipalTag/a': b}}" : "{}")
      };
    }

    private static <T> T one(List<T> of, Random random) {
      return of.get(random.nextInt(of.size()));
    }
  }
}

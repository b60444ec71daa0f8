package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules hold, and each one fails for a class that breaks it. */
class ArchitectureTest {
  private static final String VIOLATIONS = "dev.mlinfra.tests.violations";
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .importPaths(
              Reactor.modules().stream()
                  .filter(module -> !module.folder().startsWith("tests"))
                  .filter(Reactor.Module::hasMainClasses)
                  .map(module -> Reactor.ROOT.resolve(module.folder()).resolve("target/classes"))
                  .toList());
  private static final JavaClasses BROKEN =
      new ClassFileImporter()
          .importPath(
              Reactor.ROOT.resolve("tests/target/test-classes/dev/mlinfra/tests/violations"));
  private static final Map<String, ArchRule> RULES = new Architecture("dev.mlinfra").rules();

  static Iterable<String> rules() {
    return RULES.keySet();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holds(String rule) {
    RULES.get(rule).check(PRODUCT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          every package belongs to a module   | unknown.Anything
          core uses []                        | core.UsesTheCommand
          aws uses [core, prediction, template, policy, cost] | aws.UsesTheCommand
          internal stays inside core          | aws.UsesHidden
          output goes through the command     | aws.internal.LoudRules
          constructs never see the environment| aws.UsesTheEnvironment
          constructs extend Construct         | aws.GrownStack
          no aspects                          | aws.WideAspect
          rules make no constructs            | aws.internal.LoudRules
          """)
  void failsForAClassThatBreaksIt(String rule, String broken) {
    ArchRule sameRule = new Architecture(VIOLATIONS).rules().get(rule);

    assertThat(sameRule.evaluate(BROKEN).getFailureReport().getDetails())
        .isNotEmpty()
        .allMatch(line -> line.contains(VIOLATIONS + "." + broken));
  }
}

package dev.mlinfra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.Budget;
import dev.mlinfra.core.Usage;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example is the one that stands here, and its report is one of a test. */
class ReadmeTest {
  private static final Path MODULE =
      Path.of(System.getProperty("mlinfra.root")).resolve("constructs-lib/cost");

  @TempDir Path folder;

  private static void example(Path path, Map<String, Usage> usages, Map<String, Budget> budgets) {
    // example starts
    Model model = Models.read(path); // cdk.out, a template, or Pulumi's JSON
    List<Estimate> estimates = Estimator.standard().withUsages(usages).estimate(model);
    List<PricedEnvironment> priced = PricedEnvironment.of(estimates, budgets);

    System.out.print(CostText.of(priced));
    // example ends
  }

  @Test
  void theExampleIsTheOneOfThisTest() throws IOException {
    List<String> source =
        Files.readAllLines(MODULE.resolve("src/test/java/dev/mlinfra/cost/ReadmeTest.java"));
    List<String> lines =
        source.subList(
            source.indexOf("    // example starts") + 1, source.indexOf("    // example ends"));
    String code =
        String.join(
            "\n", lines.stream().map(line -> line.isEmpty() ? line : line.substring(4)).toList());

    assertThat(readme()).contains("```java\n" + code + "\n```");
  }

  @Test
  void theExampleRuns() throws IOException {
    Path template =
        Files.writeString(
            folder.resolve("dev.yaml"), "Resources: {Bucket: {Type: AWS::S3::Bucket}}");
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      example(template, Map.of("dev", new Usage(0, 0, 200)), Map.of("dev", Estimates.generous()));
    } finally {
      System.setOut(before);
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("dev: 4.60 USD a month expected, 4.60 USD at most, within its limits");
  }

  /** The job of the README is that of {@link CostReportsTest}, under another name. */
  @Test
  void theSumThatItShowsIsOfAReport() throws IOException {
    String report =
        Files.readString(MODULE.resolve("src/test/resources/dev/mlinfra/cost/reports/report.txt"))
            .replace("dev/Test/Job", "dev/Training/Job")
            .replaceAll("(?m)^    ", "");

    String shown = readme().replaceAll("(?s).*```\n(over .*?)```.*", "$1");
    assertThat(report).contains(shown);
  }

  private static String readme() throws IOException {
    return Files.readString(MODULE.resolve("README.md"));
  }
}

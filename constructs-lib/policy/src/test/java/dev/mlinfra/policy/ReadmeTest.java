package dev.mlinfra.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's examples are those that stand here, and do what it says. */
class ReadmeTest {
  @TempDir Path folder;

  private static void example(Path path) {
    // example starts
    Model model = Models.read(path); // cdk.out, a template, or Pulumi's JSON
    Report report = Gate.standard().check(model);

    System.out.print(ReportText.of(report));
    // example ends
  }

  @Test
  void theExampleIsTheOneOfThisTest() throws IOException {
    List<String> source =
        Files.readAllLines(Path.of("src/test/java/dev/mlinfra/policy/ReadmeTest.java"));
    List<String> lines =
        source.subList(
            source.indexOf("    // example starts") + 1, source.indexOf("    // example ends"));
    String code =
        String.join(
            "\n", lines.stream().map(line -> line.isEmpty() ? line : line.substring(4)).toList());

    assertThat(readme()).contains("```java\n" + code + "\n```");
  }

  @Test
  void itPrintsWhatTheReadmeShows() throws IOException {
    Files.writeString(
        folder.resolve("manifest.json"),
        """
        {"version": "53.0.0", "artifacts": {"Data": {
          "type": "aws:cloudformation:stack", "displayName": "dev/Data",
          "environment": "aws://123456789012/us-east-1",
          "properties": {"templateFile": "Data.template.json"},
          "metadata": {"/dev/Data/Policy": [{"type": "aws:cdk:logicalId", "data": "Policy",
            "trace": ["com.example.DataStack.<init> (DataStack.java:14)"]}]}}}}
        """);
    Files.writeString(
        folder.resolve("Data.template.json"),
        """
        {"Resources": {
          "Policy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {
            "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}]}}}}}
        """);
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      example(folder);
    } finally {
      System.setOut(before);
    }

    String shown = between(readme(), "that may do too much,\n\n```\n", "```");
    assertThat(shown).hasLineCount(6);
    // Other rules look at the policy too.
    assertThat(out.toString(StandardCharsets.UTF_8).replace(folder + "/", "")).startsWith(shown);
  }

  @Test
  void theTemplateAcknowledgesWhatItSays() throws IOException {
    Report report =
        Gate.standard().check(Models.parse("t.yaml", between(readme(), "```yml\n", "```")));

    assertThat(report.acknowledged())
        .extracting(it -> it.finding().rule())
        .contains("mlinfra::iam.action-star");
  }

  /** Every family of the rules is in the table. */
  @Test
  void theTableHasEveryFamily() throws IOException {
    String readme = readme();

    assertThat(Gate.standard().check(Models.parse("t.yaml", "Resources: {}")).rules())
        .isNotEmpty()
        .allSatisfy(
            rule ->
                assertThat(readme)
                    .contains(
                        "| `" + rule.id().replaceFirst("mlinfra::(\\w+)\\..*", "$1") + "` |"));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }
}

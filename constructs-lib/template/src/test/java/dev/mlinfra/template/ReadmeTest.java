package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's example is the one that stands here, so it compiles and says what it says. */
class ReadmeTest {

  private static List<String> example(Path assembly) {
    List<String> findings = new ArrayList<>();
    // example starts
    Model model = Models.read(assembly); // cdk.out, a template, or Pulumi's JSON

    for (Resource policy : model.resources("AWS::IAM::Policy")) {
      Context context = model.contextOf(policy);
      for (Value statement : policy.property("PolicyDocument.Statement").asList()) {
        for (Value resource : statement.at("Resource").oneOrMany()) {
          ResolvedText arn = resource.resolvedText(context);
          String verdict =
              arn.text().isPresent()
                  ? (arn.text().get().equals("*") ? "everything" : "bounded")
                  : (arn.references().isEmpty() ? "undecided" : "bounded");
          findings.add(policy.label() + ": " + arn + " is " + verdict);
        }
      }
    }
    model.gaps().forEach(gap -> findings.add("not known: " + gap));
    // example ends
    return findings;
  }

  @Test
  void theExampleDoesWhatTheReadmeSays() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<String> source =
        Files.readAllLines(Path.of("src/test/java/dev/mlinfra/template/ReadmeTest.java"));
    List<String> lines =
        source.subList(
            source.indexOf("    // example starts") + 1, source.indexOf("    // example ends"));
    String code =
        String.join(
            "\n", lines.stream().map(line -> line.isEmpty() ? line : line.substring(4)).toList());

    assertThat(readme).contains("```java\n" + code + "\n```");
    List<String> findings = example(TestModels.resource("assemblies/strong"));
    assertThat(findings).hasSize(4);
    assertThat(readme).contains(findings.get(1));
  }
}

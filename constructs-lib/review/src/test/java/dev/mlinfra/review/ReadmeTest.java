package dev.mlinfra.review;

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

/** The README's example is the one that stands here, and prints what it says. */
class ReadmeTest {
  @TempDir Path folder;

  private static void example(Path before, Path after) {
    // example starts
    Model base = Models.read(before); // cdk.out of the branch that is merged into
    Model head = Models.read(after);
    Review review = Reviewer.standard().compare(base, head);

    System.out.print(ReviewText.of(review));
    // example ends
  }

  @Test
  void theExampleIsTheOneOfThisTest() throws IOException {
    List<String> source =
        Files.readAllLines(Path.of("src/test/java/dev/mlinfra/review/ReadmeTest.java"));
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
    String template =
        "Resources: {Data: {Type: 'AWS::S3::Bucket', DeletionPolicy: Retain,"
            + " UpdateReplacePolicy: Retain, Properties: {%s}}}";
    Path before =
        Files.writeString(
            Files.createDirectory(folder.resolve("a")).resolve("stack.yaml"),
            template.formatted(""));
    Path after =
        Files.writeString(
            Files.createDirectory(folder.resolve("b")).resolve("stack.yaml"),
            template.formatted("BucketName: acme-ml-data"));

    assertThat(readme()).contains("```\n" + printed(before, after) + "```");
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  private static String printed(Path before, Path after) {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      example(before, after);
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}

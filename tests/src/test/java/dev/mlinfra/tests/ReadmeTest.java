package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.core.EnvironmentLoader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show works as shown. */
class ReadmeTest {
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  /**
   * A block of a document.
   *
   * @param document relative to the project's root
   */
  record Snippet(String document, String language, String text) {
    @Override
    public String toString() {
      return document + ": " + text.strip().lines().findFirst().orElse("");
    }
  }

  static List<Snippet> java() throws IOException {
    return snippets("java");
  }

  static List<Snippet> yaml() throws IOException {
    return snippets("yaml");
  }

  @ParameterizedTest
  @MethodSource("java")
  void javaCompiles(Snippet snippet) {
    String source =
        """
        import dev.mlinfra.aws.*;
        import dev.mlinfra.core.*;
        import java.util.*;
        import software.amazon.awscdk.App;
        import software.amazon.awscdk.Stack;
        import software.amazon.awscdk.services.iam.IRole;
        import software.constructs.Construct;

        class Snippet extends Stack {
          IMlDataBucket data;
          IRole caller;

          Snippet(Construct scope) {
            super(scope, "Snippet");
        %s
          }
        }
        """
            .formatted(snippet.text());
    DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                messages,
                List.of("-d", folder.toString(), "-proc:none"),
                null,
                List.of(new Source(source)))
            .call();

    assertThat(compiled).as(messages.getDiagnostics().toString()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("yaml")
  void environmentFilesLoad(Snippet snippet) throws IOException {
    Files.copy(Synthesis.ROOT.resolve("environments/base.yaml"), folder.resolve("base.yaml"));
    Path file = Files.writeString(folder.resolve("dev.yaml"), snippet.text());

    assertThat(new EnvironmentLoader(Map.of()).load(file).name()).isEqualTo("dev");
  }

  @Test
  void relativeLinksLeadSomewhere() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher matcher = link.matcher(Files.readString(document));
      while (matcher.find()) {
        if (!Files.exists(document.resolveSibling(matcher.group(1)))) {
          broken.add(document + " -> " + matcher.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  /** A promise that names its test must not outlive it. */
  @Test
  void testsThatDocumentsNameAreThere() throws IOException {
    Set<String> classes;
    try (Stream<Path> paths = Files.walk(Synthesis.ROOT)) {
      classes =
          paths
              .map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.replace(".java", ""))
              .collect(Collectors.toSet());
    }
    Pattern test = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))`");
    List<String> named = new ArrayList<>();
    for (Path document : documents()) {
      test.matcher(Files.readString(document)).results().forEach(it -> named.add(it.group(1)));
    }

    assertThat(named).hasSizeGreaterThan(10).allSatisfy(it -> assertThat(classes).contains(it));
  }

  private static List<Snippet> snippets(String language) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Path document : documents()) {
      if (language.equals("java") && isTestedInItsModule(document)) {
        continue;
      }
      Matcher block = BLOCK.matcher(Files.readString(document));
      while (block.find()) {
        if (block.group(1).equals(language)) {
          snippets.add(
              new Snippet(
                  Synthesis.ROOT.relativize(document).toString(), language, block.group(2)));
        }
      }
    }
    assertThat(snippets).isNotEmpty();
    return snippets;
  }

  /** A module whose example needs more than a stack around it has a ReadmeTest of its own. */
  private static boolean isTestedInItsModule(Path document) throws IOException {
    Path tests = document.resolveSibling("src/test/java");
    if (!Files.isDirectory(tests)) {
      return false;
    }
    try (Stream<Path> paths = Files.walk(tests)) {
      return paths.anyMatch(path -> path.endsWith("ReadmeTest.java"));
    }
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> paths = Files.walk(Synthesis.ROOT, 4)) {
      return paths
          .filter(path -> path.getFileName().toString().endsWith(".md"))
          .filter(
              path ->
                  Stream.of("node_modules", ".mlinfra", "target", ".git", "cdk.out")
                      .noneMatch(part -> path.toString().contains("/" + part + "/")))
          .sorted()
          .toList();
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Snippet.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}

package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users of the published artifacts can name has a comment. */
class JavadocTest {
  @TempDir Path folder;

  static List<String> published() {
    return Reactor.modules().stream()
        .filter(module -> module.published() && module.hasMainClasses())
        .map(Reactor.Module::folder)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("published")
  void everythingPublicHasAComment(String module) throws IOException {
    try (Stream<Path> files = Files.walk(Reactor.ROOT.resolve(module).resolve("src/main/java"))) {
      List<Path> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.toString().contains("/internal/"))
              .toList();

      assertThat(sources).isNotEmpty();
      assertThat(UndocumentedApi.in(sources)).isEmpty();
    }
  }

  @Test
  void findsWhatHasNone() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("Bare.java"),
            """
            public class Bare {
              public static final int FIELD = 1;
              private int hidden;
              private final java.util.function.IntUnaryOperator twice = value -> 2 * value;
              static {
                for (int i = 0; i < 1; i++) {}
              }
              /** A constructor. */
              public Bare() {}
              protected void method(int parameter) {
                int local = 1;
              }
              @Override
              public String toString() {
                return "";
              }
              void hidden() {}
              public interface Nested {
                void implicit();
              }
              public enum Choice { ONE }
              /** A record, its part described here. */
              public record Pair(int left) {
                public Pair {}
                public int twice() {
                  return 2 * left;
                }
              }
            }
            """);

    assertThat(UndocumentedApi.in(List.of(file)))
        .containsExactly(
            "Bare (line 1)",
            "Bare.FIELD (line 2)",
            "Bare.method (line 10)",
            "Nested (line 18)",
            "Nested.implicit (line 19)",
            "Choice (line 21)",
            "Choice.ONE (line 21)",
            "Pair.twice (line 25)");
  }
}

package dev.mlinfra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows compiles. */
class ReadmeTest {
  @TempDir Path folder;

  @Test
  void javaCompiles() throws IOException {
    Matcher block =
        Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    int blocks = 0;
    while (block.find()) {
      blocks++;
      DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
      boolean compiled =
          ToolProvider.getSystemJavaCompiler()
              .getTask(
                  null,
                  null,
                  messages,
                  List.of("-d", folder.toString(), "-proc:none"),
                  null,
                  List.of(new Source(block.group(1))))
              .call();
      assertThat(compiled).as(messages.getDiagnostics().toString()).isTrue();
    }
    assertThat(blocks).isEqualTo(1);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String snippet) {
      super(URI.create("string:///Snippet.java"), Kind.SOURCE);
      this.text =
          """
          import dev.mlinfra.core.CostTags;
          import dev.mlinfra.kubernetes.*;
          import java.util.Map;

          class Snippet {
            void define(CostTags tags) {
              %s
            }
          }
          """
              .formatted(snippet);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}

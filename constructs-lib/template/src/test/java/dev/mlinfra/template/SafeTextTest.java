package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void controlAndFormatCharactersAreWrittenOut() {
    assertThat(SafeText.printable("a\u001b[31mb\nc\u202ed é"))
        .isEqualTo("a\\u001b[31mb\\u000ac\\u202ed é");
  }

  @Test
  void nothingIsTakenForAMarkOfMarkdown() {
    assertThat(SafeText.markdownCode("a|b`<c>\n"))
        .isEqualTo("<code>a&#124;b&#96;&#60;c&#62; </code>");
    assertThat(SafeText.markdownProse("@octocat #1 https://example.com"))
        .isEqualTo("&#64;&#8203;octocat &#35;&#8203;1 https&#58;//example.com");
  }

  @Test
  void markdownIsCutSoThatATableStaysReadable() {
    assertThat(SafeText.markdownProse("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
  }
}

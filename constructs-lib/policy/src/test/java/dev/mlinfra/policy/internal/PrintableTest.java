package dev.mlinfra.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void textStaysAsItIs() {
    assertThat(Printable.of("Größe 4 × 5 \"a\" 🙂")).isEqualTo("Größe 4 × 5 \"a\" 🙂");
  }

  @Test
  void whatATerminalWouldObeyIsWrittenOut() {
    assertThat(Printable.of("a\nb\u001b[31mc\u0085")).isEqualTo("a\\u000ab\\u001b[31mc\\u0085");
  }

  @Test
  void whatTurnsTextAroundIsWrittenOut() {
    assertThat(Printable.of("a\u202eb\u200b")).isEqualTo("a\\u202eb\\u200b");
  }
}

package dev.mlinfra.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`ab`           | 0",
        "`ab\n`         | 3",
        "`ab\ncd\nef`   | 6",
        "`ab\r`         | 0",
        "`ab\rc`        | 3",
        "`ab\r\nc`      | 4",
        "`\"a\nb\"`     | 0",
        "`\"a\nb\"\nc`  | 6",
        "`\"a\"\"\nb`   | 0",
        "`x\n\"a\nb`    | 2",
        // A quote within a cell is text, so the line ends after it.
        "`5\" a\nb\nc`  | 7",
        "`a,\"b\n\",c\n1` | 9",
        "`\"a\"\r`      | 0",
        "`\"a\"\r\n`    | 5",
        "`\"a\"\rb`     | 4",
        "`\n`           | 1",
        "`\"`           | 0",
        "`\"\"\n\"`     | 3"
      })
  void findsTheEndOfTheLastRecord(String text, int end) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(ChunkReader.endOfLastRecord(bytes, bytes.length)).isEqualTo(end);
  }

  @Test
  void cutsAtRecordsAndLosesNothing() {
    String text = "a,b\n1,\"x\ny\"\n22,3\r\n4,\"\"\n5,6";
    for (int size = 1; size <= text.length() + 1; size++) {
      assertThat(String.join("", chunks(text, size))).isEqualTo(text);
    }
    assertThat(chunks("a\nb\nc\nd", 4)).containsExactly("a\nb\n", "c\nd");
  }

  @Test
  void growsForALongRecord() {
    assertThat(chunks("a\n" + "x".repeat(100) + "\nb\n", 4))
        .containsExactly("a\n", "x".repeat(100) + "\nb\n");
  }

  @Test
  void refusesARecordThatIsTooLong() {
    assertThatThrownBy(() -> chunks("\"" + "x\n".repeat(2000), 4))
        .isInstanceOf(PredictionException.class)
        .hasMessageContainingAll("CSV_INVALID", "more than 1000 bytes", "quote");
  }

  @Test
  void findsABytesAnywhere() {
    for (int length = 1; length < 40; length++) {
      for (int place = 0; place < length; place++) {
        byte[] bytes = new byte[length + 8];
        bytes[place] = '"';
        assertThat(ChunkReader.contains(bytes, length, (byte) '"')).isTrue();
        bytes[place] = (byte) 0x80;
        assertThat(ChunkReader.contains(bytes, length, (byte) '"')).isFalse();
        assertThat(ChunkReader.isAscii(bytes, length)).isFalse();
        bytes[place] = 0;
        bytes[length] = '"';
        assertThat(ChunkReader.contains(bytes, length, (byte) '"')).isFalse();
        assertThat(ChunkReader.isAscii(bytes, length)).isTrue();
      }
    }
  }

  private static List<String> chunks(String text, int size) {
    ChunkReader reader =
        new ChunkReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), 1000);
    List<String> chunks = new ArrayList<>();
    Chunk chunk = new Chunk(size);
    while (reader.fill(chunk)) {
      chunks.add(new String(chunk.bytes, 0, chunk.length, StandardCharsets.UTF_8));
    }
    return chunks;
  }
}

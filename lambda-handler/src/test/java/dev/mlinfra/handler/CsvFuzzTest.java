package dev.mlinfra.handler;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Whatever a file holds, reading it gives what FastCSV gives, wherever chunks end. Runs the seeds
 * in each build; with {@code JAZZER_FUZZ=1} it searches.
 */
class CsvFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void readsWhatFastCsvReads(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    int chunkBytes = 1 + (bytes[0] & 0x3f);
    byte[] csv = new byte[bytes.length - 1];
    System.arraycopy(bytes, 1, csv, 0, csv.length);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(csv)).toString();
    } catch (CharacterCodingException e) {
      return; // refused before it is read, see ChunkPredictor
    }
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1); // left out by us, and not known to FastCSV
    }
    Optional<String> difference =
        CsvOracle.difference(CsvOracle.ours(csv, chunkBytes), CsvOracle.expected(text));
    if (difference.isPresent()) {
      throw new AssertionError("in chunks of " + chunkBytes + " bytes: " + difference.get());
    }
  }
}

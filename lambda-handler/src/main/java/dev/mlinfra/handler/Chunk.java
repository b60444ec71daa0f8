package dev.mlinfra.handler;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of some records. Reused from chunk to chunk. */
final class Chunk {
  byte[] bytes;
  int length;

  /** Makes an empty chunk with room for so many bytes. */
  Chunk(int capacity) {
    this.bytes = new byte[capacity];
  }

  void clear() {
    length = 0;
  }

  void append(byte[] source, int from, int count) {
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  void append(byte value) {
    ensure(1);
    bytes[length++] = value;
  }

  /** Appends a text of ASCII characters. */
  void appendAscii(String text) {
    int count = text.length();
    ensure(count);
    for (int i = 0; i < count; i++) {
      bytes[length + i] = (byte) text.charAt(i);
    }
    length += count;
  }

  /** Appends a cell of CSV: a number goes as it is, a text may need quotes. */
  void appendCell(String text) {
    boolean ascii = true;
    boolean special = text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ascii &= c < 128;
      special |= c == ',' || c == '"' || c == '\n' || c == '\r';
    }
    String cell = special ? '"' + text.replace("\"", "\"\"") + '"' : text;
    if (ascii) {
      appendAscii(cell);
    } else {
      byte[] utf8 = cell.getBytes(StandardCharsets.UTF_8);
      append(utf8, 0, utf8.length);
    }
  }

  /** Doubles the room. */
  void grow() {
    bytes = Arrays.copyOf(bytes, bytes.length * 2);
  }

  /** Keeps the first bytes and returns the others. */
  byte[] cut(int end) {
    byte[] rest = Arrays.copyOfRange(bytes, end, length);
    length = end;
    return rest;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}

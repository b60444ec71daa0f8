package dev.mlinfra.core;

/**
 * A place in a file.
 *
 * @param file the file as the user named it
 * @param line line, from 1
 * @param column column, from 1
 */
public record Position(String file, int line, int column) {

  /** {@code file:line:column}, which editors and terminals turn into a link. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}

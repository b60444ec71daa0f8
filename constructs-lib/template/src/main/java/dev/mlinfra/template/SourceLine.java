package dev.mlinfra.template;

/**
 * A line of the program that made a resource.
 *
 * @param className such as {@code com.example.DataStack}
 * @param method such as {@code <init>}
 * @param file such as {@code DataStack.java}; the compiler keeps no folder
 * @param line from 1
 */
public record SourceLine(String className, String method, String file, int line) {

  /** {@code com.example.DataStack.<init> (DataStack.java:14)}, as in a stack trace. */
  @Override
  public String toString() {
    return className + "." + method + " (" + file + ":" + line + ")";
  }
}

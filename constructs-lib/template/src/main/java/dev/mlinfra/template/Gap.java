package dev.mlinfra.template;

/**
 * Something that the model does not hold although it will be deployed: a rule that finds nothing
 * wrong can still not say that all is right.
 *
 * @param where the stack or resource
 * @param what what is not known, and why
 */
public record Gap(String where, String what) {
  @Override
  public String toString() {
    return where + ": " + what;
  }
}

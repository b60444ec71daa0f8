package dev.mlinfra.template;

/**
 * Names one resource of a model.
 *
 * @param stack id of its {@link Stack}, such as {@code dev/Data}
 * @param name its logical id (CloudFormation) or URN (Pulumi)
 */
public record ResourceId(String stack, String name) implements Comparable<ResourceId> {
  @Override
  public int compareTo(ResourceId other) {
    int byStack = stack.compareTo(other.stack);
    return byStack != 0 ? byStack : name.compareTo(other.name);
  }

  /** {@code dev/Data:Bucket}, or the URN, which names its stack itself. */
  @Override
  public String toString() {
    return name.startsWith("urn:") ? name : stack + ":" + name;
  }
}

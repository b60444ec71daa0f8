package dev.mlinfra.template;

import dev.mlinfra.core.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One resource as it was synthesised.
 *
 * @param id its name in the model
 * @param type such as {@code AWS::S3::Bucket} or {@code gcp:storage/bucket:Bucket}
 * @param properties its properties (CloudFormation) or inputs (Pulumi); a {@link Value.Mapping}
 *     unless a macro writes them
 * @param attributes everything else that stands beside them: {@code DeletionPolicy}, {@code
 *     UpdateReplacePolicy}, {@code DependsOn}, {@code Condition}, {@code Metadata} …, or Pulumi's
 *     {@code parent}, {@code dependencies}, {@code protect}, {@code outputs}, {@code op} …
 * @param constructPath where it stands in the program, such as {@code dev/Data/Bucket/Resource}
 * @param sourceTrace the lines of the program that made it, innermost first, without the frames of
 *     the CDK, jsii and the JDK; empty when the synthesis recorded none
 * @param position where it stands in its file
 */
public record Resource(
    ResourceId id,
    String type,
    Value properties,
    Map<String, Value> attributes,
    Optional<String> constructPath,
    List<SourceLine> sourceTrace,
    Optional<Position> position) {

  /** The package of this project's constructs for the CDK. */
  private static final String CONSTRUCTS = "dev.mlinfra.aws.";

  public Resource {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    sourceTrace = List.copyOf(sourceTrace);
  }

  /** A property by path; see {@link Value#at}. */
  public Value property(String path) {
    return properties.at(path);
  }

  /** The same resource with other properties. */
  public Resource withProperties(Value others) {
    return new Resource(id, type, others, attributes, constructPath, sourceTrace, position);
  }

  /** An attribute by name, such as {@code DeletionPolicy}. */
  public Value attribute(String name) {
    return attributes.getOrDefault(name, new Value.Missing());
  }

  /** The innermost line of the program that made it; it can be a line of a construct library. */
  public Optional<SourceLine> javaSource() {
    return sourceTrace.stream().findFirst();
  }

  /**
   * The line to show to a person: the innermost one outside of this project's own constructs, since
   * a user's line says more than the line of a construct that the user took.
   */
  public Optional<SourceLine> userSource() {
    return sourceTrace.stream()
        .filter(line -> !line.className().startsWith(CONSTRUCTS))
        .findFirst()
        .or(this::javaSource);
  }

  /** How to name it to a person: its construct path where there is one, else its id. */
  public String label() {
    return constructPath.orElseGet(id::toString);
  }
}

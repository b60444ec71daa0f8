package dev.mlinfra.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One template, or one Pulumi stack.
 *
 * @param id its name in the model: the path of a CDK stack ({@code dev/Data}, nested stacks below
 *     it), a template's file name without its ending, {@code project/stack} of Pulumi
 * @param name the stack's name at the provider, when known
 * @param account AWS account, when known
 * @param region AWS region, when known
 * @param nestedIn the resource that makes it, for a nested stack
 * @param file the file that it was read from, as the user named it
 * @param transforms macros that CloudFormation runs over the template first
 * @param parameters by name
 * @param mappings by name
 * @param conditions by name
 * @param resources by logical id or URN
 * @param outputs by name
 */
public record Stack(
    String id,
    Optional<String> name,
    Optional<String> account,
    Optional<String> region,
    Optional<ResourceId> nestedIn,
    String file,
    List<Value> transforms,
    Map<String, Parameter> parameters,
    Map<String, Value> mappings,
    Map<String, Value> conditions,
    Map<String, Resource> resources,
    Map<String, Output> outputs) {

  public Stack {
    transforms = List.copyOf(transforms);
    parameters = ordered(parameters);
    mappings = ordered(mappings);
    conditions = ordered(conditions);
    resources = ordered(resources);
    outputs = ordered(outputs);
  }

  /** The same stack with other resources. */
  public Stack withResources(Map<String, Resource> others) {
    return new Stack(
        id,
        name,
        account,
        region,
        nestedIn,
        file,
        transforms,
        parameters,
        mappings,
        conditions,
        others,
        outputs);
  }

  private static <T> Map<String, T> ordered(Map<String, T> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}

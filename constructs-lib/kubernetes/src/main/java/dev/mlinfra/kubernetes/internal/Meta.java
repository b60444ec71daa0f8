package dev.mlinfra.kubernetes.internal;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.mlinfra.core.CostTags;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a component's objects. Their names are given, not made up by Pulumi: roles,
 * policies and people refer to them.
 *
 * @param owner name of the component
 * @param tags the cost tags
 */
public record Meta(String owner, Optional<CostTags> tags) {

  /** Of an object of a namespace. */
  public ObjectMetaArgs in(Output<String> namespace, String name) {
    return in(namespace, name, Map.of());
  }

  /** Of an object of a namespace, with annotations. */
  public ObjectMetaArgs in(Output<String> namespace, String name, Map<String, String> annotations) {
    ObjectMetaArgs.Builder built =
        ObjectMetaArgs.builder().name(name).namespace(namespace).labels(Labels.of(owner, tags));
    if (!annotations.isEmpty()) {
      built.annotations(annotations);
    }
    return built.build();
  }

  /** Of a workload's pods. */
  public ObjectMetaArgs ofPods() {
    return ObjectMetaArgs.builder().labels(Labels.of(owner, tags)).build();
  }

  /** What finds those pods. */
  public LabelSelectorArgs selector() {
    return LabelSelectorArgs.builder().matchLabels(Labels.selector(owner)).build();
  }
}

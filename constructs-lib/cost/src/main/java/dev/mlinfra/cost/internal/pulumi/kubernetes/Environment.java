package dev.mlinfra.cost.internal.pulumi.kubernetes;

import dev.mlinfra.cost.internal.pulumi.Inputs;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import java.util.stream.Stream;

/** What stands beside a resource. */
final class Environment {
  private Environment() {}

  /** All resources of the same environment, also those of other stacks. */
  static Stream<Resource> resources(Inputs in) {
    Model model = in.bill().model().model();
    String environment = model.environment(in.resource().id().stack());
    return in.bill().model().resources().stream()
        .filter(it -> model.environment(it.id().stack()).equals(environment));
  }
}

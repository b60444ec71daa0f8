package dev.mlinfra.cost.internal.aws;

import dev.mlinfra.cost.internal.Bill;
import dev.mlinfra.template.ResolvedModel;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The other resources of an environment, and which of them names which. */
final class Siblings {
  /** Properties that give a resource the name by which others write it. */
  private static final Set<String> NAMES =
      Set.of(
          "FunctionName",
          "QueueName",
          "ServiceName",
          "EndpointName",
          "EndpointConfigName",
          "ComputeEnvironmentName",
          "Family",
          "LaunchTemplateName",
          "LaunchConfigurationName");

  private Siblings() {}

  /** The resources of these types in the environment of the one that is priced. */
  static List<Resource> of(Bill bill, String... types) {
    ResolvedModel model = bill.model();
    String environment = environment(bill, bill.resource());
    return model.resources(types).stream()
        .filter(resource -> environment(bill, resource).equals(environment))
        .toList();
  }

  private static String environment(Bill bill, Resource resource) {
    return bill.model().model().environment(resource.id().stack());
  }

  /** Whether a value names a resource, by a reference or by its written name. */
  static boolean names(Bill bill, Value value, Resource target) {
    if (refersTo(value, target)) {
      return true;
    }
    Optional<String> written = value.asText();
    return written.isPresent()
        && NAMES.stream()
            .map(name -> bill.model().property(target, name).asText())
            .anyMatch(name -> name.isPresent() && isOf(written.get(), name.get()));
  }

  /** What properties hold is resolved already, so that references stand in it as such. */
  private static boolean refersTo(Value value, Resource target) {
    return value instanceof Value.Reference reference
        ? reference.resource().equals(target.id())
        : value.children().stream().anyMatch(child -> refersTo(child, target));
  }

  /** A name alone, or the end of an ARN or path. */
  private static boolean isOf(String written, String name) {
    return written.equals(name) || written.endsWith(":" + name) || written.endsWith("/" + name);
  }

  /** The resource of these types that a value names. */
  static Optional<Resource> named(Bill bill, Value value, String... types) {
    if (value.isMissing()) {
      return Optional.empty();
    }
    return of(bill, types).stream().filter(target -> names(bill, value, target)).findFirst();
  }
}

package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import java.util.List;
import java.util.Optional;

/** The queues of a model that feed functions. */
final class QueueSources {
  /**
   * A queue that feeds a function.
   *
   * @param mapping what takes messages from the one to the other
   * @param queue the queue
   * @param function the function, if it is of this model
   */
  record Source(Resource mapping, Resource queue, Optional<Resource> function) {}

  private final List<Source> all;

  private QueueSources(Inspection inspection) {
    all =
        inspection.resources("AWS::Lambda::EventSourceMapping").stream()
            .flatMap(mapping -> of(mapping, inspection).stream())
            .toList();
  }

  static List<Source> of(Inspection inspection) {
    return inspection.prepared(QueueSources.class, QueueSources::new).all;
  }

  private static Optional<Source> of(Resource mapping, Inspection inspection) {
    return inspection
        .named(inspection.property(mapping, "EventSourceArn"))
        .filter(source -> source.type().equals("AWS::SQS::Queue"))
        .map(
            queue ->
                new Source(
                    mapping,
                    queue,
                    Functions.of(inspection)
                        .function(inspection.property(mapping, "FunctionName"))));
  }
}

package dev.mlinfra.policy.internal.reliability;

import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Lambda functions of a model, by what names them: themselves, versions and aliases. */
final class Functions {
  /** What is called without a version or an alias. */
  static final String LATEST = "$LATEST";

  /** A qualifier that only the deployment knows. */
  static final String UNKNOWN = "";

  private static final String TYPE = "AWS::Lambda::Function";
  private static final String ALIAS = "AWS::Lambda::Alias";
  private static final String VERSION = "AWS::Lambda::Version";

  /**
   * What is called.
   *
   * @param function the function
   * @param qualifier the name of the alias, the id of the version, {@link #LATEST} or {@link
   *     #UNKNOWN}
   */
  record Called(Resource function, String qualifier) {}

  private final Inspection inspection;
  private final Map<String, Resource> byName = new HashMap<>();

  private Functions(Inspection inspection) {
    this.inspection = inspection;
    for (Resource function : inspection.resources(TYPE)) {
      inspection
          .property(function, "FunctionName")
          .asText()
          .ifPresent(name -> byName.put(name, function));
    }
  }

  static Functions of(Inspection inspection) {
    return inspection.prepared(Functions.class, Functions::new);
  }

  /** What a name or ARN calls, if it is of this model. */
  Optional<Called> called(Value name) {
    if (name instanceof Value.Join join
        && join.delimiter().isEmpty()
        && join.parts() instanceof Value.Sequence parts) {
      return qualified(parts.items());
    }
    Optional<Resource> meant = inspection.named(name).or(() -> name.asText().map(byName::get));
    if (meant.isEmpty()) {
      return Optional.empty();
    }
    Resource resource = meant.get();
    return switch (resource.type()) {
      case TYPE -> Optional.of(new Called(resource, LATEST));
      case ALIAS, VERSION ->
          function(inspection.property(resource, "FunctionName"))
              .map(function -> new Called(function, qualifier(resource)));
      default -> Optional.empty();
    };
  }

  /** The ARN of a function, a colon and an alias. */
  private Optional<Called> qualified(List<Value> parts) {
    return parts.size() == 2 && parts.get(1) instanceof Value.Text text
        ? function(parts.get(0))
            .filter(function -> text.text().startsWith(":"))
            .map(function -> new Called(function, text.text().substring(1)))
        : Optional.empty();
  }

  /** The function that a name or ARN means, whatever the version. */
  Optional<Resource> function(Value name) {
    return inspection.named(name).filter(it -> it.type().equals(TYPE)).isPresent()
        ? inspection.named(name)
        : called(name).map(Called::function);
  }

  /** The qualifier that stands in a property, in the words of {@link Called}. */
  String qualifier(Value given) {
    Optional<Resource> named = inspection.named(given);
    return given.asText().or(() -> named.map(this::qualifier)).orElse(UNKNOWN);
  }

  private String qualifier(Resource aliasOrVersion) {
    return aliasOrVersion.type().equals(ALIAS)
        ? inspection.property(aliasOrVersion, "Name").asText().orElse(UNKNOWN)
        : aliasOrVersion.id().toString();
  }
}

package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Secrets;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Map;

/** No secret stands in clear in the state. */
final class SecretInput implements Rule {
  /** Where a type has its secret although the name does not say so. */
  private static final Map<String, String> TYPICAL =
      Map.of(
          "azure-native:keyvault:Secret", "properties.value",
          "azure:keyvault/secret:Secret", "value",
          "runpod:index:Secret", "value");

  private static final String PARAMETER = "aws:ssm/parameter:Parameter";

  @Override
  public String id() {
    return "mlinfra::clouds.secret-input";
  }

  @Override
  public String requirement() {
    return "Inputs that are secrets by their names are secrets of Pulumi.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    CloudResources.byType(inspection)
        .forEach(
            (type, resources) -> {
              // Pods and secrets of Kubernetes have a rule of their own.
              if (!type.startsWith("kubernetes:")) {
                for (Resource resource : resources) {
                  Walk walk = new Walk(resource, outcomes);
                  walk.typical(type, inspection);
                  walk.entries("", inspection.properties(resource));
                }
              }
            });
  }

  /** Goes through the inputs of one resource. What stands there is never shown. */
  private record Walk(Resource resource, Outcomes.Of outcomes) {

    void typical(String type, Inspection inspection) {
      Value kind = inspection.property(resource, "type");
      boolean secure =
          type.equals(PARAMETER) && kind.asText().filter("SecureString"::equals).isPresent();
      String path = secure ? "value" : TYPICAL.get(type);
      if (path != null) {
        say(path, inspection.property(resource, path));
      }
    }

    void entries(String at, Value value) {
      Map<String, Value> entries = value.asMap();
      entries.forEach(
          (name, entry) -> {
            String path = at + (at.isEmpty() ? "" : ".") + name;
            if (isSecret(name)) {
              say(path, entry);
            }
            entries(path, entry);
          });
      // A variable of an environment: {name: HF_TOKEN, value: …}.
      for (String key : List.of("name", "key")) {
        Value name = value.entry(key);
        if (name.asText().filter(Secrets::isName).isPresent()) {
          say(at + ".value", value.entry("value"));
        }
      }
      List<Value> items = value.asList();
      for (int i = 0; i < items.size(); i++) {
        entries(at + "[" + i + "]", items.get(i));
      }
    }

    /** Google Cloud calls the name of a secret {@code secret}. */
    private boolean isSecret(String name) {
      boolean isName = name.equals("secret") && resource.type().startsWith("gcp:");
      return name.equals("secureValue") || (Secrets.isName(name) && !isName);
    }

    private void say(String at, Value value) {
      Secrets.kept(value)
          .ifPresent(
              verdict ->
                  outcomes.say(
                      verdict,
                      resource,
                      at,
                      new Value.Missing(),
                      verdict == Verdict.UNDECIDED
                          ? "may stand in clear in the state"
                          : "stands in clear in the state",
                      "make it a secret of Pulumi: Output.ofSecret or requireSecret"));
    }
  }
}

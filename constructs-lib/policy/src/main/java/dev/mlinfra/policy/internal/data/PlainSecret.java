package dev.mlinfra.policy.internal.data;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.policy.internal.Secrets;
import dev.mlinfra.template.Context;
import dev.mlinfra.template.Output;
import dev.mlinfra.template.Parameter;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** No secret stands in a template in clear: it would be in the repository, the stack and logs. */
final class PlainSecret implements Rule {
  /** Properties that are secrets whatever they hold. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "AWS::RDS::DBInstance", "MasterUserPassword",
          "AWS::RDS::DBCluster", "MasterUserPassword",
          "AWS::Redshift::Cluster", "MasterUserPassword",
          "AWS::DocDB::DBCluster", "MasterUserPassword",
          "AWS::SecretsManager::Secret", "SecretString",
          "AWS::ElastiCache::ReplicationGroup", "AuthToken",
          "AWS::DMS::Endpoint", "Password",
          "AWS::IAM::User", "LoginProfile.Password");

  /**
   * Where variables are kept, in small letters: CloudFormation writes capitals, Pulumi does not.
   */
  private static final Set<String> ENVIRONMENTS =
      Set.of("environment", "environmentvariables", "variables", "env", "envs");

  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?m)(?:^|[\\s;])([A-Za-z_]\\w*)=[\"']?([^\\s\"'`;]+)");

  private static final String FIX =
      "keep it in Secrets Manager and give its ARN; revoke this one, for templates are kept";

  @Override
  public String id() {
    return "mlinfra::data.plain-secret";
  }

  @Override
  public String requirement() {
    return "No secret stands in a template in clear.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    Set<String> withDefaults = new HashSet<>();
    for (Parameter parameter : inspection.model().parameters()) {
      if (parameter.defaultValue().isPresent() && !parameter.isLookup()) {
        withDefaults.add(parameter.stack());
      }
    }
    for (Resource resource : inspection.resources()) {
      Context context = inspection.context(resource);
      // A default is not written here: it is told of where it stands, with its parameter.
      Value properties =
          withDefaults.contains(resource.id().stack())
              ? context.withoutDefaults().resolve(resource.properties())
              : inspection.properties(resource);
      new Search(resource, properties, context, outcomes).start();
    }
    for (Parameter parameter : inspection.model().parameters()) {
      parameter(parameter, outcomes);
    }
    for (Output output : inspection.model().outputs()) {
      output(output, inspection, outcomes);
    }
  }

  private static final class Search {
    private final Resource resource;
    private final Value properties;
    private final Context context;
    private final Outcomes.Of outcomes;

    /** Where the search is: names of properties, and positions in lists. */
    private final Deque<String> path = new ArrayDeque<>();

    Search(Resource resource, Value properties, Context context, Outcomes.Of outcomes) {
      this.resource = resource;
      this.properties = properties;
      this.context = context;
      this.outcomes = outcomes;
    }

    void start() {
      String secret = PROPERTIES.get(resource.type());
      if (secret != null) {
        named(secret, secret, properties.at(secret));
      }
      if (resource.type().equals("AWS::SSM::Parameter")) {
        String name = properties.entry("Name").asText().orElse("");
        if (Secrets.isName(name.substring(name.lastIndexOf('/') + 1))) {
          named("Value", name, properties.entry("Value"));
        }
      }
      walk(properties);
    }

    private void walk(Value value) {
      if (value instanceof Value.Mapping mapping) {
        mapping.entries().forEach(this::entry);
      } else if (value instanceof Value.Sequence sequence) {
        for (int i = 0; i < sequence.items().size(); i++) {
          path.addLast("[" + i + "]");
          walk(sequence.items().get(i));
          path.removeLast();
        }
      } else if (value instanceof Value.Text text) {
        Secrets.form(text.text())
            .ifPresent(
                what -> violated(at(""), hidden("", text.text()), "holds " + what + " in clear"));
      } else {
        value.children().forEach(this::walk);
      }
    }

    private void entry(String key, Value value) {
      path.addLast("." + key);
      if (ENVIRONMENTS.contains(key.toLowerCase(Locale.ROOT))) {
        environment(value);
      }
      if (key.equalsIgnoreCase("UserData")) {
        script(value);
      }
      walk(value);
      path.removeLast();
    }

    /** The path of something below where the search is. */
    private String at(String below) {
      return (String.join("", path) + below).substring(1);
    }

    private void violated(String at, Value given, String problem) {
      outcomes.violated(resource, at, given, problem, FIX);
    }

    /** Variables by name, or a list of names and values. */
    private void environment(Value environment) {
      environment
          .asMap()
          .forEach(
              (name, value) -> {
                if (Secrets.isName(name)) {
                  named(at("." + name), name, value);
                }
              });
      List<Value> list = environment.asList();
      for (int i = 0; i < list.size(); i++) {
        String name = first(list.get(i), "Name", "name", "key").asText().orElse("");
        Value type = first(list.get(i), "Type", "type");
        boolean isReference = !type.isMissing() && !type.equals(new Value.Text("PLAINTEXT"));
        if (Secrets.isName(name) && !isReference) {
          named(at("[" + i + "]"), name, first(list.get(i), "Value", "value"));
        }
      }
    }

    private static Value first(Value value, String... names) {
      return Arrays.stream(names)
          .map(value::entry)
          .filter(it -> !it.isMissing())
          .findFirst()
          .orElseGet(Value.Missing::new);
    }

    private void script(Value script) {
      for (Value part : texts(script)) {
        Matcher assignments = ASSIGNMENT.matcher(part.asText().orElse(""));
        while (assignments.find()) {
          String name = assignments.group(1);
          String text = assignments.group(2);
          if (Secrets.isName(name) && Secrets.isSecret(text) && Secrets.form(text).isEmpty()) {
            violated(at(""), hidden(name, text), "sets " + name + " in clear");
          }
        }
      }
    }

    private static List<Value> texts(Value value) {
      return value instanceof Value.Text
          ? List.of(value)
          : value.children().stream().flatMap(it -> texts(it).stream()).toList();
    }

    /** A value under the name of a secret. */
    private void named(String at, String name, Value value) {
      for (Value each : value.alternatives()) {
        Optional<String> text = each.asText();
        if (text.isPresent()) {
          if (Secrets.isSecret(text.get()) && Secrets.form(text.get()).isEmpty()) {
            violated(at, hidden(name, text.get()), "holds a secret in clear");
          } else {
            outcomes.compliant(resource, at);
          }
        } else if (isGivenInClear(each)) {
          outcomes.undecided(
              resource,
              at,
              each,
              "whether " + name + " is a secret in clear is known only when deployed",
              FIX);
        } else if (!each.isMissing()) {
          outcomes.compliant(resource, at);
        }
      }
    }

    /** A parameter is shown to everyone unless it says NoEcho; a reference is only a name. */
    private boolean isGivenInClear(Value value) {
      if (value instanceof Value.Ref ref) {
        Parameter parameter = context.stack().parameters().get(ref.name());
        return parameter != null && !parameter.isSecret() && !parameter.isLookup();
      }
      return value instanceof Value.ImportValue || value instanceof Value.Unknown;
    }
  }

  private static void parameter(Parameter parameter, Outcomes.Of outcomes) {
    Value value = parameter.defaultValue().orElseGet(Value.Missing::new);
    String where = parameter.stack() + ": parameter " + parameter.name();
    Optional<String> text = value.asText().filter(it -> !parameter.isLookup());
    Optional<String> form = text.flatMap(Secrets::form);
    if (form.isPresent()) {
      outcomes.say(Verdict.VIOLATED, where, "its default is " + form.get() + " in clear", FIX);
    } else if (value instanceof Value.Secret) {
      outcomes.say(
          Verdict.UNDECIDED,
          where,
          "its default stands in the template in clear, unless it is a placeholder",
          "take the default out and give the value when deploying");
    } else if (parameter.isSecret() && text.isPresent()) {
      outcomes.say(Verdict.COMPLIANT, where, "", "");
    } else if (text.filter(Secrets::isSecret).isPresent() && Secrets.isName(parameter.name())) {
      outcomes.say(
          Verdict.VIOLATED,
          where,
          "its default is a secret in clear (" + text.get().length() + " characters)",
          "take the default out, set NoEcho and give the value when deploying");
    }
  }

  private static void output(Output output, Inspection inspection, Outcomes.Of outcomes) {
    Value value = inspection.model().contextOf(output.stack()).resolve(output.value());
    Optional<String> text = value.asText();
    Optional<String> form = text.flatMap(Secrets::form);
    boolean isNamed =
        text.isPresent() && Secrets.isName(output.name()) && Secrets.isSecret(text.get());
    if (form.isPresent() || isNamed) {
      outcomes.say(
          Verdict.VIOLATED,
          output.stack() + ": output " + output.name(),
          "gives out " + form.orElse("a secret") + " in clear",
          FIX);
    }
  }

  /** How a secret is shown: never itself. */
  private static Value hidden(String name, String text) {
    return new Value.Text((name + " (" + text.length() + " characters)").strip());
  }
}

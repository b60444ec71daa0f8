package dev.mlinfra.policy;

import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Statement;
import dev.mlinfra.policy.internal.Statements;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may do what, as the CloudFormation templates of a model say; each list is sorted and has no
 * line twice.
 *
 * @param identity what identities may do: inline policies, attached ones, managed ones. A managed
 *     policy that the model does not hold is one line with the action {@code managed policy}
 * @param trust who may take on a role; the resource is the role
 * @param resource what policies of resources say, such as a bucket's or a key's
 */
public record Permissions(List<Grant> identity, List<Grant> trust, List<Grant> resource) {

  public Permissions {
    identity = List.copyOf(new TreeSet<>(identity));
    trust = List.copyOf(new TreeSet<>(trust));
    resource = List.copyOf(new TreeSet<>(resource));
  }

  /** The permissions of a model; what conditions leave out as things are counts too. */
  public static Permissions of(Model model) {
    return new Reader(Inspection.ofEverything(model)).permissions();
  }

  /** The file to review: identities first, then who takes on roles. */
  public String text() {
    return section("# identity | action | resource | condition", identity)
        + "\n"
        + section("# who takes it on | action | role | condition", trust);
  }

  private static String section(String head, List<Grant> grants) {
    return Stream.concat(Stream.of(head), grants.stream().map(Grant::toString))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** Writes statements out, one line for each identity, action and resource. */
  private record Reader(Inspection inspection) {
    private static final String MANAGED_POLICY = "AWS::IAM::ManagedPolicy";

    /** How a policy says whose it is, by its type. */
    private static final Map<String, List<String>> HOLDERS =
        Map.of(
            "AWS::IAM::Policy",
            List.of("Roles", "Users", "Groups"),
            MANAGED_POLICY,
            List.of("Roles", "Users", "Groups"),
            "AWS::IAM::RolePolicy",
            List.of("RoleName"),
            "AWS::IAM::UserPolicy",
            List.of("UserName"),
            "AWS::IAM::GroupPolicy",
            List.of("GroupName"));

    Permissions permissions() {
      List<Grant> identity = new ArrayList<>();
      List<Grant> trust = new ArrayList<>();
      List<Grant> resources = new ArrayList<>();
      for (Statement statement : Statements.of(inspection)) {
        String self = statement.resource().id().toString();
        switch (statement.kind()) {
          case IDENTITY, BOUNDARY -> identity.addAll(grants(statement, holders(statement), ""));
          case TRUST -> trust.addAll(grants(statement, principals(statement), self));
          case RESOURCE -> resources.addAll(grants(statement, principals(statement), self));
        }
      }
      for (Resource holder :
          inspection.resources("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")) {
        for (Value arn : Decide.items(inspection.property(holder, "ManagedPolicyArns"))) {
          if (!isOfTheModel(arn)) {
            identity.add(
                new Grant(holder.id().toString(), "managed policy", show(arn, holder), ""));
          }
        }
      }
      for (Resource permission : inspection.resources("AWS::Lambda::Permission")) {
        resources.add(invocation(permission));
      }
      return new Permissions(identity, trust, resources);
    }

    private boolean isOfTheModel(Value arn) {
      return inspection.named(arn).filter(it -> it.type().equals(MANAGED_POLICY)).isPresent();
    }

    /** Who has the policy that a statement stands in. */
    private Set<String> holders(Statement statement) {
      Resource policy = statement.resource();
      Set<String> holders = new TreeSet<>();
      for (String property : HOLDERS.getOrDefault(policy.type(), List.of())) {
        for (Value holder : Decide.items(inspection.property(policy, property))) {
          holders.add(
              inspection
                  .named(holder)
                  .map(it -> it.id().toString())
                  .orElseGet(() -> show(holder, policy)));
        }
      }
      // What nobody has yet can be attached later, by someone else.
      if (holders.isEmpty() && policy.type().equals(MANAGED_POLICY)) {
        holders.add("whoever has " + policy.id());
      }
      statement.identities().stream().map(ResourceId::toString).forEach(holders::add);
      return holders;
    }

    private Set<String> principals(Statement statement) {
      String name = statement.entry("NotPrincipal").isMissing() ? "Principal" : "NotPrincipal";
      String all = name.equals("Principal") ? "" : "all but ";
      Value principal = statement.entry(name);
      Set<String> principals = new TreeSet<>();
      if (principal instanceof Value.Mapping kinds) {
        kinds
            .entries()
            .forEach(
                (kind, who) ->
                    Decide.items(who)
                        .forEach(one -> principals.add(all + kind + " " + show(one, statement))));
      } else {
        principals.add(all + show(principal, statement));
      }
      return principals;
    }

    /**
     * The lines of a statement.
     *
     * @param self what {@code *} and no resource mean in the policy of a resource; empty for the
     *     policy of an identity
     */
    private List<Grant> grants(Statement statement, Set<String> principals, String self) {
      List<Grant> grants = new ArrayList<>();
      String condition = condition(statement);
      List<String> resources = texts(statement, "Resource", "NotResource");
      if (!self.isEmpty() && (resources.isEmpty() || resources.equals(List.of("*")))) {
        resources = List.of(self);
      }
      for (String principal : principals) {
        for (String action : texts(statement, "Action", "NotAction")) {
          for (String resource : resources) {
            grants.add(
                new Grant(
                    principal, statement.allow() ? action : "deny " + action, resource, condition));
          }
        }
      }
      return grants;
    }

    private List<String> texts(Statement statement, String name, String opposite) {
      Value allBut = statement.entry(opposite);
      // Of a statement that only the deployment knows nobody can say what it leaves out.
      if (allBut.isMissing() || allBut instanceof Value.Unknown) {
        return Decide.items(statement.entry(name)).stream().map(it -> show(it, statement)).toList();
      }
      return List.of("all but " + sorted(allBut, statement, ", "));
    }

    private String condition(Statement statement) {
      List<String> parts = new ArrayList<>();
      statement
          .entry("Condition")
          .asMap()
          .forEach(
              (operator, keys) ->
                  keys.asMap()
                      .forEach(
                          (key, values) ->
                              parts.add(
                                  operator
                                      + " "
                                      + key
                                      + " = "
                                      + sorted(values, statement, " or "))));
      return parts.stream().sorted().collect(Collectors.joining("; "));
    }

    private String sorted(Value values, Statement statement, String delimiter) {
      return Decide.items(values).stream()
          .map(it -> show(it, statement))
          .sorted()
          .collect(Collectors.joining(delimiter));
    }

    private Grant invocation(Resource permission) {
      List<String> conditions = new ArrayList<>();
      for (String name : List.of("SourceAccount", "SourceArn", "PrincipalOrgID")) {
        Value value = inspection.property(permission, name);
        if (!value.isMissing()) {
          conditions.add(name + " = " + show(value, permission));
        }
      }
      return new Grant(
          show(inspection.property(permission, "Principal"), permission),
          show(inspection.property(permission, "Action"), permission),
          show(inspection.property(permission, "FunctionName"), permission),
          String.join("; ", conditions));
    }

    private String show(Value value, Statement statement) {
      return show(value, statement.resource());
    }

    private String show(Value value, Resource resource) {
      return value.resolvedText(inspection.context(resource)).toString();
    }
  }
}

package dev.mlinfra.testkit;

import dev.mlinfra.template.Context;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** Types with a policy of their own, by the property that holds it. */
  private static final Map<String, String> WITH_POLICY =
      Map.ofEntries(
          Map.entry("AWS::DynamoDB::Table", "ResourcePolicy.PolicyDocument"),
          Map.entry("AWS::EC2::VPCEndpoint", "PolicyDocument"),
          Map.entry("AWS::ECR::Repository", "RepositoryPolicyText"),
          Map.entry("AWS::EFS::FileSystem", "FileSystemPolicy"),
          Map.entry("AWS::KMS::Key", "KeyPolicy"),
          Map.entry("AWS::OpenSearchService::Domain", "AccessPolicies"),
          Map.entry("AWS::S3::AccessPoint", "Policy"),
          Map.entry("AWS::S3::BucketPolicy", "PolicyDocument"),
          Map.entry("AWS::SNS::TopicPolicy", "PolicyDocument"),
          Map.entry("AWS::SQS::QueuePolicy", "PolicyDocument"),
          Map.entry("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"));

  private static final List<String> ATTACHED_TO = List.of("Roles", "Users", "Groups");

  public Permissions {
    identity = List.copyOf(new TreeSet<>(identity));
    trust = List.copyOf(new TreeSet<>(trust));
    resource = List.copyOf(new TreeSet<>(resource));
  }

  /** The permissions of a model. */
  public static Permissions of(Model model) {
    List<Grant> identity = new ArrayList<>();
    List<Grant> trust = new ArrayList<>();
    List<Grant> resources = new ArrayList<>();
    for (Resource resource : model.resources()) {
      Context context = model.contextOf(resource);
      switch (resource.type()) {
        case "AWS::IAM::Role" -> {
          identity(resource, context, identity);
          document(resource.property("AssumeRolePolicyDocument"), context)
              .forEach(it -> trust.addAll(it.grants(Optional.empty(), resource.id().toString())));
        }
        case "AWS::IAM::User", "AWS::IAM::Group" -> identity(resource, context, identity);
        case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy" -> attached(resource, context, identity);
        case "AWS::IAM::RolePolicy" ->
            policy(named(resource, "RoleName", context), resource, context, identity);
        case "AWS::IAM::UserPolicy" ->
            policy(named(resource, "UserName", context), resource, context, identity);
        case "AWS::IAM::GroupPolicy" ->
            policy(named(resource, "GroupName", context), resource, context, identity);
        case "AWS::Lambda::Permission" -> resources.add(invocation(resource, context));
        default -> {
          String path = WITH_POLICY.get(resource.type());
          if (path != null) {
            document(resource.property(path), context)
                .forEach(
                    it -> resources.addAll(it.grants(Optional.empty(), resource.id().toString())));
          }
        }
      }
    }
    return new Permissions(identity, trust, resources);
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

  private static void identity(Resource identity, Context context, List<Grant> into) {
    String principal = identity.id().toString();
    for (Value policy : each(identity.property("Policies"), context)) {
      document(policy.entry("PolicyDocument"), context)
          .forEach(it -> into.addAll(it.grants(Optional.of(principal), "")));
    }
    for (Value arn : each(identity.property("ManagedPolicyArns"), context)) {
      into.addAll(managed(principal, arn, context));
    }
  }

  /** The grants of a managed policy, which can be a resource of the model. */
  private static List<Grant> managed(String principal, Value arn, Context context) {
    Optional<Resource> policy =
        reference(arn)
            .flatMap(context.model()::resource)
            .filter(it -> it.type().equals("AWS::IAM::ManagedPolicy"));
    if (policy.isEmpty()) {
      return List.of(new Grant(principal, "managed policy", show(arn, context), ""));
    }
    List<Grant> grants = new ArrayList<>();
    policy(List.of(principal), policy.get(), context.model().contextOf(policy.get()), grants);
    return grants;
  }

  private static void attached(Resource policy, Context context, List<Grant> into) {
    List<String> principals = new ArrayList<>();
    for (String property : ATTACHED_TO) {
      each(policy.property(property), context)
          .forEach(identity -> principals.add(identity(identity, context)));
    }
    // What nobody has yet can be attached later, by someone else.
    boolean nobody = principals.isEmpty() && policy.type().equals("AWS::IAM::ManagedPolicy");
    policy(nobody ? List.of("whoever has " + policy.id()) : principals, policy, context, into);
  }

  private static List<String> named(Resource policy, String property, Context context) {
    return List.of(identity(context.resolve(policy.property(property)), context));
  }

  private static void policy(
      List<String> principals, Resource policy, Context context, List<Grant> into) {
    for (Statement statement : document(policy.property("PolicyDocument"), context)) {
      principals.forEach(it -> into.addAll(statement.grants(Optional.of(it), "")));
    }
  }

  private static Grant invocation(Resource permission, Context context) {
    List<String> conditions = new ArrayList<>();
    for (String name : List.of("SourceAccount", "SourceArn", "PrincipalOrgID")) {
      Value value = permission.property(name);
      if (!value.isMissing()) {
        conditions.add(name + " = " + show(value, context));
      }
    }
    return new Grant(
        show(permission.property("Principal"), context),
        show(permission.property("Action"), context),
        show(permission.property("FunctionName"), context),
        String.join("; ", conditions));
  }

  /** One statement, and what evaluates it. */
  private record Statement(Value value, Context context) {

    /**
     * @param identity who has the policy; empty for a policy that names its principals
     * @param self the resource whose own policy it is: what {@code *} and no resource mean there;
     *     empty for the policy of an identity
     */
    List<Grant> grants(Optional<String> identity, String self) {
      boolean denied = value.entry("Effect").asText().orElse("").equals("Deny");
      List<Grant> grants = new ArrayList<>();
      for (String principal : identity.map(List::of).orElseGet(this::principals)) {
        for (String action : texts("Action", "NotAction")) {
          for (String on : resources(self)) {
            grants.add(new Grant(principal, denied ? "deny " + action : action, on, condition()));
          }
        }
      }
      return grants;
    }

    private List<String> resources(String self) {
      List<String> named = texts("Resource", "NotResource");
      boolean itself = named.isEmpty() || named.equals(List.of("*"));
      return !self.isEmpty() && itself ? List.of(self) : named;
    }

    private List<String> texts(String name, String opposite) {
      if (value.entry(opposite).isMissing()) {
        return each(value.entry(name), context).stream().map(it -> show(it, context)).toList();
      }
      return List.of(
          "all but "
              + each(value.entry(opposite), context).stream()
                  .map(it -> show(it, context))
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }

    private List<String> principals() {
      String name = value.entry("NotPrincipal").isMissing() ? "Principal" : "NotPrincipal";
      String all = name.equals("Principal") ? "" : "all but ";
      Value principal = context.resolve(value.entry(name));
      if (!(principal instanceof Value.Mapping)) {
        return List.of(all + show(principal, context));
      }
      List<String> found = new ArrayList<>();
      principal
          .asMap()
          .forEach(
              (kind, who) ->
                  each(who, context)
                      .forEach(one -> found.add(all + kind + " " + show(one, context))));
      return found;
    }

    private String condition() {
      List<String> parts = new ArrayList<>();
      context
          .resolve(value.entry("Condition"))
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
                                      + each(values, context).stream()
                                          .map(it -> show(it, context))
                                          .sorted()
                                          .collect(Collectors.joining(" or ")))));
      return parts.stream().sorted().collect(Collectors.joining("; "));
    }
  }

  private static List<Statement> document(Value document, Context context) {
    return each(context.resolve(document).entry("Statement"), context).stream()
        .map(statement -> new Statement(statement, context))
        .toList();
  }

  /** The items of a list or the one value, every branch of conditions taken. */
  private static List<Value> each(Value value, Context context) {
    return context.resolve(value).alternatives().stream()
        .flatMap(it -> it.oneOrMany().stream())
        .flatMap(it -> it.alternatives().stream())
        .filter(it -> !it.isMissing())
        .toList();
  }

  private static String identity(Value value, Context context) {
    return reference(value).map(ResourceId::toString).orElseGet(() -> show(value, context));
  }

  private static Optional<ResourceId> reference(Value value) {
    return value instanceof Value.Reference reference
        ? Optional.of(reference.resource())
        : Optional.empty();
  }

  private static String show(Value value, Context context) {
    return value.resolvedText(context).toString();
  }
}

package dev.mlinfra.policy.internal;

import dev.mlinfra.policy.internal.Statement.Kind;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every statement of every policy in a model; see {@link #of}. */
public final class Statements {
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
  private static final String MANAGED_POLICY = "AWS::IAM::ManagedPolicy";

  private final Inspection inspection;
  private final List<Statement> all = new ArrayList<>();

  private Statements(Inspection inspection) {
    this.inspection = inspection;
    for (Resource resource : inspection.resources()) {
      read(resource);
    }
  }

  /** Every statement of every policy, in the order of the model. */
  public static List<Statement> of(Inspection inspection) {
    return List.copyOf(inspection.prepared(Statements.class, Statements::new).all);
  }

  /** The statements of some kinds. */
  public static List<Statement> of(Inspection inspection, Kind... kinds) {
    Set<Kind> wanted = Set.of(kinds);
    return of(inspection).stream().filter(it -> wanted.contains(it.kind())).toList();
  }

  private void read(Resource resource) {
    switch (resource.type()) {
      case "AWS::IAM::Role" -> {
        inline(resource);
        document(resource, "AssumeRolePolicyDocument", Kind.TRUST, Set.of());
      }
      case "AWS::IAM::User", "AWS::IAM::Group" -> inline(resource);
      case "AWS::IAM::Policy" ->
          document(resource, "PolicyDocument", Kind.IDENTITY, attachedTo(resource));
      case MANAGED_POLICY -> managed(resource);
      case "AWS::IAM::RolePolicy" -> named(resource, "RoleName");
      case "AWS::IAM::UserPolicy" -> named(resource, "UserName");
      case "AWS::IAM::GroupPolicy" -> named(resource, "GroupName");
      default -> {
        String path = WITH_POLICY.get(resource.type());
        if (path != null) {
          document(resource, path, Kind.RESOURCE, Set.of());
        }
      }
    }
  }

  private void inline(Resource identity) {
    for (Value branch : inspection.property(identity, "Policies").alternatives()) {
      List<Value> policies = branch.asList();
      for (int i = 0; i < policies.size(); i++) {
        String path = "Policies[" + i + "].PolicyDocument";
        for (Value policy : policies.get(i).alternatives()) {
          Value document = policy.entry("PolicyDocument");
          document(identity, path, document, Kind.IDENTITY, Set.of(identity.id()));
        }
      }
    }
  }

  private void named(Resource policy, String property) {
    document(
        policy,
        "PolicyDocument",
        Kind.IDENTITY,
        policy.property(property).references(inspection.context(policy)));
  }

  private Set<ResourceId> attachedTo(Resource policy) {
    Set<ResourceId> identities = new LinkedHashSet<>();
    for (String property : ATTACHED_TO) {
      identities.addAll(policy.property(property).references(inspection.context(policy)));
    }
    return identities;
  }

  private void managed(Resource policy) {
    Set<ResourceId> identities = new LinkedHashSet<>(attachedTo(policy));
    identities.addAll(
        inspection.prepared(Attachments.class, Attachments::new).identities(policy.id()));
    boolean bounds =
        identities.isEmpty()
            && inspection.prepared(Attachments.class, Attachments::new).isBoundary(policy);
    document(policy, "PolicyDocument", bounds ? Kind.BOUNDARY : Kind.IDENTITY, identities);
  }

  private void document(Resource resource, String path, Kind kind, Set<ResourceId> identities) {
    document(resource, path, inspection.property(resource, path), kind, identities);
  }

  private void document(
      Resource resource, String path, Value document, Kind kind, Set<ResourceId> identities) {
    for (Value branch : document.entry("Statement").alternatives()) {
      List<Value> items = branch.oneOrMany();
      for (int i = 0; i < items.size(); i++) {
        String at = path + ".Statement" + (branch instanceof Value.Sequence ? "[" + i + "]" : "");
        for (Value body : items.get(i).alternatives()) {
          if (!body.isMissing()) {
            boolean allow = !body.entry("Effect").asText().orElse("").equals("Deny");
            all.add(new Statement(resource, at, kind, identities, allow, body));
          }
        }
      }
    }
  }

  /** Which managed policies of the model are attached by identities, and which bound them. */
  private static final class Attachments {
    private final Map<ResourceId, Set<ResourceId>> attached = new LinkedHashMap<>();
    private final Set<ResourceId> bounding = new HashSet<>();
    private final Set<String> boundingNames = new HashSet<>();

    Attachments(Inspection inspection) {
      for (Resource identity :
          inspection.resources("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")) {
        for (Value arn : Decide.items(inspection.property(identity, "ManagedPolicyArns"))) {
          inspection
              .named(arn)
              .ifPresent(
                  policy ->
                      attached
                          .computeIfAbsent(policy.id(), id -> new LinkedHashSet<>())
                          .add(identity.id()));
        }
        for (Value boundary : inspection.property(identity, "PermissionsBoundary").alternatives()) {
          inspection.named(boundary).ifPresent(policy -> bounding.add(policy.id()));
          String suffix = boundary.resolvedText(inspection.context(identity)).suffix();
          boundingNames.add(suffix.substring(suffix.lastIndexOf('/') + 1));
        }
      }
    }

    Set<ResourceId> identities(ResourceId policy) {
      return attached.getOrDefault(policy, Set.of());
    }

    /**
     * Stages cannot refer to each other, so a boundary is often named by its name alone; and where
     * its roles are in another model, only that name says what it is.
     */
    boolean isBoundary(Resource policy) {
      Optional<String> name = policy.property("ManagedPolicyName").asText();
      return bounding.contains(policy.id())
          || name.filter(boundingNames::contains).isPresent()
          || name.orElse(policy.id().name()).toLowerCase(Locale.ROOT).contains("boundary");
    }
  }
}

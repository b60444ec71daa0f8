package dev.mlinfra.policy;

import static dev.mlinfra.policy.Edits.json;
import static dev.mlinfra.policy.Edits.text;
import static dev.mlinfra.policy.Edits.with;
import static dev.mlinfra.policy.Edits.without;

import dev.mlinfra.policy.Fault.Mutant;
import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.ResourceId;
import dev.mlinfra.template.Stack;
import dev.mlinfra.template.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Faults of permissions, trust and resource policies. */
final class AccessFaults {
  private static final String ROLE = "AWS::IAM::Role";
  private static final String[] WITH_POLICY = {
    "AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"
  };
  private static final String SUBJECT = "token.actions.githubusercontent.com:sub";
  private static final Value EVERYTHING = text("*");

  static final List<Fault> ALL =
      Stream.of(permissions(), identities(), trust(), resourcePolicies())
          .flatMap(List::stream)
          .toList();

  private AccessFaults() {}

  private static List<Fault> permissions() {
    return List.of(
        Fault.of("action: everything", "iam.action-star")
            .in(AccessFaults::grants)
            .to("Action", action -> action.isMissing() ? action : EVERYTHING),
        Fault.of("action: everything of its service", "iam.action-star")
            .in(AccessFaults::grants)
            .to(
                "Action",
                action -> first(action).map(it -> text(service(it) + ":*")).orElse(action)),
        Fault.of("action: everything but some", "iam.action-star")
            .in(AccessFaults::grants)
            .to("", it -> with(without(it, "Action"), "NotAction", text("iam:*"))),
        Fault.of("action: by its first letters", "iam.action-wildcard")
            .in(AccessFaults::grants)
            .to("Action", action -> first(action).map(AccessFaults::prefix).orElse(action)),
        Fault.of("action: misspelt", "iam.unknown-action")
            .in(AccessFaults::grants)
            .to("Action", action -> first(action).map(it -> text(it + "s")).orElse(action)),
        Fault.of("resource: everything", "iam.avoidable-star", "iam.pass-role")
            .in(AccessFaults::grants)
            .to("Resource", resource -> EVERYTHING),
        Fault.of("resource: of another service", "iam.resource-form")
            .in(AccessFaults::grants)
            .to(
                "Resource",
                resource ->
                    resource.equals(EVERYTHING)
                        ? resource
                        : text("arn:aws:glacier:us-east-1:123456789012:vaults/old")),
        Fault.of("metrics of any namespace", "iam.unconditioned-star")
            .in(AccessFaults::grants)
            .to(
                "Condition",
                it -> it.toJson().contains("cloudwatch:namespace") ? new Value.Missing() : it),
        Fault.of("role passed to any service", "iam.pass-role")
            .in(AccessFaults::grants)
            .to("", it -> passes(it) ? without(it, "Condition") : it),
        Fault.of("any role passed", "iam.pass-role")
            .in(AccessFaults::grants)
            .to(
                "",
                it ->
                    passes(it)
                        ? with(it, "Resource", text("arn:aws:iam::123456789012:role/*"))
                        : it));
  }

  private static List<Fault> identities() {
    return List.of(
        unbounded("may give itself any permission", "iam:PutRolePolicy", "role/*"),
        unbounded("may make keys of users", "iam:CreateAccessKey", "user/*"),
        Fault.of("managed policy: full access to a service", "iam.managed-policy")
            .in(ROLE)
            .plus("ManagedPolicyArns", text("arn:aws:iam::aws:policy/AmazonS3FullAccess")),
        Fault.of("managed policy: administrator", "iam.managed-policy")
            .in(ROLE)
            .plus("ManagedPolicyArns", text("arn:aws:iam::aws:policy/AdministratorAccess")),
        Fault.of("access key of a user", "iam.long-lived-key")
            .by(
                model ->
                    model.stacks().stream()
                        .filter(stack -> !Edits.isPulumi(model))
                        .map(stack -> new Mutant(stack.id(), Edits.with(model, accessKey(stack))))
                        .toList()));
  }

  private static List<Fault> trust() {
    return List.of(
        Fault.of("trust: source not checked", "iam.confused-deputy")
            .in(AccessFaults::trusts)
            .to("", it -> it.at("Principal.Service").isMissing() ? it : without(it, "Condition")),
        Fault.of("trust: everybody", "iam.public-principal")
            .in(AccessFaults::trusts)
            .to("", it -> with(without(it, "Condition"), "Principal", EVERYTHING)),
        Fault.of("trust: another account", "iam.account-trust")
            .in(AccessFaults::trusts)
            .to(
                "",
                it ->
                    with(
                        without(it, "Condition"),
                        "Principal",
                        json("{'AWS': 'arn:aws:iam::999999999999:root'}"))),
        Fault.of("GitHub: any repository", "iam.github-subject")
            .in(AccessFaults::trusts)
            .to("Condition", it -> withoutSubject(it)),
        Fault.of("GitHub: any branch", "iam.github-subject")
            .in(AccessFaults::trusts)
            .to(
                "Condition",
                it ->
                    withoutSubject(it).equals(it)
                        ? it
                        : with(
                            withoutSubject(it),
                            "StringLike",
                            json("{'" + SUBJECT + "': 'repo:example/ml-agent:*'}"))),
        Fault.of("GitHub: any repository of the owner", "iam.github-subject")
            .in(AccessFaults::trusts)
            .to(
                "Condition",
                it ->
                    withoutSubject(it).equals(it)
                        ? it
                        : with(
                            withoutSubject(it),
                            "StringLike",
                            json("{'" + SUBJECT + "': 'repo:example/*'}"))),
        Fault.of("function's address for everybody", "iam.public-function-url")
            .in("AWS::Lambda::Url")
            .set("AuthType", text("NONE")),
        Fault.of("function invoked for anybody", "iam.confused-deputy")
            .in("AWS::Lambda::Permission")
            .to("", it -> without(without(it, "SourceArn"), "SourceAccount")));
  }

  private static List<Fault> resourcePolicies() {
    return List.of(
        Fault.of("resource policy: everybody", "iam.public-principal", "data.public-bucket")
            .in(WITH_POLICY)
            .plus(
                "PolicyDocument/Statement",
                json(
                    "{'Effect': 'Allow', 'Principal': '*', 'Action': 's3:GetObject', 'Resource': '*'}")),
        Fault.of("resource policy: source not checked", "iam.confused-deputy")
            .in(WITH_POLICY)
            .to(
                "PolicyDocument/Statement/*",
                it -> it.at("Principal.Service").isMissing() ? it : without(it, "Condition")),
        Fault.of("TLS not asked for", "iam.tls-only")
            .in("AWS::S3::BucketPolicy")
            .to(
                "PolicyDocument/Statement",
                statements ->
                    without(statements, each -> each.toJson().contains("SecureTransport"))),
        Fault.of("bucket without a policy", "iam.tls-only").without("AWS::S3::BucketPolicy"),
        Fault.of("key administered by a workload", "iam.key-administration")
            .in("AWS::KMS::Key")
            .plus(
                "KeyPolicy/Statement",
                json(
                    "{'Effect': 'Allow', 'Principal': {'AWS': 'arn:aws:iam::123456789012:role/training'},"
                        + " 'Action': 'kms:*', 'Resource': '*'}")),
        Fault.of("key for everybody", "iam.public-principal")
            .in("AWS::KMS::Key")
            .plus(
                "KeyPolicy/Statement",
                json(
                    "{'Effect': 'Allow', 'Principal': '*', 'Action': 'kms:Decrypt', 'Resource': '*'}")));
  }

  /** What a boundary withholds, nobody can do: so it goes as well. */
  private static Fault unbounded(String name, String action, String resource) {
    Value policy = policy(action, "arn:aws:iam::123456789012:" + resource);
    return Fault.of(name, "iam.escalation")
        .in(ROLE)
        .to(
            "",
            role ->
                with(
                    without(role, "PermissionsBoundary"),
                    "Policies",
                    Edits.plus(role.entry("Policies"), policy)));
  }

  /** The statements with which an identity is allowed something; a boundary allows nothing. */
  private static Optional<String> grants(Resource resource) {
    return switch (resource.type()) {
      case ROLE, "AWS::IAM::User", "AWS::IAM::Group" ->
          Optional.of("Policies/*/PolicyDocument/Statement/*{Effect=Allow}");
      case "AWS::IAM::Policy" -> Optional.of("PolicyDocument/Statement/*{Effect=Allow}");
      default -> Optional.empty();
    };
  }

  private static Optional<String> trusts(Resource resource) {
    return resource.type().equals(ROLE)
        ? Optional.of("AssumeRolePolicyDocument/Statement/*")
        : Optional.empty();
  }

  private static Optional<String> first(Value actions) {
    return actions.oneOrMany().stream()
        .findFirst()
        .flatMap(Value::asText)
        .filter(it -> it.contains(":"));
  }

  private static String service(String action) {
    return action.substring(0, action.indexOf(':'));
  }

  /** {@code s3:Get*} of {@code s3:GetObject}. */
  private static Value prefix(String action) {
    return text(action.replaceFirst("(:[A-Z][a-z]+).*", "$1*"));
  }

  private static boolean passes(Value statement) {
    return statement.entry("Action").toJson().contains("iam:PassRole");
  }

  private static Value withoutSubject(Value condition) {
    return without(without(condition, "StringEquals/" + SUBJECT), "StringLike/" + SUBJECT);
  }

  private static Value policy(String action, String resource) {
    return json(
        "{'PolicyName': 'more', 'PolicyDocument': {'Statement': [{'Effect': 'Allow', 'Action': '"
            + action
            + "', 'Resource': '"
            + resource
            + "'}]}}");
  }

  private static Resource accessKey(Stack stack) {
    Model model =
        Models.parse(
            "key.yaml",
            "Resources: {Key: {Type: AWS::IAM::AccessKey, Properties: {UserName: deployer}}}");
    return Edits.with(model.resources().get(0), new ResourceId(stack.id(), "FaultyKey"));
  }
}

package dev.mlinfra.policy;

import static dev.mlinfra.policy.Edits.bool;
import static dev.mlinfra.policy.Edits.number;
import static dev.mlinfra.policy.Edits.text;
import static dev.mlinfra.policy.Edits.with;
import static dev.mlinfra.policy.Edits.without;

import dev.mlinfra.template.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Faults of cost tags and of what bounds the bill. */
final class SpendFaults {
  private static final Set<String> KEYS =
      Set.of("project", "environment", "owner", "cost-center", "workload", "managed-by");
  private static final String TASK_LOGS = "ContainerDefinitions/*/LogConfiguration";

  static final List<Fault> ALL =
      Stream.of(tags(), propagation(), money()).flatMap(List::stream).toList();

  private SpendFaults() {}

  private static List<Fault> tags() {
    return List.of(
        Fault.of("one cost tag dropped", "tags.missing").in().at("Tags", SpendFaults::eachDropped),
        Fault.of("one cost tag emptied", "tags.missing").in().at("Tags", SpendFaults::eachEmptied),
        Fault.of("tags dropped", "tags.missing")
            .in()
            .to("Tags", tags -> eachDropped(tags).isEmpty() ? tags : new Value.Missing()),
        Fault.of("file system: one cost tag dropped", "tags.missing")
            .in("AWS::EFS::FileSystem")
            .at("FileSystemTags", SpendFaults::eachDropped),
        Fault.of("budget: one cost tag dropped", "tags.missing", "tags.propagation")
            .in("AWS::Budgets::Budget")
            .at("ResourceTags", SpendFaults::eachDropped),
        Fault.of("launch template: one cost tag dropped", "tags.missing", "tags.propagation")
            .in("AWS::EC2::LaunchTemplate")
            .at("TagSpecifications/*/Tags", SpendFaults::eachDropped));
  }

  private static List<Fault> propagation() {
    return List.of(
        Fault.of("batch jobs without tags", "tags.propagation")
            .in("AWS::Batch::JobDefinition")
            .set("PropagateTags", bool(false)),
        Fault.of("batch jobs without tags, by default", "tags.propagation")
            .in("AWS::Batch::JobDefinition")
            .without("PropagateTags"),
        Fault.of("batch instances without tags", "tags.propagation")
            .in("AWS::Batch::ComputeEnvironment")
            .without("ComputeResources/Tags"),
        Fault.of("service's tasks without tags", "tags.propagation")
            .in("AWS::ECS::Service")
            .without("PropagateTags"),
        Fault.of("service's tasks without tags, said so", "tags.propagation")
            .in("AWS::ECS::Service")
            .set("PropagateTags", text("NONE")),
        Fault.of("scheduled tasks without tags", "tags.propagation")
            .in("AWS::Events::Rule")
            .without("Targets/*/EcsParameters/PropagateTags"),
        Fault.of("launched things without tags", "tags.propagation")
            .in("AWS::EC2::LaunchTemplate")
            .at(
                "LaunchTemplateData/TagSpecifications/*",
                specification -> List.of(new Value.Missing())),
        Fault.of("launched things: one cost tag dropped", "tags.propagation")
            .in("AWS::EC2::LaunchTemplate")
            .at("LaunchTemplateData/TagSpecifications/*/Tags", SpendFaults::eachDropped),
        Fault.of("nodes without tags", "tags.propagation")
            .in("AWS::EKS::Nodegroup")
            .without("LaunchTemplate"),
        Fault.of("scaled instances without tags", "tags.propagation")
            .in("AWS::AutoScaling::AutoScalingGroup")
            .instead("Tags/*/PropagateAtLaunch", bool(false)),
        Fault.of("training jobs without tags", "tags.propagation")
            .in("AWS::StepFunctions::StateMachine")
            .without("Definition/States/Train/Parameters/Tags"));
  }

  private static List<Fault> money() {
    return List.of(
        Fault.of("job without an end", "money.job-timeout")
            .in("AWS::Batch::JobDefinition")
            .without("Timeout"),
        Fault.of("training job without an end", "money.job-timeout")
            .in("AWS::StepFunctions::StateMachine")
            .without("Definition/States/Train/Parameters/StoppingCondition"),
        Fault.of("batch capacity that never ends", "money.idle-capacity")
            .in("AWS::Batch::ComputeEnvironment")
            .set("ComputeResources/MinvCpus", number(4)),
        Fault.of("GPU nodes that never end", "money.idle-capacity")
            .in("AWS::EKS::Nodegroup")
            .set("ScalingConfig/MinSize", number(1)),
        Fault.of("GPU instances that never end", "money.idle-capacity")
            .in("AWS::AutoScaling::AutoScalingGroup")
            .set("MinSize", text("1")),
        Fault.of("endpoint that idles", "money.idle-endpoint")
            .in("AWS::SageMaker::EndpointConfig")
            .to(
                "ProductionVariants/*",
                variant ->
                    with(
                        with(
                            without(variant, "ServerlessConfig"),
                            "InstanceType",
                            text("ml.g5.xlarge")),
                        "InitialInstanceCount",
                        number(1))),
        Fault.of("logs kept for ever", "money.log-retention")
            .in("AWS::Logs::LogGroup")
            .without("RetentionInDays"),
        Fault.of("log group made by the service", "money.container-log-group")
            .in("AWS::ECS::TaskDefinition")
            .to(
                TASK_LOGS + "/Options",
                options ->
                    with(
                        with(options, "awslogs-group", text("/ecs/unmanaged")),
                        "awslogs-create-group",
                        text("true"))),
        Fault.of(
                "batch log group made by the service",
                "money.container-log-group",
                "money.service-log-group")
            .in("AWS::Batch::JobDefinition")
            .without("ContainerProperties/LogConfiguration"),
        Fault.of("function's log group made by the service", "money.service-log-group")
            .in("AWS::Lambda::Function")
            .without("LoggingConfig"),
        Fault.of("bucket that only grows", "money.bucket-lifecycle")
            .in("AWS::S3::Bucket")
            .without("LifecycleConfiguration"),
        Fault.of("lifecycle switched off", "money.bucket-lifecycle")
            .in("AWS::S3::Bucket")
            .to("LifecycleConfiguration/Rules", SpendFaults::disabled),
        Fault.of("no budget", "money.budget").without("AWS::Budgets::Budget"),
        Fault.of("budget that tells nobody", "money.budget")
            .in("AWS::Budgets::Budget")
            .without("NotificationsWithSubscribers"),
        Fault.of("notebook that idles", "money.idle-notebook")
            .in("AWS::SageMaker::NotebookInstance")
            .without("LifecycleConfigName"),
        Fault.of("nodes without a bound", "money.unbounded-capacity")
            .in("kubernetes:karpenter.sh/v1:NodePool")
            .without("spec/limits"));
  }

  private static Value disabled(Value rules) {
    return new Value.Sequence(
        rules.asList().stream().map(rule -> with(rule, "Status", text("Disabled"))).toList());
  }

  /** The tags without one of the cost tags; tags are a list or a map. */
  private static List<Value> eachDropped(Value tags) {
    List<Value> changed = new ArrayList<>();
    for (Value tag : tags.asList()) {
      if (isCostTag(tag)) {
        changed.add(without(tags, tag::equals));
      }
    }
    for (String key : tags.asMap().keySet()) {
      if (KEYS.contains(key)) {
        Map<String, Value> fewer = new LinkedHashMap<>(tags.asMap());
        fewer.remove(key);
        changed.add(new Value.Mapping(fewer));
      }
    }
    return changed;
  }

  private static List<Value> eachEmptied(Value tags) {
    List<Value> changed = new ArrayList<>();
    for (int i = 0; i < tags.asList().size(); i++) {
      if (isCostTag(tags.asList().get(i))) {
        changed.add(with(tags, List.of(i, "Value"), text("")));
      }
    }
    for (String key : tags.asMap().keySet()) {
      if (KEYS.contains(key)) {
        changed.add(with(tags, List.of(key), text("")));
      }
    }
    return changed;
  }

  private static boolean isCostTag(Value tag) {
    return tag.entry("Key").asText().filter(KEYS::contains).isPresent();
  }
}

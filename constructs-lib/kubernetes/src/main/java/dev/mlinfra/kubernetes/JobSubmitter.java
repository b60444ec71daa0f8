package dev.mlinfra.kubernetes;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.rbac.v1.Role;
import com.pulumi.kubernetes.rbac.v1.RoleArgs;
import com.pulumi.kubernetes.rbac.v1.RoleBinding;
import com.pulumi.kubernetes.rbac.v1.RoleBindingArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.PolicyRuleArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.RoleRefArgs;
import com.pulumi.kubernetes.rbac.v1.inputs.SubjectArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.kubernetes.internal.Labels;
import dev.mlinfra.kubernetes.internal.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who may submit training jobs to one namespace: make, see and delete jobs, see pods and read their
 * logs, and nothing else. A service account for programs in the cluster, and groups for those
 * outside.
 */
public final class JobSubmitter extends ComponentResource {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private final ServiceAccount serviceAccount;
  private final Role role;

  /**
   * Makes it.
   *
   * @param name the name of the component in the program, and of its objects
   * @param args what it is like
   * @throws ValidationException with every problem of the arguments
   */
  public JobSubmitter(String name, JobSubmitterArgs args) {
    this(name, args, ComponentResourceOptions.builder().build());
  }

  /**
   * Makes it.
   *
   * @param name the name of the component in the program, and of its objects
   * @param args what it is like
   * @param options parent, provider and the like
   * @throws ValidationException with every problem of the arguments
   */
  public JobSubmitter(String name, JobSubmitterArgs args, ComponentResourceOptions options) {
    super("mlinfra:kubernetes:JobSubmitter", name, checked(name, args, options));
    CustomResourceOptions child = CustomResourceOptions.builder().parent(this).build();
    Meta meta = new Meta(name, args.getCostTags());
    serviceAccount =
        new ServiceAccount(
            name + "-account",
            ServiceAccountArgs.builder()
                .metadata(meta.in(args.getNamespace(), name, args.getServiceAccountAnnotations()))
                .automountServiceAccountToken(false)
                .build(),
            child);
    role =
        new Role(
            name + "-role",
            RoleArgs.builder()
                .metadata(meta.in(args.getNamespace(), name))
                .rules(
                    rule("batch", List.of("jobs"), "create", "delete", "get", "list", "watch"),
                    rule("", List.of("pods"), "get", "list", "watch"),
                    rule("", List.of("pods/log"), "get"))
                .build(),
            child);
    new RoleBinding(
        name + "-binding",
        RoleBindingArgs.builder()
            .metadata(meta.in(args.getNamespace(), name))
            .roleRef(RoleRefArgs.builder().apiGroup(RBAC).kind("Role").name(name).build())
            .subjects(subjects(name, args))
            .build(),
        child);
    registerOutputs(Map.of("serviceAccount", getServiceAccountName()));
  }

  private static ComponentResourceOptions checked(
      String name, JobSubmitterArgs args, ComponentResourceOptions options) {
    ValidationException.throwIfAny(
        "JobSubmitter '" + name + "'", Labels.problems(args.getCostTags()));
    return options;
  }

  private static PolicyRuleArgs rule(String group, List<String> resources, String... verbs) {
    return PolicyRuleArgs.builder().apiGroups(group).resources(resources).verbs(verbs).build();
  }

  private static List<SubjectArgs> subjects(String name, JobSubmitterArgs args) {
    List<SubjectArgs> subjects = new ArrayList<>();
    subjects.add(
        SubjectArgs.builder()
            .kind("ServiceAccount")
            .name(name)
            .namespace(args.getNamespace())
            .build());
    args.getGroups()
        .forEach(
            group ->
                subjects.add(
                    SubjectArgs.builder().apiGroup(RBAC).kind("Group").name(group).build()));
    return subjects;
  }

  /** The service account for programs in the cluster. */
  public ServiceAccount getServiceAccount() {
    return serviceAccount;
  }

  /** The service account's name. */
  public Output<String> getServiceAccountName() {
    return serviceAccount.metadata().applyValue(it -> it.name().orElseThrow());
  }

  /** What they may do. */
  public Role getRole() {
    return role;
  }
}

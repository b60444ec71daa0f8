package dev.mlinfra.kubernetes;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentStrategyArgs;
import com.pulumi.kubernetes.apps.v1.inputs.RollingUpdateDeploymentArgs;
import com.pulumi.kubernetes.autoscaling.v2.HorizontalPodAutoscaler;
import com.pulumi.kubernetes.autoscaling.v2.HorizontalPodAutoscalerArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.CrossVersionObjectReferenceArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.HorizontalPodAutoscalerSpecArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.MetricIdentifierArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.MetricSpecArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.MetricTargetArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.PodsMetricSourceArgs;
import com.pulumi.kubernetes.autoscaling.v2.inputs.ResourceMetricSourceArgs;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.ServiceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerPortArgs;
import com.pulumi.kubernetes.core.v1.inputs.HTTPGetActionArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProbeArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServicePortArgs;
import com.pulumi.kubernetes.core.v1.inputs.ServiceSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.TopologySpreadConstraintArgs;
import com.pulumi.kubernetes.networking.v1.Ingress;
import com.pulumi.kubernetes.networking.v1.IngressArgs;
import com.pulumi.kubernetes.networking.v1.inputs.HTTPIngressPathArgs;
import com.pulumi.kubernetes.networking.v1.inputs.HTTPIngressRuleValueArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IngressBackendArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IngressRuleArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IngressServiceBackendArgs;
import com.pulumi.kubernetes.networking.v1.inputs.IngressSpecArgs;
import com.pulumi.kubernetes.networking.v1.inputs.ServiceBackendPortArgs;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudgetArgs;
import com.pulumi.kubernetes.policy.v1.inputs.PodDisruptionBudgetSpecArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import dev.mlinfra.core.ValidationException;
import dev.mlinfra.kubernetes.internal.Labels;
import dev.mlinfra.kubernetes.internal.Meta;
import dev.mlinfra.kubernetes.internal.Pods;
import dev.mlinfra.kubernetes.internal.WorkloadRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A service that answers requests with a model: as many pods as its metric asks for, each on a node
 * of its own where it has a GPU, replaced one by one, and reached through a stable name.
 *
 * <p>A roll-out that does not become ready is given up by {@code pulumi up}, and the old pods go on
 * answering; {@code kubectl rollout undo} goes back, as does the next {@code pulumi up} of the
 * program as it was.
 */
public final class InferenceService extends ComponentResource {
  private static final String HTTP = "http";
  private static final int PROBE_SECONDS = 10;

  private final Deployment deployment;
  private final Service service;
  private final ServiceAccount serviceAccount;
  private final HorizontalPodAutoscaler autoscaler;
  private final Optional<Ingress> ingress;

  /**
   * Makes it.
   *
   * @param name the name of the component in the program, and of its objects
   * @param args what it is like
   * @throws ValidationException with every problem of the arguments
   */
  public InferenceService(String name, InferenceServiceArgs args) {
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
  public InferenceService(
      String name, InferenceServiceArgs args, ComponentResourceOptions options) {
    super("mlinfra:kubernetes:InferenceService", name, checked(name, args, options));
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
    deployment =
        new Deployment(
            name,
            DeploymentArgs.builder()
                .metadata(meta.in(args.getNamespace(), name))
                .spec(deployment(name, args, meta))
                .build(),
            // How many there are is the autoscaler's business from the first moment on.
            CustomResourceOptions.builder().parent(this).ignoreChanges("spec.replicas").build());
    service =
        new Service(
            name + "-service",
            ServiceArgs.builder()
                .metadata(meta.in(args.getNamespace(), name))
                .spec(
                    ServiceSpecArgs.builder()
                        .type("ClusterIP")
                        .selector(Labels.selector(name))
                        .ports(
                            ServicePortArgs.builder()
                                .name(HTTP)
                                .port(80)
                                .targetPort(HTTP)
                                .protocol("TCP")
                                .build())
                        .build())
                .build(),
            child);
    autoscaler =
        new HorizontalPodAutoscaler(
            name + "-autoscaler",
            HorizontalPodAutoscalerArgs.builder()
                .metadata(meta.in(args.getNamespace(), name))
                .spec(autoscaling(name, args))
                .build(),
            child);
    new PodDisruptionBudget(
        name + "-disruption",
        PodDisruptionBudgetArgs.builder()
            .metadata(meta.in(args.getNamespace(), name))
            .spec(
                PodDisruptionBudgetSpecArgs.builder()
                    // With one pod, "at least one" would keep its node from ever being drained.
                    .maxUnavailable(1)
                    .selector(meta.selector())
                    .build())
            .build(),
        child);
    ingress = args.getLoadBalancer().map(it -> ingress(name, args, it, meta, child));
    registerOutputs(Map.of("url", getUrl()));
  }

  private static ComponentResourceOptions checked(
      String name, InferenceServiceArgs args, ComponentResourceOptions options) {
    ValidationException.throwIfAny(
        "InferenceService '" + name + "'", WorkloadRules.problems(name, args));
    return options;
  }

  private DeploymentSpecArgs deployment(String name, InferenceServiceArgs args, Meta meta) {
    return DeploymentSpecArgs.builder()
        .replicas(args.getMinReplicas())
        .revisionHistoryLimit(5)
        .progressDeadlineSeconds(Math.toIntExact(args.getStartLimit().toSeconds() + 60))
        .selector(meta.selector())
        .strategy(
            DeploymentStrategyArgs.builder()
                .type("RollingUpdate")
                .rollingUpdate(
                    RollingUpdateDeploymentArgs.builder()
                        .maxSurge(args.isSurge() ? 1 : 0)
                        .maxUnavailable(args.isSurge() ? 0 : 1)
                        .build())
                .build())
        .template(
            PodTemplateSpecArgs.builder().metadata(meta.ofPods()).spec(pod(name, args)).build())
        .build();
  }

  private PodSpecArgs pod(String name, InferenceServiceArgs args) {
    return Pods.spec(args, getServiceAccountName(), List.of())
        .terminationGracePeriodSeconds(Math.toIntExact(args.getGracePeriod().toSeconds()))
        .topologySpreadConstraints(
            spread(name, "topology.kubernetes.io/zone", "ScheduleAnyway"),
            // A GPU is not shared, so a second pod on its node would have none.
            spread(
                name,
                "kubernetes.io/hostname",
                args.getGpus() > 0 ? "DoNotSchedule" : "ScheduleAnyway"))
        .containers(
            Pods.container(args, List.of())
                .ports(
                    ContainerPortArgs.builder()
                        .name(HTTP)
                        .containerPort(args.getPort())
                        .protocol("TCP")
                        .build())
                .startupProbe(
                    probe(args.getReadyPath())
                        .failureThreshold(
                            Math.toIntExact(args.getStartLimit().toSeconds() / PROBE_SECONDS))
                        .build())
                .readinessProbe(probe(args.getReadyPath()).failureThreshold(1).build())
                .livenessProbe(probe(args.getHealthPath()).failureThreshold(3).build())
                .build())
        .build();
  }

  private static TopologySpreadConstraintArgs spread(String name, String key, String otherwise) {
    return TopologySpreadConstraintArgs.builder()
        .maxSkew(1)
        .topologyKey(key)
        .whenUnsatisfiable(otherwise)
        .labelSelector(new Meta(name, Optional.empty()).selector())
        .build();
  }

  private static ProbeArgs.Builder probe(String path) {
    return ProbeArgs.builder()
        .httpGet(HTTPGetActionArgs.builder().path(path).port(HTTP).build())
        .periodSeconds(PROBE_SECONDS)
        .timeoutSeconds(3);
  }

  private static HorizontalPodAutoscalerSpecArgs autoscaling(
      String name, InferenceServiceArgs args) {
    return HorizontalPodAutoscalerSpecArgs.builder()
        .scaleTargetRef(
            CrossVersionObjectReferenceArgs.builder()
                .apiVersion("apps/v1")
                .kind("Deployment")
                .name(name)
                .build())
        .minReplicas(args.getMinReplicas())
        .maxReplicas(args.getMaxReplicas())
        .metrics(metric(args.getScaling()))
        .build();
  }

  private static MetricSpecArgs metric(ScalingMetric scaling) {
    return scaling
        .pods()
        .map(
            pods ->
                MetricSpecArgs.builder()
                    .type("Pods")
                    .pods(
                        PodsMetricSourceArgs.builder()
                            .metric(MetricIdentifierArgs.builder().name(pods).build())
                            .target(
                                MetricTargetArgs.builder()
                                    .type("AverageValue")
                                    .averageValue(scaling.target())
                                    .build())
                            .build())
                    .build())
        .orElseGet(
            () ->
                MetricSpecArgs.builder()
                    .type("Resource")
                    .resource(
                        ResourceMetricSourceArgs.builder()
                            .name("cpu")
                            .target(
                                MetricTargetArgs.builder()
                                    .type("Utilization")
                                    .averageUtilization(Integer.parseInt(scaling.target()))
                                    .build())
                            .build())
                    .build());
  }

  private static Ingress ingress(
      String name,
      InferenceServiceArgs args,
      LoadBalancer balancer,
      Meta meta,
      CustomResourceOptions child) {
    IngressRuleArgs.Builder rule =
        IngressRuleArgs.builder()
            .http(
                HTTPIngressRuleValueArgs.builder()
                    .paths(
                        HTTPIngressPathArgs.builder()
                            .path("/predict")
                            .pathType("Prefix")
                            .backend(
                                IngressBackendArgs.builder()
                                    .service(
                                        IngressServiceBackendArgs.builder()
                                            .name(name)
                                            .port(
                                                ServiceBackendPortArgs.builder().name(HTTP).build())
                                            .build())
                                    .build())
                            .build())
                    .build());
    balancer.host().ifPresent(rule::host);
    return new Ingress(
        name + "-ingress",
        IngressArgs.builder()
            .metadata(meta.in(args.getNamespace(), name, annotations(args, balancer)))
            .spec(IngressSpecArgs.builder().ingressClassName("alb").rules(rule.build()).build())
            .build(),
        child);
  }

  private static Map<String, String> annotations(InferenceServiceArgs args, LoadBalancer balancer) {
    String prefix = "alb.ingress.kubernetes.io/";
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(prefix + "scheme", balancer.isInternal() ? "internal" : "internet-facing");
    annotations.put(prefix + "target-type", "ip");
    annotations.put(prefix + "healthcheck-path", args.getReadyPath());
    balancer
        .certificateArn()
        .ifPresentOrElse(
            arn -> {
              annotations.put(prefix + "certificate-arn", arn);
              annotations.put(prefix + "listen-ports", "[{\"HTTPS\":443}]");
              annotations.put(prefix + "ssl-policy", "ELBSecurityPolicy-TLS13-1-2-2021-06");
            },
            () -> annotations.put(prefix + "listen-ports", "[{\"HTTP\":80}]"));
    args.getCostTags()
        .ifPresent(
            tags ->
                annotations.put(
                    prefix + "tags",
                    String.join(
                        ",",
                        tags.toMap().entrySet().stream()
                            .map(tag -> tag.getKey() + "=" + tag.getValue())
                            .toList())));
    return annotations;
  }

  /** The deployment of its pods. */
  public Deployment getDeployment() {
    return deployment;
  }

  /** The service in front of them. */
  public Service getService() {
    return service;
  }

  /** What says how many pods there are. */
  public HorizontalPodAutoscaler getAutoscaler() {
    return autoscaler;
  }

  /** The service account of its pods, which clouds give rights to. */
  public ServiceAccount getServiceAccount() {
    return serviceAccount;
  }

  /** The service account's name. */
  public Output<String> getServiceAccountName() {
    return serviceAccount.metadata().applyValue(it -> it.name().orElseThrow());
  }

  /** What makes the load balancer; empty without one. */
  public Optional<Ingress> getIngress() {
    return ingress;
  }

  /** Where pods of the cluster that are allowed to reach it. */
  public Output<String> getUrl() {
    return service
        .metadata()
        .applyValue(
            it ->
                "http://%s.%s.svc"
                    .formatted(it.name().orElseThrow(), it.namespace().orElseThrow()));
  }
}

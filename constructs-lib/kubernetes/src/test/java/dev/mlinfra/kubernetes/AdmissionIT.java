package dev.mlinfra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.local.kubernetes.EmbeddedKubernetes;
import dev.mlinfra.local.kubernetes.KubernetesApi;
import dev.mlinfra.local.kubernetes.KubernetesApi.Answer;
import dev.mlinfra.template.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A real API server admits what the components make, and lets people do what roles say. */
class AdmissionIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SUBMITTER = "system:serviceaccount:ml-jobs:submitter";

  @TempDir static Path folder;

  private static EmbeddedKubernetes cluster;
  private static List<JsonNode> objects;

  @BeforeAll
  static void applied() {
    Path root = Path.of(System.getProperty("mlinfra.root"));
    cluster = EmbeddedKubernetes.start(root.resolve(".mlinfra/tools/go"), folder);
    objects =
        Samples.of(Samples::everything).resources().stream()
            .filter(it -> it.type().startsWith("kubernetes:"))
            .map(AdmissionIT::manifest)
            .sorted(Comparator.comparing(it -> !it.path("kind").asString().equals("Namespace")))
            .toList();
    for (JsonNode object : objects) {
      Answer answer = cluster.api().apply(object);
      assertThat(answer.isAccepted()).as(answer.message() + "\n" + object).isTrue();
      assertThat(answer.warnings()).as(object.toString()).isEmpty();
    }
  }

  @AfterAll
  static void ended() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static JsonNode manifest(Resource resource) {
    return JSON.readTree(resource.properties().toJson());
  }

  @Test
  void everyObjectIsAcceptedAndStands() {
    assertThat(objects).hasSizeGreaterThan(25);
    assertThat(objects).allSatisfy(object -> assertThat(cluster.api().read(object)).isPresent());
    System.out.printf("accepted by the API server, strictly: %d objects%n", objects.size());
  }

  @Test
  void nothingChangesWhenItIsAppliedAgain() {
    for (JsonNode object : objects) {
      JsonNode before = content(cluster.api().read(object).orElseThrow());
      assertThat(cluster.api().apply(object).isAccepted()).isTrue();
      assertThat(content(cluster.api().read(object).orElseThrow())).isEqualTo(before);
    }
  }

  /** Without the server's own bookkeeping. */
  private static JsonNode content(JsonNode object) {
    ((ObjectNode) object.path("metadata")).remove(List.of("managedFields", "resourceVersion"));
    return object;
  }

  @Test
  void podsOfEveryWorkloadAreAdmitted() {
    List<String> admitted = new ArrayList<>();
    for (JsonNode object : objects) {
      JsonNode template = object.path("spec").path("template");
      if (template.isMissingNode()) {
        continue;
      }
      withQuota(object.path("metadata").path("namespace").asString());
      Answer answer = createPod(object, template.deepCopy());
      assertThat(answer.isAccepted()).as(answer.message()).isTrue();
      admitted.add(object.path("metadata").path("name").asString());
    }
    assertThat(admitted).containsExactlyInAnyOrder("train", "predict", "predict-cpu", "gpus");
  }

  @Test
  void aPodThatIsRootIsRefused() {
    JsonNode job = named("Job", "train");
    ObjectNode template = (ObjectNode) job.path("spec").path("template").deepCopy();
    ((ObjectNode) template.path("spec").path("securityContext")).put("runAsUser", 0);
    withQuota("ml-jobs");

    Answer answer = createPod(job, template);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message()).contains("PodSecurity", "restricted", "runAsUser=0");
  }

  @Test
  void moreGpusThanTheQuotaAreRefused() {
    JsonNode job = named("Job", "train");
    ObjectNode template = (ObjectNode) job.path("spec").path("template").deepCopy();
    ObjectNode resources =
        (ObjectNode) template.path("spec").path("containers").path(0).path("resources");
    for (String part : List.of("limits", "requests")) {
      ((ObjectNode) resources.path(part)).put("nvidia.com/gpu", "6");
    }
    withQuota("ml-jobs");

    Answer answer = createPod(job, template);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message()).contains("exceeded quota", "requests.nvidia.com/gpu=6");
  }

  @Test
  void unknownFieldsAreRefused() {
    ObjectNode service = (ObjectNode) named("Service", "predict").deepCopy();
    ((ObjectNode) service.path("spec")).put("tpye", "ClusterIP");

    Answer answer = cluster.api().dryRun(service);

    assertThat(answer.isAccepted()).isFalse();
    assertThat(answer.message()).contains("tpye");
  }

  @ParameterizedTest
  @CsvSource({
    "create, batch, jobs, ml-jobs, true",
    "delete, batch, jobs, ml-jobs, true",
    "get, '', pods, ml-jobs, true",
    "get, '', pods/log, ml-jobs, true",
    "create, '', pods, ml-jobs, false",
    "create, '', pods/exec, ml-jobs, false",
    "get, '', secrets, ml-jobs, false",
    "update, batch, jobs, ml-jobs, false",
    "create, batch, jobs, ml-inference, false",
    "create, batch, jobs, default, false",
    "create, rbac.authorization.k8s.io, roles, ml-jobs, false"
  })
  void submittersMayDoThisAndNothingElse(
      String verb, String group, String resource, String namespace, boolean allowed) {
    assertThat(may(SUBMITTER, List.of(), verb, group, resource, namespace)).isEqualTo(allowed);
    // Someone from outside, in the group that the cluster knows the launcher by.
    assertThat(may("launcher", List.of("mlinfra:job-launchers"), verb, group, resource, namespace))
        .isEqualTo(allowed);
    assertThat(
            may("system:serviceaccount:ml-jobs:train", List.of(), verb, group, resource, namespace))
        .isFalse();
  }

  private static boolean may(
      String user,
      List<String> groups,
      String verb,
      String group,
      String resource,
      String namespace) {
    ObjectNode review = JSON.createObjectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec").put("user", user);
    groups.forEach(spec.putArray("groups")::add);
    String[] parts = resource.split("/", 2);
    ObjectNode attributes =
        spec.putObject("resourceAttributes")
            .put("verb", verb)
            .put("group", group)
            .put("resource", parts[0])
            .put("namespace", namespace);
    if (parts.length > 1) {
      attributes.put("subresource", parts[1]);
    }
    Answer answer =
        cluster
            .api()
            .send(
                "POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", Optional.of(review));
    assertThat(answer.isAccepted()).as(answer.message()).isTrue();
    return answer.body().path("status").path("allowed").asBoolean();
  }

  private static JsonNode named(String kind, String name) {
    return objects.stream()
        .filter(it -> it.path("kind").asString().equals(kind))
        .filter(it -> it.path("metadata").path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** As the controller of jobs and deployments would, without keeping it. */
  private static Answer createPod(JsonNode owner, JsonNode template) {
    ObjectNode pod = (ObjectNode) template;
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ((ObjectNode) pod.path("metadata")).put("generateName", "pod-");
    String namespace = owner.path("metadata").path("namespace").asString();
    KubernetesApi api = cluster.api();
    return api.send(
        "POST",
        "/api/v1/namespaces/" + namespace + "/pods?dryRun=All&fieldValidation=Strict",
        Optional.of(pod));
  }

  /** Plays the controller of quotas: without it the server knows no limits and admits nothing. */
  private static void withQuota(String namespace) {
    String path = "/api/v1/namespaces/" + namespace + "/resourcequotas/quota";
    if (cluster.api().send("GET", path, Optional.empty()).status() == 404) {
      return;
    }
    ObjectNode quota = (ObjectNode) cluster.api().send("GET", path, Optional.empty()).body();
    ObjectNode status = quota.putObject("status");
    status.set("hard", quota.path("spec").path("hard").deepCopy());
    ObjectNode used = status.putObject("used");
    quota.path("spec").path("hard").propertyNames().forEach(name -> used.put(name, "0"));
    Answer answer = cluster.api().send("PUT", path + "/status", Optional.of(quota));
    assertThat(answer.isAccepted()).as(answer.message()).isTrue();
  }
}

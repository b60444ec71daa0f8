package dev.mlinfra.cli;

import dev.mlinfra.core.Environment;
import dev.mlinfra.core.RunPodSettings;
import dev.mlinfra.core.Target;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/**
 * Looks whether an environment's RunPod account can be deployed to and used: the key and its
 * rights, the volume, the keys of its S3-compatible storage, the worker's image. Changes nothing.
 */
final class RunPodDoctor {
  private static final String S3_KEY = "RUNPOD_S3_ACCESS_KEY";
  private static final String S3_SECRET = "RUNPOD_S3_SECRET_KEY";

  private final Map<String, String> variables;
  private final Environment environment;
  private final RunPodSettings settings;
  private final UnaryOperator<String> outputs;
  private final List<Check> checks = new ArrayList<>();

  /** How something is. */
  enum Result {
    /** As it must be. */
    FINE,
    /** Not usable. */
    WRONG,
    /** Not looked at, because something is missing that is not needed by all. */
    SKIPPED
  }

  /**
   * Something that was looked at.
   *
   * @param what it is
   * @param result how it is
   * @param detail what was seen
   * @param fix what to do; empty when it is fine
   */
  record Check(String what, Result result, String detail, String fix) {}

  /**
   * @param variables this process's environment variables
   * @param outputs the value of an output of the stack; empty when it is not deployed
   */
  RunPodDoctor(
      Map<String, String> variables, Environment environment, UnaryOperator<String> outputs) {
    this.variables = variables;
    this.environment = environment;
    this.settings = environment.runpod().orElseThrow();
    this.outputs = outputs;
  }

  /** Looks at everything; what needs a key is left out without one. */
  List<Check> examine() {
    try {
      RunPodApi api = RunPodApi.of(variables);
      List<JsonNode> volumes = rights(api);
      volume(volumes);
    } catch (CommandFailure noKey) {
      wrong("key", noKey.getMessage(), "export RUNPOD_API_KEY");
    }
    storage();
    image();
    return List.copyOf(checks);
  }

  private List<JsonNode> rights(RunPodApi api) {
    read(api, "pods", "/pods", "pods");
    read(api, "endpoints", "/serverless", "endpoints");
    List<JsonNode> volumes = read(api, "network volumes", "/network-volumes", "networkVolumes");
    int status = api.tryToWrite();
    switch (status) {
      case 400, 422 -> fine("key may write", "an empty template was refused for being empty");
      case 403 ->
          wrong(
              "key may write",
              "RunPod answered 403",
              "give the key the right to write in RunPod's console (Settings, API Keys)");
      default ->
          skipped("key may write", "RunPod answered " + status + " to an empty template", "");
    }
    return volumes;
  }

  private List<JsonNode> read(RunPodApi api, String what, String path, String list) {
    try {
      List<JsonNode> found = api.list(path, list);
      fine("key may read " + what, found.size() + " there");
      return found;
    } catch (CommandFailure failure) {
      wrong(
          "key may read " + what,
          failure.getMessage(),
          "make a key with that right in RunPod's console (Settings, API Keys)");
      return List.of();
    }
  }

  private void volume(List<JsonNode> volumes) {
    String name = environment.project() + "-" + environment.name() + "-predictions-volume";
    List<JsonNode> own =
        volumes.stream().filter(it -> it.path("name").asString("").startsWith(name)).toList();
    if (own.isEmpty()) {
      skipped("volume " + name, "is not there yet", "pulumi up -s runpod-" + environment.name());
      return;
    }
    JsonNode volume = own.get(0);
    String place = volume.path("dataCenter").asString("");
    int size = volume.path("size").asInt(0);
    String seen = size + " GB in " + place;
    if (own.size() > 1) {
      wrong(
          "volume " + name,
          own.size() + " of that name",
          "delete those that the stack does not know, see pulumi stack -s runpod-"
              + environment.name()
              + " --show-ids");
    } else if (!place.equals(settings.dataCenter())) {
      wrong(
          "volume " + name,
          seen + "; the file says " + settings.dataCenter(),
          "a volume does not move: put its data center into the file, or copy what it holds");
    } else if (size < settings.volumeGb()) {
      wrong(
          "volume " + name,
          seen + "; the file says " + settings.volumeGb() + " GB",
          "pulumi up -s runpod-" + environment.name());
    } else {
      fine("volume " + name, seen);
    }
  }

  private void storage() {
    String key = variables.getOrDefault(S3_KEY, "");
    String secret = variables.getOrDefault(S3_SECRET, "");
    String endpoint = outputs.apply("s3Endpoint");
    String bucket = outputs.apply("volumeId");
    if (key.isBlank() || secret.isBlank()) {
      skipped(
          "S3-compatible storage",
          "needs keys of its own",
          "to upload by S3, make them in RunPod's console (Settings, S3 API Keys) and export "
              + S3_KEY
              + " and "
              + S3_SECRET);
      return;
    }
    if (endpoint.isEmpty() || bucket.isEmpty()) {
      skipped(
          "S3-compatible storage",
          "the stack has no outputs s3Endpoint and volumeId here",
          "mkdir -p .mlinfra/outputs/%1$s && pulumi stack output -s runpod-%1$s --json >.mlinfra/outputs/%1$s/%2$s.json"
              .formatted(environment.name(), Target.RUNPOD.word()));
      return;
    }
    try (S3Client s3 =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint))
            .forcePathStyle(true)
            .region(Region.of(outputs.apply("s3Region")))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
            .build()) {
      s3.listObjectsV2(list -> list.bucket(bucket).maxKeys(1));
      fine("S3-compatible storage", bucket + " at " + endpoint);
    } catch (SdkException problem) {
      wrong(
          "S3-compatible storage",
          "%s at %s: %s".formatted(bucket, endpoint, problem.getMessage()),
          "look whether the S3 API key is the account's and still there (Settings, S3 API Keys)");
    }
  }

  private void image() {
    String image = settings.endpoint().image();
    String what = "worker's image " + image;
    switch (new ImageRegistry().find(ImageRegistry.Image.of(image))) {
      case PUBLIC -> fine(what, "everybody can pull it");
      case PRIVATE ->
          wrong(
              what,
              "is not there for everybody",
              "make it public, or deploy RunPodVolumeAndEndpoint with registryCredentialId from a"
                  + " program of your own");
      case MISSING ->
          wrong(what, "is not there", "build images/runpod-worker and push it under that name");
      case UNREACHABLE ->
          wrong(
              what,
              "its registry cannot be reached from here",
              "look at the host name in environments/" + environment.name() + ".yaml");
    }
  }

  private void fine(String what, String detail) {
    checks.add(new Check(what, Result.FINE, detail, ""));
  }

  private void wrong(String what, String detail, String fix) {
    checks.add(new Check(what, Result.WRONG, detail, fix));
  }

  private void skipped(String what, String detail, String fix) {
    checks.add(new Check(what, Result.SKIPPED, detail, fix));
  }
}

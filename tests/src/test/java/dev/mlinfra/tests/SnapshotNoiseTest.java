package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.template.Model;
import dev.mlinfra.template.Models;
import dev.mlinfra.testkit.Snapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A snapshot moves when something changed, and only then. */
class SnapshotNoiseTest {
  /** Assets; version ids, and what the CDK hashes over them. */
  private static final Pattern HASH =
      Pattern.compile("(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{32})(?![0-9a-f])");

  /** Templates by file: of the environments, and of other apps with assets and nested stacks. */
  static Iterable<Map.Entry<String, String>> templates() {
    Map<String, String> all =
        new LinkedHashMap<>(Synthesis.texts(Synthesis.assembly(), ".template.json"));
    assertThat(all).hasSize(11);
    all.putAll(
        Synthesis.texts(
            Synthesis.ROOT.resolve(
                "constructs-lib/template/src/test/resources/dev/mlinfra/template/assemblies"),
            ".template.json"));
    assertThat(all).hasSizeGreaterThan(12);
    return all.entrySet();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void otherHashesAndAnotherReleaseOfTheCdkAreNoChange(Map.Entry<String, String> template) {
    ObjectNode other =
        (ObjectNode)
            JsonMapper.shared()
                .readTree(
                    HASH.matcher(template.getValue())
                        .replaceAll(match -> rotated(match.group()))
                        .replace(
                            "/cdk-bootstrap/hnb659fds/version", "/cdk-bootstrap/next/version"));
    anotherRelease(other);

    assertThat(snapshot(other.toString())).isEqualTo(snapshot(template.getValue()));
  }

  /** What a release of the CDK adds to every template, and changes in it. */
  private static void anotherRelease(ObjectNode template) {
    ObjectNode resources = template.withObjectProperty("Resources");
    resources
        .properties()
        .forEach(
            resource ->
                ((ObjectNode) resource.getValue())
                    .withObjectProperty("Metadata")
                    .put("aws:cdk:path", "somewhere/else")
                    .put("aws:asset:path", "asset.new")
                    .put("aws:asset:property", "Code"));
    resources
        .putObject("CDKMetadata")
        .put("Type", "AWS::CDK::Metadata")
        .put("Condition", "CDKMetadataAvailable")
        .putObject("Properties")
        .put("Analytics", "v2:deflate64:H4sIAAAAAAAA/new");
    template
        .withObjectProperty("Conditions")
        .putObject("CDKMetadataAvailable")
        .putArray("Fn::Equals")
        .add("a")
        .add("b");
    template.withObjectProperty("Rules").putObject("CheckBootstrapVersion").putArray("Assertions");
  }

  private static String rotated(String hash) {
    return hash.substring(1) + hash.charAt(0);
  }

  /** Every single text, number and truth of every resource but its metadata, one at a time. */
  @ParameterizedTest
  @MethodSource("templates")
  void everySingleChangeIsAChange(Map.Entry<String, String> template) {
    String before = snapshot(template.getValue());
    JsonNode tree = JsonMapper.shared().readTree(template.getValue());
    int[] changes = {0};
    for (JsonNode resource : tree.path("Resources")) {
      if (!resource.path("Type").asString().equals("AWS::CDK::Metadata")) {
        ((ObjectNode) resource).remove("Metadata");
        changeEach(
            resource,
            () -> {
              changes[0]++;
              assertThat(snapshot(tree.toString())).isNotEqualTo(before);
            });
      }
    }

    assertThat(changes[0]).isPositive();
  }

  private static void changeEach(JsonNode node, Runnable check) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : Map.copyOf(asMap(object)).entrySet()) {
        if (entry.getValue().isValueNode()) {
          object.set(entry.getKey(), changed(entry.getValue()));
          check.run();
          object.set(entry.getKey(), entry.getValue());
        } else {
          changeEach(entry.getValue(), check);
        }
      }
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        JsonNode item = list.get(i);
        if (item.isValueNode()) {
          list.set(i, changed(item));
          check.run();
          list.set(i, item);
        } else {
          changeEach(item, check);
        }
      }
    }
  }

  private static Map<String, JsonNode> asMap(ObjectNode object) {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    object.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    return entries;
  }

  private static JsonNode changed(JsonNode value) {
    return value.isBoolean()
        ? JsonMapper.shared().valueToTree(!value.asBoolean())
        : JsonMapper.shared().valueToTree(value.asString() + "9");
  }

  private static String snapshot(String template) {
    Model model = Models.parse("template", template);
    return Snapshots.text(model, model.stacks().get(0));
  }
}

package dev.mlinfra.local.runpod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PublishedApiTest {
  private static final JsonMapper JSON = new JsonMapper();

  private ObjectNode description;

  /** A description that says what the table says, with words that explain. */
  @BeforeEach
  void describe() throws Exception {
    JsonNode table;
    try (var file = PublishedApi.class.getResourceAsStream("rest-v2.json")) {
      table = JSON.readTree(file);
    }
    description = JSON.createObjectNode();
    ObjectNode paths = description.putObject("paths");
    for (JsonNode operation : table.path("operations")) {
      String path = operation.path("path").asString();
      ObjectNode at = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
      ObjectNode made =
          at.putObject(operation.path("method").asString().toLowerCase(java.util.Locale.ROOT));
      made.put("summary", "explains");
      if (operation.has("request")) {
        content(made.putObject("requestBody"), operation.path("request").asString());
      }
      ObjectNode responses = made.putObject("responses");
      operation
          .path("responses")
          .properties()
          .forEach(
              response -> {
                ObjectNode answer = responses.putObject(response.getKey());
                if (!response.getValue().isNull()) {
                  content(answer, response.getValue().asString());
                }
              });
    }
    ObjectNode schemas =
        (ObjectNode)
            JSON.readTree(
                table.path("$defs").toString().replace("#/$defs/", "#/components/schemas/"));
    ((ObjectNode) schemas.path("ListPodsResponse")).put("description", "explains");
    description.putObject("components").set("schemas", schemas);
  }

  private static void content(ObjectNode node, String schema) {
    node.putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schema);
  }

  private List<String> differences() {
    return PublishedApi.differences(description.toString());
  }

  @Test
  void wordsAndWhatIsNotUsedMakeNoDifference() {
    ((ObjectNode) description.path("paths")).putObject("/v2/clusters").putObject("get");

    assertThat(differences()).isEmpty();
    assertThat(PublishedApi.builtAgainst()).matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}");
  }

  @Test
  void tellsWhatChanged() {
    ObjectNode paths = (ObjectNode) description.path("paths");
    paths.remove("/v2/pods/{id}/action");
    ((ObjectNode) paths.at("/~1v2~1pods/post/requestBody/content/application~1json/schema"))
        .put("$ref", "#/components/schemas/Other");
    ((ObjectNode) paths.at("/~1v2~1templates/post/responses")).remove("201");
    ObjectNode pod =
        (ObjectNode) description.at("/components/schemas/NetworkVolume/properties/size");
    pod.put("type", "string");
    ((ObjectNode) description.at("/components/schemas/NetworkVolume/properties"))
        .putObject("speed")
        .put("type", "integer");
    ((ObjectNode) description.at("/components/schemas/NetworkVolume/properties")).remove("name");

    assertThat(differences())
        .contains(
            "POST /v2/pods/{id}/action: gone from the description",
            "POST /v2/pods: takes 'Other', was 'CreatePodRequest'",
            "NetworkVolume/properties/speed: new in the description",
            "NetworkVolume/properties/name: gone from the description",
            "NetworkVolume/properties/size/type: was \"integer\", is \"string\"")
        .anyMatch(it -> it.startsWith("POST /v2/templates: answers 201 with '', was '"));
  }

  @Test
  void whatIsNoDescriptionIsRefused() {
    assertThatThrownBy(() -> PublishedApi.differences("{"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("it is no JSON");
    assertThatThrownBy(() -> PublishedApi.differences("{}"))
        .hasMessage("it has no paths and schemas of OpenAPI");
  }

  /** The vendor's own file, where a copy of it stands beside the project. */
  @Test
  void theCopyOfTheVendorsFileIsTheOneOfTheTable() throws Exception {
    Path copy = Path.of("../../shared/data/runpod-rest-v2-openapi.json");
    if (!Files.exists(copy)) {
      System.out.println("no copy of RunPod's description at " + copy + ": not compared");
      return;
    }
    assertThat(PublishedApi.differences(Files.readString(copy))).isEmpty();
    System.out.println("compared with RunPod's description at " + copy);
  }
}

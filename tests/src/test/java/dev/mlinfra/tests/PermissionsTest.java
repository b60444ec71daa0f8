package dev.mlinfra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Who may do what, in the environments of this repository. */
class PermissionsTest {
  private final Map<String, JsonNode> templates = Synthesis.templates();
  private final List<Statements.Grant> grants = Statements.grants(templates);

  @Test
  void areAsReviewed() {
    Snapshots.matches(
        "permissions.txt",
        "# role | action | resource\n"
            + grants.stream().map(grant -> grant + "\n").collect(Collectors.joining()));
  }

  @Test
  void haveNoStar() {
    assertThat(grants)
        .isNotEmpty()
        .noneMatch(grant -> grant.action().contains("*"))
        .noneMatch(grant -> grant.resource().equals("*"));
  }

  @Test
  void comeFromNoManagedPolicy() {
    assertThat(templates.values())
        .allSatisfy(
            template ->
                assertThat(template.path("Resources"))
                    .noneMatch(resource -> resource.path("Properties").has("ManagedPolicyArns")));
  }

  @Test
  void trustNamesAService() {
    List<String> principals =
        templates.values().stream()
            .flatMap(template -> Statements.list(template.path("Resources")).stream())
            .flatMap(resources -> resources.propertyStream())
            .map(Map.Entry::getValue)
            .filter(resource -> resource.path("Type").asString().equals("AWS::IAM::Role"))
            .flatMap(
                role ->
                    Statements.list(role.at("/Properties/AssumeRolePolicyDocument/Statement"))
                        .stream())
            .map(statement -> statement.path("Principal").toString())
            .distinct()
            .sorted()
            .toList();

    assertThat(principals)
        .containsExactly(
            "{\"Service\":\"ecs-tasks.amazonaws.com\"}", "{\"Service\":\"lambda.amazonaws.com\"}");
  }
}

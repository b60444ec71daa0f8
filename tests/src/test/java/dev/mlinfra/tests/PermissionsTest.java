package dev.mlinfra.tests;

import static dev.mlinfra.testkit.TemplateAssertions.assertThatTemplate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlinfra.testkit.Grant;
import dev.mlinfra.testkit.Permissions;
import org.junit.jupiter.api.Test;

/** Who may do what, in the environments of this repository. */
class PermissionsTest {
  private final Permissions permissions = Permissions.of(Synthesis.model());

  @Test
  void areAsReviewed() {
    assertThatTemplate(Synthesis.model()).hasPermissions("permissions");
  }

  @Test
  void haveNoStar() {
    assertThat(permissions.identity())
        .isNotEmpty()
        .noneMatch(grant -> grant.action().contains("*"))
        .noneMatch(grant -> grant.resource().equals("*"));
  }

  @Test
  void comeFromNoManagedPolicy() {
    assertThat(permissions.identity()).extracting(Grant::action).doesNotContain("managed policy");
  }

  @Test
  void trustNamesAService() {
    assertThat(permissions.trust())
        .extracting(Grant::principal)
        .containsOnly("Service ecs-tasks.amazonaws.com", "Service lambda.amazonaws.com");
  }
}

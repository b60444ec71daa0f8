package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.policy.Verdict;
import dev.mlinfra.policy.internal.Decide;
import dev.mlinfra.policy.internal.Inspection;
import dev.mlinfra.policy.internal.Outcomes;
import dev.mlinfra.policy.internal.Rule;
import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.Set;
import java.util.regex.Pattern;

/** Roles name what is needed. */
final class BasicRole implements Rule {
  private static final Set<String> BASIC = Set.of("roles/owner", "roles/editor", "roles/viewer");

  private static final String AZURE = "azure-native:authorization:RoleAssignment";
  private static final String CLASSIC = "azure:authorization/assignment:Assignment";

  /** Owner, Contributor and User Access Administrator have these numbers everywhere. */
  private static final Pattern BROAD =
      Pattern.compile(
          "(?i)(.*/)?(8e3af657-a8ff-443c-a75c-2fe8c4bcb635|b24988ac-6180-42a0-ab88-20f7382dd24c"
              + "|18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
              + "|owner|contributor|user access administrator)");

  /** A subscription, a resource group, a group of subscriptions or all; not one resource. */
  private static final Pattern WIDE =
      Pattern.compile(
          "(?i)/?|/?subscriptions/[^/]+(/resourceGroups/[^/]+)?/?"
              + "|/?providers/Microsoft\\.Management/managementGroups/[^/]+/?");

  @Override
  public String id() {
    return "mlinfra::clouds.basic-role";
  }

  @Override
  public String requirement() {
    return "Nobody gets a role that is made of nearly all others: Owner, Editor,"
        + " Contributor and their like.";
  }

  @Override
  public void check(Inspection inspection, Outcomes.Of outcomes) {
    for (Grant grant : Grants.of(inspection)) {
      outcomes.decided(
          Decide.text(grant.role(), it -> !BASIC.contains(it)),
          grant.resource(),
          grant.roleAt(),
          grant.role(),
          "is a basic role, with thousands of permissions",
          "name predefined roles for what is needed, such as roles/storage.objectViewer");
    }
    for (Resource assignment : CloudResources.of(inspection, AZURE)) {
      azure(assignment, "roleDefinitionId", inspection, outcomes);
    }
    for (Resource assignment : CloudResources.of(inspection, CLASSIC)) {
      Value name = inspection.property(assignment, "roleDefinitionName");
      String path = Decide.isAbsent(name) ? "roleDefinitionId" : "roleDefinitionName";
      azure(assignment, path, inspection, outcomes);
    }
  }

  /** On a single resource such a role may be the narrowest that there is. */
  private static void azure(
      Resource assignment, String path, Inspection inspection, Outcomes.Of outcomes) {
    Value role = inspection.property(assignment, path);
    Verdict narrowRole = Decide.absentOr(role, it -> !BROAD.matcher(it).matches());
    Verdict narrowScope =
        Decide.text(inspection.property(assignment, "scope"), it -> !WIDE.matcher(it).matches());
    outcomes.decided(
        narrowRole.compareTo(narrowScope) <= 0 ? narrowRole : narrowScope,
        assignment,
        path,
        role,
        "is a role over nearly everything in its scope; Contributor can list storage keys too",
        "name a role for the data or service that is needed, or scope it to one resource");
  }
}

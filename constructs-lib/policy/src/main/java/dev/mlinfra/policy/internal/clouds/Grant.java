package dev.mlinfra.policy.internal.clouds;

import dev.mlinfra.template.Resource;
import dev.mlinfra.template.Value;
import java.util.List;

/**
 * Who has which role of Google Cloud.
 *
 * @param resource the resource that grants it
 * @param roleAt path of the role
 * @param role the role, such as {@code roles/storage.objectViewer}
 * @param membersAt path of the members
 * @param members who gets it, such as {@code serviceAccount:…}
 */
record Grant(Resource resource, String roleAt, Value role, String membersAt, List<Value> members) {
  Grant {
    members = List.copyOf(members);
  }
}

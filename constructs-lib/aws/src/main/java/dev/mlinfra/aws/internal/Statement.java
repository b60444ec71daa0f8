package dev.mlinfra.aws.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * An allow statement of an IAM policy.
 *
 * @param sid its name: letters and digits, once in a policy; empty for none, as in grants, of which
 *     a role may have several
 * @param actions such as {@code s3:GetObject}
 * @param resources ARNs, or one star for actions that know no resource
 * @param conditions operator to key to value; empty for none
 */
public record Statement(
    String sid,
    List<String> actions,
    List<String> resources,
    Map<String, Map<String, Object>> conditions) {

  /** A statement without conditions. */
  public static Statement of(String sid, List<String> actions, List<String> resources) {
    return new Statement(sid, actions, resources, Map.of());
  }

  /** A statement without a name and conditions. */
  public static Statement unnamed(List<String> actions, List<String> resources) {
    return new Statement("", actions, resources, Map.of());
  }

  /** The statement as it stands in a policy document. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    if (!sid.isEmpty()) {
      map.put("Sid", sid);
    }
    map.put("Effect", "Allow");
    map.put("Action", actions);
    map.put("Resource", resources);
    if (!conditions.isEmpty()) {
      map.put("Condition", conditions);
    }
    return map;
  }

  /** Adds the statement to what a principal may do. */
  public void addTo(IGrantable grantee) {
    grantee.getGrantPrincipal().addToPrincipalPolicy(PolicyStatement.fromJson(toMap()));
  }
}

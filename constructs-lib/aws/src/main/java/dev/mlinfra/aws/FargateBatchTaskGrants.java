package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Statement;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.IGrantable;

/** Permissions on a task. */
public final class FargateBatchTaskGrants {
  private final FargateDefinition definition;

  FargateBatchTaskGrants(FargateDefinition definition) {
    this.definition = definition;
  }

  /**
   * Lets a principal start it, older revisions too, with another command or other variables: {@code
   * ecs:RunTask}, {@code ecs:TagResource} while it starts, {@code iam:PassRole} on its two roles.
   */
  public void run(IGrantable grantee) {
    definition.start(definition.revisions()).forEach(statement -> statement.addTo(grantee));
  }

  /** Lets a principal see how runs are, and their logs; those of others in the same cluster too. */
  public void follow(IGrantable grantee) {
    onCluster(List.of("ecs:DescribeTasks")).addTo(grantee);
    Statement.unnamed(
            List.of("logs:FilterLogEvents", "logs:GetLogEvents"),
            List.of(definition.logGroup().getLogGroupArn()))
        .addTo(grantee);
  }

  /** Lets a principal stop runs, those of others in the same cluster too: {@code ecs:StopTask}. */
  public void stop(IGrantable grantee) {
    onCluster(List.of("ecs:StopTask")).addTo(grantee);
  }

  private Statement onCluster(List<String> actions) {
    return new Statement(
        "",
        actions,
        List.of(definition.tasks()),
        Map.of("ArnEquals", Map.of("ecs:cluster", definition.clusterArn())));
  }
}

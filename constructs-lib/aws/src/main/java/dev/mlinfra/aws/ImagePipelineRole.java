package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Arns;
import dev.mlinfra.aws.internal.ImageRules;
import dev.mlinfra.aws.internal.Statement;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.interfaces.ecs.ClusterReference;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * The role of a pipeline that pushes images to one repository, reads their scans, and registers and
 * runs one family of tasks on one cluster, with one role for the program and one for ECS.
 *
 * <p>Whoever can register a task definition chooses its image and command, so the program's role
 * bounds what the pipeline can do. A session lasts one hour.
 */
public final class ImagePipelineRole extends Construct {
  private final Role role;

  /**
   * A role for images and tasks.
   *
   * @throws ValidationException with every problem of the properties
   */
  public ImagePipelineRole(Construct scope, String id, ImagePipelineRoleProps props) {
    super(scope, id);
    ValidationException.throwIfAny(
        "ImagePipelineRole '" + getNode().getPath() + "'", ImageRules.pipeline(props));

    role = GitHubTrust.role(this, props, "GitHub: pushes images and runs " + props.getTaskFamily());
    props.getRepository().getGrants().push(role);
    Statement.of(
            "ReadScans",
            List.of("ecr:DescribeImageScanFindings"),
            List.of(props.getRepository().getRepository().getRepositoryArn()))
        .addTo(role);
    runTasks(props);
    followUp(props);
  }

  /** The role. */
  public IRole getRole() {
    return role;
  }

  private void runTasks(ImagePipelineRoleProps props) {
    Arns arns = Arns.of(this, Optional.empty(), List.of());
    ClusterReference cluster = props.getCluster().getClusterRef();
    String definition = arns.in("ecs", "task-definition/" + props.getTaskFamily() + ":*").get(0);
    String task = arns.in("ecs", "task/" + cluster.getClusterName() + "/*").get(0);
    Statement.of("RegisterTasks", List.of("ecs:RegisterTaskDefinition"), List.of(definition))
        .addTo(role);
    new Statement(
            "RunTasks",
            List.of("ecs:RunTask"),
            List.of(definition),
            Map.of("ArnEquals", Map.of("ecs:cluster", cluster.getClusterArn())))
        .addTo(role);
    Statement.of("WatchTasks", List.of("ecs:DescribeTasks"), List.of(task)).addTo(role);
    new Statement(
            "TagTasks",
            List.of("ecs:TagResource"),
            List.of(definition, task),
            Map.of(
                "StringEquals",
                Map.of("ecs:CreateAction", List.of("RegisterTaskDefinition", "RunTask"))))
        .addTo(role);
    new Statement(
            "PassTaskRoles",
            List.of("iam:PassRole"),
            List.of(
                props.getTaskRole().getRoleRef().getRoleArn(),
                props.getExecutionRole().getRoleRef().getRoleArn()),
            Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
        .addTo(role);
  }

  /** What stands around a run: its data, its log, and which image is in use. */
  private void followUp(ImagePipelineRoleProps props) {
    Arns arns = Arns.of(this, Optional.empty(), List.of());
    props
        .getImageParameter()
        .ifPresent(
            name ->
                Statement.of(
                        "RecordImage",
                        List.of("ssm:GetParameter", "ssm:GetParameterHistory", "ssm:PutParameter"),
                        arns.in("ssm", "parameter" + name))
                    .addTo(role));
    props
        .getLogGroup()
        .ifPresent(
            name ->
                Statement.of(
                        "ReadLog",
                        List.of("logs:GetLogEvents"),
                        arns.in("logs", "log-group:" + name + ":log-stream:*"))
                    .addTo(role));
    props
        .getDataObject()
        .ifPresent(
            object ->
                Statement.of("UploadData", List.of("s3:PutObject"), List.of(arns.s3(object)))
                    .addTo(role));
  }
}

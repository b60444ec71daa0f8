package dev.mlinfra.aws.internal;

import dev.mlinfra.aws.RolePurpose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The most that roles may do: the one list of every action that a construct of this library grants.
 */
public final class BoundaryPolicy {
  private static final List<String> EVERYTHING = List.of("*");

  /** Resources of the services that clusters use. Snapshots have no account. */
  private static final Map<String, String> OF_CLUSTERS =
      Map.of(
          "autoscaling", "arn:%s:autoscaling:*:%s:autoScalingGroup:*",
          "ec2", "arn:%s:ec2:*:*:*/*",
          "elasticfilesystem", "arn:%s:elasticfilesystem:*:%s:*/*",
          "elasticloadbalancing", "arn:%s:elasticloadbalancing:*:%s:*/*");

  private BoundaryPolicy() {}

  /**
   * The statements of a boundary.
   *
   * @param purpose what the roles are for
   * @param arns the account, in every region
   * @param dataDeletion whether what empties a bucket before it is deleted may do so
   */
  public static List<Statement> statements(RolePurpose purpose, Arns arns, boolean dataDeletion) {
    List<Statement> statements =
        new ArrayList<>(
            switch (purpose) {
              case WORKLOADS -> workloads(arns);
              case ACCESS -> access(arns);
              case CLUSTERS -> clusters(arns);
            });
    if (dataDeletion) {
      statements.addAll(dataDeletion(arns));
    }
    return statements;
  }

  /** Every action of a boundary, sorted. */
  public static SortedSet<String> actions(RolePurpose purpose, boolean dataDeletion) {
    SortedSet<String> actions = new TreeSet<>();
    statements(purpose, new Arns("aws", "*", EVERYTHING), dataDeletion)
        .forEach(statement -> actions.addAll(statement.actions()));
    return actions;
  }

  /** The statements as a policy document. */
  public static Map<String, Object> document(List<Statement> statements) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("Version", "2012-10-17");
    document.put("Statement", statements.stream().map(Statement::toMap).toList());
    return document;
  }

  private static List<Statement> workloads(Arns arns) {
    return List.of(
        ownData(
            arns,
            List.of(
                "kms:Decrypt",
                "kms:GenerateDataKey",
                "s3:AbortMultipartUpload",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:ListBucket",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
                "sqs:SendMessage"),
            join(join(arns.in("kms", "key/*"), List.of(arns.s3("*"))), arns.in("sqs", "*"))),
        Statement.of(
            "Logs",
            List.of("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            arns.in("logs", "log-group:*")),
        Statement.of(
            "Functions", List.of("lambda:InvokeFunction"), arns.in("lambda", "function:*")),
        Statement.of(
            "Runs",
            List.of("states:DescribeExecution", "states:StartExecution", "states:StopExecution"),
            join(arns.in("states", "execution:*"), arns.in("states", "stateMachine:*"))),
        Statement.of(
            "Images",
            List.of("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
            arns.in("ecr", "repository/*")),
        Statement.of(
            "Secrets",
            List.of("secretsmanager:GetSecretValue", "ssm:GetParameters"),
            join(arns.in("secretsmanager", "secret:*"), arns.in("ssm", "parameter/*"))),
        Statement.of(
            "Tasks",
            List.of("ecs:RunTask", "ecs:TagResource"),
            join(arns.in("ecs", "task/*"), arns.in("ecs", "task-definition/*"))),
        taskRoles(arns),
        Statement.of(
            "Jobs",
            List.of("batch:SubmitJob"),
            join(arns.in("batch", "job-definition/*"), arns.in("batch", "job-queue/*"))),
        Statement.of(
            "Machines",
            List.of(
                "ecs:DeregisterContainerInstance",
                "ecs:Poll",
                "ecs:RegisterContainerInstance",
                "ecs:StartTelemetrySession",
                "ecs:SubmitAttachmentStateChanges",
                "ecs:SubmitContainerStateChange",
                "ecs:SubmitTaskStateChange",
                "ecs:UpdateContainerInstancesState"),
            join(arns.in("ecs", "cluster/*"), arns.in("ecs", "container-instance/*"))),
        Statement.of(
            "Drill", List.of("ec2:SendSpotInstanceInterruptions"), arns.in("ec2", "instance/*")),
        Statement.of(
            "NetworkInterfaces",
            List.of(
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:UnassignPrivateIpAddresses"),
            arns.in("ec2", "*/*")),
        Statement.of(
            "KnowNoResource",
            Stream.of(
                    List.of(
                        "batch:DescribeJobs",
                        "cloudwatch:PutMetricData",
                        "ec2:DescribeInstances",
                        "ec2:DescribeNetworkInterfaces",
                        "ec2:DescribeSubnets",
                        "ecr:GetAuthorizationToken",
                        "ecs:DiscoverPollEndpoint"),
                    LogDelivery.ACTIONS,
                    List.of(
                        "xray:GetSamplingRules",
                        "xray:GetSamplingTargets",
                        "xray:PutTelemetryRecords",
                        "xray:PutTraceSegments"))
                .flatMap(List::stream)
                .toList(),
            EVERYTHING));
  }

  private static List<Statement> access(Arns arns) {
    return List.of(
        // Another account's bootstrap roles decide for themselves whom they trust.
        Statement.of(
            "BootstrapRoles",
            List.of("sts:AssumeRole"),
            List.of("arn:%s:iam::*:role/cdk-*".formatted(arns.partition()))),
        Statement.of(
            "Stacks",
            List.of(
                "cloudformation:DescribeStackEvents",
                "cloudformation:DescribeStackResources",
                "cloudformation:DescribeStacks",
                "cloudformation:GetTemplate",
                "cloudformation:ListStackResources"),
            arns.in("cloudformation", "stack/*")),
        ownData(
            arns,
            List.of(
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                // Pulumi removes its locks.
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:ListBucket",
                "s3:PutObject"),
            join(arns.in("kms", "key/*"), List.of(arns.s3("*")))),
        Statement.of(
            "Functions", List.of("lambda:InvokeFunction"), arns.in("lambda", "function:*")),
        Statement.of(
            "Logs",
            List.of("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
            arns.in("logs", "log-group:*")),
        Statement.of(
            "Parameters",
            List.of(
                "ssm:GetParameter",
                "ssm:GetParameterHistory",
                "ssm:GetParameters",
                "ssm:GetParametersByPath",
                "ssm:PutParameter"),
            arns.in("ssm", "parameter/mlinfra/*")),
        Statement.of(
            "Images",
            List.of(
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:CompleteLayerUpload",
                "ecr:DescribeImageScanFindings",
                "ecr:InitiateLayerUpload",
                "ecr:PutImage",
                "ecr:UploadLayerPart"),
            arns.in("ecr", "repository/*")),
        Statement.of(
            "Tasks",
            List.of(
                "ecs:DescribeTasks",
                "ecs:RegisterTaskDefinition",
                "ecs:RunTask",
                "ecs:StopTask",
                "ecs:TagResource"),
            join(arns.in("ecs", "task/*"), arns.in("ecs", "task-definition/*"))),
        taskRoles(arns),
        Statement.of(
            "Jobs",
            List.of("batch:SubmitJob", "batch:TerminateJob"),
            join(
                join(arns.in("batch", "job-definition/*"), arns.in("batch", "job-queue/*")),
                arns.in("batch", "job/*"))),
        Statement.of(
            "KnowNoResource",
            List.of("batch:DescribeJobs", "ecr:GetAuthorizationToken"),
            EVERYTHING));
  }

  /** What the parts of any cluster may do, and what pods may do with data. */
  private static List<Statement> clusters(Arns arns) {
    Map<List<String>, SortedSet<String>> actions = new LinkedHashMap<>();
    for (Statement statement : new ClusterPolicies(arns, "*").all()) {
      boolean some = !statement.resources().equals(EVERYTHING);
      for (String action : statement.actions()) {
        String service = action.substring(0, action.indexOf(':'));
        // By service and not by type of resource, or the policy would be longer than IAM takes.
        List<String> resources =
            some && OF_CLUSTERS.containsKey(service)
                ? List.of(OF_CLUSTERS.get(service).formatted(arns.partition(), arns.account()))
                : statement.resources();
        actions.computeIfAbsent(resources, it -> new TreeSet<>()).add(action);
      }
    }
    List<Statement> statements = new ArrayList<>();
    actions.forEach(
        (resources, allowed) -> statements.add(Statement.unnamed(List.copyOf(allowed), resources)));
    statements.add(
        ownData(
            arns,
            List.of(
                "kms:GenerateDataKey",
                "s3:AbortMultipartUpload",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:PutObject"),
            join(arns.in("kms", "key/*"), List.of(arns.s3("*")))));
    return statements;
  }

  /** What the CDK's function calls that empties a bucket before CloudFormation deletes it. */
  private static List<Statement> dataDeletion(Arns arns) {
    return List.of(
        new Statement(
            "EmptyBuckets",
            List.of(
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
                "s3:GetBucketPolicy",
                "s3:GetBucketTagging",
                "s3:ListBucketVersions",
                "s3:PutBucketPolicy"),
            List.of(arns.s3("*")),
            ownAccount(arns)),
        // That function has no log group of its own, so Lambda makes one.
        Statement.of(
            "LogGroups",
            List.of("logs:CreateLogGroup"),
            arns.in("logs", "log-group:/aws/lambda/*")));
  }

  /** Without the condition, data could be carried to a bucket or queue of a stranger. */
  private static Statement ownData(Arns arns, List<String> actions, List<String> resources) {
    return new Statement("OwnData", actions, resources, ownAccount(arns));
  }

  private static Statement taskRoles(Arns arns) {
    return new Statement(
        "TaskRoles",
        List.of("iam:PassRole"),
        List.of(arns.iam("role/*")),
        Map.of("StringEquals", Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")));
  }

  private static Map<String, Map<String, Object>> ownAccount(Arns arns) {
    return Map.of("StringEquals", Map.of("aws:ResourceAccount", arns.account()));
  }

  private static List<String> join(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}

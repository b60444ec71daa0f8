package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.Statement;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.services.iam.IGrantable;
import software.amazon.awscdk.services.logs.ILogGroup;

/** Permissions on a fleet. */
public final class SpotTrainingFleetGrants {
  private final List<String> queues;
  private final List<String> definitions;
  private final String jobs;
  private final ILogGroup logGroup;

  SpotTrainingFleetGrants(
      List<String> queues, List<String> definitions, String jobs, ILogGroup logGroup) {
    this.queues = queues;
    this.definitions = definitions;
    this.jobs = jobs;
    this.logGroup = logGroup;
  }

  /**
   * Lets a principal put jobs of this fleet into its queues, of older revisions and as arrays too:
   * {@code batch:SubmitJob}.
   */
  public void submit(IGrantable grantee) {
    List<String> resources = new ArrayList<>(definitions);
    resources.addAll(queues);
    Statement.unnamed(List.of("batch:SubmitJob"), resources).addTo(grantee);
  }

  /**
   * Lets a principal see jobs, which knows no resource, and read the logs of this fleet: {@code
   * batch:DescribeJobs}, {@code logs:FilterLogEvents}, {@code logs:GetLogEvents}.
   */
  public void follow(IGrantable grantee) {
    Statement.unnamed(List.of("batch:DescribeJobs"), List.of("*")).addTo(grantee);
    Statement.unnamed(
            List.of("logs:FilterLogEvents", "logs:GetLogEvents"),
            List.of(logGroup.getLogGroupArn()))
        .addTo(grantee);
  }

  /**
   * Lets a principal end jobs, those of other queues of the account too: {@code
   * batch:TerminateJob}.
   */
  public void stop(IGrantable grantee) {
    Statement.unnamed(List.of("batch:TerminateJob"), List.of(jobs)).addTo(grantee);
  }
}

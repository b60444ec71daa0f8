package dev.mlinfra.aws.internal;

import java.util.List;

/** What a state machine's role needs to have its log delivered. */
public final class LogDelivery {
  /** These know no resource, so a star is all that IAM takes. */
  public static final List<String> ACTIONS =
      List.of(
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:UpdateLogDelivery");

  private LogDelivery() {}
}

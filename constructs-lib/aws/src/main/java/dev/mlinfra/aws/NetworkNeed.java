package dev.mlinfra.aws;

/**
 * What runs in a network, or what it does, and must reach services of AWS for it. A network with
 * egress {@code ENDPOINTS} has exactly the endpoints of its needs.
 */
public enum NetworkNeed {
  /** Tasks on Fargate that pull images from ECR and write logs. */
  FARGATE_TASKS,
  /** Instances of AWS Batch that pull images from ECR and write logs. */
  BATCH_INSTANCES,
  /** Secrets of Secrets Manager. */
  SECRETS,
  /** Parameters of Systems Manager. */
  PARAMETERS,
  /** Programs that call KMS themselves; encrypted buckets need it not. */
  KEYS,
  /** Shells on instances by Session Manager. */
  SESSIONS,
  /** Programs that take on roles themselves. */
  ROLES,
  /** Programs that send metrics by the API; those in log lines need it not. */
  METRICS,
  /** Traces of X-Ray. */
  TRACES,
  /** Nodes of EKS. */
  EKS_NODES,
  /** The controller that makes load balancers for EKS. */
  LOAD_BALANCERS,
  /** Programs that call SageMaker. */
  SAGEMAKER
}

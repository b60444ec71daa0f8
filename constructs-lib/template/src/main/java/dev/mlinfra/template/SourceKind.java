package dev.mlinfra.template;

/** What a model was read from. */
public enum SourceKind {
  /** One CloudFormation template. */
  TEMPLATE,
  /** A CDK cloud assembly. */
  ASSEMBLY,
  /** What {@code pulumi preview --json} prints. */
  PULUMI_PREVIEW,
  /** What {@code pulumi stack export} prints, or a state file. */
  PULUMI_STATE
}

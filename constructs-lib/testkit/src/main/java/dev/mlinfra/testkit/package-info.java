/**
 * Assertions for tests of CDK stacks, CloudFormation templates and Pulumi programs.
 *
 * <p>Start at {@link dev.mlinfra.testkit.TemplateAssertions}; {@link
 * dev.mlinfra.testkit.CdkAssertions} and {@link dev.mlinfra.testkit.PulumiGraph} need their
 * engine's jar on the class path, everything else does not.
 */
package dev.mlinfra.testkit;

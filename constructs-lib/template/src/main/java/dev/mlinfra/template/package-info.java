/**
 * One model of what was synthesised: CloudFormation templates, CDK assemblies and Pulumi graphs.
 *
 * <p>{@link dev.mlinfra.template.Models#read} turns a file or folder into an immutable {@link
 * dev.mlinfra.template.Model}. What only a deployment can know stays symbolic: a {@link
 * dev.mlinfra.template.Value} says what is known, and never guesses the rest.
 */
package dev.mlinfra.template;

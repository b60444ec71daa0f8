/**
 * What every template must satisfy, decided without an account.
 *
 * <p>Start at {@link dev.mlinfra.policy.Gate}: it takes a {@link dev.mlinfra.template.Model} and
 * gives a {@link dev.mlinfra.policy.Report} of {@link dev.mlinfra.policy.Finding findings}.
 */
package dev.mlinfra.policy;

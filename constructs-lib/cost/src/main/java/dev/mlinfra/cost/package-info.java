/**
 * What stacks cost, worked out without an account.
 *
 * <p>Start at {@link dev.mlinfra.cost.Estimator}: it takes a {@link dev.mlinfra.template.Model} and
 * gives an {@link dev.mlinfra.cost.Estimate} for each environment in it.
 */
package dev.mlinfra.cost;

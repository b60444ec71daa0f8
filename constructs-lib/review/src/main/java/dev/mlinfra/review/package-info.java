/**
 * What a change does, risk first: data lost, permissions broadened, cost tags lost, cost, reach,
 * findings, then the rest.
 *
 * <p>Start at {@link dev.mlinfra.review.Reviewer}: it takes two {@link dev.mlinfra.template.Model
 * models} and gives a {@link dev.mlinfra.review.Review}.
 */
package dev.mlinfra.review;

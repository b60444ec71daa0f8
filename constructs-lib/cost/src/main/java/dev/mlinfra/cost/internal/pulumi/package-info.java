/**
 * What the resources of Pulumi's graphs cost: one package for each cloud, and here what they share.
 */
package dev.mlinfra.cost.internal.pulumi;

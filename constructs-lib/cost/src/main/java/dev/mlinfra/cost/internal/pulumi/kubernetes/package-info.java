/** The pricers of objects of Kubernetes. */
package dev.mlinfra.cost.internal.pulumi.kubernetes;

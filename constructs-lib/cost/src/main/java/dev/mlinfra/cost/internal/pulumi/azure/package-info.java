/** The pricers of Azure. */
package dev.mlinfra.cost.internal.pulumi.azure;

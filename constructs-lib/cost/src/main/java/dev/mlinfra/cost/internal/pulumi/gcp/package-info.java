/** The pricers of Google Cloud. */
package dev.mlinfra.cost.internal.pulumi.gcp;

/** The pricers of AWS where Pulumi makes it. */
package dev.mlinfra.cost.internal.pulumi.aws;

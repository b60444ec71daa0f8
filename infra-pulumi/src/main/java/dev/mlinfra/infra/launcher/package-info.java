/** The program of Pulumi.yaml, which starts that of the stack's target. */
package dev.mlinfra.infra.launcher;

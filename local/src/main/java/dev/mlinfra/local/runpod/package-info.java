/**
 * RunPod's REST v2 on this machine: state in memory, the vendor's schemas enforced, faults on
 * demand.
 */
package dev.mlinfra.local.runpod;

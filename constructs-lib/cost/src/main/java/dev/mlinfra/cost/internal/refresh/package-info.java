/** Reads what providers publish about their prices. */
package dev.mlinfra.cost.internal.refresh;

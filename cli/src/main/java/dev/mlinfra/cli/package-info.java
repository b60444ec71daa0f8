/** The {@code mlinfra} command; one class per subcommand, what they share in {@code internal}. */
package dev.mlinfra.cli;

package dev.mlinfra.tests.violations.core;

import dev.mlinfra.tests.violations.cli.Command;

/** Depends the wrong way. */
record UsesTheCommand(Command command) {}

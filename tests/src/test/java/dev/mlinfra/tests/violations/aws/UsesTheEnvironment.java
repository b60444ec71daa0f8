package dev.mlinfra.tests.violations.aws;

import dev.mlinfra.tests.violations.core.Environment;

/** Knows environment files. */
record UsesTheEnvironment(Environment environment) {}

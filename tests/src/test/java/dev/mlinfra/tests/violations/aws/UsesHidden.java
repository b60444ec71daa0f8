package dev.mlinfra.tests.violations.aws;

import dev.mlinfra.tests.violations.core.internal.Hidden;

/** Uses what is internal to another module. */
record UsesHidden(Hidden hidden) {}

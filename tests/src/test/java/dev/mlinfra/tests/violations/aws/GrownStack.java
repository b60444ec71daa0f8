package dev.mlinfra.tests.violations.aws;

import software.amazon.awscdk.Stack;

/** Extends more than a construct. */
class GrownStack extends Stack {}

package dev.mlinfra.tests.violations.aws;

import software.amazon.awscdk.IAspect;
import software.constructs.IConstruct;

/** An aspect written in Java. */
class WideAspect implements IAspect {
  @Override
  public void visit(IConstruct node) {}
}

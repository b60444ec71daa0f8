package dev.mlinfra.aws;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.immutables.value.Value;

/**
 * How properties become builders: the generated class stays hidden, users see the interface. Kept
 * in the source only, so that those who compile against it need no annotation of the generator.
 */
@Value.Style(
    get = {"is*", "get*"},
    visibility = Value.Style.ImplementationVisibility.PACKAGE,
    overshadowImplementation = true)
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
@interface PropsStyle {}

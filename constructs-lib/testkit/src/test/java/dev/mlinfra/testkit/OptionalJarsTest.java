package dev.mlinfra.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has neither engine's jar can still use everything that needs none. */
class OptionalJarsTest {
  private static final List<String> OPTIONAL =
      List.of("/software/amazon/", "/com/pulumi/", "/io/grpc/", "/com/google/protobuf/");

  /** This module and what it needs, without the optional jars. */
  private static URLClassLoader loader() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    URL[] jars =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(jar -> OPTIONAL.stream().noneMatch(jar.replace('\\', '/')::contains))
            .map(OptionalJarsTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(jars, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String jar) {
    try {
      return new File(jar).toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(jar, e);
    }
  }

  private static Object assertion(URLClassLoader loader, String template)
      throws ReflectiveOperationException {
    return loader
        .loadClass("dev.mlinfra.testkit.TemplateAssertions")
        .getMethod("assertThatTemplate", String.class)
        .invoke(null, template);
  }

  @Test
  void assertionsNeedNeitherEngine() throws IOException, ReflectiveOperationException {
    try (URLClassLoader loader = loader()) {
      assertThatThrownBy(() -> loader.loadClass("software.amazon.awscdk.Stack"))
          .isInstanceOf(ClassNotFoundException.class);
      assertThatThrownBy(() -> loader.loadClass("com.pulumi.Context"))
          .isInstanceOf(ClassNotFoundException.class);
      Object assertion = assertion(loader, "Resources: {A: {Type: 'AWS::S3::Bucket'}}");

      assertThatThrownBy(() -> assertion.getClass().getMethod("hasCostTags").invoke(assertion))
          .isInstanceOf(InvocationTargetException.class)
          .hasRootCauseInstanceOf(AssertionError.class)
          .rootCause()
          .hasMessageContaining("0 of 1 taggable resources are tagged");
    }
  }

  @Test
  void aGraphOfPulumiIsReadWithoutItsSdk() throws IOException, ReflectiveOperationException {
    try (URLClassLoader loader = loader()) {
      Object assertion =
          assertion(
              loader,
              "{\"version\": 3, \"deployment\": {\"resources\": [{\"custom\": true,"
                  + " \"type\": \"kubernetes:core/v1:Namespace\","
                  + " \"urn\": \"urn:pulumi:s::p::kubernetes:core/v1:Namespace::n\"}]}}");

      assertThatThrownBy(() -> assertion.getClass().getMethod("hasCostTags").invoke(assertion))
          .rootCause()
          .hasMessageContaining("metadata.labels: lacks cost-center");
    }
  }
}

package dev.mlinfra.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResourceTest {
  private static final SourceLine CONSTRUCT =
      new SourceLine("dev.mlinfra.aws.MlDataBucket", "<init>", "MlDataBucket.java", 60);
  private static final SourceLine USER =
      new SourceLine("com.example.DataStack", "<init>", "DataStack.java", 14);

  @Test
  void aUsersOwnLineIsShownBeforeThatOfAConstruct() {
    assertThat(made(CONSTRUCT, USER).userSource()).hasValue(USER);
    assertThat(made(CONSTRUCT, USER).javaSource()).hasValue(CONSTRUCT);
    assertThat(made(CONSTRUCT).userSource()).hasValue(CONSTRUCT);
    assertThat(made().userSource()).isEmpty();
  }

  private static Resource made(SourceLine... trace) {
    return new Resource(
        new ResourceId("dev/Data", "Bucket"),
        "AWS::S3::Bucket",
        new Value.Mapping(Map.of()),
        Map.of(),
        Optional.empty(),
        List.of(trace),
        Optional.empty());
  }
}

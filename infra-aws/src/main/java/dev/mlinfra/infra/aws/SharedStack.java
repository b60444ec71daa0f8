package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.ImageRepository;
import dev.mlinfra.aws.ImageRepositoryProps;
import dev.mlinfra.aws.PulumiStateStore;
import dev.mlinfra.aws.PulumiStateStoreProps;
import dev.mlinfra.core.Account;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/** What the environments of an account keep together: images, and the state of Pulumi's stacks. */
final class SharedStack extends Stack {
  private final Map<String, ImageRepository> images = new LinkedHashMap<>();
  private final Optional<PulumiStateStore> state;

  SharedStack(Construct scope, StackProps props, Account account) {
    super(scope, "Shared", props);
    for (String image : account.shared().images()) {
      images.put(
          image,
          new ImageRepository(
              this,
              "Image-" + image,
              ImageRepositoryProps.builder()
                  .repositoryName(account.project() + "/" + image)
                  .build()));
    }
    state =
        account.shared().pulumiState()
            ? Optional.of(
                new PulumiStateStore(
                    this,
                    "PulumiState",
                    PulumiStateStoreProps.builder()
                        .keyAlias(account.project() + "/pulumi-state")
                        .build()))
            : Optional.empty();
  }

  ImageRepository image(String name) {
    return images.get(name);
  }

  Optional<PulumiStateStore> state() {
    return state;
  }

  Map<String, String> outputs() {
    Map<String, String> outputs = new LinkedHashMap<>();
    images.forEach(
        (name, image) ->
            outputs.put(
                OutputNames.of("Image", name, "Uri"), image.getRepository().getRepositoryUri()));
    state.ifPresent(
        store -> {
          outputs.put("PulumiBackendUrl", store.getBackendUrl());
          outputs.put("PulumiSecretsProvider", store.getSecretsProvider());
        });
    return outputs;
  }
}

package dev.mlinfra.infra.aws;

import dev.mlinfra.aws.AwsCostTags;
import dev.mlinfra.core.Account;
import dev.mlinfra.core.SharedSettings;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Stage;

/** What exists once per account, deployed before the environments in it. */
final class AccountStage extends Stage {
  private final Account account;

  AccountStage(App app, Account account) {
    super(app, Account.stageName(account.number()), StageSettings.props(account));
    StageSettings.apply(this, account.organization());
    this.account = account;

    Optional<SharedStack> shared = Optional.empty();
    SharedSettings settings = account.shared();
    if (!settings.images().isEmpty() || settings.pulumiState()) {
      shared = Optional.of(new SharedStack(this, props("Shared"), account));
      finish(shared.get(), "shared", shared.get().outputs());
    }
    if (AccessStack.isNeeded(account)) {
      AccessStack access = new AccessStack(this, props("Access"), account, shared);
      finish(access, "access", access.outputs());
    }
  }

  private StackProps props(String stack) {
    return StackProps.builder().stackName(account.stackName(stack)).build();
  }

  private void finish(Stack stack, String workload, Map<String, String> outputs) {
    PublishedOutputs.add(stack, account.project(), Account.NAME, outputs);
    AwsCostTags.of(account.costTags(workload)).applyTo(stack);
  }
}

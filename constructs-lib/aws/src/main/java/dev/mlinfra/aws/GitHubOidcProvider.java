package dev.mlinfra.aws;

import dev.mlinfra.aws.internal.GitHubRules;
import dev.mlinfra.core.ValidationException;
import java.util.List;
import software.amazon.awscdk.services.iam.IOidcProvider;
import software.amazon.awscdk.services.iam.OidcProviderNative;
import software.constructs.Construct;

/**
 * Lets workflows of GitHub take on roles without stored keys: the account's identity provider for
 * their tokens.
 *
 * <p>An account can have one alone. Where it is there already, use {@link #fromExistingArn}.
 */
public final class GitHubOidcProvider extends Construct implements IGitHubOidcProvider {
  /** Audience of the tokens: what GitHub's action for AWS asks for. */
  public static final String AUDIENCE = "sts.amazonaws.com";

  private final IOidcProvider provider;

  /** The identity provider. */
  public GitHubOidcProvider(Construct scope, String id) {
    super(scope, id);
    // Without thumbprints: AWS checks GitHub's certificate against its own list of authorities.
    provider =
        OidcProviderNative.Builder.create(this, "Resource")
            .url("https://" + ISSUER)
            .clientIds(List.of(AUDIENCE))
            .build();
  }

  /**
   * The identity provider that the account has already. Its audiences must hold {@link #AUDIENCE}.
   *
   * @param arn such as {@code
   *     arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com}
   * @throws ValidationException when it is not the ARN of GitHub's provider
   */
  public static IGitHubOidcProvider fromExistingArn(String arn) {
    ValidationException.throwIfAny("GitHubOidcProvider", GitHubRules.providerArn(arn));
    return new Existing(arn);
  }

  @Override
  public String getProviderArn() {
    return provider.getOidcProviderArn();
  }

  /** The identity provider, as the CDK knows it. */
  public IOidcProvider getProvider() {
    return provider;
  }

  private record Existing(String arn) implements IGitHubOidcProvider {
    @Override
    public String getProviderArn() {
      return arn;
    }
  }
}

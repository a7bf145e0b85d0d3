package io.claviger.launcher;

import io.claviger.config.settings.Durations;
import io.claviger.localmesh.LocalIssuer;
import io.claviger.localmesh.MeshState;
import io.claviger.localmesh.TokenRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code claviger token}: a token of the running mesh's issuer. */
@Command(
    name = "token",
    description = "Prints a service-account token of the running mesh's issuer.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DirectoryOption directory = new DirectoryOption();

  @Option(names = "--namespace", required = true, paramLabel = "N")
  private String namespace = "";

  @Option(names = "--service-account", required = true, paramLabel = "S")
  private String serviceAccount = "";

  @Option(names = "--pod", required = true, paramLabel = "P")
  private String pod = "";

  @Option(names = "--node", required = true, paramLabel = "E")
  private String node = "";

  @Option(
      names = "--audience",
      paramLabel = "A",
      defaultValue = TokenRequest.POD_AUDIENCE,
      description = "Default: ${DEFAULT-VALUE}")
  private String audience = TokenRequest.POD_AUDIENCE;

  @Option(
      names = "--ttl",
      paramLabel = "T",
      defaultValue = "24h",
      converter = DurationOption.class,
      description =
          "90s, 10m, 24h or ISO 8601; negative for an expired token. Default: ${DEFAULT-VALUE}")
  private Duration ttl = Duration.ofHours(24);

  @Override
  public Integer call() {
    MeshState state = directory.running();
    LocalIssuer issuer =
        LocalIssuer.open(directory.get().issuer(), state.cluster().issuer(), Clock.systemUTC());
    TokenRequest request =
        TokenRequest.ofPod(namespace, serviceAccount, pod, node)
            .withAudiences(audience)
            .withLife(ttl);
    spec.commandLine().getOut().println(issuer.token(request));
    return 0;
  }

  /** Durations have the same form as in settings. */
  static final class DurationOption implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}

package io.claviger.broker.cli;

import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code associations list}. */
@Command(
    name = "list",
    description = "Shows the associations that the access key may see.",
    mixinStandardHelpOptions = true)
final class ListCommand extends CliCommand {

  private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

  @Mixin private ApiOptions api = new ApiOptions();
  @Mixin private OutputOption output = new OutputOption();

  @Option(names = "--namespace", paramLabel = "NAME", description = "Only this namespace.")
  private @Nullable String namespace;

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "Only this service account.")
  private @Nullable String serviceAccount;

  @Option(
      names = {"-w", "--watch"},
      description =
          "Continue with changes, one line each, until interrupted. With -o json, print the events.")
  private boolean watch;

  @Override
  public Integer call() {
    return watch ? follow() : list();
  }

  /** Ctrl-C ends the process. */
  private int follow() {
    PrintWriter err = err();
    ApiAccess access = api.access();
    try (SignedHttp http = access.connectToWatch()) {
      new WatchAssociations(
              http,
              access.cluster(),
              namespace,
              serviceAccount,
              event -> output.printEvent(out(), event),
              err::println,
              () -> Thread.sleep(BETWEEN_ATTEMPTS))
          .follow();
      return 0;
    } catch (WatchAssociations.RefusedException e) {
      return failed(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private int list() {
    return api.run(
        client -> {
          output.printAll(out(), client.describeAll(namespace, serviceAccount));
          return 0;
        });
  }
}

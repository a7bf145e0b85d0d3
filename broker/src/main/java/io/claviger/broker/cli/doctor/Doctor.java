package io.claviger.broker.cli.doctor;

import io.claviger.broker.cli.doctor.NodeCheck.Connects;
import io.claviger.broker.cli.doctor.TokenFileCheck.TextFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks each step between a pod and its credentials, in the order of a request. */
public final class Doctor {

  private static final String ASSOCIATION = "association";
  private static final String STS = "STS";

  private final Map<String, String> environment;
  private final Options options;
  private final TextFile files;
  private final HttpGet http;
  private final Connects connects;
  private final InstantSource clock;

  /**
   * Settings and sources besides the pod's own endpoint.
   *
   * @param audience the audience that tokens must have
   * @param management a broker's management address
   * @param associations present with an access key of the API
   * @param identity present when STS is to be called
   */
  public record Options(
      String audience,
      Optional<URI> management,
      Optional<AssociationSource> associations,
      Optional<Identity> identity) {}

  Doctor(
      Map<String, String> environment,
      Options options,
      TextFile files,
      HttpGet http,
      Connects connects,
      InstantSource clock) {
    this.environment = environment;
    this.options = options;
    this.files = files;
    this.http = http;
    this.connects = connects;
    this.clock = clock;
  }

  /** Returns a doctor for this machine. */
  public static Doctor here(Map<String, String> environment, Options options) {
    return new Doctor(
        environment,
        options,
        Files::readString,
        new JdkHttpGet(),
        (host, port, within) -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) within.toMillis());
            return true;
          } catch (IOException e) {
            return false;
          }
        },
        InstantSource.system());
  }

  /** Checks the pod whose environment this process has. */
  public List<Finding> asPod() {
    List<Finding> findings =
        new ArrayList<>(new EnvironmentCheck(environment, this::isThere).look());
    Optional<PodToken> token = token(findings);
    Optional<HttpGet.Answer> answer =
        token.flatMap(present -> ask(environment.get(EnvironmentCheck.URI), present, findings));
    if (token.isPresent() && answer.isPresent()) {
      credentials(answer.get(), remedies(token.get()), findings);
    }
    broker(findings);
    token.ifPresentOrElse(
        present -> association(remedies(present), findings),
        () -> findings.add(Finding.skip(ASSOCIATION, "no token names the service account")));
    findings.addAll(new NodeCheck(files, connects).look());
    return List.copyOf(findings);
  }

  /** Checks a service account, without a pod. */
  public List<Finding> about(String namespace, String serviceAccount) {
    List<Finding> findings = new ArrayList<>();
    broker(findings);
    association(remedies(namespace, serviceAccount), findings);
    return List.copyOf(findings);
  }

  private boolean isThere(Path file) {
    try {
      return !files.read(file).isBlank();
    } catch (IOException e) {
      return false;
    }
  }

  private Optional<PodToken> token(List<Finding> findings) {
    String file = environment.get(EnvironmentCheck.TOKEN_FILE);
    if (file == null || file.isBlank()) {
      findings.add(Finding.skip("token file", EnvironmentCheck.TOKEN_FILE + " is not set"));
      return Optional.empty();
    }
    TokenFileCheck.Seen seen =
        new TokenFileCheck(files, clock, options.audience()).look(Path.of(file));
    findings.addAll(seen.findings());
    return seen.token();
  }

  private Optional<HttpGet.Answer> ask(
      @Nullable String uri, PodToken token, List<Finding> findings) {
    if (uri == null || uri.isBlank()) {
      findings.add(Finding.skip(EndpointCheck.NAME, EnvironmentCheck.URI + " is not set"));
      return Optional.empty();
    }
    try {
      EndpointCheck.Seen seen = new EndpointCheck(http, environment).look(URI.create(uri), token);
      findings.addAll(seen.findings());
      return seen.answer();
    } catch (IllegalArgumentException e) {
      findings.add(
          Finding.fail(
              EndpointCheck.NAME,
              uri + " is not a URL",
              "set " + EnvironmentCheck.URI + "=http://169.254.170.23/v1/credentials"));
      return Optional.empty();
    }
  }

  private void credentials(HttpGet.Answer answer, Remedies remedies, List<Finding> findings) {
    AnswerCheck.Seen seen = new AnswerCheck(clock, remedies).look(answer);
    findings.add(seen.finding());
    seen.credentials()
        .ifPresent(found -> options.identity().ifPresent(sts -> findings.add(ofSts(sts, found))));
  }

  /** Checks whether STS accepts the credentials. */
  private static Finding ofSts(Identity sts, AnswerCheck.Credentials credentials) {
    try {
      return Finding.ok(
          STS,
          "identity "
              + sts.of(
                  credentials.accessKeyId(),
                  credentials.secretAccessKey(),
                  credentials.sessionToken()));
    } catch (IOException e) {
      return Finding.fail(
          STS,
          String.valueOf(e.getMessage()),
          "check AWS_REGION, AWS_ENDPOINT_URL_STS, the pod's route to STS, and its clock");
    }
  }

  private void broker(List<Finding> findings) {
    options
        .management()
        .ifPresentOrElse(
            at -> findings.addAll(new BrokerCheck(http).look(at)),
            () ->
                findings.add(
                    Finding.skip("broker", "not checked without --broker-management URL")));
  }

  private void association(Remedies remedies, List<Finding> findings) {
    findings.add(
        options
            .associations()
            .map(source -> ofApi(source, remedies))
            .orElseGet(() -> Finding.skip(ASSOCIATION, "not checked without --profile NAME")));
  }

  /** Checks the association of a service account at the brokers' API. */
  private static Finding ofApi(AssociationSource associations, Remedies remedies) {
    String workload = remedies.namespace() + "/" + remedies.serviceAccount();
    try {
      return associations
          .role(remedies.namespace(), remedies.serviceAccount())
          .map(arn -> Finding.ok(ASSOCIATION, workload + " has " + arn))
          .orElseGet(
              () ->
                  Finding.fail(
                      ASSOCIATION,
                      workload + " has no association that this access key may see",
                      remedies.create()));
    } catch (IOException e) {
      return Finding.fail(
          ASSOCIATION,
          "the API returned: " + e.getMessage(),
          "check --endpoint-url, the access key and its grants: see docs/associations.md");
    }
  }

  private Remedies remedies(PodToken token) {
    return remedies(token.namespace(), token.serviceAccount());
  }

  private Remedies remedies(String namespace, String serviceAccount) {
    String cluster = environment.getOrDefault("CLAVIGER_CLUSTER", "CLUSTER");
    String region = environment.getOrDefault("AWS_REGION", "REGION");
    String account = environment.getOrDefault("CLAVIGER_ACCOUNT", "ACCOUNT");
    return new Remedies(
        cluster,
        "arn:aws:eks:%s:%s:cluster/%s".formatted(region, account, cluster),
        options.audience(),
        namespace,
        serviceAccount);
  }
}

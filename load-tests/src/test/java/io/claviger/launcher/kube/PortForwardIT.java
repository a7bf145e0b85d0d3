package io.claviger.launcher.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.claviger.localmesh.LocalCertificateAuthority;
import io.claviger.localmesh.MeshException;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A port-forward by a script in place of kubectl. */
final class PortForwardIT {

  /** Placed early in a command line, because the system reports only its beginning. */
  private static final String MARK = "claviger.test.forward";

  private static final KubeTarget TARGET = new KubeTarget("/of/prod", "prod", "claviger");

  @TempDir private Path directory;

  private final Vertx vertx = Vertx.vertx();
  private Optional<PortForward> opened = Optional.empty();

  @AfterEach
  void close() {
    opened.ifPresent(PortForward::stop);
    vertx.close().await();
  }

  private int broker(PemKeyCertOptions certificate) {
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate))
            .requestHandler(call -> call.response().end())
            .listen(0, "127.0.0.1")
            .await();
    return server.actualPort();
  }

  private static PemKeyCertOptions certificate(LocalCertificateAuthority authority) {
    LocalCertificateAuthority.Certified certified = authority.issue("broker");
    return new PemKeyCertOptions()
        .addCertPath(certified.certificate().toString())
        .addKeyPath(certified.key().toString());
  }

  /** A port-forward by this script. The script's last argument is like {@code 20000:7445}. */
  private PortForward forward(String script, Duration starting) throws IOException {
    Path kubectl = Files.writeString(directory.resolve("kubectl"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
    PortForward forward = new PortForward(directory, Optional.of(kubectl), starting);
    opened = Optional.of(forward);
    return forward;
  }

  private PortForward forwardTo(int broker) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return forward(
        """
        echo "$KUBECONFIG: $@" >>%s
        for last in "$@"; do :; done
        exec %s -D%s -cp '%s' %s ${last%%:*} %d
        """
            .formatted(
                directory.resolve("arguments"),
                java,
                MARK,
                System.getProperty("java.class.path"),
                LoopbackForward.class.getName(),
                broker),
        Duration.ofSeconds(30));
  }

  private List<String> arguments() throws IOException {
    return Files.readAllLines(directory.resolve("arguments"));
  }

  private static Stream<ProcessHandle> forwards() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(MARK));
  }

  @Test
  void reachesABrokerUntilItIsStopped() throws IOException {
    LocalCertificateAuthority authority =
        LocalCertificateAuthority.create(directory.resolve("tls"), Clock.systemUTC());
    String trusted = Files.readString(authority.certificate());
    PortForward forward = forwardTo(broker(certificate(authority)));

    URI endpoint = forward.open(TARGET, trusted);

    assertThat(endpoint.getScheme()).isEqualTo("https");
    assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
    assertThat(arguments())
        .containsExactly(
            "/of/prod: --context prod --namespace claviger port-forward --address 127.0.0.1"
                + " service/claviger-broker "
                + endpoint.getPort()
                + ":7445");

    // A second shell uses the same port, so the first one's variables stay valid.
    List<ProcessHandle> replaced = forwards().toList();
    assertThat(replaced).hasSize(1);
    replaced.getFirst().destroyForcibly();
    assertThat(replaced.getFirst().onExit()).succeedsWithin(Duration.ofSeconds(10));
    assertThat(forward.open(TARGET, trusted)).isEqualTo(endpoint);
    assertThat(arguments()).hasSize(2);

    assertThat(forward.stop()).isTrue();
    await().until(() -> forwards().findAny().isEmpty());
    assertThat(forward.stop()).isFalse();
  }

  @Test
  void isOneForShellsThatBeginAtOnce() throws Exception {
    LocalCertificateAuthority authority =
        LocalCertificateAuthority.create(directory.resolve("tls"), Clock.systemUTC());
    String trusted = Files.readString(authority.certificate());
    PortForward forward = forwardTo(broker(certificate(authority)));

    URI first;
    URI second;
    try (ExecutorService shells = Executors.newFixedThreadPool(2)) {
      Future<URI> one = shells.submit(() -> forward.open(TARGET, trusted));
      Future<URI> other = shells.submit(() -> forward.open(TARGET, trusted));
      first = one.get();
      second = other.get();
    }

    assertThat(first).isEqualTo(second);
    assertThat(arguments()).hasSize(1);
  }

  /** A lock of another process makes these calls wait; one of this process makes them fail. */
  @Test
  void isStartedAndEndedByOneProcessAtATime() throws IOException {
    PortForward forward = forward("exit 1", Duration.ofSeconds(1));

    try (FileChannel other =
        FileChannel.open(
            directory.resolve("forward.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      var unused = other.lock();
      assertThatThrownBy(() -> forward.open(TARGET, "any"))
          .isInstanceOf(OverlappingFileLockException.class);
      assertThatThrownBy(forward::stop).isInstanceOf(OverlappingFileLockException.class);
    }
  }

  @Test
  void isLeftToOtherShellsWhenItIsOfNoUseForOne() throws IOException {
    LocalCertificateAuthority authority =
        LocalCertificateAuthority.create(directory.resolve("tls"), Clock.systemUTC());
    LocalCertificateAuthority stranger =
        LocalCertificateAuthority.create(directory.resolve("other"), Clock.systemUTC());
    String trusted = Files.readString(authority.certificate());
    PortForward forward = forwardTo(broker(certificate(authority)));
    URI endpoint = forward.open(TARGET, trusted);

    assertThatThrownBy(() -> forward.open(TARGET, Files.readString(stranger.certificate())))
        .isInstanceOf(MeshException.class);

    assertThat(forward.open(TARGET, trusted)).isEqualTo(endpoint);
    assertThat(arguments()).hasSize(1);
  }

  @Test
  void isAnotherForAnotherCluster() throws IOException {
    LocalCertificateAuthority authority =
        LocalCertificateAuthority.create(directory.resolve("tls"), Clock.systemUTC());
    String trusted = Files.readString(authority.certificate());
    PortForward forward = forwardTo(broker(certificate(authority)));
    var unused = forward.open(TARGET, trusted);

    unused = forward.open(new KubeTarget("/of/test", "prod", "claviger"), trusted);

    assertThat(arguments()).hasSize(2).last().asString().startsWith("/of/test: ");
    await().until(() -> forwards().count() == 1);
  }

  @Test
  void saysWhatKubectlSaysWhenItDoesNotForward() throws IOException {
    LocalCertificateAuthority authority =
        LocalCertificateAuthority.create(directory.resolve("tls"), Clock.systemUTC());
    PortForward forward = forward("echo 'pods are forbidden' >&2; exit 1", Duration.ofSeconds(1));

    assertThatThrownBy(() -> forward.open(TARGET, Files.readString(authority.certificate())))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("kubectl --context prod --namespace claviger port-forward")
        .hasMessageContaining("pods are forbidden");
    assertThat(forward.stop()).isFalse();
  }

  @Test
  void saysHowToGetACertificateThatIsGoodForIt() throws Exception {
    X509Bundle other =
        new CertificateBuilder()
            .subject("CN=broker")
            .addSanDnsName("claviger-broker.claviger.svc")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    PortForward forward =
        forwardTo(
            broker(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(other.getCertificatePEM()))
                    .addKeyValue(Buffer.buffer(other.getPrivateKeyPEM()))));

    assertThatThrownBy(() -> forward.open(TARGET, other.getCertificatePEM()))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("cannot be used for 127.0.0.1")
        .hasMessageContaining("run ./claviger pki again");
    await().until(() -> forwards().findAny().isEmpty());
  }

  @Test
  void saysThatThereIsNoKubectl() {
    PortForward forward = new PortForward(directory, Optional.empty(), Duration.ofSeconds(1));

    assertThatThrownBy(() -> forward.open(TARGET, "any"))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("kubectl is not on the PATH");
  }
}

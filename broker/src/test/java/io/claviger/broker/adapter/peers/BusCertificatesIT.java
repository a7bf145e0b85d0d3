package io.claviger.broker.adapter.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.claviger.broker.ingress.CertificateFiles;
import io.claviger.broker.ingress.Certificates;
import io.claviger.broker.ingress.ServedCertificate;
import io.claviger.config.cluster.ClusteredVertx;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The certificates that a broker's end of the event bus presents and accepts while its files
 * change.
 */
@Timeout(60)
final class BusCertificatesIT {

  private static final Duration EVERY = Duration.ofMillis(50);

  @TempDir private Path directory;
  private final Map<String, Integer> results = new ConcurrentHashMap<>();
  private Brokers brokers;
  private Certificates certificates;
  private ClusteredVertx broker;
  private int port;

  @BeforeEach
  void join() throws Exception {
    brokers = new Brokers(directory);
    certificates = brokers.certificates;
    port = Brokers.freePort();
    broker = brokers.join("one", port);
    watch(broker, "one");
    certificates.issue("other");
  }

  /**
   * Reads the files first. On a busy machine the first reading would otherwise follow the test's
   * replacement.
   */
  private void watch(ClusteredVertx watched, String name) throws Exception {
    ServedCertificate served =
        new ServedCertificate(
            new CertificateFiles(certificates.certificate(name), certificates.key(name)),
            Optional.of(certificates.authorityFile()),
            EVERY,
            result -> results.merge(result, 1, Integer::sum));
    Brokers.await(served.read(watched.vertx()));
    served.watch(watched.vertx(), watched.certificates()::use);
  }

  @AfterEach
  void leave() throws Exception {
    brokers.close();
  }

  @Test
  void showsARenewedCertificate() throws Exception {
    BigInteger first = shown();

    certificates.issue("one");

    await().until(this::shown, serial -> !serial.equals(first));
  }

  @Test
  void keepsTheOneBeforeWhereTheNewOneIsNone() throws Exception {
    BigInteger first = shown();

    Files.writeString(certificates.certificate("one"), "none");
    Files.writeString(certificates.authorityFile(), "none");

    await().until(() -> results.getOrDefault("failed", 0) >= 2);
    assertThat(shown()).isEqualTo(first);
    assertThat(takes(certificates)).isTrue();
  }

  @Test
  void believesANewAuthorityAndNoLongerAnOldOne() throws Exception {
    Certificates another = new Certificates(Files.createDirectory(directory.resolve("another")));
    another.issue("other");
    assertThat(takes(another)).isFalse();

    String added = Files.readString(another.authorityFile());
    Files.writeString(certificates.authorityFile(), added, StandardOpenOption.APPEND);
    await().until(() -> takes(another));
    assertThat(takes(certificates)).isTrue();

    Files.writeString(certificates.authorityFile(), added);
    await().until(() -> !takes(certificates));
    assertThat(takes(another)).isTrue();
  }

  private BigInteger shown() throws Exception {
    try (SSLSocket socket = connect(certificates)) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  /** There has been no connection before. */
  @Test
  void comesToOthersByItsNewCertificateAndTakesTheirs() throws Exception {
    ClusteredVertx other = brokers.join("two", 0);
    watch(other, "two");
    other.vertx().eventBus().consumer("probe", message -> message.reply("here"));
    BigInteger first = shown();
    Certificates another = new Certificates(Files.createDirectory(directory.resolve("another")));
    for (String name : List.of("one", "two")) {
      another.issue(name);
      replace(another.key(name), certificates.key(name));
      replace(another.certificate(name), certificates.certificate(name));
    }
    replace(another.authorityFile(), certificates.authorityFile());
    await().until(this::shown, serial -> !serial.equals(first));
    await().until(() -> results.getOrDefault("replaced", 0) >= 2);

    await()
        .ignoreExceptions()
        .until(
            () ->
                Brokers.await(broker.vertx().eventBus().request("probe", "there?"))
                    .body()
                    .equals("here"));
  }

  private static void replace(Path by, Path file) throws IOException {
    Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Returns whether the bus continues after it has seen a client's certificate; it sends nothing
   * then.
   */
  private boolean takes(Certificates clients) throws Exception {
    try (SSLSocket socket = connect(clients)) {
      socket.setSoTimeout(500);
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException silent) {
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private SSLSocket connect(Certificates clients) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        identity(clients, "other").getKeyManagerFactory(broker.vertx()).getKeyManagers(),
        InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
        null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.startHandshake();
    return socket;
  }

  @Test
  @Timeout(90)
  void letsNobodyOntoTheBusWithoutACertificateOfItsAuthority() throws Exception {
    Certificates others = new Certificates(Files.createDirectory(directory.resolve("elsewhere")));
    others.issue("intruder");

    assertThat(isClosed(null, Duration.ofSeconds(20))).isTrue();
    assertThat(isClosed(identity(others, "intruder"), Duration.ofSeconds(20))).isTrue();
    PemKeyCertOptions own = identity(certificates, "one");
    await().atMost(Duration.ofSeconds(30)).until(() -> !isClosed(own, Duration.ofSeconds(2)));
  }

  /** Returns whether the bus closes a connection in time; it closes a rejected one at once. */
  private boolean isClosed(@Nullable PemKeyCertOptions certificate, Duration by) throws Exception {
    Vertx vertx = Vertx.vertx();
    NetClientOptions options =
        new NetClientOptions()
            .setSsl(true)
            .setHostnameVerificationAlgorithm("")
            .setTrustOptions(
                new PemTrustOptions().addCertPath(certificates.authorityFile().toString()));
    if (certificate != null) {
      options.setKeyCertOptions(certificate);
    }
    CompletableFuture<Void> closed = new CompletableFuture<>();
    NetClient stranger = vertx.createNetClient(options);
    try {
      // Listens for the end on the connection's own thread, because it may come at once.
      Brokers.await(
          stranger
              .connect(port, "127.0.0.1")
              .map(socket -> socket.closeHandler(end -> closed.complete(null))));
      closed.get(by.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    } finally {
      // Keeps a reference until here: the garbage collector closes an unreferenced client's
      // connections.
      Brokers.await(stranger.close());
      Brokers.await(vertx.close());
    }
  }

  private static PemKeyCertOptions identity(Certificates of, String name) {
    return new PemKeyCertOptions()
        .setCertPath(of.certificate(name).toString())
        .setKeyPath(of.key(name).toString());
  }
}

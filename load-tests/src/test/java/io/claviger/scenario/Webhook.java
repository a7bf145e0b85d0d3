package io.claviger.scenario;

import io.claviger.localmesh.BrokerMember;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client of the brokers' webhook, like an API server that trusts the mesh's CA. */
final class Webhook implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient http;

  Webhook(ScenarioMesh mesh) {
    Path authority = mesh.mesh().options().directory().resolve("tls").resolve("ca.pem");
    http = HttpClient.newBuilder().sslContext(trusting(authority)).build();
  }

  /** The patch for a new pod; empty if the webhook leaves the pod unchanged. */
  Optional<String> patch(BrokerMember broker, String namespace, String serviceAccount) {
    HttpRequest request =
        HttpRequest.newBuilder(broker.webhook())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(review(namespace, serviceAccount)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonObject response = new JsonObject(answer.body()).getJsonObject("response");
      if (!response.getBoolean("allowed")) {
        throw new AssertionError("a pod was denied: " + answer.body());
      }
      return Optional.ofNullable(response.getString("patch"))
          .map(patch -> new String(Base64.getDecoder().decode(patch), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String review(String namespace, String serviceAccount) {
    return """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
          "uid": "1", "operation": "CREATE", "namespace": "%1$s", "dryRun": false,
          "kind": {"group": "", "version": "v1", "kind": "Pod"},
          "resource": {"group": "", "version": "v1", "resource": "pods"},
          "object": {"metadata": {"name": "%2$s-0"},
                     "spec": {"serviceAccountName": "%2$s", "containers": [{"name": "app"}]}}}}
        """
        .formatted(namespace, serviceAccount);
  }

  private static SSLContext trusting(Path authority) {
    try (InputStream pem = Files.newInputStream(authority)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "mesh", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}

package io.claviger.edge.node;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * This node, as the API server has it. Token and authorities are read each time: they are rotated.
 *
 * @param api the API server
 * @param name the node's
 * @param tokenFile of a service account that may get and patch nodes
 * @param authorities that sign the API server's certificate, PEM
 */
public record NodeObject(URI api, String name, Path tokenFile, Path authorities) {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** More than the API server stores of any object. */
  private static final int MAX_BYTES = 4 * 1024 * 1024;

  /**
   * Removes a taint, whatever its effect; blocks. What others change meanwhile stays: then it fails
   * and has to be tried again.
   *
   * @return whether it was there
   */
  public boolean removeTaint(String key) throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().connectTimeout(TIMEOUT).sslContext(trusting()).build()) {
      JsonObject node = send(client, request().GET());
      JsonArray patch = patch(node, key);
      if (patch.isEmpty()) {
        return false;
      }
      send(
          client,
          request()
              .header("Content-Type", "application/json-patch+json")
              .method("PATCH", HttpRequest.BodyPublishers.ofString(patch.encode())));
      return true;
    }
  }

  /** From the last one on, so that the places of those before it stay. */
  private static JsonArray patch(JsonObject node, String key) {
    JsonArray taints = node.getJsonObject("spec", new JsonObject()).getJsonArray("taints");
    JsonArray patch = new JsonArray();
    for (int i = taints == null ? -1 : taints.size() - 1; i >= 0; i--) {
      if (key.equals(taints.getJsonObject(i).getString("key"))) {
        String path = "/spec/taints/" + i;
        patch
            .add(
                new JsonObject()
                    .put("op", "test")
                    .put("path", path)
                    .put("value", taints.getJsonObject(i)))
            .add(new JsonObject().put("op", "remove").put("path", path));
      }
    }
    return patch;
  }

  private HttpRequest.Builder request() throws IOException {
    return HttpRequest.newBuilder(api.resolve("/api/v1/nodes/" + name))
        .timeout(TIMEOUT)
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + Files.readString(tokenFile).strip());
  }

  private static JsonObject send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException("the API server answers " + response.statusCode());
      }
      return new JsonObject(new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
    } catch (DecodeException e) {
      throw new IOException("the API server's answer is no JSON object", e);
    }
  }

  private SSLContext trusting() throws IOException {
    try (InputStream pem = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + store.size(), authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(authorities + " cannot be used: " + e.getMessage(), e);
    }
  }
}

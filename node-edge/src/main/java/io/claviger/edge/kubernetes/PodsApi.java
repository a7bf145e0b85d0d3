package io.claviger.edge.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lists and watches the pods of one node, metadata alone, as the service account whose token is in
 * a file; the file is read for each request.
 */
public final class PodsApi {

  private static final String LIST =
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  private static final String WATCH =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** The API server is asked for a bookmark a minute: silence means that nobody is there. */
  private static final Duration SILENCE = Duration.ofSeconds(150);

  private final Vertx vertx;
  private final HttpClient client;
  private final String pods;
  private final Path tokenFile;

  /**
   * The pods of a node.
   *
   * @param url of the API server
   * @param ca authorities that sign its certificate, PEM
   */
  public PodsApi(Vertx vertx, URI url, Path tokenFile, Path ca, String node) {
    this.vertx = vertx;
    this.tokenFile = tokenFile;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setVerifyHost(true)
                .setTrustOptions(new PemTrustOptions().addCertPath(ca.toString()))
                .setConnectTimeout((int) CONNECT.toMillis())
                .setIdleTimeout((int) SILENCE.toSeconds()));
    this.pods =
        url.toString().replaceFirst("/$", "")
            + "/api/v1/pods?fieldSelector="
            + escaped("spec.nodeName=" + node);
  }

  /**
   * All pods, from the API server's memory where that is new enough.
   *
   * @param version they are at least this new; empty: as new as can be
   */
  Future<HttpClientResponse> list(String version) {
    String query =
        switch (version) {
          case "" -> "";
          case "0" -> "&resourceVersion=0";
          default -> "&resourceVersionMatch=NotOlderThan&resourceVersion=" + escaped(version);
        };
    return get(query, LIST);
  }

  /** What changes after a version, a line each, until the time is over. */
  Future<HttpClientResponse> watch(String version, Duration time) {
    return get(
        "&watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
            .formatted(time.toSeconds(), escaped(version)),
        WATCH);
  }

  private Future<HttpClientResponse> get(String query, String accept) {
    return vertx
        .fileSystem()
        .readFile(tokenFile.toString())
        .compose(
            token ->
                client.request(
                    new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(pods + query)
                        .setConnectTimeout(CONNECT.toMillis())
                        .setFollowRedirects(false)
                        .putHeader("Accept", accept)
                        .putHeader("Authorization", "Bearer " + token.toString().strip())))
        .compose(HttpClientRequest::send);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

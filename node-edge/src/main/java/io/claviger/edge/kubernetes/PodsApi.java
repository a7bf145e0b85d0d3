package io.claviger.edge.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Lists and watches the pods of one node, metadata alone. */
public final class PodsApi {

  private static final String LIST =
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  private static final String WATCH =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

  private final ClusterApi api;
  private final String pods;

  /** The pods of a node. */
  public PodsApi(ClusterApi api, String node) {
    this.api = api;
    this.pods = "/api/v1/pods?fieldSelector=" + escaped("spec.nodeName=" + node);
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
    return api.get(pods + query, LIST);
  }

  /** What changes after a version, a line each, until the time is over. */
  Future<HttpClientResponse> watch(String version, Duration time) {
    String query =
        "&watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
            .formatted(time.toSeconds(), escaped(version));
    return api.get(pods + query, WATCH);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

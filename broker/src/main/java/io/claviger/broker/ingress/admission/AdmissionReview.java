package io.claviger.broker.ingress.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.schemas.Check;
import io.claviger.schemas.SchemaJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An API server's review: {@code admission.k8s.io/v1}.
 *
 * @param apiVersion echoed in the answer
 * @param kind echoed in the answer
 */
public record AdmissionReview(String apiVersion, String kind, Request request) {

  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";

  public AdmissionReview {
    if (!API_VERSION.equals(apiVersion) || !KIND.equals(kind)) {
      throw new IllegalArgumentException("not a " + KIND + " of " + API_VERSION);
    }
    Check.present(request, "request");
  }

  /**
   * Parses a review.
   *
   * @throws SchemaJson.MalformedRecordException when the JSON is not a review
   */
  static AdmissionReview read(byte[] json) {
    return SchemaJson.read(json, AdmissionReview.class);
  }

  /**
   * The request of a review.
   *
   * @param uid identifies the request in the answer
   * @param subResource for example {@code ephemeralcontainers}; usually null
   * @param object the new object, of the given kind
   */
  public record Request(
      String uid,
      Kind kind,
      Resource resource,
      @Nullable String subResource,
      @Nullable String namespace,
      @Nullable String operation,
      @Nullable JsonNode object,
      @Nullable Boolean dryRun) {

    public Request {
      Check.text(uid, "uid");
      Check.present(kind, "kind");
      Check.present(resource, "resource");
      namespace = Pod.named(namespace, "namespace");
      if (isNewPod(kind, resource, subResource, operation)
          && (object == null || !object.isObject())) {
        throw new IllegalArgumentException("the review of a new pod has no object");
      }
    }

    private static boolean isNewPod(
        Kind kind, Resource resource, @Nullable String subResource, @Nullable String operation) {
      return kind.equals(new Kind("", "v1", "Pod"))
          && resource.equals(new Resource("", "v1", "pods"))
          && (subResource == null || subResource.isEmpty())
          && "CREATE".equals(operation);
    }

    /**
     * Returns the new pod; empty if the request is not the creation of a pod.
     *
     * @param always whether all pods of the namespace are injected
     * @throws SchemaJson.MalformedRecordException when the object is not a pod
     */
    Optional<NewPod> newPod(boolean always) {
      if (object == null || !isNewPod(kind, resource, subResource, operation)) {
        return Optional.empty();
      }
      Pod pod = SchemaJson.read(object, Pod.class);
      String within =
          namespace == null || namespace.isEmpty() ? pod.metadata().namespace() : namespace;
      return Optional.of(
          new NewPod(
              pod, within == null ? "default" : within, always, Boolean.TRUE.equals(dryRun)));
    }
  }

  /** A group, version and kind. */
  public record Kind(@Nullable String group, @Nullable String version, @Nullable String kind) {}

  /** A group, version and resource. */
  public record Resource(
      @Nullable String group, @Nullable String version, @Nullable String resource) {}
}

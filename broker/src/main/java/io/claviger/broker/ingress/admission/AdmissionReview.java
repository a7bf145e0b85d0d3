package io.claviger.broker.ingress.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.claviger.schemas.Check;
import io.claviger.schemas.SchemaJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an API server asks: {@code admission.k8s.io/v1}.
 *
 * @param apiVersion echoed
 * @param kind echoed
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
   * Reads one.
   *
   * @throws SchemaJson.MalformedRecordException when it is none
   */
  static AdmissionReview read(byte[] json) {
    return SchemaJson.read(json, AdmissionReview.class);
  }

  /**
   * One request for admission.
   *
   * @param uid names it in the answer
   * @param subResource of a pod, for example {@code ephemeralcontainers}; mostly none
   * @param object what is to be, of a kind that is said beside it
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
        throw new IllegalArgumentException("a pod that is to be created is not there");
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
     * The pod that is to be created; none for all that is something else.
     *
     * @param always whether its namespace has everything injected
     * @throws SchemaJson.MalformedRecordException when it is not what a pod looks like
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

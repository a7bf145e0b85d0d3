package io.claviger.broker.ingress.admission;

import io.claviger.schemas.SchemaJson;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to an {@link AdmissionReview}. It always allows the pod, with or without a patch. */
public record AdmissionAnswer(String apiVersion, String kind, Response response) {

  /**
   * The response of the review.
   *
   * @param patchType null without a patch
   * @param patch a JSON Patch in base64; null without a patch
   */
  public record Response(
      String uid, boolean allowed, @Nullable String patchType, @Nullable String patch) {}

  static AdmissionAnswer to(AdmissionReview review, List<PatchOperation> patch) {
    String uid = review.request().uid();
    return new AdmissionAnswer(
        review.apiVersion(),
        review.kind(),
        patch.isEmpty()
            ? new Response(uid, true, null, null)
            : new Response(
                uid,
                true,
                "JSONPatch",
                Base64.getEncoder().encodeToString(SchemaJson.writeBytes(patch))));
  }
}

package io.claviger.broker.ingress.api;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of associations in the EKS API. */
final class AssociationShapes {

  private static final int MILLIS = 3;

  private final AssociationArns arns;

  AssociationShapes(AssociationArns arns) {
    this.arns = arns;
  }

  /** Returns an answer with one association. */
  ApiAnswer.Done one(Association association) {
    return new ApiAnswer.Done(
        new JsonObject().put("association", full(association)), association.revision());
  }

  /** Returns an answer with a page of associations. */
  ApiAnswer.Done page(List<Association> page, @Nullable String nextToken) {
    return ApiAnswer.of(
        new JsonObject()
            .put("associations", new JsonArray(page.stream().map(this::summary).toList()))
            .put("nextToken", nextToken));
  }

  /** Returns an answer with the tags of an association. */
  static ApiAnswer.Done tags(Association association) {
    return ApiAnswer.of(new JsonObject().put("tags", json(association.spec().tags())));
  }

  /** Seconds since 1970 with milliseconds as decimals: AWS's clients accept only a number. */
  static BigDecimal timestamp(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), MILLIS);
  }

  private JsonObject summary(Association association) {
    return new JsonObject()
        .put("clusterName", association.cluster())
        .put("namespace", association.spec().namespace())
        .put("serviceAccount", association.spec().serviceAccount())
        .put("associationArn", arns.of(association))
        .put("associationId", association.id())
        .put("ownerArn", arns.owner(association));
  }

  /** Returns all fields of an association. */
  JsonObject full(Association association) {
    AssociationSpec spec = association.spec();
    return summary(association)
        .put("roleArn", spec.roleArn())
        .put("tags", json(spec.tags()))
        .put("createdAt", timestamp(association.createdAt()))
        .put("modifiedAt", timestamp(association.modifiedAt()))
        .put("disableSessionTags", spec.disableSessionTags())
        .put("targetRoleArn", spec.targetRoleArn())
        .put("externalId", arns.externalId(association).orElse(null))
        .put("policy", spec.policy());
  }

  private static JsonObject json(Map<String, String> texts) {
    JsonObject json = new JsonObject();
    texts.forEach(json::put);
    return json;
  }
}

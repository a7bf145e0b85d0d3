package io.claviger.broker.adapter.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The status of an object.
 *
 * @param conditions {@code Ready}
 * @param observedGeneration of the object that the conditions refer to
 * @param associationId of the association that the object has made
 * @param associationArn its ARN
 * @param externalId of its sessions, if they have one: roles' trust policies may require it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodIdentityAssociationStatus(
    @Nullable List<Condition> conditions,
    @Nullable Long observedGeneration,
    @Nullable String associationId,
    @Nullable String associationArn,
    @Nullable String externalId) {

  /** The type of the condition that reports whether the association matches the object. */
  public static final String READY = "Ready";

  /** Returns the condition {@value #READY}. */
  public Optional<Condition> ready() {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(one -> READY.equals(one.getType())).findFirst();
  }
}

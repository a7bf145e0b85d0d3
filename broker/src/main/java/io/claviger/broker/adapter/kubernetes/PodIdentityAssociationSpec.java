package io.claviger.broker.adapter.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of an object. The schema requires fields, but an object may be older than the
 * schema.
 *
 * @param serviceAccount of the object's own namespace
 * @param roleArn the role of its pods
 * @param targetRoleArn a second role, assumed with the first one's credentials
 * @param disableSessionTags whether sessions carry no tags
 * @param policy a session policy as JSON text
 * @param tags the association's own tags
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodIdentityAssociationSpec(
    @Nullable String serviceAccount,
    @Nullable String roleArn,
    @Nullable String targetRoleArn,
    @Nullable Boolean disableSessionTags,
    @Nullable String policy,
    @Nullable Map<String, String> tags) {}

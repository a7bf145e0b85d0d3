package io.claviger.broker.adapter.kubernetes;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** An object of {@code k8s/base/crd/podidentityassociations.yaml}. */
@Group("claviger.io")
@Version("v1alpha1")
@Plural("podidentityassociations")
public final class PodIdentityAssociation
    extends CustomResource<PodIdentityAssociationSpec, PodIdentityAssociationStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  @Override
  protected @Nullable PodIdentityAssociationSpec initSpec() {
    return null;
  }

  @Override
  protected @Nullable PodIdentityAssociationStatus initStatus() {
    return null;
  }
}

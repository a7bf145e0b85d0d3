package io.claviger.config.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SocketInterceptorConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.nio.MemberSocketInterceptor;
import java.util.Objects;

/**
 * Starts a member that requires a {@link MemberProof} from every other member. The open edition has
 * a hook for it, which its node extension leaves empty. The hook is internal to Hazelcast: after an
 * upgrade, {@code ProvenMemberIT} must still fail without a proof (ADR 18).
 */
final class ProvenMember {

  private ProvenMember() {}

  /** Starts the member; blocks until it has joined. */
  static HazelcastInstance start(Config config, MemberProof proof) {
    ServerSocketEndpointConfig members =
        (ServerSocketEndpointConfig)
            Objects.requireNonNull(
                config
                    .getAdvancedNetworkConfig()
                    .getEndpointConfigs()
                    .get(EndpointQualifier.MEMBER));
    members.setSocketInterceptorConfig(
        new SocketInterceptorConfig().setEnabled(true).setImplementation(proof));
    return HazelcastInstanceFactory.newHazelcastInstance(
        config, config.getInstanceName(), new Context(proof));
  }

  private static final class Context extends DefaultNodeContext {
    private final MemberProof proof;

    Context(MemberProof proof) {
      this.proof = proof;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
      return new Extension(node, proof);
    }
  }

  private static final class Extension extends DefaultNodeExtension {
    private final MemberProof proof;

    Extension(Node node, MemberProof proof) {
      super(node);
      this.proof = proof;
    }

    @Override
    public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier endpoint) {
      return proof;
    }
  }
}

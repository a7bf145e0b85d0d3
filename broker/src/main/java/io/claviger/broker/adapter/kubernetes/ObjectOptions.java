package io.claviger.broker.adapter.kubernetes;

import io.claviger.schemas.Check;
import java.time.Duration;

/**
 * How a broker acts on the objects of one cluster.
 *
 * @param cluster the registered name
 * @param leaseNamespace where the Lease is that says which broker acts
 * @param identity of this broker, its own among brokers
 * @param finalizer whether an object is kept until its association is gone
 * @param finalizerTimeout how long it is kept at most
 * @param resync how often everything is compared
 * @param lease the Lease's times
 */
public record ObjectOptions(
    String cluster,
    String leaseNamespace,
    String identity,
    boolean finalizer,
    Duration finalizerTimeout,
    Duration resync,
    LeaseTimes lease) {

  public ObjectOptions {
    Check.text(cluster, "cluster");
    Check.text(leaseNamespace, "leaseNamespace");
    Check.text(identity, "identity");
    Check.present(finalizerTimeout, "finalizerTimeout");
    Check.present(resync, "resync");
    Check.present(lease, "lease");
  }

  /**
   * Times of a Lease.
   *
   * @param duration after which others may take it
   * @param renewal within which its holder has to have renewed it
   * @param retry between tries
   */
  public record LeaseTimes(Duration duration, Duration renewal, Duration retry) {

    /** Those of Kubernetes' own controllers. */
    public static final LeaseTimes USUAL =
        new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
  }
}

package io.claviger.broker.issuance;

import io.claviger.broker.association.AssociationListener;
import io.claviger.broker.association.Associations;
import io.claviger.broker.association.Permissions;
import io.claviger.broker.association.RevocationListener;
import io.claviger.broker.audit.AuditLog;
import io.claviger.schemas.association.Association;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import reactor.core.scheduler.Scheduler;

/** Assembles the issuance package from its ports. */
public final class Issuance implements AutoCloseable {

  private final SessionPlanner planner;
  private final SessionEvents events;
  private final Sessions sessions;
  private final SessionOpener opener;
  private final CredentialIssuer issuer;
  private final OwnerHandler handler;
  private final AssociationListener invalidation;

  /**
   * What the package needs.
   *
   * @param associations the table
   * @param roleSessions opens sessions
   * @param quotas how often STS may be called
   * @param store the sessions that all brokers share
   * @param owners decides which broker opens a session
   * @param peers requests sessions from other brokers
   * @param audit takes events
   * @param permissions decides whether an association may give its role
   */
  public record Ports(
      Associations associations,
      RoleSessions roleSessions,
      Quotas quotas,
      SessionStore store,
      SessionOwners owners,
      PeerSessions peers,
      AuditLog audit,
      Permissions permissions) {}

  /**
   * What the package runs on.
   *
   * @param clock the current time
   * @param random between 0 and 1, to spread retries
   * @param scheduler handles results and runs deadlines. One dedicated thread is enough; nothing on
   *     it blocks
   */
  public record Environment(
      InstantSource clock, DoubleSupplier random, Scheduler scheduler, MeterRegistry meters) {}

  /**
   * Assembles the package.
   *
   * @param member this broker's name, in events
   * @param clusters the registered clusters by their names
   */
  public Issuance(
      String member,
      Map<String, ClusterProfile> clusters,
      Ports ports,
      IssuanceLimits limits,
      Environment environment) {
    planner = new SessionPlanner(clusters, limits.sessionDuration());
    events = new SessionEvents(ports.audit(), member, environment.clock());
    sessions = new Sessions(ports.store(), environment.scheduler());
    opener = new SessionOpener(ports, sessions, events, limits, environment);
    OwnerRoute route = new OwnerRoute(ports, opener, limits, environment);
    issuer = new SessionIssuer(ports, planner, sessions, route, events, limits, environment);
    handler = new OwnerHandler(ports.associations(), planner, opener, environment.scheduler());
    invalidation = new SessionInvalidation(sessions, events);
  }

  /** Issues credentials to verified workloads. */
  public CredentialIssuer issuer() {
    return issuer;
  }

  /** Opens sessions that other brokers request. */
  public OwnerHandler handler() {
    return handler;
  }

  /**
   * The listener for every revocation in the table.
   *
   * @param associations those of a cluster
   */
  public RevocationListener revocations(Function<String, Collection<Association>> associations) {
    return new RevokedSessions(associations, planner, sessions, events);
  }

  /** The listener for every change of the table. */
  public AssociationListener invalidation() {
    return invalidation;
  }

  /** Stops opening sessions. Waiting requests end with the message that this broker is stopping. */
  @Override
  public void close() {
    opener.close();
    sessions.close();
  }
}

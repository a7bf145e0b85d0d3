package io.claviger.broker.association;

import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationChange;
import io.claviger.schemas.association.AssociationCommand;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.LogHead;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.association.Revocation;
import io.claviger.schemas.association.RevocationChange;
import io.claviger.schemas.association.RevokedSubject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Associations and commands for the tests of this package. */
final class Specs {

  static final String CLUSTER = "one";
  static final String ACCOUNT = "123456789012";
  static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  static final ClusterRules RULES = new ClusterRules(CLUSTER, ACCOUNT, false, 20);

  static final String TESTER = "key/tester";
  static final Grants GRANTS = new Grants(List.of(Grant.ofEverything(TESTER)));

  private static final AtomicInteger TOKENS = new AtomicInteger();

  private Specs() {}

  static String role(String name) {
    return "arn:aws:iam::" + ACCOUNT + ":role/" + name;
  }

  static AssociationSpec spec(String serviceAccount) {
    return spec(serviceAccount, role(serviceAccount), Map.of());
  }

  static AssociationSpec spec(String serviceAccount, String roleArn, Map<String, String> tags) {
    return new AssociationSpec("shop", serviceAccount, roleArn, null, false, null, tags);
  }

  static final String POLICY =
      "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";

  static AssociationSpec with(
      String roleArn, @Nullable String targetRoleArn, boolean untagged, @Nullable String policy) {
    return new AssociationSpec("shop", "cart", roleArn, targetRoleArn, untagged, policy, Map.of());
  }

  /** A grant to associate roles in every cluster. */
  static Grant grant(String principal, String namespaces, String... roles) {
    return new Grant(
        principal,
        new NamePattern("*"),
        List.of(new NamePattern(namespaces)),
        Stream.of(roles).map(NamePattern::new).toList(),
        List.of(),
        false,
        false);
  }

  static AssociationKey key(String serviceAccount) {
    return new AssociationKey(CLUSTER, "shop", serviceAccount);
  }

  static Association association(String serviceAccount, long revision) {
    return new Association(
        "a-" + serviceAccount, CLUSTER, spec(serviceAccount), TESTER, revision, NOW, NOW);
  }

  static LogEntry.Changed changed(String serviceAccount, long revision, long sequence) {
    return new LogEntry.Changed(
        AssociationChange.of(association(serviceAccount, revision), at(sequence), TESTER));
  }

  static LogEntry.Removed removed(String serviceAccount, long sequence) {
    return new LogEntry.Removed(
        key(serviceAccount), "a-" + serviceAccount, 1, at(sequence), TESTER);
  }

  static LogEntry.Head head(long sequence) {
    return new LogEntry.Head(LogHead.of(CLUSTER, at(sequence), null));
  }

  static Revocation revocation(String subject) {
    return new Revocation(CLUSTER, RevokedSubject.parse(subject), NOW, TESTER);
  }

  static LogEntry.Revoked revoked(String subject, long sequence) {
    return new LogEntry.Revoked(RevocationChange.of(revocation(subject), at(sequence)));
  }

  static LogEntry.Restored restored(String subject, long sequence) {
    return new LogEntry.Restored(CLUSTER, RevokedSubject.parse(subject), at(sequence), TESTER);
  }

  static Position at(long sequence) {
    return new Position(7, sequence);
  }

  static AssociationCommand command(AssociationCommand.Operation operation) {
    return command("token-" + TOKENS.incrementAndGet(), operation, NOW);
  }

  static AssociationCommand command(
      String token, AssociationCommand.Operation operation, Instant requestedAt) {
    return AssociationCommand.of(CLUSTER, token, TESTER, requestedAt, operation);
  }

  static AssociationCommand create(String serviceAccount) {
    return command(new AssociationCommand.Create(spec(serviceAccount)));
  }
}

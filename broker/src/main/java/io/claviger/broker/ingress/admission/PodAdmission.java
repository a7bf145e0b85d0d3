package io.claviger.broker.ingress.admission;

import static java.util.stream.Collectors.joining;

import io.claviger.broker.association.Associations;
import io.claviger.broker.association.Associations.Lookup;
import io.claviger.broker.association.DeclaredAssociations;
import io.claviger.broker.association.DeclaredAssociations.Answer;
import io.claviger.broker.audit.AuditLog;
import io.claviger.broker.audit.UninjectedPods;
import io.claviger.broker.identity.ServiceAccountAnnotations;
import io.claviger.broker.identity.ServiceAccountMetadata;
import io.claviger.broker.ingress.admission.AdmissionDecision.Injected;
import io.claviger.broker.ingress.admission.AdmissionDecision.Untouched;
import io.claviger.broker.ingress.admission.AdmissionDecision.Why;
import io.claviger.schemas.association.Association;
import io.claviger.schemas.association.AssociationKey;
import io.claviger.schemas.association.AssociationSpec;
import io.claviger.schemas.association.Position;
import io.claviger.schemas.event.CredentialEvent;
import io.claviger.schemas.event.EventBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a new pod gets, by the association of its service account, or by one that is
 * declared. Thread-safe.
 */
public final class PodAdmission {

  /** On a pod; whatever its value. */
  static final String OPT_OUT = "eks.amazonaws.com/skip-pod-identity-webhook";

  /** A static pod's image in the API: it may not have tokens, and would be refused with one. */
  static final String MIRROR = "kubernetes.io/config.mirror";

  /** Every cluster has a namespace of this name, with a service account of this name. */
  private static final String DEFAULT = "default";

  private static final String DECLARED = "declared by an object, not decided yet";
  private static final String ALWAYS = NewPod.INJECT + "=" + NewPod.ALWAYS;

  private static final Logger LOG = LoggerFactory.getLogger(PodAdmission.class);

  private final Injection what;
  private final Ports ports;
  private final String member;
  private final InstantSource clock;
  private final DoubleSupplier random;
  private final AtomicBoolean behind = new AtomicBoolean();

  /** Whom it asks, and whom it tells. */
  public record Ports(
      Associations associations,
      DeclaredAssociations declared,
      ServiceAccountAnnotations accounts,
      AuditLog audit,
      UninjectedPods uninjected) {}

  /**
   * For the pods of one cluster.
   *
   * @param member this broker's name, in events
   * @param random of [0, 1)
   */
  public PodAdmission(
      Injection what, Ports ports, String member, InstantSource clock, DoubleSupplier random) {
    this.what = what;
    this.ports = ports;
    this.member = member;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Asks the API server what each review asks it, so that the first one finds open connections and
   * loaded classes. It asks twice: on a busy machine the first call may take its whole deadline.
   */
  CompletionStage<?> prepare() {
    return askForDefault().thenCompose(first -> askForDefault());
  }

  private CompletionStage<?> askForDefault() {
    return ports
        .accounts()
        .of(DEFAULT, DEFAULT)
        .thenCombine(ports.declared().find(DEFAULT, DEFAULT), (said, answer) -> answer);
  }

  /** Decides, within the deadlines of whom it asks; records what was injected. */
  CompletionStage<AdmissionDecision> decide(NewPod asked) {
    Pod pod = asked.pod();
    if (pod.metadata().hasLabel(OPT_OUT) || pod.metadata().hasAnnotation(MIRROR)) {
      return CompletableFuture.completedFuture(new Untouched(Why.NOT_MEANT));
    }
    AssociationKey key =
        new AssociationKey(what.cluster(), asked.namespace(), pod.spec().account());
    return ports
        .associations()
        .find(key, Position.NONE)
        .thenCompose(
            lookup -> {
              report(lookup instanceof Lookup.Behind);
              return switch (lookup) {
                case Lookup.Found found -> inject(asked, found.association(), "");
                case Lookup.Absent absent -> unassociated(asked, key, Why.NO_ASSOCIATION);
                // What an object declares is known all the same.
                case Lookup.Behind late -> unassociated(asked, key, Why.UNKNOWN);
              };
            });
  }

  /**
   * A pod that is made in one apply with its association comes before anybody has decided about
   * that; one that is always injected needs none. Both are asked at once, as the pod's creation
   * waits.
   */
  private CompletionStage<AdmissionDecision> unassociated(
      NewPod asked, AssociationKey key, Why otherwise) {
    if (asked.isAlways()) {
      return inject(asked, null, ALWAYS);
    }
    CompletionStage<Answer> declared = ports.declared().find(key.namespace(), key.serviceAccount());
    return account(asked)
        .thenCompose(
            said ->
                NewPod.ALWAYS.equals(said.labels().get(NewPod.INJECT))
                    ? CompletableFuture.completedFuture(inject(asked, null, ALWAYS, said))
                    : declared.thenApply(answer -> declared(asked, key, said, answer, otherwise)));
  }

  private AdmissionDecision declared(
      NewPod asked, AssociationKey key, ServiceAccountMetadata said, Answer answer, Why otherwise) {
    if (answer == Answer.DECLARED) {
      return inject(asked, null, DECLARED, said);
    }
    if (!asked.dryRun()) {
      // Also where nobody could say: the failure policy may have let it start as it is.
      ports.uninjected().left(key);
    }
    return new Untouched(answer == Answer.UNKNOWN ? Why.UNKNOWN : otherwise);
  }

  private CompletionStage<ServiceAccountMetadata> account(NewPod asked) {
    return ports.accounts().of(asked.namespace(), asked.pod().spec().account());
  }

  /** Injects. The service account is asked for only where the pod does not say all by itself. */
  private CompletionStage<AdmissionDecision> inject(
      NewPod asked, @Nullable Association association, String because) {
    CompletionStage<ServiceAccountMetadata> said =
        InjectionOptions.of(asked.pod().metadata().annotations()).isComplete()
            ? CompletableFuture.completedFuture(ServiceAccountMetadata.NONE)
            : account(asked);
    return said.thenApply(metadata -> inject(asked, association, because, metadata));
  }

  /**
   * Injects, by the pod's own annotations first, then by those of its service account.
   *
   * @param because empty where the association says it all
   */
  private AdmissionDecision inject(
      NewPod asked,
      @Nullable Association association,
      String because,
      ServiceAccountMetadata said) {
    InjectionOptions options =
        InjectionOptions.of(asked.pod().metadata().annotations())
            .or(InjectionOptions.of(said.annotations()));
    List<PatchOperation> patch =
        PodPatch.of(asked.pod(), what, options, options.tokenSeconds(random));
    if (patch.isEmpty()) {
      return new Untouched(Why.COMPLETE);
    }
    if (!asked.dryRun()) {
      ports.audit().record(injected(asked, association, because));
    }
    return new Injected(patch);
  }

  private CredentialEvent injected(
      NewPod asked, @Nullable Association association, String because) {
    Pod.Metadata named = asked.pod().metadata();
    EventBuilder event =
        CredentialEvent.of(CredentialEvent.Type.INJECTED, clock.instant(), member, what.cluster())
            .of(asked.namespace(), asked.pod().spec().account());
    String name = "";
    if (named.name() == null) {
      name = "named " + named.generateName() + "*";
    } else {
      event.pod(named.name(), null);
    }
    if (association != null) {
      event.under(association.id(), association.revision()).role(roleOf(association.spec()));
    }
    String message =
        Stream.of(name, because).filter(Predicate.not(String::isEmpty)).collect(joining("; "));
    return message.isEmpty() ? event.build() : event.because(null, message).build();
  }

  private static String roleOf(AssociationSpec spec) {
    return Objects.requireNonNullElse(spec.targetRoleArn(), spec.roleArn());
  }

  /** Once when it begins and once when it ends. */
  private void report(boolean isBehind) {
    if (behind.compareAndSet(!isBehind, isBehind)) {
      if (isBehind) {
        LOG.atWarn().log("the association table is behind; the failure policy decides about pods");
      } else {
        LOG.atInfo().log("the association table has caught up; pods get what they need");
      }
    }
  }
}

package io.claviger.broker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The packages of the broker and their dependencies. */
@AnalyzeClasses(packages = "io.claviger.broker", importOptions = DoNotIncludeTests.class)
class BrokerArchitectureTest {

  private static final String[] DOMAIN = {
    "..broker.identity..", "..broker.association..", "..broker.issuance..", "..broker.audit.."
  };
  private static final String[] FRAMEWORKS = {
    "io.vertx..",
    "io.netty..",
    "com.hazelcast..",
    "org.apache.kafka..",
    "io.cloudevents..",
    "software.amazon..",
    "com.fasterxml.jackson..",
    "tools.jackson..",
    "io.fabric8..",
  };

  @ArchTest
  static final ArchRule packagesAreInNoCircle =
      slices().matching("io.claviger.broker.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule domainPackagesKnowNoFramework =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(FRAMEWORKS);

  @ArchTest
  static final ArchRule domainPackagesKnowNeitherEndpointsNorAdapters =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..broker.ingress..", "..broker.adapter..");

  @ArchTest
  static final ArchRule nobodySeesTheApplication =
      noClasses()
          .that()
          .resideOutsideOfPackage("..broker.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..broker.app..");

  @ArchTest
  static final ArchRule onlyTheApplicationSeesAdapters =
      noClasses()
          .that(
              resideInAPackage("io.claviger.broker..")
                  .and(resideInAnyPackage("..broker.app..", "..broker.adapter..").negate())
                  .as("are neither wiring nor adapters"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..broker.adapter..");

  @ArchTest
  static final ArchRule adaptersDoNotKnowEachOther =
      slices()
          .matching("io.claviger.broker.adapter.(*)..")
          .namingSlices("adapter $1")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule adaptersDoNotKnowTheEndpoints =
      noClasses()
          .that()
          .resideInAPackage("..broker.adapter..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..broker.ingress..");

  @ArchTest
  static final ArchRule sessionsAreTheBusinessOfIssuanceAlone =
      adapterKnows("..adapter.sts..", "..broker.issuance..");

  @ArchTest
  static final ArchRule theGridKnowsIssuanceAlone =
      adapterKnows("..adapter.hazelcast..", "..broker.issuance..");

  /** The event bus among brokers carries sessions, and tables while Kafka is unavailable. */
  @ArchTest
  static final ArchRule peersKnowIssuanceAndTheTable =
      adapterKnows("..adapter.peers..", "..broker.issuance..", "..broker.association..");

  @ArchTest
  static final ArchRule keySourcesKnowIdentityAlone =
      adapterKnows("..adapter.oidc..", "..broker.identity..");

  /** Kafka carries the records of two packages: the log of associations, and the audit stream. */
  @ArchTest
  static final ArchRule kafkaKnowsTheLogAndTheAuditStream =
      adapterKnows("..adapter.kafka..", "..broker.association..", "..broker.audit..");

  /** Token reviews, associations as objects, and Events on pods. */
  @ArchTest
  static final ArchRule kubernetesKnowsIdentityAssociationsAndTheAuditStream =
      adapterKnows(
          "..adapter.kubernetes..",
          "..broker.identity..",
          "..broker.association..",
          "..broker.audit..");

  private static ArchRule adapterKnows(String adapter, String... packages) {
    return noClasses()
        .that()
        .resideInAPackage(adapter)
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.claviger.broker..")
                .and(resideInAnyPackage(packages).negate())
                .and(resideInAnyPackage(adapter, "..broker.telemetry..").negate())
                .as("are another package's"));
  }

  /** The command line is an ordinary client: it uses only the brokers' API. */
  @ArchTest
  static final ArchRule theCommandLineKnowsNoOtherPackage =
      noClasses()
          .that()
          .resideInAPackage("..broker.cli..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.claviger.broker..")
                  .and(resideInAnyPackage("..broker.cli..", "..broker.yaml..").negate())
                  .as("are a package's"));

  @ArchTest
  static final ArchRule onlyTheApplicationMountsTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackages("..broker.cli..", "..broker.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..broker.cli..");

  @ArchTest
  static final ArchRule roomsHaveNoCycles =
      slices().matching("io.claviger.broker.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule reactorLivesInIssuance =
      noClasses()
          .that()
          .resideOutsideOfPackages("..broker.issuance..", "..broker.app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("reactor..", "org.reactivestreams..");

  @ArchTest
  static final ArchRule eachSystemIsTheBusinessOfOneAdapter =
      classes()
          .that()
          .resideInAPackage("..broker.adapter.sts..")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("io.vertx..", "com.hazelcast..", "org.apache.kafka..");

  @ArchTest
  static final ArchRule nobodyButItsAdapterKnowsKafka = knownOnlyTo("kafka", "org.apache.kafka..");

  @ArchTest
  static final ArchRule nobodyButItsAdapterKnowsAws =
      noClasses()
          .that()
          .resideOutsideOfPackages("..adapter.sts..", "..broker.cli..", "..broker.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..");

  @ArchTest
  static final ArchRule nobodyButItsAdapterKnowsHazelcast =
      knownOnlyTo("hazelcast", "com.hazelcast..");

  @ArchTest
  static final ArchRule nobodyButItsAdapterKnowsTheKubernetesClient =
      knownOnlyTo("kubernetes", "io.fabric8..");

  private static ArchRule knownOnlyTo(String adapter, String system) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("..adapter." + adapter + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(system);
  }

  @ArchTest
  static final ArchRule nobodyReadsTheWallClockInADomainPackage =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");
}

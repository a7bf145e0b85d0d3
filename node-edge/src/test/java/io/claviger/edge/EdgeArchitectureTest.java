package io.claviger.edge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.claviger.edge", importOptions = DoNotIncludeTests.class)
final class EdgeArchitectureTest {

  @ArchTest
  static final ArchRule domainPackagesKnowNoFramework =
      classes()
          .that()
          .resideInAnyPackage(
              "..edge.workload..", "..edge.credential..", "..edge.revocation..", "..edge.audit..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.slf4j..",
              "com.github.benmanes.caffeine..",
              "io.claviger.schemas..",
              "io.claviger.config.trust..",
              "io.claviger.edge.workload..",
              "io.claviger.edge.credential..",
              "io.claviger.edge.revocation..",
              "io.claviger.edge.audit..");

  @ArchTest
  static final ArchRule roomsSeeWhatTheArrowsSay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("app")
          .definedBy("..edge.app..")
          .layer("ingress")
          .definedBy("..edge.ingress..")
          .layer("upstream")
          .definedBy("..edge.upstream..")
          .layer("kubernetes")
          .definedBy("..edge.kubernetes..")
          .layer("telemetry")
          .definedBy("..edge.telemetry..")
          .layer("credential")
          .definedBy("..edge.credential..")
          .layer("revocation")
          .definedBy("..edge.revocation..")
          .layer("audit")
          .definedBy("..edge.audit..")
          .layer("workload")
          .definedBy("..edge.workload..")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("ingress")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("upstream")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("kubernetes")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("telemetry")
          .mayOnlyBeAccessedByLayers("app", "ingress", "upstream", "kubernetes")
          .whereLayer("credential")
          .mayOnlyBeAccessedByLayers("app", "ingress", "upstream", "telemetry")
          .whereLayer("revocation")
          .mayOnlyBeAccessedByLayers("app", "upstream", "telemetry", "credential")
          .whereLayer("audit")
          .mayOnlyBeAccessedByLayers("app", "ingress", "upstream")
          .whereLayer("workload")
          .mayOnlyBeAccessedByLayers("app", "ingress", "credential");

  @ArchTest
  static final ArchRule roomsFormNoCycle =
      slices().matching("io.claviger.edge.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyIngressAndTheApiServersClientKnowHttp =
      noClasses()
          .that()
          .resideOutsideOfPackages("..edge.ingress..", "..edge.kubernetes..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.core.http..");

  @ArchTest
  static final ArchRule nothingKnowsTheBrokersSide =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.claviger.broker..",
              "io.claviger.config.cluster..",
              "com.hazelcast..",
              "io.vertx.spi.cluster..",
              "org.apache.kafka..",
              "io.vertx.kafka..",
              "software.amazon.awssdk..",
              "io.fabric8..");
}

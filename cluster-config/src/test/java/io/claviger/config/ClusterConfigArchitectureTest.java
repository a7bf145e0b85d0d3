package io.claviger.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.claviger.config", importOptions = DoNotIncludeTests.class)
final class ClusterConfigArchitectureTest {

  @ArchTest
  static final ArchRule hazelcastIsKnownInPackageClusterOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.claviger.config.cluster..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.hazelcast..", "io.vertx.spi.cluster..", "io.claviger.config.cluster..");

  @ArchTest
  static final ArchRule theContractsAreTheOnlyModuleOfOursBelow =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.claviger.broker..",
              "io.claviger.edge..",
              "io.claviger.launcher..",
              "io.claviger.localmesh..",
              "io.claviger.stsfake..",
              "io.claviger.kafkaserver..",
              "io.claviger.bench..",
              "io.claviger.scenario..",
              "io.claviger.reference..");

  @ArchTest
  static final ArchRule trustKnowsNoVertx =
      classes()
          .that()
          .resideInAPackage("io.claviger.config.trust..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.nimbusds..",
              "org.jspecify..",
              "io.claviger.schemas..",
              "io.claviger.config.trust..");
}

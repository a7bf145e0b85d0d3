package io.claviger.schemas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.claviger.schemas", importOptions = DoNotIncludeTests.class)
class ContractsArchitectureTest {

  @ArchTest
  static final ArchRule contractsDependOnJacksonAndTheJdkOnly =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "io.claviger.schemas..", "com.fasterxml.jackson..", "org.jspecify..");

  @ArchTest
  static final ArchRule jacksonMappersAreInOnePlace =
      classes()
          .that()
          .doNotHaveSimpleName("SchemaJson")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "com.fasterxml.jackson.databind..",
              "com.fasterxml.jackson.core..",
              "com.fasterxml.jackson.datatype..");
}

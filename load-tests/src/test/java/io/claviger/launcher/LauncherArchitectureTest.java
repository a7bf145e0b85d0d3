package io.claviger.launcher;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = {
      "io.claviger.launcher",
      "io.claviger.localmesh",
      "io.claviger.stsfake",
      "io.claviger.kafkaserver",
      "io.claviger.attack",
      "io.claviger.bench",
      "io.claviger.scenario",
      "io.claviger.reference"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
final class LauncherArchitectureTest {

  @ArchTest
  static final ArchRule packagesAreInNoCircle =
      slices().matching("io.claviger.(**)").should().beFreeOfCycles();
}

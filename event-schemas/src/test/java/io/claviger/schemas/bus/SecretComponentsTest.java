package io.claviger.schemas.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.claviger.schemas.association.Position;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Finds every record that has a component with a secret's name, also in future records. */
class SecretComponentsTest {

  private static final Set<String> SECRET_NAMES =
      Set.of("token", "secretAccessKey", "sessionToken");
  private static final String SECRET = "5ecret-value";

  static Stream<Class<?>> recordsWithSecrets() {
    return new ClassFileImporter()
        .withImportOption(new DoNotIncludeTests()).importPackages("io.claviger.schemas").stream()
            .filter(JavaClass::isRecord)
            .<Class<?>>map(JavaClass::reflect)
            .filter(SecretComponentsTest::hasSecrets);
  }

  @ParameterizedTest
  @MethodSource("recordsWithSecrets")
  void recordPrintsNoSecretComponent(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));

    Object record =
        constructor.newInstance(
            Arrays.stream(components).map(SecretComponentsTest::value).toArray());

    assertThat(record.toString()).doesNotContain(SECRET);
  }

  @Test
  void recordsWithSecretsAreFound() {
    assertThat(recordsWithSecrets())
        .contains(SessionCredentials.class, CredentialRequest.class, Login.class);
  }

  private static boolean hasSecrets(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .anyMatch(component -> SECRET_NAMES.contains(component.getName()));
  }

  private static @Nullable Object value(RecordComponent component) {
    Class<?> type = component.getType();
    if (SECRET_NAMES.contains(component.getName())) {
      return SECRET;
    }
    if (type == String.class) {
      return "text";
    }
    if (type == Instant.class) {
      return Instant.EPOCH;
    }
    if (type == int.class) {
      return 1;
    }
    if (type == Long.class) {
      return 1L;
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type == Position.class) {
      return Position.NONE;
    }
    throw new AssertionError("add a sample value of " + type + " for " + component);
  }
}
